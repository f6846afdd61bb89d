#include "inspect/explain_words.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::inspect {
namespace {

struct Person {
  std::string_view word, noun;
};
/// "is a councillor", "is not a councillor".
constexpr Person persons[] = {
    {"councillor", "a councillor"},
    {"officer", "an officer"},
    {"person", "a councillor or officer"},
    {"outsider", "somebody outside the council"},
    {"unknown", "somebody at the council whom the roster does not know"},
    {"anyone", "anybody"},
    {"third-party", "a third party"},
    {"chair", "the chair"},
    {"vice-chair", "the vice-chair"},
    {"mayor", "the Mayor"},
    {"deputy-mayor", "the Deputy Mayor"},
    {"leader", "the Leader"},
    {"deputy-leader", "the Deputy Leader"},
    {"cabinet-member", "a member of the cabinet"},
    {"committee-chair", "the chair of a committee"},
    {"spokesperson", "a spokesperson of the council"},
    {"group-leader", "the leader of a political group"},
    {"clerk", "the clerk"},
    {"deputy-clerk", "the deputy clerk"},
    {"chief-officer", "a chief officer"},
    {"monitoring-officer", "the monitoring officer"},
    {"finance-officer", "a finance officer"},
    {"communications", "the communications team"},
    {"support-hub", "the members' support hub"},
    {"press-authorised", "an officer who may write to the press"},
    {"junior", "a junior officer"},
    {"press", "the press"},
    {"minister", "a minister"},
    {"adviser", "an adviser of the council"},
    {"complainant", "a complainant"},
    {"principal-authority", "the principal authority"},
    {"ward-councillor", "a ward councillor of the principal authority"},
    {"archive", "an archive"},
    {"protected", "a protected address"},
};

/// What is or is not the case, both ways.
struct Both {
  std::string_view word, holds, fails;
};

/// Said of somebody "who …".
constexpr Both recipients[] = {
    {"blind", "is copied unseen", "is not copied unseen"},
    {"visible", "stands in To or Cc", "does not stand in To or Cc"},
    {"to", "stands in To", "does not stand in To"},
    {"cc", "stands in Cc", "does not stand in Cc"},
    {"sender", "is the sender", "is not the sender"},
    {"disclosed", "is named at its foot as copied", "is not named at its foot as copied"},
    {"correspondent", "has a part in that letter", "has no part in that letter"},
    {"circulated", "had that letter from the start", "did not have that letter from the start"},
    {"other-group", "is of another political group than it speaks of", "is of no other political group than it speaks of"},
    {"group-list", "is reached by the list of a political group", "is not reached by the list of a political group"},
    {"mixed-list", "is reached by a list that outsiders read", "is not reached by a list that outsiders read"},
    {"named", "has a name that a letter in it mentions", "has no name that a letter in it mentions"},
    {"only-named", "is the only outsider whom a letter in it names", "is not the only outsider whom a letter in it names"},
};

constexpr Both traits[] = {
    {"reply", "it is a reply", "it is no reply"},
    {"forward", "it passes a message on", "it passes no message on"},
    {"auto-reply", "it is an automatic reply", "it is no automatic reply"},
    {"list-mail", "it is mail of a mailing list", "it is no mail of a mailing list"},
    {"null-sender", "it comes from no address that could be answered", "it comes from an address that can be answered"},
    {"calendar", "it is a calendar message", "it is no calendar message"},
    {"signed", "it is signed", "it is not signed"},
    {"encrypted", "it is encrypted", "it is not encrypted"},
    {"bulk", "it is bulk mail", "it is no bulk mail"},
    {"one-group", "all councillors who get it are of one political group",
     "the councillors who get it are not all of one political group"},
    {"group-letter", "it is sent to one political group as such", "it is not sent to one political group as such"},
    {"attachment", "something is attached to it", "nothing is attached to it"},
    {"substantive", "it holds an answer of substance", "it holds no answer of substance"},
    {"brief", "it is brief", "it is not brief"},
    {"of-council", "the council is in play", "nothing shows that the council is in play"},
};

/// % stands for the value of the key: people, kinds of sentences, places.
constexpr Both keys[] = {
    {"sender", "it was sent by %", "it was not sent by %"},
    {"name", "it goes out in the name of %", "it does not go out in the name of %"},
    {"recipients-any", "one of those who get it is %", "none of those who get it is %"},
    {"recipients-all", "everybody who gets it is %", "not everybody who gets it is %"},
    {"recipients-none", "nobody who gets it is %", "one of those who get it is %"},
    {"letter", "there is a letter %", "there is no letter %"},
    {"marking", "it is marked confidential %", "it is not marked confidential %"},
    {"cues", "a sentence %", "no sentence %"},
    {"cues-all", "a sentence %", "no sentence %"},
    {"cues-none", "no sentence %", "a sentence %"},
};

struct Place {
  std::string_view word, words;
};
constexpr Place zones[] = {
    {"own", "in the sender's own words"},
    {"opening", "in the subject or the first lines"},
    {"subject", "in the subject"},
    {"signature", "in the signature"},
    {"quoted", "in quoted text"},
    {"forwarded", "in a forwarded message"},
    {"attached", "in an attached message"},
    {"attachment", "in an attachment"},
    {"document", "in an attached document"},
    {"record", "in earlier correspondence"},
    {"header", "in the header"},
    {"hidden", "in hidden text"},
    {"envelope", "among the recipients"},
    {"any", "anywhere"},
};
constexpr Place letters[] = {
    {"message", "this message"},
    {"quoted", "letters quoted in it"},
    {"forwarded", "letters forwarded in it"},
    {"attached", "letters attached to it"},
    {"record", "earlier mail that it answers"},
    {"passage", "marked mail that it repeats words of"},
    {"document", "attached documents"},
};

template <class Table>
auto entry_of(const Table& table, std::string_view word) {
  const auto found = std::find_if(std::begin(table), std::end(table), [&](const auto& entry) { return entry.word == word; });
  return found == std::end(table) ? nullptr : &*found;
}

/// "a", "a or b", "a, b or c".
std::string listed(const std::vector<std::string>& items, std::string_view last_joint) {
  std::string out;
  for (std::size_t i = 0; i < items.size(); ++i)
    out += (i == 0 ? "" : i + 1 == items.size() ? std::string(last_joint) : ", ") + items[i];
  return out;
}

std::string with_value(std::string_view pattern, std::string_view value) {
  const std::size_t at = pattern.find('%');
  return at == std::string_view::npos
             ? std::string(pattern)
             : std::string(pattern.substr(0, at)) + std::string(value) + std::string(pattern.substr(at + 1));
}

std::string says_of(std::string_view key, std::string_view value, bool holds) {
  const Both* words = entry_of(keys, key);
  return words == nullptr ? std::string(key) : with_value(holds ? words->holds : words->fails, value);
}

std::string somebody(const rules::Selector& selector) {
  std::string head = "somebody";
  std::vector<std::string> more;
  for (const rules::Term& term : selector) {
    if (const Person* person = entry_of(persons, term.word)) {
      if (!term.negated && head == "somebody") {
        head = person->noun;
      } else {
        more.push_back((term.negated ? "is not " : "is ") + std::string(person->noun));
      }
    } else if (const Both* recipient = entry_of(recipients, term.word)) {
      more.emplace_back(term.negated ? recipient->fails : recipient->holds);
    } else {
      more.push_back((term.negated ? "is not " : "is ") + term.word);
    }
  }
  return head + (more.empty() ? "" : " who " + listed(more, " and "));
}

std::string kinds(const std::vector<std::string>& cues, const rules::RuleSet& rules) {
  std::vector<std::string> out;
  for (const std::string& name : cues) {
    const auto index = rules.cue_index(name);
    out.push_back("\"" + name + "\"" + (index ? " (" + rules.cues()[*index].says + ")" : ""));
  }
  return "is of the kind " + listed(out, " or ");
}

std::string places(const std::vector<std::string>& words) {
  std::vector<std::string> out;
  for (const std::string& word : words) out.push_back(zone_in_words(word));
  return listed(out, " or ");
}

std::string sentences(const rules::Condition& condition, const std::vector<std::string>& cues, const rules::RuleSet& rules) {
  return places(condition.zones.empty() ? std::vector<std::string>{"own"} : condition.zones) + " " + kinds(cues, rules);
}

std::string letter_in_words(const rules::LetterCondition& letter, const rules::RuleSet& rules) {
  std::string out;
  const auto add = [&](std::string_view words) { out += (out.empty() ? "" : " ") + std::string(words); };
  if (!letter.from.empty()) add("of " + people_in_words(letter.from));
  if (!letter.to.empty()) add("to " + people_in_words(letter.to));
  if (letter.individual) add(*letter.individual ? "between these two alone" : "to more than one");
  if (letter.marked) add(*letter.marked ? "that is marked confidential" : "that is not marked confidential");
  if (!letter.cues.empty()) add("in which a sentence " + kinds(letter.cues, rules));
  std::vector<std::string> where;
  for (const std::string& word : letter.where) {
    const Place* place = entry_of(letters, word);
    where.emplace_back(place == nullptr ? word : place->words);
  }
  if (!where.empty()) add("(looked for: " + listed(where, " and ") + ")");
  return out;
}

std::string trait_in_words(const rules::Term& term, bool holds) {
  const Both* words = entry_of(traits, term.word);
  return words == nullptr ? term.word : std::string(holds != term.negated ? words->holds : words->fails);
}

/// Of a key that has one value.
std::string value_of(std::string_view key, const rules::Condition& condition, const rules::RuleSet& rules) {
  if (key == "sender") return people_in_words(condition.sender);
  if (key == "name") return people_in_words(condition.name);
  if (key == "recipients-any") return people_in_words(condition.recipients_any);
  if (key == "recipients-all") return people_in_words(condition.recipients_all);
  if (key == "recipients-none") return people_in_words(condition.recipients_none);
  if (key == "marking") return places(condition.marking);
  if (key == "letter" && condition.letter) return letter_in_words(*condition.letter, rules);
  return "";
}

}  // namespace

std::string people_in_words(const rules::Selectors& selectors) {
  std::vector<std::string> out;
  for (const rules::Selector& selector : selectors) out.push_back(somebody(selector));
  return listed(out, ", or ");
}

std::string zone_in_words(std::string_view zone) {
  const Place* place = entry_of(zones, zone);
  return std::string(place == nullptr ? zone : place->words);
}

bool has_words_for(std::string_view word) {
  return entry_of(persons, word) != nullptr || entry_of(recipients, word) != nullptr || entry_of(traits, word) != nullptr ||
         entry_of(zones, word) != nullptr || entry_of(letters, word) != nullptr;
}

std::string feature_in_words(std::string_view feature) {
  const auto word = [](std::string_view one) -> std::string {
    static constexpr Place marks[] = {{"0", "(a number)"},
                                      {"\xC2\xA3"
                                       "0",
                                       "(a sum of money)"},
                                      {"\"\"", "(words in quotation marks)"}};
    const Place* mark = entry_of(marks, one);
    return std::string(mark == nullptr ? one : mark->words);
  };
  const std::size_t apart = feature.find(" .. "), beside = feature.find(' ');
  if (beside == std::string_view::npos) return word(feature);
  const bool is_apart = apart != std::string_view::npos;
  const std::string_view first = feature.substr(0, is_apart ? apart : beside),
                         second = feature.substr(is_apart ? apart + 4 : beside + 1);
  if (first == "^") return word(second) + (is_apart ? " (second in the sentence)" : " (first in the sentence)");
  if (second == "$") return word(first) + (is_apart ? " (last but one)" : " (last in the sentence)");
  const bool contracted = !is_apart && (second.starts_with('\'') || second == "n't");
  return word(first) + (is_apart ? " \xE2\x80\xA6 " : contracted ? "" : " ") + word(second);
}

std::string lacking(std::string_view key, const rules::Condition& condition, const Facts& facts, const rules::RuleSet& rules) {
  if (key == "traits") {
    for (const rules::Term& term : condition.traits) {
      if (facts.traits.contains(term.word) == term.negated) return trait_in_words(term, false);
    }
  }
  const std::size_t colon = key.find(": ");
  if (colon == std::string_view::npos) return says_of(key, value_of(key, condition, rules), false);
  const std::string_view name = key.substr(0, colon);
  const std::vector<std::string> cues =
      name == "cues" ? condition.cues : std::vector<std::string>{std::string(key.substr(colon + 2))};
  return says_of(name, sentences(condition, cues, rules), false);
}

std::vector<std::string> fulfilled(const rules::Condition& condition, const rules::RuleSet& rules) {
  std::vector<std::string> out;
  for (const rules::Term& term : condition.traits) out.push_back(trait_in_words(term, true));
  const auto add = [&](std::string_view key, bool asked) {
    if (asked) out.push_back(says_of(key, value_of(key, condition, rules), true));
  };
  add("sender", !condition.sender.empty());
  add("name", !condition.name.empty());
  if (!condition.cues_none.empty()) out.push_back(says_of("cues-none", sentences(condition, condition.cues_none, rules), true));
  for (const std::string& cue : condition.cues_all) out.push_back(says_of("cues-all", sentences(condition, {cue}, rules), true));
  if (!condition.cues.empty()) out.push_back(says_of("cues", sentences(condition, condition.cues, rules), true));
  add("marking", !condition.marking.empty());
  add("letter", condition.letter.has_value());
  add("recipients-any", !condition.recipients_any.empty());
  add("recipients-all", !condition.recipients_all.empty());
  add("recipients-none", !condition.recipients_none.empty());
  return out;
}

}  // namespace beadle::inspect
