#include "mailbox/pass.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "imap/bounds.h"
#include "mailbox/folders.h"
#include "mailbox/plan.h"
#include "people/address.h"
#include "review/acts.h"
#include "review/verdict_of.h"
#include "store/desk.h"

namespace beadle::mailbox {
namespace {

using store::HeldState;

constexpr std::size_t box_count = 3;
constexpr std::string_view placed_act = "placed-in-mailbox";

std::string_view stray_words(Stray stray) {
  switch (stray) {
    case Stray::other:
      return "It is no message that Beadle put into the folder of held mail.";
    case Stray::forged:
      return "It says that it is held mail, but it is not the message that was put into this mailbox: it was made or changed by "
             "somebody else.";
    case Stray::unknown:
      break;
  }
  return "The message that it stands for is not in the database any more.";
}

class Pass {
 public:
  Pass(imap::Client& client, const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools, PassOutcome& outcome)
      : client_(client),
        mailbox_(mailbox),
        settings_(settings),
        tools_(tools),
        outcome_(outcome),
        desk_(tools.store),
        policy_(tools.policy()),
        notices_(tools.notices()),
        acts_(tools.store, *policy_, *notices_, tools.documents) {}

  Result<void> run() {
    account_ = TRY(account_of(tools_.store, mailbox_.account));
    actor_ = review::actor_of(account_);
    key_ = TRY(tools_.store.secret("mailbox"));
    outcome_.problem = obstacle_of(account_);
    // Without it, others' messages that are flagged as deleted would go with ours.
    if (!client_.can_remove()) {
      return Error{ErrorKind::refused,
                   "the mail server offers no UIDPLUS (RFC 4315): nothing can be taken out of a folder by itself, so review by "
                   "mail folder is not possible there"};
    }
    names_ = TRY(find_folders(client_, settings_));
    for (const Box box : {Box::held, Box::release, Box::give_back}) TRY(read(box));
    TRY(look_into_store());
    for (const Step& step : plan(world_)) TRY(take(step));
    return open(Box::held);
  }

 private:
  Result<void> open(Box box) {
    if (open_ == box) return {};
    open_.reset();
    const imap::FolderState state = TRY(client_.select(names_.of(box)));
    auto& validity = validity_[static_cast<std::size_t>(box)];
    if (validity && *validity != state.uid_validity) return Error{ErrorKind::try_later, "a folder was made anew meanwhile"};
    if (state.read_only) return Error{ErrorKind::refused, "the folder " + names_.of(box) + " can only be read"};
    validity = state.uid_validity;
    open_ = box;
    exists_ = state.exists;
    return {};
  }

  Result<void> read(Box box) {
    TRY(open(box));
    if (exists_ == 0) return {};
    if (exists_ > folder_messages_max) {
      return Error{ErrorKind::refused, "the folder " + names_.of(box) + " holds " + std::to_string(exists_) +
                                           " messages, and at most " + std::to_string(folder_messages_max) +
                                           " are looked at: move what is not held mail elsewhere"};
    }
    for (const auto& batch : imap::batches_of(TRY(client_.search(1, UINT32_MAX)))) {
      TRY(client_.fields(batch, mark_field_names, [&](imap::Item&& item) -> Result<void> {
        const auto has = [&](std::string_view flag) {
          return std::any_of(item.flags.begin(), item.flags.end(),
                             [&](const std::string& one) { return ascii_iequals(one, flag); });
        };
        world_.copies.push_back({.box = box,
                                 .uid = item.uid,
                                 .read = read_mark(item.header.value_or(""), key_, account_.name),
                                 .deleted = has("\\Deleted"),
                                 .answered = has("\\Answered")});
        return {};
      }));
    }
    return {};
  }

  Result<void> look_into_store() {
    world_.attach_original = settings_.attach_original;
    if (outcome_.problem.empty()) TRY(find_waiting());
    for (const Copy& copy : world_.copies) {
      if (!copy.read.mark || world_.fates.contains(copy.read.mark->id)) continue;
      const auto row = desk_.row(copy.read.mark->id);
      if (row)
        world_.fates[row->id] = {row->state, row->decided_by};
      else if (row.error().kind != ErrorKind::not_found)
        return row.error();
    }
    for (Waiting& waiting : world_.waiting) {
      const bool conflicted = std::any_of(world_.copies.begin(), world_.copies.end(), [&](const Copy& copy) {
        return copy.read.mark && copy.read.mark->id == waiting.id && copy.read.mark->shape == Shape::conflict;
      });
      if (!conflicted) continue;
      const auto exception = TRY(desk_.break_glass(waiting.id, account_.name));
      waiting.excepted = exception && exception->agreed;
    }
    return {};
  }

  Result<void> find_waiting() {
    store::InboxQuery query;
    query.states = {HeldState::held};
    query.most = limits::page_rows_max;
    for (bool more = true; more && world_.waiting.size() < shown_most;) {
      const store::InboxPage page = TRY(desk_.inbox(query));
      for (const store::InboxRow& row : page.rows) {
        if (world_.waiting.size() == shown_most) break;
        world_.waiting.push_back({.id = row.id});
        world_.fates[row.id] = {row.state, row.decided_by};
      }
      more = page.more;
      query.after = page.after;
    }
    for (const auto& [state, count] : TRY(tools_.store.counts())) {
      if (state == HeldState::held)
        outcome_.left_out = std::max<std::int64_t>(0, count - static_cast<std::int64_t>(world_.waiting.size()));
    }
    return {};
  }

  Result<void> take(const Step& step) {
    switch (step.kind) {
      case Step::Kind::decide:
        return decide(step);
      case Step::Kind::contradict:
        return contradict(step);
      case Step::Kind::explain:
        return explain(step);
      case Step::Kind::place:
        return place(step);
      case Step::Kind::remove:
        break;
    }
    outcome_.removed += step.uids.size();
    return remove(step.box, step.uids);
  }

  // Moves

  Result<void> decide(const Step& step) {
    const Time now = tools_.now();
    const auto done =
        step.box == Box::release
            ? acts_.release(step.id, actor_, "Moved to the folder " + settings_.release + " in " + account_.name + "'s mailbox.",
                            now)
            : acts_.return_to_sender(step.id, actor_, settings_.return_words, now);
    if (!done && done.error().kind == ErrorKind::try_later) return done.error();
    const store::InboxRow row = TRY(desk_.row(step.id));
    const Ending ending = ending_of(step.box, done.has_value(), {row.state, row.decided_by}, account_.name);
    if (ending == Ending::released)
      ++outcome_.released;
    else if (ending == Ending::returned)
      ++outcome_.returned;
    else
      ++outcome_.refused;
    TRY(reply(step, ending, ending_words(ending, row, done ? "" : done.error().what), done.has_value()));
    if (ending == Ending::put_back) return put_back(step);
    return clear(step.id);
  }

  std::string ending_words(Ending ending, const store::InboxRow& row, const std::string& why) const {
    switch (ending) {
      case Ending::released:
        return "The message is released: it goes to everybody it was addressed to.";
      case Ending::returned:
        return "The message goes back to its sender, who reads:\n\n" + settings_.return_words;
      case Ending::put_back:
        return (is_shown(row.id) ? "Nothing was decided, and the message is back in " + settings_.held + ". "
                                 : "Nothing was decided. ") +
               why;
      case Ending::overtaken:
        break;
    }
    return overtaken_words(row);
  }

  std::string overtaken_words(const store::InboxRow& row) const {
    const std::string state = row.state == HeldState::releasing ? "released" : std::string(store::to_string(row.state));
    const auto account = store::Accounts(tools_.store).find(row.decided_by);
    const people::Person* person =
        account && *account ? review::person_of(review::actor_of(**account), *policy_->people) : nullptr;
    return "Somebody was first: the message was " + state + " by " + (person != nullptr ? person->name : row.decided_by) +
           (row.decided ? ", " + deliver::shown_time(*row.decided) : "") + ".";
  }

  Result<void> contradict(const Step& step) {
    ++outcome_.refused;
    const store::InboxRow row = TRY(desk_.row(step.id));
    if (row.state != HeldState::held) {
      TRY(reply(step, Ending::overtaken, overtaken_words(row), false));
      return clear(step.id);
    }
    const std::string why = "It stood in " + settings_.release + " and in " + settings_.give_back + ": move it to one of them.";
    TRY(reply(step, Ending::put_back, ending_words(Ending::put_back, row, why), false));
    return put_back(step);
  }

  /// One copy goes to Held, where none is, and the others leave. Not away first: it may hold the only copy that its owner can
  /// see.
  Result<void> put_back(const Step& step) {
    auto places = places_of(world_.copies, step.id);
    const bool in_held = std::any_of(world_.copies.begin(), world_.copies.end(), [&](const Copy& copy) {
      return copy.box == Box::held && !copy.deleted && copy.read.mark && copy.read.mark->id == step.id;
    });
    // One that may not be shown any more is not put back either.
    if (!in_held && is_shown(step.id)) {
      TRY(open(step.box));
      TRY(client_.move({step.uid}, names_.of(Box::held)));
      std::erase(places[step.box], step.uid);
    }
    TRY(remove(Box::release, places[Box::release]));
    return remove(Box::give_back, places[Box::give_back]);
  }

  bool is_shown(const std::string& id) const {
    return std::any_of(world_.waiting.begin(), world_.waiting.end(), [&](const Waiting& waiting) { return waiting.id == id; });
  }

  Result<void> clear(const std::string& id) {
    for (const auto& [box, uids] : places_of(world_.copies, id)) TRY(remove(box, uids));
    return {};
  }

  Result<void> explain(const Step& step) {
    ++outcome_.refused;
    const std::string folder = step.box == Box::release ? settings_.release : settings_.give_back;
    const std::string says =
        "A message that you moved to " + folder + " decides nothing, and was left there. " + std::string(stray_words(step.stray));
    const nlohmann::ordered_json detail{
        {"account", account_.name}, {"folder", to_string(step.box)}, {"why", to_string(step.stray)}};
    TRY(tools_.store.audit("mailbox-move-refused", "beadle", "", detail.dump(), tools_.now()));
    TRY(put_reply(step, "stray", "Nothing decided: a message in " + folder, says, false));
    TRY(open(step.box));
    return client_.add_flag({step.uid}, "\\Answered");
  }

  // Held

  Result<void> place(const Step& step) {
    outcome_.more = outcome_.placed == placed_in_pass_most;
    if (outcome_.more) return {};
    const auto held = tools_.store.get(step.id);
    if (!held && held.error().kind == ErrorKind::try_later) return held.error();
    if (!held) {
      // The others must not wait for one whose key is missing or which is damaged.
      if (outcome_.problem.empty()) outcome_.problem = "not every message can be put there: " + held.error().what;
      return {};
    }
    if (held->state != HeldState::held) return {};
    const auto conflict = TRY(acts_.conflict_in_force(*held, actor_));
    const Mark mark{held->id, conflict ? Shape::conflict : step.shape};
    TRY(note_placing(mark));
    auto put = append(*held, mark, conflict ? conflict->reason : "", true);
    // Too large for its bounds, for one.
    if (!put && put.error().kind == ErrorKind::refused && mark.shape == Shape::original) put = append(*held, mark, "", false);
    if (!put) return in_context("putting a message into " + settings_.held, put.error());
    ++outcome_.placed;
    return {};
  }

  /// Before it happens, and once: who reads it there cannot be noted, so that it was put there is.
  Result<void> note_placing(const Mark& mark) {
    const std::string detail = nlohmann::ordered_json{{"account", account_.name}, {"shows", to_string(mark.shape)}}.dump();
    for (const store::AuditRow& row : TRY(desk_.history(mark.id))) {
      if (row.act == placed_act && row.detail == detail) return {};
    }
    return tools_.store.audit(placed_act, "beadle", mark.id, detail, tools_.now());
  }

  Result<void> append(const store::Held& held, const Mark& mark, const std::string& conflict, bool attach) {
    deliver::ForMailbox where = letter(held_id(held.id, mark.shape));
    where.extra_fields = mark_fields(mark, key_, account_.name);
    const inspect::Verdict verdict = review::verdict_of(held.verdict_json);
    const std::string bytes = mark.shape == Shape::conflict
                                  ? notices_->for_mailbox_of_conflicted(held, verdict, conflict, where)
                                  : notices_->for_mailbox(held, verdict, mark.shape == Shape::original, attach, where);
    return client_.append(names_.of(Box::held), {}, held.received, bytes);
  }

  // Replies

  /// `fresh`: it was decided just now. Else an earlier pass that was broken off may have said it.
  Result<void> reply(const Step& step, Ending ending, const std::string& says, bool fresh) {
    static constexpr std::pair<Ending, std::string_view> words[] = {{Ending::released, "Released: "},
                                                                    {Ending::returned, "Returned: "},
                                                                    {Ending::put_back, "Not decided: "},
                                                                    {Ending::overtaken, "Decided already: "}};
    std::string outcome;
    for (const auto& [one, what] : words) {
      if (one == ending) outcome = std::string(what) + step.id;
    }
    return put_reply(step, to_string(ending), outcome, says, fresh);
  }

  Result<void> put_reply(const Step& step, std::string_view kind, const std::string& outcome, const std::string& says,
                         bool fresh) {
    deliver::ForMailbox where = letter(reply_id(step, kind));
    if (!fresh && TRY(was_said(where.message_id))) return {};
    if (!step.id.empty()) where.in_reply_to = held_id(step.id, shape_of(step));
    const Time now = tools_.now();
    return client_.append(names_.replies, {}, now, notices_->on_moved(step.id, outcome, says, where, now));
  }

  Result<bool> was_said(const std::string& reply) {
    open_.reset();
    TRY(client_.examine(names_.replies));
    return client_.has_message_id(reply);
  }

  Shape shape_of(const Step& step) const {
    const auto moved = std::find_if(world_.copies.begin(), world_.copies.end(),
                                    [&](const Copy& copy) { return copy.box == step.box && copy.uid == step.uid; });
    return moved != world_.copies.end() && moved->read.mark ? moved->read.mark->shape : Shape::original;
  }

  // One a move: what is said of it twice has the same id.
  std::string reply_id(const Step& step, std::string_view kind) const {
    return message_id("reply\n" + std::string(to_string(step.box)) + "\n" +
                      std::to_string(*validity_[static_cast<std::size_t>(step.box)]) + "\n" + std::to_string(step.uid) + "\n" +
                      std::string(kind));
  }

  std::string held_id(const std::string& id, Shape shape) const {
    return message_id("held\n" + id + "\n" + std::string(to_string(shape)));
  }

  std::string message_id(const std::string& what) const {
    return hmac_sha256_hex(key_, "message-id\n" + account_.name + "\n" + what).substr(0, 32) + "@" + notices_->host();
  }

  deliver::ForMailbox letter(std::string id) const {
    return {.recipient = account_.address,
            .message_id = std::move(id),
            .in_reply_to = "",
            .extra_fields = {},
            .release_folder = settings_.release,
            .return_folder = settings_.give_back};
  }

  Result<void> remove(Box box, const std::vector<std::uint32_t>& uids) {
    if (uids.empty()) return {};
    TRY(open(box));
    for (const auto& batch : imap::batches_of(uids)) TRY(client_.remove(batch));
    return {};
  }

  imap::Client& client_;
  const Mailbox& mailbox_;
  const DeskSettings& settings_;
  const Tools& tools_;
  PassOutcome& outcome_;
  store::Desk desk_;
  // For the whole pass, whatever is reloaded meanwhile; acts_ points into them.
  const std::shared_ptr<const inspect::Policy> policy_;
  const std::shared_ptr<const deliver::NoticeWriter> notices_;
  review::Acts acts_;
  store::Account account_;
  review::Actor actor_;
  std::string key_;
  FolderNames names_;
  World world_;
  std::optional<Box> open_;
  std::uint32_t exists_ = 0;
  std::array<std::optional<std::uint32_t>, box_count> validity_;
};

}  // namespace

Result<store::Account> account_of(store::Store& store, const std::string& name) {
  const std::string key = people::address_key(name);
  std::vector<store::Account> found;
  for (store::Account& account : TRY(store::Accounts(store).all())) {
    if (account.name == name) return std::move(account);
    if (!key.empty() && people::address_key(account.address) == key) found.push_back(std::move(account));
  }
  if (found.size() == 1) return std::move(found.front());
  const std::string shown = printable(shortened(name, limits::account_name_bytes_max));
  if (found.empty()) return Error{ErrorKind::bad_settings, "there is no account " + shown};
  return Error{ErrorKind::bad_settings, "several accounts have the address " + shown + ": give the name of one"};
}

std::string obstacle_of(const store::Account& account) {
  if (account.disabled) return "the account " + account.name + " is disabled";
  if (!review::may(account.roles, review::Permission::decide))
    return "the account " + account.name + " is not allowed to decide on held mail: it is no reviewer";
  return "";
}

Result<void> run_pass(imap::Client& client, const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools,
                      PassOutcome& outcome) {
  TRY(Pass(client, mailbox, settings, tools, outcome).run());
  return {};
}

}  // namespace beadle::mailbox
