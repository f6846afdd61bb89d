#include "mail/footer_place.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/footer_mark.h"
#include "mail/footer_words.h"
#include "mail/html.h"
#include "mail/html_places.h"
#include "mail/zones.h"

namespace beadle::mail {
namespace {

bool is_own(ZoneKind kind) { return kind == ZoneKind::own || kind == ZoneKind::signature || kind == ZoneKind::footer; }
bool is_letter(ZoneKind kind) { return kind == ZoneKind::quoted || kind == ZoneKind::forwarded; }

// The zone behind the last of the sender's own words; zones.size() where nothing follows them.
std::size_t behind_own(std::string_view text, const std::vector<Zone>& zones) {
  std::size_t behind = 0;
  for (std::size_t i = 0; i < zones.size(); ++i) {
    if (is_own(zones[i].kind) && !trimmed(slice(text, zones[i].range)).empty()) behind = i + 1;
  }
  return behind;
}

// May own words end before this zone? Only where it begins a letter, or standing text, for certain.
bool is_certain_end(const Zone& zone, const std::vector<Original>& originals) {
  if (!zone.certain) return false;
  if (zone.kind == ZoneKind::disclaimer) return zone.original < 0;
  if (!is_letter(zone.kind) || zone.original < 0) return false;
  return originals[static_cast<std::size_t>(zone.original)].range.begin == zone.range.begin;
}

bool at_line_start(std::string_view text, std::size_t at) { return at == 0 || text[at - 1] == '\n'; }

std::optional<std::size_t> above_in_plain(std::string_view text, const ZoneContext& context) {
  const ZonedText zoned = find_zones(text, {}, context);
  const std::size_t behind = behind_own(text, zoned.zones);
  if (behind == zoned.zones.size()) return text.size();
  // Words in nobody's name before the first letter (a banner) are not ours to part.
  if (!is_certain_end(zoned.zones[behind], zoned.originals)) return std::nullopt;
  const std::size_t at = zoned.zones[behind].range.begin;
  return at_line_start(text, at) ? std::optional(at) : std::nullopt;
}

const Text* only_text_of(const Message& message, std::size_t part) {
  const Text* found = nullptr;
  for (const Text& text : message.texts) {
    if (static_cast<std::size_t>(text.part) != part) continue;
    if (found != nullptr) return nullptr;
    found = &text;
  }
  return found;
}

// The outermost begin of a block before which exactly the own words are shown.
class Above {
 public:
  Above(std::string_view html, std::string_view charset, std::string_view own) : html_(html), charset_(charset), own_(own) {}

  std::optional<std::size_t> find(const std::vector<HtmlPlace>& places) const {
    // What is shown before a place only grows from place to place.
    auto place = std::partition_point(places.begin(), places.end(),
                                      [&](const HtmlPlace& one) { return shown_before(one.at).size() < own_.size(); });
    const auto last = std::partition_point(place, places.end(),
                                           [&](const HtmlPlace& one) { return shown_before(one.at).size() <= own_.size(); });
    place = std::min_element(place, last, [](const HtmlPlace& a, const HtmlPlace& b) { return a.depth < b.depth; });
    if (place == last || shown_before(place->at) != own_) return std::nullopt;
    return place->at;
  }

 private:
  std::string shown_before(std::size_t at) const {
    return std::string(trimmed(html_to_text(to_utf8(html_.substr(0, at), charset_).utf8).utf8));
  }
  std::string_view html_, charset_, own_;
};

std::optional<std::size_t> above_in_html(const Message& message, std::size_t part, std::string_view html,
                                         const HtmlPlaces& places) {
  const Text* text = only_text_of(message, part);
  if (text == nullptr) return std::nullopt;
  const std::size_t behind = behind_own(text->utf8, text->zones);
  if (behind == text->zones.size()) return places.end;
  if (!is_certain_end(text->zones[behind], message.originals)) return std::nullopt;
  const std::string_view own = trimmed(std::string_view(text->utf8).substr(0, text->zones[behind].range.begin));
  return Above(html, message.parts[part].charset, own).find(places.blocks);
}

FooterText refused(std::size_t part, std::string reason) {
  FooterText text;
  text.part = part;
  text.refusal = std::move(reason);
  return text;
}

std::string_view without_blank_end(std::string_view text) {
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r' || text.back() == '\n')) text.remove_suffix(1);
  return text;
}

}  // namespace

FooterText read_footer_text(const Message& message, std::size_t index) {
  const Part& part = message.parts[index];
  if (!extends_ascii(part.charset)) return refused(index, "charset " + part.charset);
  FooterText out;
  out.part = index;
  out.map = map_body(slice(message.bytes, part.body), part.encoding);
  if (!out.map.refusal.empty()) return refused(index, out.map.refusal);
  const std::string& decoded = out.map.decoded;
  if (decoded.find('\0') != std::string::npos) return refused(index, "NUL in the text");
  if (part.type == "text/html") {
    const HtmlPlaces places = html_places(decoded);
    if (!places.certain) return refused(index, "HTML that is not closed");
    out.end = places.end;
    out.above = above_in_html(message, index, decoded, places);
    if (out.above && *out.above > out.end) out.above.reset();
  } else {
    out.end = decoded.size();
    out.above = above_in_plain(decoded, zone_context(message));
  }
  return out;
}

std::optional<StandingLine> line_above(const Message& message, const FooterText& text, std::size_t place) {
  const Part& part = message.parts[text.part];
  const std::string_view above = without_blank_end(std::string_view(text.map.decoded).substr(0, place));
  const bool html = part.type == "text/html";
  const std::size_t found = html ? above.rfind("<p>") : above.rfind('\n');
  if (html && found == std::string_view::npos) return std::nullopt;
  const std::size_t begin = html ? found : found == std::string_view::npos ? 0 : found + 1;
  const std::string_view written = above.substr(begin);
  std::string shown = to_utf8(written, part.charset).utf8;
  if (html) {
    shown = std::string(trimmed(html_to_text(shown).utf8));
    if (line_in_html(shown) != written) return std::nullopt;
  }
  if (!shown.starts_with(footer_opening)) return std::nullopt;
  return StandingLine{{begin, above.size()}, std::move(shown)};
}

}  // namespace beadle::mail
