// What each element of HTML does to text and to the elements around it (WHATWG HTML §13.1.2, §13.2.4.2): a table, and nothing
// else.
#pragma once

#include <cstdint>
#include <string_view>

namespace beadle::mail {

enum class HtmlId : std::uint8_t {
  unknown,
  a,
  address,
  blockquote,
  body,
  br,
  button,
  caption,
  dd,
  div,
  dt,
  font,
  h1,
  h2,
  h3,
  h4,
  h5,
  h6,
  hr,
  html,
  iframe,
  img,
  input,
  li,
  listing,
  math,
  meta,
  noembed,
  noframes,
  optgroup,
  option,
  p,
  plaintext,
  pre,
  script,
  small,
  style,
  svg,
  table,
  tbody,
  td,
  template_,
  textarea,
  tfoot,
  th,
  thead,
  title,
  tr,
  xmp,
  other,  // `other`: all there is to say of it are its traits
};

namespace html_traits {
enum : std::uint32_t {
  block = 1,           // stands on lines of its own
  void_ = 2,           // has no content
  raw = 4,             // its content is no markup
  character_data = 8,  // nor is this, but character references count
  formatting = 16,     // its end tag also works across blocks
  special = 32,        // the end tag of an inline element does not reach beyond it
  scope = 64,          // nor does that of a block
  closes_p = 128,      // ends an open paragraph
  preformatted = 256,  // keeps white space
};
}  // namespace html_traits

struct HtmlElement {
  std::string_view name;
  HtmlId id = HtmlId::unknown;
  std::uint32_t traits = 0;
  bool has(std::uint32_t trait) const { return (traits & trait) != 0; }
};

/// `name` in lower case. Elements that HTML does not have are inline.
const HtmlElement& html_element(std::string_view name);

}  // namespace beadle::mail
