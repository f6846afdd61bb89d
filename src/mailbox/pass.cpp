#include "mailbox/pass.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "mailbox/folders.h"
#include "mailbox/letters.h"
#include "mailbox/plan.h"
#include "people/address.h"
#include "review/acts.h"
#include "store/desk.h"

namespace beadle::mailbox {
namespace {

using store::HeldState;

constexpr std::string_view placed_act = "placed-in-mailbox", refused_act = "mailbox-move-refused";

class Pass {
 public:
  Pass(imap::Client& client, store::Account account, std::string key, const DeskSettings& settings, const Tools& tools,
       PassOutcome& outcome)
      : folders_(client),
        account_(std::move(account)),
        actor_(review::actor_of(account_)),
        key_(std::move(key)),
        settings_(settings),
        tools_(tools),
        outcome_(outcome),
        desk_(tools.store),
        policy_(tools.policy()),
        notices_(tools.notices()),
        acts_(tools.store, *policy_, *notices_, tools.documents),
        letters_(notices_, settings, account_, key_) {}

  Result<void> run() {
    outcome_.problem = obstacle_of(account_);
    TRY(folders_.find(settings_));
    // Held first: what is moved while we read is seen twice rather than nowhere.
    for (const Box box : {Box::held, Box::release, Box::give_back}) {
      const std::vector<Copy> copies = TRY(folders_.read(box, key_, account_.name));
      world_.copies.insert(world_.copies.end(), copies.begin(), copies.end());
    }
    TRY(look_into_store());
    for (const Step& step : plan(world_)) TRY(take(step));
    return folders_.open(Box::held);
  }

 private:
  // What there is

  Result<void> look_into_store() {
    world_.attach_original = settings_.attach_original;
    if (outcome_.problem.empty()) TRY(find_waiting());
    for (const Copy& copy : world_.copies) {
      if (!copy.read.mark || world_.fates.contains(copy.read.mark->id)) continue;
      const auto row = desk_.row(copy.read.mark->id);
      if (!row && row.error().kind != ErrorKind::not_found) return row.error();
      if (row) world_.fates[row->id] = {row->state, row->decided_by};
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
    const auto shown = static_cast<std::int64_t>(world_.waiting.size());
    for (const auto& [state, count] : TRY(tools_.store.counts())) {
      if (state == HeldState::held) outcome_.left_out = std::max<std::int64_t>(0, count - shown);
    }
    return {};
  }

  bool is_shown(const std::string& id) const {
    return std::any_of(world_.waiting.begin(), world_.waiting.end(), [&](const Waiting& waiting) { return waiting.id == id; });
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
    return folders_.remove(step.box, step.uids);
  }

  // Moves

  Result<void> decide(const Step& step) {
    const Time now = tools_.now();
    const std::string reason = "Moved to the folder " + settings_.release + " in " + account_.name + "'s mailbox.";
    const auto done = step.box == Box::release ? acts_.release(step.id, actor_, reason, now)
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
    return end(step, ending, row, done ? "" : done.error().what, done.has_value());
  }

  Result<void> contradict(const Step& step) {
    ++outcome_.refused;
    const store::InboxRow row = TRY(desk_.row(step.id));
    const std::string why = "It stood in " + settings_.release + " and in " + settings_.give_back + ": move it to one of them.";
    return end(step, row.state == HeldState::held ? Ending::put_back : Ending::overtaken, row, why, false);
  }

  /// Says what came of a move, and only then clears it away, so that a crash leaves it to be said. `fresh`: done just now; else
  /// an earlier pass that was broken off may have said it.
  Result<void> end(const Step& step, Ending ending, const store::InboxRow& row, const std::string& why, bool fresh) {
    const Letter letter = letters_.ending(ending, row, folders_.place(step.box, step.uid), shape_of(step), is_shown(step.id),
                                          TRY(name_of(row.decided_by)), why, tools_.now());
    TRY(say(letter, fresh));
    if (ending == Ending::put_back) return put_back(step);
    for (const auto& [box, uids] : places_of(world_.copies, step.id)) TRY(folders_.remove(box, uids));
    return {};
  }

  Result<void> say(const Letter& letter, bool fresh) {
    if (!fresh && TRY(folders_.has_reply(letter.message_id))) return {};
    return folders_.add_reply(tools_.now(), letter.bytes);
  }

  /// One copy goes to Held, where none is, and the others leave. What this account may not see any more is not put back either.
  Result<void> put_back(const Step& step) {
    auto places = places_of(world_.copies, step.id);
    const bool in_held = std::any_of(world_.copies.begin(), world_.copies.end(), [&](const Copy& copy) {
      return copy.box == Box::held && !copy.deleted && copy.read.mark && copy.read.mark->id == step.id;
    });
    if (!in_held && is_shown(step.id)) {
      TRY(folders_.move_to_held(step.box, step.uid));
      std::erase(places[step.box], step.uid);
    }
    TRY(folders_.remove(Box::release, places[Box::release]));
    return folders_.remove(Box::give_back, places[Box::give_back]);
  }

  Result<void> explain(const Step& step) {
    ++outcome_.refused;
    const Letter letter = letters_.stray(step.box, step.stray, folders_.place(step.box, step.uid), tools_.now());
    // Not every server keeps the flag.
    if (!TRY(folders_.has_reply(letter.message_id))) {
      const nlohmann::ordered_json detail{
          {"account", account_.name}, {"folder", to_string(step.box)}, {"why", to_string(step.stray)}};
      TRY(tools_.store.audit(refused_act, "beadle", "", detail.dump(), tools_.now()));
      TRY(folders_.add_reply(tools_.now(), letter.bytes));
    }
    return folders_.mark_answered(step.box, step.uid);
  }

  Result<std::string> name_of(const std::string& account_name) {
    const auto account = TRY(store::Accounts(tools_.store).find(account_name));
    const people::Person* person = account ? review::person_of(review::actor_of(*account), *policy_->people) : nullptr;
    return person != nullptr ? person->name : account_name;
  }

  Shape shape_of(const Step& step) const {
    const auto moved = std::find_if(world_.copies.begin(), world_.copies.end(),
                                    [&](const Copy& copy) { return copy.box == step.box && copy.uid == step.uid; });
    return moved != world_.copies.end() && moved->read.mark ? moved->read.mark->shape : Shape::original;
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
    const std::string reason = conflict ? conflict->reason : "";
    TRY(note_placing(mark));
    auto put = folders_.add_held(held->received, letters_.held(*held, mark, reason, true));
    // Too large for its bounds, for one.
    const bool refused = !put && put.error().kind == ErrorKind::refused;
    if (refused && mark.shape == Shape::original)
      put = folders_.add_held(held->received, letters_.held(*held, mark, reason, false));
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

  Folders folders_;
  const store::Account account_;
  const review::Actor actor_;
  const std::string key_;
  const DeskSettings& settings_;
  const Tools& tools_;
  PassOutcome& outcome_;
  store::Desk desk_;
  // For the whole pass, whatever is reloaded meanwhile; acts_ points into them.
  const std::shared_ptr<const inspect::Policy> policy_;
  const std::shared_ptr<const deliver::NoticeWriter> notices_;
  review::Acts acts_;
  const Letters letters_;
  World world_;
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
  if (review::may(account.roles, review::Permission::decide)) return "";
  return "the account " + account.name + " is not allowed to decide on held mail: it is no reviewer";
}

Result<void> run_pass(imap::Client& client, const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools,
                      PassOutcome& outcome) {
  store::Account account = TRY(account_of(tools.store, mailbox.account));
  std::string key = TRY(tools.store.secret("mailbox"));
  return Pass(client, std::move(account), std::move(key), settings, tools, outcome).run();
}

}  // namespace beadle::mailbox
