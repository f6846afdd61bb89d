// Texts with their zones, and the places of evidence in them.
#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "review/place.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

// Evidence that is looked for; a verdict has some dozen, and each costs one pass over the texts.
constexpr std::size_t evidence_placed_most = 300;
// Of one text, what stands in comments and the like.
constexpr std::size_t hidden_bytes_most = 64u << 10;

const mail::Part* part_with(const mail::Message& message, std::string_view id) {
  const auto found = std::find_if(message.parts.begin(), message.parts.end(), [&](const mail::Part& part) { return part.id == id; });
  return found == message.parts.end() ? nullptr : &*found;
}

std::string says_of(const mail::Part& part, bool html) {
  const std::string name = printable(part.file_name);
  if (part.inside_original) return name.empty() ? "Text of an attached message" : "Text of an attached message: " + name;
  if (part.attachment) return name.empty() ? "Text of an attachment" : "Text of the attachment " + name;
  return html ? "Text of the message, from its HTML" : "Text of the message";
}

/// Cuts between characters.
std::size_t cut(std::string& text, std::size_t bytes_max) {
  if (text.size() <= bytes_max) return 0;
  std::size_t end = bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  const std::size_t left_out = text.size() - end;
  text.resize(end);
  return left_out;
}

/// What may be shown altogether gets less with each text.
void bound(ShownText& shown, std::size_t& bytes_left) {
  shown.left_out_bytes = cut(shown.utf8, bytes_left);
  bytes_left -= shown.utf8.size();
  shown.left_out_bytes += cut(shown.hidden, std::min(hidden_bytes_most, bytes_left));
  bytes_left -= shown.hidden.size();
}

ShownText shown_text(const mail::Message& message, const mail::Text& text, std::size_t& bytes_left) {
  const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
  ShownText shown;
  shown.part = part.id;
  shown.says = says_of(part, text.html);
  shown.html = text.html;
  shown.alternative = text.alternative;
  shown.attached = part.attachment || part.inside_original;
  shown.utf8 = harmless(text.utf8);
  shown.hidden = harmless(text.hidden);
  bound(shown, bytes_left);
  for (const mail::Zone& zone : text.zones) {
    const mail::Range range{std::min(zone.range.begin, shown.utf8.size()), std::min(zone.range.end, shown.utf8.size())};
    if (range.size() > 0) shown.zones.push_back({zone.kind, std::string(zone_says(zone.kind)), zone.certain, range});
  }
  return shown;
}

ShownText shown_document(const mail::Document& document, const mail::DocumentText& text, std::size_t& bytes_left) {
  ShownText shown;
  shown.part = document.part;
  shown.says = "Out of the document " + printable(text.path) + (text.marks ? " (its name, properties and first page)" : "");
  shown.attached = true;
  shown.utf8 = harmless(text.utf8);
  bound(shown, bytes_left);
  if (!shown.utf8.empty()) shown.zones.push_back({mail::ZoneKind::own, "Text of the document", true, {0, shown.utf8.size()}});
  return shown;
}

/// A text of the message or of a document, made searchable when it is first asked for.
struct Source {
  std::string_view utf8, hidden;
  std::string part;
  const mail::Text* text = nullptr;  // nullptr: of a document
  bool inside_original = false, attachment = false;
  std::optional<Searchable> searchable, searchable_hidden;

  const Searchable& words() {
    if (!searchable) searchable.emplace(utf8);
    return *searchable;
  }
  const Searchable& hidden_words() {
    if (!searchable_hidden) searchable_hidden.emplace(hidden);
    return *searchable_hidden;
  }
};

std::vector<Source> sources_of(const mail::Message& message) {
  std::vector<Source> sources;
  for (const mail::Text& text : message.texts) {
    const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
    sources.push_back({text.utf8, text.hidden, part.id, &text, part.inside_original, part.attachment, {}, {}});
  }
  for (const mail::Document& document : message.documents) {
    for (const mail::DocumentText& text : document.texts) sources.push_back({text.utf8, "", document.part, nullptr, false, true, {}, {}});
  }
  return sources;
}

bool may_hold(const Source& source, std::string_view zone) {
  if (zone == "attached") return source.inside_original || source.text == nullptr;
  if (zone == "attachment" || zone == "document") return source.attachment;
  return source.text != nullptr && !source.inside_original && !source.attachment;
}

/// In a zone of that name; of what is attached, anywhere.
std::optional<mail::Range> find_in(Source& source, std::string_view zone, std::string_view words) {
  const bool whole = source.text == nullptr || zone == "attached" || zone == "attachment";
  if (whole) return source.words().find(words, {0, source.utf8.size()});
  for (const mail::Zone& one : source.text->zones) {
    if (mail::to_string(one.kind) != zone) continue;
    if (const auto found = source.words().find(words, one.range)) return found;
  }
  return std::nullopt;
}

class Placer {
 public:
  Placer(const mail::Message& message, MessageView& view) : message_(message), view_(view), sources_(sources_of(message)), subject_(message.subject) {}

  void place(std::size_t finding, ShownEvidence& evidence) {
    evidence.place.says = std::string(place_says(evidence.zone));
    if (in_no_text(evidence)) return;
    if (evidence.zone == "subject") {
      const auto found = subject_.find(evidence.words, {0, view_.subject.size()});
      if (found) set(evidence, Place::In::subject, 0, *found);
    } else if (tried_++ < evidence_placed_most) {
      evidence.zone == "hidden" ? place_hidden(finding, evidence) : place_in_texts(finding, evidence);
    }
    // Of other letters the evidence is often a line put together of their header block, which stands nowhere as it is.
    if (evidence.place.in == Place::In::unknown && !is_file_name(evidence) && evidence.zone == "own") evidence.place.says += " (place unknown)";
  }

 private:
  static bool in_no_text(ShownEvidence& evidence) {
    static constexpr std::pair<std::string_view, Place::In> ins[] = {
        {"header", Place::In::header}, {"message", Place::In::header}, {"envelope", Place::In::recipients}, {"record", Place::In::record}};
    for (const auto& [zone, in] : ins) {
      if (evidence.zone == zone) evidence.place.in = in;
    }
    return evidence.place.in != Place::In::unknown;
  }

  static void set(ShownEvidence& evidence, Place::In in, std::size_t text, mail::Range range) {
    if (evidence.place.in != Place::In::unknown) return;
    evidence.place.in = in;
    evidence.place.text = text;
    evidence.place.range = range;
  }

  /// First the text that it was found in, then those that say the same.
  void place_in_texts(std::size_t finding, ShownEvidence& evidence) {
    for (const bool same_part : {true, false}) {
      for (std::size_t i = 0; i < sources_.size(); ++i) {
        Source& source = sources_[i];
        if ((source.part == evidence.part) != same_part || !may_hold(source, evidence.zone)) continue;
        if (!same_part && !view_.texts[i].alternative) continue;
        const auto found = find_in(source, evidence.zone, evidence.words);
        if (!found) continue;
        set(evidence, Place::In::text, i, *found);
        highlight(view_.texts[i].highlights, view_.texts[i].utf8.size(), *found, finding);
      }
    }
  }

  void place_hidden(std::size_t finding, ShownEvidence& evidence) {
    for (std::size_t i = 0; i < sources_.size(); ++i) {
      if (sources_[i].part != evidence.part) continue;
      const auto found = sources_[i].hidden_words().find(evidence.words, {0, sources_[i].hidden.size()});
      if (!found) continue;
      set(evidence, Place::In::hidden, i, *found);
      highlight(view_.texts[i].hidden_highlights, view_.texts[i].hidden.size(), *found, finding);
      return;
    }
  }

  bool is_file_name(ShownEvidence& evidence) const {
    const mail::Part* part = part_with(message_, evidence.part);
    if (part == nullptr || part->file_name.empty() || (evidence.zone != "attachment" && evidence.zone != "attached")) return false;
    std::string name = part->file_name;
    std::replace(name.begin(), name.end(), '_', ' ');
    if (!Searchable(name).find(evidence.words, {0, name.size()})) return false;
    evidence.place.in = Place::In::file_name;
    evidence.place.says = "in the name of an attachment";
    return true;
  }

  /// What lies behind the end of what is shown is not highlighted.
  static void highlight(std::vector<Highlight>& highlights, std::size_t size, mail::Range range, std::size_t finding) {
    const Highlight one{{range.begin, std::min(range.end, size)}, finding};
    if (range.begin >= size || std::find(highlights.begin(), highlights.end(), one) != highlights.end()) return;
    highlights.push_back(one);
  }

  const mail::Message& message_;
  MessageView& view_;
  std::vector<Source> sources_;
  Searchable subject_;
  std::size_t tried_ = 0;
};

void sort(std::vector<Highlight>& highlights) {
  std::sort(highlights.begin(), highlights.end(), [](const Highlight& a, const Highlight& b) {
    return a.range.begin != b.range.begin ? a.range.begin < b.range.begin : a.range.end < b.range.end;
  });
}

}  // namespace

bool is_quotation(const ShownEvidence& evidence) {
  switch (evidence.place.in) {
    case Place::In::header:
    case Place::In::recipients:
    case Place::In::record:
      return false;
    case Place::In::unknown:  // inspect/letters.cpp writes such lines of letters that this one holds
      return evidence.zone != "passage" && !evidence.words.starts_with("From: ");
    case Place::In::text:
    case Place::In::hidden:
    case Place::In::subject:
    case Place::In::file_name:
      break;
  }
  return true;
}

std::vector<ShownText> shown_texts(const mail::Message& message) {
  std::size_t bytes_left = limits::shown_text_bytes_max;
  std::vector<ShownText> texts;
  for (const mail::Text& text : message.texts) texts.push_back(shown_text(message, text, bytes_left));
  for (const mail::Document& document : message.documents) {
    for (const mail::DocumentText& text : document.texts) texts.push_back(shown_document(document, text, bytes_left));
  }
  return texts;
}

void place_evidence(const mail::Message& message, MessageView& view) {
  Placer placer(message, view);
  for (std::size_t i = 0; i < view.findings.size(); ++i) {
    for (ShownEvidence& evidence : view.findings[i].evidence) placer.place(i, evidence);
  }
  for (ShownText& text : view.texts) {
    sort(text.highlights);
    sort(text.hidden_highlights);
  }
}

}  // namespace beadle::review
