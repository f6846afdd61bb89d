#include "web/mail_html_open.h"

#include <cstddef>

#include "base/text.h"
#include "web/html.h"
#include "web/mail_html_elements.h"
#include "web/mail_html_words.h"

namespace beadle::web {
namespace {

using mail::HtmlAttribute;
using mail::HtmlId;

// Cells that one spans; a browser takes 1000.
constexpr int span_max = 100;
// Words less distinct from their ground than this are not meant to be read: pale grey on white, which is, has 1.6.
constexpr double contrast_least = 1.4;

void colour(Open& next, MailStyle& style, const Open& around) {
  next.colour = style.colour.value_or(around.colour);
  next.background = style.background.value_or(around.background);
  if (!style.colour && !style.background) return;
  if (contrast_of(next.colour, next.background) < contrast_least) style.hides = true;
  if (style.colour) style.written.append("color:").append(written_colour(next.colour)).append(";");
  if (style.background) style.written.append("background-color:").append(written_colour(next.background)).append(";");
}

void append_span(std::string& out, std::string_view name, std::string_view value) {
  const int cells = number_of(trimmed(value));
  if (cells > 1 && cells <= span_max) out.append(" ").append(name).append("=\"").append(std::to_string(cells)).append("\"");
}

std::string start_tag(const Open& next, MailStyle& style, const TagValues& values) {
  if (next.written.empty()) return {};
  const auto value = [&](TagValue which) -> const std::string& { return values[static_cast<std::size_t>(which)]; };
  std::string align = ascii_lower(trimmed(value(TagValue::align)));
  if (ascii_iequals(next.name, "center")) align = "center";
  const bool block = next.written != "span" && next.written != "table";
  if (block && (align == "left" || align == "right" || align == "center"))
    style.written.append("text-align:").append(align).append(";");
  std::string out("<");
  out += next.written;
  if (next.hides)
    out += " class=\"hidden\"";
  else if (next.is(HtmlId::a))
    out += " class=\"link\"";
  else if (next.is(HtmlId::table) && number_of(value(TagValue::border)) > 0)
    out += " class=\"ruled\"";
  if (!style.written.empty()) out.append(" style=\"").append(escaped(style.written)).append("\"");
  if (is_cell(next)) {
    append_span(out, "colspan", value(TagValue::colspan));
    append_span(out, "rowspan", value(TagValue::rowspan));
  }
  return out + ">";
}

}  // namespace

Open opened(const mail::HtmlToken& tag, std::string_view html, const Open& around, bool hidden) {
  Open next;
  next.source = tag.element;
  next.name = tag.name;
  next.name_digest = tag.name_digest;
  next.written = written_element(tag.name);
  const TagValues values = read_tag_values(html, tag);
  MailStyle style = read_mail_style(mail::html_attribute_text(tag[HtmlAttribute::style]));
  if (tag.has(HtmlAttribute::hidden) || next.is(HtmlId::template_)) style.hides = true;
  if (!style.colour) style.colour = read_colour(mail::html_attribute_text(tag[HtmlAttribute::color]));
  if (!style.background) style.background = read_colour(values[static_cast<std::size_t>(TagValue::bgcolor)]);
  colour(next, style, around);
  if (next.written.empty() && (style.hides || !style.written.empty())) next.written = "span";
  next.hides = style.hides && !hidden;
  next.start_tag = start_tag(next, style, values);
  if (next.is(HtmlId::a)) {
    const std::string destination = destination_of(values[static_cast<std::size_t>(TagValue::href)]);
    if (!destination.empty()) next.after = " <span class=\"to\">[link: " + escaped(destination) + "]</span>";
  }
  return next;
}

}  // namespace beadle::web
