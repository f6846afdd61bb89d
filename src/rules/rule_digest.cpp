#include "rules/rule_digest.h"

#include <algorithm>

#include "base/digest.h"

namespace beadle::rules {
namespace {

/// Writes values one after the other so that no two different sequences give the same text: each with its length.
class Writer {
 public:
  void add(std::string_view text) { out_ += std::to_string(text.size()) + ":" + std::string(text) + ";"; }
  void add(std::size_t number) { out_ += std::to_string(number) + ";"; }
  void add(std::optional<bool> flag) { out_ += flag ? (*flag ? "yes;" : "no;") : "-;"; }
  void add(const Term& term) {
    add(term.word);
    add(std::size_t{term.negated});
  }
  template <class Item>
  void add(const std::vector<Item>& items) {
    add(items.size());
    for (const Item& item : items) add(item);
  }
  void add(const DecidingCue::Form& form) {
    add(form.all);
    add(form.none);
    add(static_cast<std::size_t>(form.sentences));
  }
  void add(const DecidingCue& cue) {
    add(cue.name);
    add(cue.forms);
    add(cue.unless);
    if (!cue.points) return;
    add(std::to_string(*cue.points));
    add(static_cast<std::size_t>(cue.sentences));
    add(cue.weights->digest.empty() ? to_text(*cue.weights) : cue.weights->digest);
  }
  void add(const Condition& condition) {
    add(condition.sender);
    add(condition.name);
    add(condition.recipients_any);
    add(condition.recipients_all);
    add(condition.recipients_none);
    add(std::size_t{condition.letter.has_value()});
    if (condition.letter) add(*condition.letter);
    add(condition.marking);
    add(condition.cues);
    add(condition.cues_all);
    add(condition.cues_none);
    add(condition.zones);
    add(condition.traits);
  }
  void add(const LetterCondition& letter) {
    add(letter.from);
    add(letter.to);
    add(letter.where);
    add(letter.marked);
    add(letter.individual);
    add(letter.cues);
  }
  void add(const Rule& rule) {
    add(rule.clause);
    add(rule.family);
    add(to_string(rule.action));
    add(to_string(rule.mode));
    add(std::size_t{rule.discloses});
    add(rule.when);
    add(rule.unless);
  }

  void add(const Reminder& reminder) {
    add(reminder.clause);
    add(to_string(reminder.mode));
    add(to_string(reminder.within));
    add(std::size_t{reminder.tell == Reminder::Tell::other_groups});
    add(reminder.opens);
    add(reminder.answered);
  }

  const std::string& text() const { return out_; }

 private:
  std::string out_ = "beadle rules 1\n";
};

template <class Item, class Key>
std::vector<const Item*> sorted(const std::vector<Item>& items, const Key& key) {
  std::vector<const Item*> out;
  for (const Item& item : items) out.push_back(&item);
  std::sort(out.begin(), out.end(), [&](const Item* a, const Item* b) { return key(*a) < key(*b); });
  return out;
}

}  // namespace

std::string rule_digest(const std::vector<Pack>& packs, const std::vector<DecidingCue>& cues, std::string_view vectors) {
  Writer writer;
  writer.add(cues.size());
  for (const DecidingCue* cue : sorted(cues, [](const DecidingCue& cue) -> const std::string& { return cue.name; })) writer.add(*cue);
  writer.add(vectors);
  for (const Pack* pack : sorted(packs, [](const Pack& pack) -> const std::string& { return pack.protocol.name; })) {
    writer.add(pack->protocol.name);
    writer.add(pack->rules);
    writer.add(pack->reminders);
  }
  return sha256_hex(writer.text());
}

}  // namespace beadle::rules
