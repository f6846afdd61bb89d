#include "web/mail_html_elements.h"

#include <algorithm>

#include "base/text.h"
#include "web/mail_html_writer.h"

namespace beadle::web {
namespace {

struct Written {
  std::string_view name, as;
};
constexpr Written written[] = {
    {"address", "div"},
    {"article", "div"},
    {"aside", "div"},
    {"b", "b"},
    {"big", "span"},
    {"blockquote", "blockquote"},
    {"body", "div"},
    {"button", "span"},
    {"caption", "caption"},
    {"center", "div"},
    {"cite", "cite"},
    {"code", "code"},
    {"dd", "dd"},
    {"del", "del"},
    {"details", "div"},
    {"dialog", "div"},
    {"dir", "div"},
    {"div", "div"},
    {"dl", "dl"},
    {"dt", "dt"},
    {"em", "em"},
    {"fieldset", "div"},
    {"figcaption", "div"},
    {"figure", "div"},
    {"font", "span"},
    {"footer", "div"},
    {"form", "div"},
    {"h1", "h1"},
    {"h2", "h2"},
    {"h3", "h3"},
    {"h4", "h4"},
    {"h5", "h5"},
    {"h6", "h6"},
    {"header", "div"},
    {"hgroup", "div"},
    {"i", "i"},
    {"ins", "ins"},
    {"kbd", "kbd"},
    {"label", "span"},
    {"legend", "div"},
    {"li", "li"},
    {"listing", "pre"},
    {"main", "div"},
    {"marquee", "div"},
    {"menu", "div"},
    {"nav", "div"},
    {"ol", "ol"},
    {"optgroup", "div"},
    {"option", "div"},
    {"p", "p"},
    {"plaintext", "pre"},
    {"pre", "pre"},
    {"q", "q"},
    {"s", "s"},
    {"samp", "samp"},
    {"section", "div"},
    {"select", "div"},
    {"small", "small"},
    {"span", "span"},
    {"strike", "s"},
    {"strong", "strong"},
    {"sub", "sub"},
    {"summary", "div"},
    {"sup", "sup"},
    {"table", "table"},
    {"tbody", "tbody"},
    {"td", "td"},
    {"textarea", "pre"},
    {"tfoot", "tfoot"},
    {"th", "th"},
    {"thead", "thead"},
    {"tr", "tr"},
    {"tt", "code"},
    {"u", "u"},
    {"ul", "ul"},
    {"var", "var"},
    {"xmp", "pre"},
    {"a", "span"},
};
constexpr Written left_out[] = {
    {"applet", "embedded program"}, {"audio", "sound"}, {"canvas", "drawing"}, {"embed", "embedded object"}, {"iframe", "frame"},
    {"object", "embedded object"},  {"svg", "drawing"}, {"video", "film"},
};

template <std::size_t n>
std::string_view found(const Written (&table)[n], std::string_view name) {
  const auto* it =
      std::find_if(std::begin(table), std::end(table), [&](const Written& one) { return ascii_iequals(one.name, name); });
  return it == std::end(table) ? std::string_view() : it->as;
}

TagValue value_of(std::string_view name) {
  constexpr std::string_view names[] = {"href", "align", "bgcolor", "border", "colspan", "rowspan", "width", "height"};
  const auto* it =
      std::find_if(std::begin(names), std::end(names), [&](std::string_view one) { return ascii_iequals(one, name); });
  return static_cast<TagValue>(it - std::begin(names));
}

/// The attributes of one tag, as mail/html_tokenizer.cpp reads them.
class TagReader {
 public:
  TagReader(std::string_view html, std::size_t at) : html_(html), at_(at) {}

  TagValues run() {
    while (at_ < html_.size() && html_[at_] != '>') {
      if (mail::is_html_space(html_[at_]) || html_[at_] == '/')
        ++at_;
      else
        read_attribute();
    }
    return std::move(values_);
  }

 private:
  void read_attribute() {
    const std::size_t name = at_++;
    while (at_ < html_.size() && !mail::is_html_space(html_[at_]) && html_[at_] != '/' && html_[at_] != '>' && html_[at_] != '=')
      ++at_;
    const TagValue which = value_of(html_.substr(name, at_ - name));
    std::size_t behind = at_;
    while (behind < html_.size() && mail::is_html_space(html_[behind])) ++behind;
    std::string_view value;
    if (behind < html_.size() && html_[behind] == '=') {
      at_ = behind + 1;
      value = read_value();
    }
    if (which == TagValue::count) return;
    std::string& into = values_[static_cast<std::size_t>(which)];
    if (into.empty()) into = mail::html_attribute_text(value);
  }

  std::string_view read_value() {
    while (at_ < html_.size() && mail::is_html_space(html_[at_])) ++at_;
    if (at_ >= html_.size()) return {};
    const std::size_t from = at_;
    if (const char quote = html_[at_]; quote == '"' || quote == '\'') {
      const std::size_t end = std::min(html_.find(quote, from + 1), html_.size());
      at_ = std::min(end + 1, html_.size());
      return html_.substr(from + 1, end - from - 1);
    }
    while (at_ < html_.size() && !mail::is_html_space(html_[at_]) && html_[at_] != '>') ++at_;
    return html_.substr(from, at_ - from);
  }

  std::string_view html_;
  std::size_t at_;
  TagValues values_;
};

}  // namespace

std::string_view written_element(std::string_view name) { return found(written, name); }
std::string_view left_out_as(std::string_view name) { return found(left_out, name); }

bool is_table_frame(std::string_view name) {
  return name == "table" || name == "thead" || name == "tbody" || name == "tfoot" || name == "tr";
}

bool is_written_element(std::string_view name) {
  if (name == "br" || name == "hr") return true;
  return std::any_of(std::begin(written), std::end(written), [&](const Written& one) { return one.as == name; });
}

bool is_written_class(std::string_view name) {
  return name == "hidden" || name == "label" || name == "stand-in" || name == "link" || name == "to" || name == "ruled" ||
         name == "note";
}

TagValues read_tag_values(std::string_view html, const mail::HtmlToken& tag) {
  return TagReader(html, 1 + tag.name.size()).run();
}

}  // namespace beadle::web
