#include "mail/html_places.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

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

// What clients put around the letter that is answered or forwarded.
bool opens_quote(const Tag& tag) {
  if (tag.name == "blockquote") return attribute(tag.attributes, "type") == "cite";
  if (tag.name != "div") return false;
  const std::string id = attribute(tag.attributes, "id"), classes = attribute(tag.attributes, "class");
  if (id == "divrplyfwdmsg" || id == "appendonsend" || id == "mail-editor-reference-message-container" ||
      id.starts_with("x_divrplyfwdmsg"))
    return true;
  for (const std::string_view one : split(classes, ' ')) {
    if (one == "gmail_quote" || one == "gmail_quote_container" || one == "moz-cite-prefix" || one == "moz-forward-container" ||
        one == "yahoo_quoted")
      return true;
  }
  return false;
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
    last_ = {tag.name, tag.begin, tag.end};
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
  }

  void open(const Tag& tag) {
    if (contains(closes_paragraph, tag.name) && !open_.empty() && open_.back() == "p") open_.pop_back();
    if (!places_.quote && !quote_seen_ && opens_quote(tag)) {
      quote_seen_ = true;
      const bool simple = std::all_of(open_.begin(), open_.end(),
                                      [](const std::string& name) { return name == "html" || name == "body" || name == "div"; });
      if (simple) places_.quote = before_rule(tag.begin);
    }
    if (contains(void_elements, tag.name)) return;
    if (open_.size() < depth_max)
      open_.push_back(tag.name);
    else
      quote_seen_ = true;  // too deep to know where we are: only the end is certain
  }

  // Outlook on the web draws a rule above its header block: the line stands above that.
  std::size_t before_rule(std::size_t at) const {
    if (last_.name != "hr") return at;
    const std::string_view between = html_.substr(last_.end, at - last_.end);
    return std::all_of(between.begin(), between.end(), is_space) ? last_.begin : at;
  }

  struct Last {
    std::string name;
    std::size_t begin = 0;
    std::size_t end = 0;
  };
  std::string_view html_;
  HtmlPlaces places_;
  bool quote_seen_ = false;
  std::size_t body_end_ = none;
  std::size_t html_end_ = none;
  std::vector<std::string> open_;
  Last last_;
};

}  // namespace

HtmlPlaces html_places(std::string_view html) { return Walk(html).run(); }

}  // namespace beadle::mail
