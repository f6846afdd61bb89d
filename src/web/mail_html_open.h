// An element of a mail that is open: what is written for it, and what holds within it. For mail_html_writer.cpp only.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "mail/html_tokenizer.h"
#include "web/mail_html_style.h"

namespace beadle::web {

struct Open {
  const mail::HtmlElement* source = nullptr;
  std::string_view name;
  std::uint32_t name_digest = 0;
  std::string_view written;  // "" where only the content is written
  std::string start_tag;
  std::string after;  // what stands behind it: the destination of a link
  Colour24 colour = {11, 12, 12}, background = {255, 255, 255};  // what is in force within it
  bool hides = false;     // the outermost that does
  bool labelled = false;  // and that it does has been said
  bool ended = false;     // its end tag came while blocks within were open
  bool is(mail::HtmlId id) const { return source->id == id; }
};

/// For a start tag, which `html` begins with, within `around`. `hidden`: what is around it is hidden already.
Open opened(const mail::HtmlToken& tag, std::string_view html, const Open& around, bool hidden);
inline bool is_cell(const Open& open) { return open.is(mail::HtmlId::td) || open.is(mail::HtmlId::th); }

}  // namespace beadle::web
