#include "mail/html_style.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "base/text.h"

namespace beadle::mail {
namespace {

// Print that is meant to be overlooked: body text is 10 to 12 points.
constexpr double small_points = 8.5;
constexpr double points_per_pixel = 0.75;
constexpr int pale = 0x80;

template <std::size_t N>
bool is_one_of(std::string_view word, const std::array<std::string_view, N>& list) {
  return std::any_of(list.begin(), list.end(), [&](std::string_view other) { return ascii_iequals(word, other); });
}

/// A number and its unit; `size` 0 where it is none.
struct Length {
  double number = 0;
  std::string_view unit;
  bool valid = false;
};

Length read_length(std::string_view word) {
  Length out;
  double place = 1;
  bool fraction = false;
  std::size_t at = 0;
  for (; at < word.size() && at < 20; ++at) {
    const char c = word[at];
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      out.valid = true;
      if (fraction) place /= 10;
      out.number = fraction ? out.number + place * (c - '0') : out.number * 10 + (c - '0');
    } else {
      break;
    }
  }
  out.unit = word.substr(at);
  return out;
}

bool is_zero(std::string_view word) {
  const Length length = read_length(word);
  return length.valid && length.number == 0;
}

bool is_small_size(std::string_view word) {
  if (is_one_of(word, std::array<std::string_view, 2>{"x-small", "xx-small"})) return true;
  const Length length = read_length(word);
  if (ascii_iequals(length.unit, "pt")) return length.number <= small_points;
  return ascii_iequals(length.unit, "px") && length.number * points_per_pixel <= small_points;
}

void read_display(HtmlStyle& style, std::string_view word) {
  if (ascii_iequals(word, "none")) {
    style.gone = true;
  } else if (is_one_of(word, std::array<std::string_view, 3>{"inline", "inline-block", "contents"})) {
    style.block = HtmlSays::no;
  } else if (is_one_of(word, std::array<std::string_view, 6>{"block", "flex", "grid", "list-item", "table", "table-row"})) {
    style.block = HtmlSays::yes;
  }
}

void read_visibility(HtmlStyle& style, std::string_view word) {
  if (ascii_iequals(word, "hidden") || ascii_iequals(word, "collapse")) style.invisible = HtmlSays::yes;
  if (ascii_iequals(word, "visible")) style.invisible = HtmlSays::no;
}

void read_font_size(HtmlStyle& style, std::string_view word) {
  if (is_small_size(word)) style.small = true;
  if (is_zero(word))
    style.no_size = HtmlSays::yes;
  else if (const Length length = read_length(word); length.valid && length.unit != "%" && !ascii_iequals(length.unit, "em"))
    style.no_size = HtmlSays::no;  // of nothing, a share is nothing
}

void read_white_space(HtmlStyle& style, std::string_view word) {
  const bool keeps = is_one_of(word, std::array<std::string_view, 4>{"pre", "pre-wrap", "pre-line", "break-spaces"});
  style.preformatted = keeps ? HtmlSays::yes : HtmlSays::no;
}

std::string_view first_word(std::string_view value) { return value.substr(0, value.find_first_of(" \t\r\n!")); }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

// "#rgb" or "#rrggbb": whether each share of colour is high.
bool is_pale_number(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 6) return false;
  for (std::size_t i = 0; i < digits.size(); i += digits.size() / 3) {
    const int high = hex_value(digits[i]), low = hex_value(digits[i + digits.size() / 3 - 1]);
    if (high < 0 || low < 0 || high * 16 + low < pale) return false;
  }
  return true;
}

void read_declaration(HtmlStyle& style, std::string_view name, std::string_view value, bool& no_height, bool& clipped) {
  const std::string_view word = first_word(value);
  if (ascii_iequals(name, "display")) read_display(style, word);
  if (ascii_iequals(name, "visibility")) read_visibility(style, word);
  if (ascii_iequals(name, "font-size")) read_font_size(style, word);
  if (ascii_iequals(name, "white-space")) read_white_space(style, word);
  if (ascii_iequals(name, "mso-hide") && ascii_iequals(word, "all")) style.gone = true;
  if (ascii_iequals(name, "opacity") && is_zero(word)) style.gone = true;
  if (ascii_iequals(name, "color") && is_pale_html_color(value)) style.small = true;
  if (ascii_iequals(name, "max-height") || ascii_iequals(name, "height")) no_height = no_height || is_zero(word);
  if (ascii_iequals(name, "overflow")) clipped = ascii_iequals(word, "hidden");
}

}  // namespace

bool is_pale_html_color(std::string_view color) {
  color = first_word(trimmed(color));
  if (color.starts_with('#')) return is_pale_number(color.substr(1));
  return is_one_of(color, std::array<std::string_view, 9>{"gray", "grey", "darkgray", "darkgrey", "silver", "lightgray",
                                                          "lightgrey", "gainsboro", "white"});
}

HtmlStyle read_html_style(std::string_view declarations) {
  HtmlStyle style;
  bool no_height = false, clipped = false;
  for (std::size_t at = 0; at < declarations.size();) {
    const std::size_t end = std::min(declarations.find(';', at), declarations.size());
    const std::string_view one = declarations.substr(at, end - at);
    at = end + 1;
    const std::size_t colon = one.find(':');
    if (colon == std::string_view::npos) continue;
    read_declaration(style, trimmed(one.substr(0, colon)), trimmed(one.substr(colon + 1)), no_height, clipped);
  }
  if (no_height && clipped) style.gone = true;
  return style;
}

}  // namespace beadle::mail
