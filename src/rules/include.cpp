#include "rules/include.h"

#include <algorithm>

#include "rules/reading.h"

namespace beadle::rules {
namespace {

class Includer {
 public:
  Includer(std::vector<Pack>& packs, Problems& problems) : packs_(packs), problems_(problems), states_(packs.size(), State::untouched) {}

  void run() {
    for (std::size_t i = 0; i < packs_.size(); ++i) resolve(i);
  }

 private:
  enum class State { untouched, open, resolved };

  void resolve(std::size_t index) {
    if (states_[index] == State::resolved) return;
    states_[index] = State::open;
    path_.push_back(index);
    std::vector<Rule> included;
    std::vector<Reminder> reminders;
    bool whole = true;
    for (const Include& include : packs_[index].includes) whole = take(packs_[index], include, included, reminders) && whole;
    // What is missing for want of an include is told once, there.
    if (whole) apply_changes(packs_[index], included, reminders);
    std::vector<Rule>& rules = packs_[index].rules;
    rules.insert(rules.begin(), std::make_move_iterator(included.begin()), std::make_move_iterator(included.end()));
    std::vector<Reminder>& own = packs_[index].reminders;
    own.insert(own.begin(), std::make_move_iterator(reminders.begin()), std::make_move_iterator(reminders.end()));
    path_.pop_back();
    states_[index] = State::resolved;
  }

  bool take(const Pack& pack, const Include& include, std::vector<Rule>& included, std::vector<Reminder>& reminders) {
    const auto found = std::find_if(packs_.begin(), packs_.end(), [&](const Pack& other) { return other.protocol.name == include.protocol; });
    if (found == packs_.end()) {
      return error(pack, include.at, "include: there is no pack " + shown(include.protocol), known_hint(include.protocol, names()));
    }
    const auto index = static_cast<std::size_t>(found - packs_.begin());
    if (states_[index] == State::open) {
      return error(pack, include.at, "include: " + shown(include.protocol) + " includes this pack", "a circle: " + circle_from(index));
    }
    resolve(index);
    for (const Rule& rule : packs_[index].rules) {
      const auto same = [&](const Rule& other) { return other.file == rule.file && other.at == rule.at; };
      if (std::any_of(included.begin(), included.end(), same)) {
        return error(pack, include.at, "include: " + shown(include.protocol) + " brings rules that are included already",
                     "each pack once; " + rule.clause + " came with another");
      }
      included.push_back(rule);
    }
    reminders.insert(reminders.end(), packs_[index].reminders.begin(), packs_[index].reminders.end());
    return true;
  }

  void apply_changes(const Pack& pack, std::vector<Rule>& included, std::vector<Reminder>& reminders) {
    std::vector<std::string> changed;
    for (const Change& change : pack.changes) {
      if (contains(changed, change.clause)) {
        error(pack, change.at, "clause " + shown(change.clause) + " is changed twice");
        continue;
      }
      changed.push_back(change.clause);
      bool found = false;
      for (Rule& rule : included) {
        if (rule.clause != change.clause) continue;
        found = true;
        apply(pack, change, rule);
      }
      for (Reminder& reminder : reminders) {
        if (reminder.clause != change.clause) continue;
        found = true;
        if (change.mode) reminder.mode = *change.mode;
        if (change.action) error(pack, change.at, "clause " + shown(change.clause) + " is a reminder: it only flags", "mode = \"off\" switches it off");
      }
      if (!found && !pack.includes.empty()) note_unknown(pack, change, included);
    }
  }

  void apply(const Pack& pack, const Change& change, Rule& rule) {
    if (change.mode) rule.mode = *change.mode;
    if (!change.action) return;
    rule.action = *change.action;
    if (rule.action != Action::annotate) return;
    const bool names_some = std::all_of(rule.when.begin(), rule.when.end(), [](const Condition& when) { return !when.recipients_any.empty(); });
    if (!names_some) error(pack, change.at, "clause " + shown(change.clause) + " cannot be annotated: its rule finds no recipients to name", "pass, flag or hold");
    rule.discloses = true;
  }

  void note_unknown(const Pack& pack, const Change& change, const std::vector<Rule>& included) {
    const auto own = [&](const Rule& rule) { return rule.clause == change.clause; };
    if (std::any_of(pack.rules.begin(), pack.rules.end(), own)) {
      error(pack, change.at, "clause " + shown(change.clause) + " is this pack's own", "change it where it stands");
      return;
    }
    std::vector<std::string> clauses;
    for (const Rule& rule : included) {
      if (!contains(clauses, rule.clause)) clauses.push_back(rule.clause);
      if (rule.clause.ends_with("/" + change.clause)) {
        error(pack, change.at, "no included pack has the clause " + shown(change.clause), "with its protocol's name before it: " + rule.clause);
        return;
      }
    }
    error(pack, change.at, "no included pack has the clause " + shown(change.clause), known_hint(change.clause, clauses));
  }

  std::string circle_from(std::size_t index) const {
    std::string out;
    const auto begin = std::find(path_.begin(), path_.end(), index);
    for (auto at = begin; at != path_.end(); ++at) out += packs_[*at].protocol.name + " → ";
    return out + packs_[index].protocol.name;
  }

  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const Pack& pack : packs_) out.push_back(pack.protocol.name);
    return out;
  }

  bool error(const Pack& pack, Position at, std::string what, std::string hint = "") {
    problems_.push_back({Problem::Severity::error, pack.file, at, std::move(what), std::move(hint)});
    return false;
  }

  std::vector<Pack>& packs_;
  Problems& problems_;
  std::vector<State> states_;
  std::vector<std::size_t> path_;  // packs whose includes are being resolved, outermost first
};

}  // namespace

void resolve_includes(std::vector<Pack>& packs, Problems& problems) { Includer(packs, problems).run(); }

}  // namespace beadle::rules
