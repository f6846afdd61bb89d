#include "mail/html_places.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::mail {
namespace {

constexpr std::size_t none = std::string_view::npos;
constexpr std::size_t depth_max = 64;  // quotes of mail clients stand in a few div elements

// Elements whose content is no markup (HTML §13.2.5.1).
constexpr std::array<std::string_view, 9> raw_elements{"script", "style",   "title",    "textarea", "xmp",
                                                       "iframe", "noembed", "noframes", "plaintext"};
constexpr std::array<std::string_view, 14> void_elements{"area",  "base", "br",   "col",   "embed",  "hr",    "img",
                                                         "input", "link", "meta", "param", "source", "track", "wbr"};
constexpr std::array<std::string_view, 14> blocks{"div", "p",  "blockquote", "hr", "table", "ul", "ol",
                                                  "pre", "h1", "h2",         "h3", "h4",    "center", "dl"};
constexpr std::array<std::string_view, 10> closes_paragraph{"div", "blockquote", "p",   "hr", "table",
                                                            "ul",  "ol",         "pre", "h1", "h2"};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& list, std::string_view name) {
  return std::find(list.begin(), list.end(), name) != list.end();
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f'; }

/// A tag in the source: bytes [begin, end).
struct Tag {
  std::size_t begin = 0;
  std::size_t end = none;
  bool closing = false;
  std::string name;
  std::string_view attributes;
};

// Reads the tag at `at` ("<x" or "</x"); `end` is none where it is not closed.
Tag read_tag(std::string_view html, std::size_t at) {
  Tag tag{.begin = at, .end = none, .closing = html[at + 1] == '/', .name = "", .attributes = {}};
  std::size_t i = at + (tag.closing ? 2 : 1);
  while (i < html.size() && !is_space(html[i]) && html[i] != '>' && html[i] != '/') ++i;
  tag.name = ascii_lower(
      html.substr(at + (tag.closing ? 2 : 1), std::min<std::size_t>(i - at, 40)).substr(0, i - at - (tag.closing ? 2 : 1)));
  const std::size_t attributes = i;
  bool value_next = false;
  for (; i < html.size(); ++i) {
    const char c = html[i];
    if (c == '>') break;
    if ((c == '"' || c == '\'') && value_next) {
      i = html.find(c, i + 1);
      if (i == none) return tag;
    }
    if (!is_space(c)) value_next = c == '=';
  }
  if (i >= html.size()) return tag;
  tag.attributes = html.substr(attributes, i - attributes);
  tag.end = i + 1;
  return tag;
}

// Behind a comment (HTML §13.2.5.43), or any other "<!…>" and "<?…>".
std::size_t end_of_declaration(std::string_view html, std::size_t at) {
  if (!html.substr(at).starts_with("<!--")) {
    const std::size_t end = html.find('>', at);
    return end == none ? none : end + 1;
  }
  if (html.substr(at).starts_with("<!-->") || html.substr(at).starts_with("<!--->")) return none;  // readers disagree
  const std::size_t end = html.find("-->", at + 4);
  const std::size_t other = html.substr(0, end).find("--!>", at + 4);
  return end == none || other != none ? none : end + 3;
}

std::size_t find_ignoring_case(std::string_view text, std::string_view what, std::size_t from) {
  for (std::size_t at = text.find('<', from); at != none; at = text.find('<', at + 1)) {
    if (ascii_istarts_with(text.substr(at), what)) return at;
  }
  return none;
}

// Value of an attribute in lower case, "" where it is absent.
std::string attribute(std::string_view attributes, std::string_view name) {
  const std::string lower = ascii_lower(attributes);
  for (std::size_t at = lower.find(name); at != none; at = lower.find(name, at + 1)) {
    std::size_t i = at + name.size();
    if (at == 0 || !is_space(lower[at - 1])) continue;
    while (i < lower.size() && is_space(lower[i])) ++i;
    if (i >= lower.size() || lower[i] != '=') continue;
    ++i;
    while (i < lower.size() && is_space(lower[i])) ++i;
    if (i >= lower.size()) return "";
    if (lower[i] == '"' || lower[i] == '\'') return lower.substr(i + 1, lower.find(lower[i], i + 1) - i - 1);
    std::size_t end = i;
    while (end < lower.size() && !is_space(lower[end])) ++end;
    return lower.substr(i, end - i);
  }
  return "";
}

// Might the element keep its content from being shown as ordinary text?
bool may_hide(const Tag& tag) {
  const std::string style = attribute(tag.attributes, "style");
  for (const std::string_view word : {"display", "visibility", "font-size:0", "font-size: 0", "height:0", "height: 0", "hide", "opacity", "overflow"}) {
    if (style.find(word) != std::string::npos) return true;
  }
  return ascii_lower(tag.attributes).find("hidden") != std::string::npos;
}

class Walk {
 public:
  explicit Walk(std::string_view html) : html_(html) {}

  HtmlPlaces run() {
    std::size_t at = html_.find('<');
    while (at != none) {
      const std::size_t next = step(at);
      if (next == none) return {};
      at = html_.find('<', next);
    }
    places_.certain = true;
    places_.end = body_end_ != none ? body_end_ : html_end_ != none ? html_end_ : html_.size();
    return places_;
  }

 private:
  std::size_t step(std::size_t at) {
    if (at + 1 >= html_.size()) return html_.size();
    const char c = html_[at + 1];
    if (c == '!' || c == '?') return end_of_declaration(html_, at);
    const bool closing = c == '/' && at + 2 < html_.size() && is_letter(html_[at + 2]);
    if (!closing && !is_letter(c)) return at + 1;
    const Tag tag = read_tag(html_, at);
    if (tag.end == none) return none;
    if (tag.closing)
      close(tag);
    else if (contains(raw_elements, tag.name))
      return skip_raw(tag);
    else
      open(tag);
    return tag.end;
  }

  std::size_t skip_raw(const Tag& tag) {
    const std::size_t end = find_ignoring_case(html_, "</" + tag.name, tag.end);
    if (end == none) return none;
    const std::size_t close = html_.find('>', end);
    return close == none ? none : close + 1;
  }

  void close(const Tag& tag) {
    if (tag.name == "body") body_end_ = tag.begin;
    if (tag.name == "html") html_end_ = tag.begin;
    const auto open = std::find(open_.rbegin(), open_.rend(), tag.name);
    if (open != open_.rend()) open_.erase(std::next(open).base(), open_.end());
    if (plain_ != none) plain_ = std::min(plain_, open_.size());
  }

  void open(const Tag& tag) {
    if (contains(closes_paragraph, tag.name) && !open_.empty() && open_.back() == "p") open_.pop_back();
    if (contains(blocks, tag.name) && open_.size() == plain_ && places_.blocks.size() < limits::html_places_max)
      places_.blocks.push_back({tag.begin, open_.size()});
    if (contains(void_elements, tag.name)) return;
    // Too deep to know where we are: from here on only the end is certain.
    if (open_.size() == depth_max) plain_ = none;
    if (open_.size() >= depth_max) return;
    if (plain_ == open_.size() && (tag.name == "html" || tag.name == "body" || (tag.name == "div" && !may_hide(tag)))) ++plain_;
    open_.push_back(tag.name);
  }

  std::string_view html_;
  HtmlPlaces places_;
  std::size_t body_end_ = none;
  std::size_t html_end_ = none;
  std::vector<std::string> open_;
  std::size_t plain_ = 0;  // so many of the outermost are html, body or a div that is shown; none: not known any more
};

}  // namespace

HtmlPlaces html_places(std::string_view html) { return Walk(html).run(); }

}  // namespace beadle::mail
