// Style attributes of mail, reduced to what is harmless, and whether they hide what they apply to. Values are not passed on but written anew from
// what was understood. For mail_html_writer.cpp only.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace beadle::web {

using Colour24 = std::array<std::uint8_t, 3>;
/// "#abc", "#aabbcc", "rgb(1, 2, 3)" and the common names.
std::optional<Colour24> read_colour(std::string_view text);
std::string written_colour(const Colour24& colour);
/// Contrast of WCAG 2.2 (relative luminance), 1 to 21.
double contrast_of(const Colour24& text, const Colour24& background);

struct MailStyle {
  std::string written;  // "color:#112233;text-align:center"
  std::optional<Colour24> colour, background;
  bool hides = false;
};
/// `declarations` are decoded.
MailStyle read_mail_style(std::string_view declarations);

}  // namespace beadle::web
