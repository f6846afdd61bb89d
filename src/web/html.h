// HTML as a value: whatever text comes in is escaped, and tags and attributes come from literals that the compiler checks.
// So mail, names and searches cannot become markup, scripts or foreign links, whoever writes the page. Leaves looks to components.h.
// What must not be (an attribute "onclick" or "style", an href from a string, <style>) does not compile; nothing fails at run time.
#pragma once

#include <concepts>
#include <cstddef>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beadle::web {

using Pairs = std::vector<std::pair<std::string, std::string>>;

namespace markup {  // what consteval constructors ask; a call of refused() ends the compilation and names the reason

inline void refused(const char* /*why*/) {}

constexpr bool is_name(std::string_view name) {
  if (name.empty() || name.front() < 'a' || name.front() > 'z') return false;
  for (const char c : name) {
    if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
  }
  return true;
}
template <std::size_t n>
constexpr bool is_one_of(std::string_view name, const std::string_view (&names)[n]) {
  for (const std::string_view other : names) {
    if (name == other) return true;
  }
  return false;
}
// HTML §4: attributes that hold an address which the browser follows or loads.
inline constexpr std::string_view links[] = {"href", "src", "action", "formaction", "data", "poster", "cite", "background"};
inline constexpr std::string_view refused_attributes[] = {"style", "srcdoc", "srcset", "imagesrcset", "ping", "manifest", "http-equiv"};
inline constexpr std::string_view refused_tags[] = {"style", "object", "embed", "base", "noscript", "template", "plaintext", "xmp", "math"};
// HTML §13.1.2: void elements.
inline constexpr std::string_view voids[] = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "track", "wbr"};

}  // namespace markup

/// Name of an element, from a literal.
struct TagName {
  std::string_view name;
  bool is_void = false;
  template <std::size_t n>
  consteval TagName(const char (&literal)[n]) : name(literal, n - 1), is_void(markup::is_one_of(name, markup::voids)) {
    if (!markup::is_name(name) || markup::is_one_of(name, markup::refused_tags)) markup::refused("no such element here");
  }
};

/// Name of an attribute that holds words, from a literal.
struct AttributeName {
  std::string_view name;
  template <std::size_t n>
  consteval AttributeName(const char (&literal)[n]) : name(literal, n - 1) {
    if (!markup::is_name(name) || name.starts_with("on")) markup::refused("no such attribute here");
    if (markup::is_one_of(name, markup::refused_attributes)) markup::refused("scripts, styles and loads stand in files");
    if (markup::is_one_of(name, markup::links)) markup::refused("takes a Link, see local_link()");
  }
};

/// Name of an attribute that holds a Link, from a literal.
struct LinkName {
  std::string_view name;
  template <std::size_t n>
  consteval LinkName(const char (&literal)[n]) : name(literal, n - 1) {
    if (!markup::is_one_of(name, markup::links)) markup::refused("holds no link");
  }
};

/// A place of this site: "/…" or "#…", encoded. Made by local_link() and fragment_link() only.
class Link {
 public:
  const std::string& text() const { return text_; }
  bool operator==(const Link&) const = default;

 private:
  explicit Link(std::string text) : text_(std::move(text)) {}
  std::string text_;
  friend Link local_link(std::string_view path, const Pairs& query, std::string_view fragment);
  friend Link fragment_link(std::string_view id);
};
/// `path` is not encoded and begins with "/"; whatever stands in it, the link stays on this site. Pairs with an empty value are left out.
Link local_link(std::string_view path, const Pairs& query = {}, std::string_view fragment = {});
/// An element of the same page.
Link fragment_link(std::string_view id);

/// `text` so that it is text in HTML, in elements and in quoted attributes. Controls, bidirectional overrides and other characters that change what is
/// seen without being seen become "[U+202E]"; what is not UTF-8 becomes U+FFFD; line ends become LF.
std::string escaped(std::string_view text);

/// An attribute with a value, present without one (true), or absent (false, nullopt).
struct Attribute {
  std::string_view name;
  std::string value;  // escaped
  enum class Shape { valued, bare, absent } shape = Shape::valued;

  Attribute(AttributeName attribute, std::string_view words) : name(attribute.name), value(escaped(words)) {}
  Attribute(AttributeName attribute, const std::string& words) : Attribute(attribute, std::string_view(words)) {}
  Attribute(AttributeName attribute, const char* words) : Attribute(attribute, std::string_view(words)) {}
  Attribute(AttributeName attribute, const std::optional<std::string>& words)
      : name(attribute.name), value(words ? escaped(*words) : ""), shape(words ? Shape::valued : Shape::absent) {}
  Attribute(AttributeName attribute, std::same_as<bool> auto present) : name(attribute.name), shape(present ? Shape::bare : Shape::absent) {}
  template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
  Attribute(AttributeName attribute, Number number) : name(attribute.name), value(std::to_string(number)) {}
  Attribute(LinkName attribute, const Link& link) : name(attribute.name), value(escaped(link.text())) {}
};

class Attributes {
 public:
  Attributes(std::initializer_list<Attribute> list) : list_(list) {}
  Attributes& add(Attribute attribute) {
    list_.push_back(std::move(attribute));
    return *this;
  }
  Attributes& add(const Attributes& more) {
    list_.insert(list_.end(), more.list_.begin(), more.list_.end());
    return *this;
  }
  const std::vector<Attribute>& list() const { return list_; }

 private:
  std::vector<Attribute> list_;
};
/// `words` unless empty: {"class", unless_empty(extra)}.
std::optional<std::string> unless_empty(std::string_view words);

/// Markup as it stands in our source.
struct Markup {
  std::string_view bytes;
  template <std::size_t n>
  consteval Markup(const char (&literal)[n]) : bytes(literal, n - 1) {}
};

/// Safe markup. Text converts to it, escaped: p("Dear ", name).
class Html {
 public:
  Html() = default;
  Html(std::string_view text) : bytes_(escaped(text)) {}
  Html(const std::string& text) : bytes_(escaped(text)) {}
  Html(const char* text) : bytes_(escaped(text)) {}
  template <std::integral Number>
    requires(!std::same_as<Number, bool> && !std::same_as<Number, char>)
  Html(Number number) : bytes_(std::to_string(number)) {}
  /// The only way by which markup comes in, and it takes literals only.
  static Html trusted(Markup literal);

  Html& operator+=(const Html& more);
  bool empty() const { return bytes_.empty(); }
  const std::string& bytes() const& { return bytes_; }
  std::string bytes() && { return std::move(bytes_); }
  bool operator==(const Html&) const = default;

 private:
  std::string bytes_;
  friend Html element_of(TagName tag, const Attributes& attributes, const Html& content);
};

Html element_of(TagName tag, const Attributes& attributes, const Html& content);
inline Html text(std::string_view words) { return Html(words); }
Html parted_by(const Html& between, const std::vector<Html>& parts);

inline void append(Html& out, const Html& more) { out += more; }
inline void append(Html& out, const std::vector<Html>& more) {
  for (const Html& part : more) out += part;
}
/// Children one after another: Html, text, numbers, vectors of Html.
template <class... Children>
Html fragment(const Children&... children) {
  Html out;
  (append(out, children), ...);
  return out;
}
template <class... Children>
Html element(TagName tag, const Attributes& attributes, const Children&... children) {
  return element_of(tag, attributes, fragment(children...));
}
template <class... Children>
Html element(TagName tag, const Children&... children) {
  return element_of(tag, {}, fragment(children...));
}

inline Html operator+(Html left, const Html& right) {
  left += right;
  return left;
}
/// `make` may be Html or text, or a function that makes it, which is called only where `holds`.
template <class Make>
Html html_if(bool holds, const Make& make) {
  if constexpr (std::invocable<const Make&>) return holds ? Html(make()) : Html();
  else return holds ? Html(make) : Html();
}
/// What `make` makes of each of `range`, one after another.
template <class Range, class Make>
Html each(const Range& range, const Make& make) {
  Html out;
  for (const auto& item : range) out += make(item);
  return out;
}

}  // namespace beadle::web
