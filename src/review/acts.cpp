#include "review/acts.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"

namespace beadle::review {
namespace {

Result<std::string> checked_words(std::string_view words, std::string_view if_missing) {
  const std::string_view kept = trimmed(words);
  if (kept.empty() && !if_missing.empty()) return Error{ErrorKind::usage, std::string(if_missing)};
  if (kept.size() > limits::desk_words_bytes_max) {
    return Error{ErrorKind::usage, "These words are too long: at most " + std::to_string(limits::desk_words_bytes_max) + " characters."};
  }
  return valid_utf8(kept);
}

std::string_view to_string(Conflict::Kind kind) {
  switch (kind) {
    case Conflict::Kind::sent:
      return "sent";
    case Conflict::Kind::received:
      return "received";
    case Conflict::Kind::named:
      break;
  }
  return "named";
}

Error conflicted(const Conflict& conflict) { return {ErrorKind::refused, conflict.reason + " Another reviewer has to decide about it."}; }

/// Nothing is left to agree about. A release that was refused to somebody may still be tried again, or returned.
Result<void> check_undecided(const store::Held& held) {
  const bool stuck = held.state == store::HeldState::releasing &&
                     std::any_of(held.outcomes.begin(), held.outcomes.end(), [](const store::RecipientOutcome& one) { return one.state == "refused"; });
  if (held.state == store::HeldState::held || stuck) return {};
  return Error{ErrorKind::refused, "This message is decided about already: " + std::string(store::to_string(held.state)) + " by " + held.decided_by + "."};
}

std::string disclosed_json(const Disclosure& disclosure) {
  const nlohmann::ordered_json detail{{"by", disclosure.how == Disclosure::How::line ? "line" : "notice"},
                                      {"councillors", disclosure.names},
                                      {"told", disclosure.how == Disclosure::How::line ? 0 : disclosure.recipients.size()}};
  return detail.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

/// Two accounts of one person are not two people: by the roster, or for whoever is not in it by the address.
bool is_same_person(const Actor& a, const Actor& b, const people::Directory& people) {
  const people::Person* person = person_of(a, people);
  if (person != nullptr && person == person_of(b, people)) return true;
  const std::string key = people::address_key(a.address);
  return a.name == b.name || (!key.empty() && key == people::address_key(b.address));
}

/// A link that still works; refused, in words for its reader, where it does not.
Result<store::Link> usable_link(store::Store& store, std::string_view token, Time now) {
  const auto link = TRY(store::Accounts(store).link(token));
  if (!link || link->purpose != "sender") return Error{ErrorKind::refused, "This link leads nowhere."};
  if (link->used) return Error{ErrorKind::refused, "This link has been used already."};
  if (link->expires <= now) return Error{ErrorKind::refused, "This link has expired."};
  return *link;
}

}  // namespace

Actor actor_of(const store::Account& account) { return {account.name, account.address, account.disabled ? std::vector<std::string>{} : account.roles}; }

Result<void> check_permission(const Actor& actor, Permission permission) {
  if (may(actor.roles, permission)) return {};
  return Error{ErrorKind::refused, "Your account is not allowed " + std::string(to_string(permission)) + "."};
}

mail::Message Acts::read(const store::Held& held) const {
  mail::Message message = mail::parse_message(held.bytes);
  if (documents_) documents_(message);
  return message;
}

Result<std::optional<Conflict>> Acts::conflict_in_force(const store::Held& held, const Actor& actor) {
  const auto conflict = conflict_of(actor, held, read(held), *policy_.people);
  if (!conflict) return conflict;
  const auto asked = TRY(desk_.break_glass(held.id, actor.name));
  return asked && asked->agreed ? std::optional<Conflict>() : conflict;
}

Result<Acts::ToDecide> Acts::to_decide(std::string_view id, const Actor& actor, Time now) {
  TRY(check_permission(actor, Permission::decide));
  ToDecide found{TRY(store_.get(id)), {}};
  found.message = read(found.held);
  const auto conflict = conflict_of(actor, found.held, found.message, *policy_.people);
  if (!conflict) return found;
  const auto asked = TRY(desk_.break_glass(found.held.id, actor.name));
  if (!asked || !asked->agreed) return conflicted(*conflict);
  const bool open = found.held.state == store::HeldState::held || found.held.state == store::HeldState::releasing;
  if (!open) return found;  // nothing is overridden any more; the store says who was first
  const nlohmann::ordered_json detail{{"conflict", to_string(conflict->kind)}, {"agreed_by", asked->agreed_by}};
  TRY(store_.audit("conflict-overridden", actor.name, found.held.id, detail.dump(), now));
  return found;
}

Result<store::Held> Acts::open(std::string_view id, const Actor& actor, Time now) {
  TRY(check_permission(actor, Permission::read_content));
  store::Held held = TRY(store_.get(id));
  TRY(store_.opened(held.id, actor.name, now));
  return held;
}

Result<void> Acts::release(std::string_view id, const Actor& actor, std::string_view reason, Time now) {
  const std::string words = TRY(checked_words(reason, ""));
  const ToDecide found = TRY(to_decide(id, actor, now));
  return store_.ask_release(found.held.id, actor.name, words, false, now);
}

Result<void> Acts::release_again(std::string_view id, const Actor& actor, std::string_view reason, Time now) {
  const std::string words = TRY(checked_words(reason, ""));
  const ToDecide found = TRY(to_decide(id, actor, now));
  return store_.ask_release(found.held.id, actor.name, words, true, now);
}

Result<Disclosure> Acts::release_disclosed(std::string_view id, const Actor& actor, std::string_view reason, Time now) {
  const std::string words = TRY(checked_words(reason, ""));
  const ToDecide found = TRY(to_decide(id, actor, now));
  // What has nothing to disclose any more was decided about first, which the store says better.
  const Disclosure disclosure = TRY(disclosure_of(found.held, found.message, policy_));
  if (disclosure.how == Disclosure::How::none && found.held.state == store::HeldState::held) {
    return Error{ErrorKind::refused, "There is no copy to disclose, or nobody to disclose it to."};
  }
  std::vector<store::Notice> told;
  if (disclosure.how == Disclosure::How::notice) told = notices_.on_disclosure(found.held, disclosure.line, disclosure.recipients, now);
  TRY(store_.ask_release_disclosed(found.held.id, actor.name, words, disclosure.release_bytes, told, disclosed_json(disclosure), now));
  return disclosure;
}

Result<void> Acts::return_to_sender(std::string_view id, const Actor& actor, std::string_view words, Time now) {
  const std::string said = TRY(checked_words(words, "Say why: the sender reads these words."));
  const ToDecide found = TRY(to_decide(id, actor, now));
  const people::Person* person = person_of(actor, *policy_.people);
  const std::string shown = person != nullptr ? person->name : actor.name;
  return store_.return_to_sender(found.held.id, actor.name, said, now, notices_.on_returned(found.held, shown, said, now));
}

Result<void> Acts::withdraw(std::string_view id, const Actor& actor, std::string_view reason, Time now) {
  const std::string words = TRY(checked_words(reason, ""));
  const store::Held held = TRY(store_.get(id));
  const bool own = is_sender(actor, held, mail::parse_message(held.bytes), *policy_.people);
  if (!own) TRY(to_decide(held.id, actor, now));
  const people::Person* person = person_of(actor, *policy_.people);
  const std::string shown = person != nullptr ? person->name : actor.name;
  return store_.withdraw(held.id, actor.name, words, now, notices_.on_withdrawn(held, shown, words, now), own ? "" : "sender");
}

Result<bool> Acts::is_by(std::string_view id, const Actor& actor) {
  const store::Held held = TRY(store_.get(id));
  return is_sender(actor, held, mail::parse_message(held.bytes), *policy_.people);
}

Result<void> Acts::claim(std::string_view id, const Actor& actor, Time now) {
  TRY(check_permission(actor, Permission::decide));
  const store::Held held = TRY(store_.get(id));
  if (const auto conflict = TRY(conflict_in_force(held, actor))) return conflicted(*conflict);
  return desk_.claim(held.id, actor.name, now);
}

Result<void> Acts::unclaim(std::string_view id, const Actor& actor, Time now) {
  TRY(check_permission(actor, Permission::decide));
  return desk_.unclaim(id, actor.name, now);
}

Result<void> Acts::pass_on(std::string_view id, const Actor& actor, std::string_view to, std::string_view words, Time now) {
  TRY(check_permission(actor, Permission::decide));
  const std::string said = TRY(checked_words(words, ""));
  if (!to.empty()) {
    const auto account = TRY(store::Accounts(store_).find(to));
    if (!account || !may(actor_of(*account).roles, Permission::decide)) {
      return Error{ErrorKind::refused, "There is no reviewer " + printable(shortened(to, limits::account_name_bytes_max)) + "."};
    }
    const store::Held held = TRY(store_.get(id));
    if (TRY(conflict_in_force(held, actor_of(*account)))) {
      return Error{ErrorKind::refused, account->name + " has a part in this message: choose another reviewer."};
    }
  }
  return desk_.pass_on(id, actor.name, to, said, now);
}

Result<void> Acts::note(std::string_view id, const Actor& actor, std::string_view words, Time now) {
  TRY(check_permission(actor, Permission::read_content));
  return desk_.note(id, {.who = actor.name, .kind = "note", .words = TRY(checked_words(words, "Write what is to be noted.")), .at = now});
}

Result<void> Acts::set_legal_hold(std::string_view id, const Actor& actor, bool on, std::string_view reason, Time now) {
  TRY(check_permission(actor, Permission::keep));
  const std::string words = TRY(checked_words(reason, on ? "Say why it is to be kept." : "Say why it need not be kept any longer."));
  return desk_.set_legal_hold(id, on, actor.name, words, now);
}

Result<void> Acts::ask_break_glass(std::string_view id, const Actor& actor, std::string_view reason, Time now) {
  TRY(check_permission(actor, Permission::decide));
  const std::string words = TRY(checked_words(reason, "Say why nobody else can decide: the second person reads it, and it stays in the register."));
  const store::Held held = TRY(store_.get(id));
  TRY(check_undecided(held));
  if (!conflict_of(actor, held, read(held), *policy_.people)) {
    return Error{ErrorKind::refused, "You have no part in this message: you can decide about it without asking anybody."};
  }
  return desk_.ask_break_glass(held.id, actor.name, words, now);
}

Result<void> Acts::agree_break_glass(std::string_view id, const Actor& actor, Time now, std::string_view asked_by) {
  TRY(check_permission(actor, Permission::agree));
  const store::Held held = TRY(store_.get(id));
  TRY(check_undecided(held));
  const auto conflict = conflict_of(actor, held, mail::parse_message(held.bytes), *policy_.people);
  if (conflict && conflict->kind == Conflict::Kind::sent) {
    return Error{ErrorKind::refused, "You sent this message: somebody else has to agree."};
  }
  for (const auto& [message, request] : TRY(desk_.break_glass_asked(held.id))) {
    if (!asked_by.empty() && request.asked_by != asked_by) continue;
    const auto asker = TRY(store::Accounts(store_).find(request.asked_by));
    const bool same = is_same_person(actor, asker ? actor_of(*asker) : Actor{request.asked_by, "", {}}, *policy_.people);
    if (same) return Error{ErrorKind::refused, "You asked for it yourself: another person has to agree."};
  }
  return desk_.agree_break_glass(held.id, actor.name, now, asked_by);
}

Result<void> withdraw_by_link(store::Store& store, std::string_view token, Time now) {
  const store::Link link = TRY(usable_link(store, token, now));
  TRY(store.withdraw(link.held, "sender", "", now));
  TRY(store::Accounts(store).use_link(token, now));
  return {};
}

Result<void> explain_by_link(store::Store& store, const deliver::NoticeWriter& notices, std::string_view token, std::string_view words, Time now) {
  const std::string said = TRY(checked_words(words, "Write what the reviewer should know."));
  const store::Link link = TRY(usable_link(store, token, now));
  const store::InboxRow row = TRY(store::Desk(store).row(link.held));
  // Used up with the words, or not at all: whoever could not be heard may try again. Of two tries at the same time one is told.
  const bool heard = TRY(store::Desk(store).explain_by_link(token, {.who = "sender", .kind = "explained", .words = said, .at = now}, notices.on_explained(row, now)));
  if (!heard) return Error{ErrorKind::refused, "This link has been used already."};
  return {};
}

}  // namespace beadle::review
