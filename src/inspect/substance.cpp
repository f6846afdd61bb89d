#include "inspect/substance.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "people/fold.h"

namespace beadle::inspect {
namespace {

constexpr std::string_view holding_cues[] = {"holding", "holding-reply", "absence", "out-of-office"};
// Beside a promise to answer, a sentence of fewer words answers nothing ("Busy week here.").
constexpr std::size_t words_beside_holding_least = 5;

// It takes no more to say who is to be asked instead.
constexpr std::size_t brief_words_max = 60;

// How sentences begin that only greet, thank, apologise or close. Compared folded.
constexpr std::string_view courtesies[] = {"dear",      "hi",            "hello",         "hallo",        "good morning", "good afternoon", "good evening",
                                           "morning",   "afternoon",     "thank",         "thanks",       "many thanks",  "sorry",          "apologies",
                                           "my apologies", "i apologise", "please accept", "i am sorry",  "i m sorry",    "i hope",         "hope you",
                                           "hope this finds", "kind regards", "regards",  "best wishes",  "best regards", "yours",          "with best",
                                           "cheers",    "councillor",    "cllr"};
// "Your enquiry has been passed to the street team", "I have received your email", "I have passed this on".
constexpr std::string_view theirs[] = {"your email", "your e-mail",  "your mail",     "your message", "your enquiry",
                                       "your inquiry", "your query", "your question", "your request"};
constexpr std::string_view handled[] = {"received", "receipt", "logged", "passed", "forwarded", "acknowledge", "noted", "referred", "raised"};
constexpr std::string_view objects[] = {"this", "it", "on", "your"};

bool begins_with_word(std::string_view text, std::string_view word) {
  return text.starts_with(word) && (text.size() == word.size() || text[word.size()] == ' ');
}

bool has_words(std::string_view text, std::string_view words) { return (" " + std::string(text) + " ").find(" " + std::string(words) + " ") != std::string::npos; }

bool is_courtesy(std::string_view folded) {
  return std::any_of(std::begin(courtesies), std::end(courtesies), [&](std::string_view words) { return begins_with_word(folded, words); });
}

bool is_acknowledgement(std::string_view folded) {
  const auto is_theirs = [&](std::string_view words) { return has_words(folded, words); };
  const bool names_theirs = std::any_of(std::begin(theirs), std::end(theirs), is_theirs);
  return std::any_of(std::begin(handled), std::end(handled), [&](std::string_view verb) {
    if (names_theirs && has_words(folded, verb)) return true;
    return std::any_of(std::begin(objects), std::end(objects), [&](std::string_view object) { return has_words(folded, std::string(verb) + " " + std::string(object)); });
  });
}

std::size_t count_words(std::string_view folded) { return folded.empty() ? 0 : static_cast<std::size_t>(std::count(folded.begin(), folded.end(), ' ')) + 1; }

}  // namespace

bool has_attachment(const mail::Message& message) {
  return std::any_of(message.parts.begin(), message.parts.end(), [](const mail::Part& part) {
    const bool furniture = part.type.starts_with("image/") || part.type == "text/calendar" || part.type.find("signature") != std::string::npos;
    return part.attachment && !part.inside_original && !part.is_multipart() && !furniture;
  });
}

bool is_brief(const mail::Message& message) {
  if (has_attachment(message)) return false;
  return std::all_of(message.texts.begin(), message.texts.end(), [&](const mail::Text& text) {
    if (message.parts[static_cast<std::size_t>(text.part)].inside_original) return true;
    std::size_t words = 0;
    for (const mail::Zone& zone : text.zones) {
      if (zone.kind == mail::ZoneKind::own) words += count_words(people::fold_phrase(mail::slice(text.utf8, zone.range)));
    }
    return words <= brief_words_max;
  });
}

bool is_substantive(const mail::Message& message, const rules::RuleSet& rules, const Facts& facts) {
  if (has_attachment(message)) return true;
  std::vector<std::string> holding;  // sentences, as evidence shows them
  for (const CueFact& fact : facts.cues) {
    const bool is_holding = std::any_of(std::begin(holding_cues), std::end(holding_cues), [&](std::string_view cue) { return rules.cue_index(cue) == fact.cue; });
    if (is_holding && fact.evidence.zone == "own") holding.push_back(people::fold_phrase(fact.evidence.text));
  }
  const std::size_t least = holding.empty() ? 1 : words_beside_holding_least;
  for (const mail::Text& text : message.texts) {
    const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
    if (part.attachment || part.inside_original) continue;
    for (const mail::Zone& zone : text.zones) {
      if (zone.kind != mail::ZoneKind::own) continue;
      const std::string_view words = mail::slice(text.utf8, zone.range);
      if (words.size() > limits::substance_bytes_max) return true;
      for (const rules::Span& span : rules::split_sentences(words)) {
        const std::string folded = people::fold_phrase(words.substr(span.begin, span.end - span.begin));
        if (count_words(folded) < least || is_courtesy(folded) || is_acknowledgement(folded)) continue;
        // A cue may have been found in several sentences at once; its evidence then holds this one.
        const bool waits = std::any_of(holding.begin(), holding.end(), [&](const std::string& one) { return one.find(folded) != std::string::npos; });
        if (!waits) return true;
      }
    }
  }
  return false;
}

}  // namespace beadle::inspect
