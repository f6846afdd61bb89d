#include "inspect/match.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::inspect {
namespace {

bool contains(const std::vector<std::string>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void add(std::vector<Evidence>& out, Evidence evidence) {
  if (out.size() >= limits::evidence_per_finding_max) return;
  // Plain text and HTML say the same thing twice.
  const bool known = std::any_of(out.begin(), out.end(), [&](const Evidence& other) { return other.zone == evidence.zone && other.text == evidence.text; });
  if (!known) out.push_back(std::move(evidence));
}

std::string shown(const Recipient& recipient) {
  const std::string name = recipient.person != nullptr ? recipient.person->name + " <" + recipient.address + ">" : recipient.address;
  return (recipient.is("blind") ? "blind copy to " : "to ") + name;
}

// One table of conditions over the facts: each key in turn, evidence gathered on the way.
class Matcher {
 public:
  Matcher(const rules::Condition& condition, const Facts& facts, const rules::RuleSet& rules)
      : condition_(condition), facts_(facts), rules_(rules), zones_(condition.zones) {
    if (zones_.empty()) zones_ = {"own"};
  }

  std::optional<Match> match() {
    if (!traits()) return failed("traits");
    if (!sender()) return failed("sender");
    if (!name()) return failed("name");
    if (!cues()) return std::nullopt;
    if (!marking()) return failed("marking");
    if (!condition_.letter) {
      Match match{evidence_, {}};
      if (!recipients(nullptr, match)) return std::nullopt;
      return match;
    }
    // Some letter for which the rest holds too: "correspondent" and "circulated" are said of that letter.
    bool letter_found = false;
    std::optional<Match> weak;
    for (const Letter& letter : facts_.letters) {
      if (!letter_fits(letter)) continue;
      letter_found = true;
      Match match{evidence_, {}};
      add(match.evidence, letter.evidence);
      for (const CueFact& fact : facts_.cues) {
        const bool asked = std::any_of(condition_.letter->cues.begin(), condition_.letter->cues.end(),
                                       [&](const std::string& name) { return rules_.cue_index(name) == fact.cue; });
        if (asked && stands_in(fact, letter)) add(match.evidence, fact.evidence);
      }
      if (condition_.letter->marked.value_or(false)) {
        for (const Evidence& mark : letter.marks) add(match.evidence, mark);
      }
      match.weak = letter.weak;
      if (!recipients(&letter, match)) continue;
      if (!match.weak) return match;
      if (!weak) weak = std::move(match);
    }
    if (weak) return weak;
    if (!letter_found) failed("letter");
    return std::nullopt;
  }

  const std::string& failed_key() const { return failed_key_; }

 private:
  std::nullopt_t failed(std::string key) {
    failed_key_ = std::move(key);
    return std::nullopt;
  }

  bool traits() const {
    return std::all_of(condition_.traits.begin(), condition_.traits.end(),
                       [&](const rules::Term& term) { return facts_.traits.contains(term.word) != term.negated; });
  }

  bool sender() const {
    if (condition_.sender.empty()) return true;
    return std::any_of(facts_.senders.begin(), facts_.senders.end(), [&](const Party& party) { return fits_any(party.words, condition_.sender); });
  }

  bool name() {
    if (condition_.name.empty()) return true;
    for (std::size_t i = 0; i < facts_.names.size(); ++i) {
      if (!fits_any(facts_.names[i].words, condition_.name)) continue;
      name_evidence_ = facts_.name_evidence[i];
      return true;
    }
    return false;
  }

  bool in_zones(const CueFact& fact) const {
    const std::string& zone = fact.evidence.zone;
    return contains(zones_, zone) || (contains(zones_, "any") && zone != "hidden") || (fact.opening && contains(zones_, "opening"));
  }

  const CueFact* first_cue(std::string_view name) const {
    const auto index = rules_.cue_index(name);
    for (const CueFact& fact : facts_.cues) {
      if (index && fact.cue == *index && in_zones(fact)) return &fact;
    }
    return nullptr;
  }

  void add_cue_evidence(std::string_view name) {
    const auto index = rules_.cue_index(name);
    for (const CueFact& fact : facts_.cues) {
      if (index && fact.cue == *index && in_zones(fact)) add(evidence_, fact.evidence);
    }
  }

  bool cues() {
    for (const std::string& name : condition_.cues_none) {
      if (first_cue(name) != nullptr) return failed("cues-none: " + name), false;
    }
    for (const std::string& name : condition_.cues_all) {
      if (first_cue(name) == nullptr) return failed("cues-all: " + name), false;
      add_cue_evidence(name);
    }
    if (!condition_.cues.empty()) {
      bool found = false;
      for (const std::string& name : condition_.cues) {
        if (first_cue(name) == nullptr) continue;
        found = true;
        add_cue_evidence(name);
      }
      if (!found) return failed("cues: " + joined(condition_.cues, ", ")), false;
    }
    // In whose name is evidence only beside what was said.
    if (name_evidence_) add(evidence_, *name_evidence_);
    return true;
  }

  bool marking() {
    if (condition_.marking.empty()) return true;
    bool found = false;
    for (const Marking& marking : facts_.markings) {
      if (!contains(condition_.marking, "any") && !contains(condition_.marking, marking.place)) continue;
      found = true;
      add(evidence_, marking.evidence);
    }
    return found;
  }

  bool letter_fits(const Letter& letter) const {
    const rules::LetterCondition& wanted = *condition_.letter;
    const auto any_fits = [](const std::vector<Party>& parties, const rules::Selectors& selectors) {
      return selectors.empty() ||
             std::any_of(parties.begin(), parties.end(), [&](const Party& party) { return fits_any(party.words, selectors); });
    };
    if (!wanted.where.empty() && !contains(wanted.where, letter.where)) return false;
    if (wanted.marked && *wanted.marked != !letter.marks.empty()) return false;
    if (wanted.individual && *wanted.individual != letter.individual) return false;
    if (!wanted.cues.empty() && !says(letter, wanted.cues)) return false;
    if (!any_fits(letter.from, wanted.from)) return false;
    if (any_fits(letter.to, wanted.to)) return true;
    // Of an earlier letter its copies count too: it was sent to them.
    return letter.where != "message" && any_fits(letter.cc, wanted.to);
  }

  static bool stands_in(const CueFact& fact, const Letter& letter) {
    if (letter.where == "record" || letter.where == "passage" || fact.evidence.zone == "hidden") return false;
    if (letter.where == "document") return fact.evidence.part == letter.part;
    return fact.original == letter.original;
  }

  // Whether one of the cues stands in the words of the letter itself, its subject and (of this message) its attachments included.
  bool says(const Letter& letter, const std::vector<std::string>& names) const {
    return std::any_of(facts_.cues.begin(), facts_.cues.end(), [&](const CueFact& fact) {
      if (!stands_in(fact, letter)) return false;
      return std::any_of(names.begin(), names.end(), [&](const std::string& name) { return rules_.cue_index(name) == fact.cue; });
    });
  }

  // A letter was circulated to those who stood in it; this message to those who stood in what it answers or passes on.
  bool was_circulated(const Letter* letter, const Recipient& recipient) const {
    if (letter != nullptr && letter->where != "message") return letter->was_circulated_to(recipient);
    return std::any_of(facts_.letters.begin(), facts_.letters.end(), [&](const Letter& other) {
      return other.where != "message" && other.was_circulated_to(recipient);
    });
  }

  bool recipients(const Letter* letter, Match& match) {
    if (condition_.recipients_any.empty() && condition_.recipients_all.empty() && condition_.recipients_none.empty()) return true;
    bool any = condition_.recipients_any.empty();
    // "Without the clerk among the recipients": a copy that goes in another transaction, or that the header shows, is one too.
    for (const Recipient& recipient : facts_.elsewhere) {
      if (!condition_.recipients_none.empty() && fits_any(recipient.words, condition_.recipients_none)) return failed("recipients-none"), false;
    }
    for (const Recipient& recipient : facts_.recipients) {
      auto words = recipient.words;
      if (letter != nullptr && letter->has_party(recipient)) words.insert("correspondent");
      if (was_circulated(letter, recipient)) words.insert("circulated");
      if (!condition_.recipients_all.empty() && !fits_any(words, condition_.recipients_all)) return failed("recipients-all"), false;
      if (!condition_.recipients_none.empty() && fits_any(words, condition_.recipients_none)) return failed("recipients-none"), false;
      if (condition_.recipients_any.empty() || !fits_any(words, condition_.recipients_any)) continue;
      any = true;
      add(match.evidence, {"", "envelope", shortened(printable(shown(recipient)), limits::evidence_bytes_max)});
      if (recipient.person != nullptr && recipient.person->is_councillor() && !contains_person(match.copied, recipient.person)) {
        match.copied.push_back(recipient.person);
      }
    }
    // A blind copy that has gone already, in an earlier transaction of this message: those who get it now have to be told of it, too.
    for (const Recipient& recipient : facts_.elsewhere) {
      if (!facts_.newly_sent || !recipient.is("blind") || condition_.recipients_any.empty()) continue;
      auto words = recipient.words;
      if (letter != nullptr && letter->has_party(recipient)) words.insert("correspondent");
      if (was_circulated(letter, recipient)) words.insert("circulated");
      if (!fits_blind(words)) continue;
      any = true;
      add(match.evidence, {"", "record", shortened(printable(shown(recipient)), limits::evidence_bytes_max)});
      if (recipient.person != nullptr && recipient.person->is_councillor() && !contains_person(match.copied, recipient.person)) {
        match.copied.push_back(recipient.person);
      }
    }
    if (!any) return failed("recipients-any"), false;
    if (!condition_.recipients_all.empty() && facts_.recipients.empty()) return failed("recipients-all"), false;
    return true;
  }

  bool fits_blind(const std::set<std::string, std::less<>>& words) const {
    return std::any_of(condition_.recipients_any.begin(), condition_.recipients_any.end(), [&](const rules::Selector& selector) {
      const bool asks_blind = std::any_of(selector.begin(), selector.end(), [](const rules::Term& term) { return term.word == "blind" && !term.negated; });
      return asks_blind && fits(words, selector);
    });
  }

  static bool contains_person(const std::vector<const people::Person*>& persons, const people::Person* person) {
    return std::find(persons.begin(), persons.end(), person) != persons.end();
  }

  const rules::Condition& condition_;
  const Facts& facts_;
  const rules::RuleSet& rules_;
  std::vector<std::string> zones_;
  std::vector<Evidence> evidence_;
  std::optional<Evidence> name_evidence_;
  std::string failed_key_;
};

}  // namespace

std::optional<Match> match_any(const std::vector<rules::Condition>& conditions, const Facts& facts, const rules::RuleSet& rules,
                               std::vector<std::string>* why_not) {
  std::optional<Match> weak;
  for (const rules::Condition& condition : conditions) {
    Matcher matcher(condition, facts, rules);
    auto match = matcher.match();
    if (match && !match->weak) return match;
    if (match && !weak) weak = std::move(match);
    if (!match && why_not != nullptr) why_not->push_back(matcher.failed_key());
  }
  return weak;
}

}  // namespace beadle::inspect
