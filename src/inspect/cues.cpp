// Cues and markings of each zone of each text (inspect/facts.h).
#include <algorithm>
#include <map>
#include <set>
#include <tuple>

#include "base/limits.h"
#include "base/text.h"
#include "inspect/facts.h"

namespace beadle::inspect {
namespace {

// What a reader sees before anything else: the greeting and some three sentences.
constexpr std::size_t opening_bytes = 260;

// Sentences that nearly do something say much in a letter, and nothing in a text of some hundred sentences.
constexpr std::size_t nearly_text_bytes = 4000;

// Two alternatives of one message usually hold the same words; the second is then not scanned again.
std::string without_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t word = at;
    while (at < text.size() && text[at] > ' ') ++at;
    out.append(text, word, at - word);
    if (at == text.size()) break;
    const char32_t c = next_code_point(text, at);
    if (c > ' ' && c != 0xA0) append_utf8(out, c);
  }
  return out;
}

std::string zone_name(const mail::Message& message, const mail::Text& text, const mail::Zone& zone) {
  const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
  if (part.inside_original) return "attached";
  if (part.attachment) return "attachment";
  return std::string(mail::to_string(zone.kind));
}

bool is_read(const mail::Zone& zone) { return zone.kind != mail::ZoneKind::disclaimer && zone.kind != mail::ZoneKind::banner; }

// Sentences that fall short of a cue count where the writer says enough like them; else they are dropped. Beside one that does it only those are evidence
// that come nearer than half way.
void settle_nearly(Facts& facts) {
  struct Said {
    std::set<std::string> texts{};  // plain text and HTML say the same thing twice
    int closeness = 0;
    bool done = false;  // by one of them alone
  };
  using Where = std::tuple<std::size_t, int, std::string>;
  const auto where = [](const CueFact& fact) { return Where(fact.cue, fact.original, fact.evidence.zone); };
  std::map<Where, Said> said;
  for (const CueFact& fact : facts.cues) {
    Said& here = said[where(fact)];
    here.done = here.done || fact.short_by == 0;
    if (here.texts.insert(fact.evidence.text).second) here.closeness += rules::nearly_points - fact.short_by;
  }
  std::erase_if(facts.cues, [&](const CueFact& fact) {
    const Said& here = said.at(where(fact));
    return here.closeness < rules::nearly_points || (here.done && fact.short_by > rules::nearly_points / 2);
  });
}

class Gatherer {
 public:
  Gatherer(const rules::RuleSet& rules, Facts& facts) : rules_(rules), facts_(facts), marking_(rules.cue_index(marking_cue)) {}

  /// `opening`: bytes of `words` that are the first lines of the message.
  Result<void> read(std::string_view words, const std::string& part, const std::string& zone, int original, std::size_t opening = 0) {
    return read_marked(words, part, zone, zone, original, opening);
  }

  /// `place`: where a marking among `words` stands.
  Result<void> read_marked(std::string_view words, const std::string& part, const std::string& zone, const std::string& place, int original,
                           std::size_t opening = 0) {
    if (trimmed(words).empty()) return {};
    for (const rules::CueHit& hit : TRY(rules_.find_cues(words))) {
      if (hit.short_by > 0 && words.size() > nearly_text_bytes) continue;
      CueFact fact;
      fact.cue = hit.cue;
      fact.original = original;
      fact.opening = hit.sentence.begin < opening;
      fact.short_by = hit.short_by;
      fact.form = hit.form;
      fact.points = hit.points;
      fact.needed = hit.needed;
      fact.evidence = {part, zone, evidence_text(words.substr(hit.sentence.begin, hit.sentence.end - hit.sentence.begin))};
      if (marking_ && hit.cue == *marking_ && hit.short_by == 0) facts_.markings.push_back({place, fact.evidence, original});
      facts_.cues.push_back(std::move(fact));
    }
    return {};
  }

  static std::string evidence_text(std::string_view words) {
    return shortened(printable(trimmed(words)), limits::evidence_bytes_max);
  }

 private:
  const rules::RuleSet& rules_;
  Facts& facts_;
  std::optional<std::size_t> marking_;
};

// Header fields that mark a message as confidential by themselves: RFC 2156 §5.3.4 Sensitivity, and labels that mail systems add.
void gather_header_markings(const mail::Message& message, Facts& facts) {
  const auto mark = [&](std::string_view field, const std::string& value) {
    facts.markings.push_back({"header", {"", "header", shortened(std::string(field) + ": " + printable(value), limits::evidence_bytes_max)}, -1});
  };
  for (const std::string& sensitivity : message.headers("Sensitivity")) {
    if (ascii_iequals(trimmed(sensitivity), "company-confidential") || ascii_iequals(trimmed(sensitivity), "private") ||
        ascii_iequals(trimmed(sensitivity), "confidential")) {
      mark("Sensitivity", sensitivity);
    }
  }
  static constexpr std::string_view label_fields[] = {"msip_labels", "X-Protective-Marking", "X-Classification", "X-Confidentiality-Label",
                                                      "X-Security-Label"};
  for (const std::string_view field : label_fields) {
    for (const std::string& value : message.headers(field)) {
      const std::string lower = ascii_lower(value);
      const bool says_so = lower.find("confidential") != std::string::npos || lower.find("sensitive") != std::string::npos ||
                           lower.find("restricted") != std::string::npos;
      const bool denies = lower.find("non-confidential") != std::string::npos || lower.find("not confidential") != std::string::npos ||
                          lower.find("non-sensitive") != std::string::npos || lower.find("unclassified") != std::string::npos;
      if (says_so && !denies) mark(field, value);
    }
  }
}

}  // namespace

int attached_original_of(const mail::Message& message, std::string_view part) {
  const auto found = std::find_if(message.parts.begin(), message.parts.end(), [&](const mail::Part& one) { return one.id == part; });
  if (found == message.parts.end() || !found->inside_original) return -1;
  for (int at = static_cast<int>(found - message.parts.begin()); at >= 0; at = message.parts[static_cast<std::size_t>(at)].parent) {
    for (std::size_t i = 0; i < message.originals.size(); ++i) {
      if (message.originals[i].where == mail::Original::Where::attached && message.originals[i].part == at) return static_cast<int>(i);
    }
  }
  return -1;
}

Result<void> gather_cues(const mail::Message& message, const rules::RuleSet& rules, Facts& facts) {
  Gatherer gatherer(rules, facts);
  TRY(gatherer.read(message.subject, "", "subject", -1, message.subject.size()));
  gather_header_markings(message, facts);
  std::vector<std::string> seen;
  for (const mail::Text& text : message.texts) {
    std::string plain = without_blanks(text.utf8);
    if (std::find(seen.begin(), seen.end(), plain) != seen.end()) continue;
    seen.push_back(std::move(plain));
    const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
    const int attached = attached_original_of(message, part.id);
    bool first_words = true;
    for (const mail::Zone& zone : text.zones) {
      if (!is_read(zone)) continue;
      mail::Range words = zone.range;
      const std::size_t opening = first_words && zone.kind == mail::ZoneKind::own ? opening_bytes : 0;
      if (zone.kind == mail::ZoneKind::own && !trimmed(mail::slice(text.utf8, words)).empty()) first_words = false;
      // The header block of a letter is no sentence; its subject is read by itself, below.
      if (zone.original >= 0) words.begin = std::clamp(message.originals[static_cast<std::size_t>(zone.original)].words, words.begin, words.end);
      TRY(gatherer.read(mail::slice(text.utf8, words), part.id, zone_name(message, text, zone), zone.original >= 0 ? zone.original : attached, opening));
    }
    // Hidden text is read too: what is not shown may still be sent. It is nobody's own words.
    TRY(gatherer.read(text.hidden, part.id, "hidden", attached));
  }
  // What an attached letter came with belongs to that letter, and marks it, not this message.
  for (const mail::Part& part : message.parts) {
    if (part.file_name.empty()) continue;
    std::string name = part.file_name.substr(0, part.file_name.rfind('.'));
    std::replace(name.begin(), name.end(), '_', ' ');
    const int attached = attached_original_of(message, part.id);
    TRY(gatherer.read(name, part.id, attached < 0 ? "attachment" : "attached", attached));
  }
  for (const mail::Document& document : message.documents) {
    const int attached = attached_original_of(message, document.part);
    for (const mail::DocumentText& text : document.texts) {
      const std::string place = !text.marks ? "document" : attached < 0 ? "attachment" : "attached";
      TRY(gatherer.read_marked(text.utf8, document.part, attached < 0 ? place : "attached", place, attached));
    }
  }
  for (std::size_t i = 0; i < message.originals.size(); ++i) {
    const mail::Original& original = message.originals[i];
    static constexpr std::string_view zones[] = {"quoted", "forwarded", "attached"};
    TRY(gatherer.read(original.subject, "", std::string(zones[static_cast<std::size_t>(original.where)]), static_cast<int>(i)));
    if (!original.sensitivity.empty() && !ascii_iequals(trimmed(original.sensitivity), "normal")) {
      facts.markings.push_back({"attached", {"", "attached", "Sensitivity: " + Gatherer::evidence_text(original.sensitivity)}, static_cast<int>(i)});
    }
  }
  settle_nearly(facts);
  return {};
}

}  // namespace beadle::inspect
