#include "web/mail_html_style.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "base/text.h"
#include "mail/html_style.h"

namespace beadle::web {
namespace {

// Declarations of one attribute that are read; Outlook writes twenty.
constexpr std::size_t declarations_max = 60;
// Room around things, and sizes of print, in pixels: more would push words out of sight, less cannot be read.
constexpr double room_pixels_max = 60, print_pixels_least = 10, print_pixels_most = 40;
// What is meant to be read is not smaller, nor paler, nor that far off the page.
constexpr double unreadable_pixels = 5, unreadable_opacity = 0.1, off_page_pixels = -100;

struct Named {
  std::string_view name;
  Colour24 colour;
};
constexpr Named named_colours[] = {
    {"black", {0, 0, 0}},           {"white", {255, 255, 255}},      {"red", {255, 0, 0}},
    {"green", {0, 128, 0}},         {"blue", {0, 0, 255}},           {"navy", {0, 0, 128}},
    {"gray", {128, 128, 128}},      {"grey", {128, 128, 128}},       {"silver", {192, 192, 192}},
    {"maroon", {128, 0, 0}},        {"purple", {128, 0, 128}},       {"teal", {0, 128, 128}},
    {"olive", {128, 128, 0}},       {"yellow", {255, 255, 0}},       {"orange", {255, 165, 0}},
    {"lime", {0, 255, 0}},          {"aqua", {0, 255, 255}},         {"cyan", {0, 255, 255}},
    {"fuchsia", {255, 0, 255}},     {"magenta", {255, 0, 255}},      {"brown", {165, 42, 42}},
    {"darkblue", {0, 0, 139}},      {"darkred", {139, 0, 0}},        {"darkgreen", {0, 100, 0}},
    {"windowtext", {0, 0, 0}},      {"whitesmoke", {245, 245, 245}}, {"lightgrey", {211, 211, 211}},
    {"lightgray", {211, 211, 211}}, {"darkgray", {169, 169, 169}},   {"gainsboro", {220, 220, 220}},
};

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 32);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<Colour24> read_hex(std::string_view digits) {
  if (digits.size() != 3 && digits.size() != 6) return std::nullopt;
  const std::size_t each = digits.size() / 3;
  Colour24 out{};
  for (std::size_t i = 0; i < 3; ++i) {
    const int high = hex_value(digits[i * each]), low = hex_value(digits[i * each + each - 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out[i] = static_cast<std::uint8_t>(high * 16 + low);
  }
  return out;
}

/// A decimal number at the begin of `text`, which is moved behind it.
std::optional<double> take_number(std::string_view& text) {
  double number = 0, place = 1;
  bool fraction = false, any = false;
  const bool negative = text.starts_with('-');
  std::size_t at = negative ? 1 : 0;
  for (const std::size_t end = std::min<std::size_t>(text.size(), 12); at < end; ++at) {
    const char c = text[at];
    if (c == '.' && !fraction) {
      fraction = true;
    } else if (c >= '0' && c <= '9') {
      any = true;
      if (fraction) place /= 10;
      number = fraction ? number + place * (c - '0') : number * 10 + (c - '0');
    } else {
      break;
    }
  }
  if (!any) return std::nullopt;
  text.remove_prefix(at);
  return negative ? -number : number;
}

std::optional<Colour24> read_rgb(std::string_view arguments) {
  Colour24 out{};
  for (std::uint8_t& share : out) {
    arguments = trimmed(arguments);
    const std::optional<double> number = take_number(arguments);
    if (!number || *number < 0 || *number > 255) return std::nullopt;
    share = static_cast<std::uint8_t>(*number);
    arguments = trimmed(arguments);
    if (arguments.starts_with(',')) arguments.remove_prefix(1);
  }
  return arguments == ")" ? std::optional(out) : std::nullopt;
}

/// In pixels; ems as those of usual print. nullopt where it is no length.
std::optional<double> read_pixels(std::string_view text) {
  const std::optional<double> number = take_number(text);
  if (!number) return std::nullopt;
  if (text.empty() || ascii_iequals(text, "px")) return number;
  if (ascii_iequals(text, "pt")) return *number * 4 / 3;
  if (ascii_iequals(text, "em") || ascii_iequals(text, "rem")) return *number * 16;
  if (ascii_iequals(text, "in")) return *number * 96;
  if (ascii_iequals(text, "cm")) return *number * 38;
  return std::nullopt;
}

std::string written_pixels(double pixels) { return std::to_string(static_cast<int>(std::lround(pixels))) + "px"; }

template <std::size_t n>
std::string_view one_of(std::string_view word, const std::string_view (&words)[n]) {
  for (const std::string_view other : words) {
    if (ascii_iequals(word, other)) return other;
  }
  return {};
}

std::vector<std::string_view> words_of(std::string_view value) {
  std::vector<std::string_view> out;
  for (const std::string_view word : split(value, ' ')) {
    if (!word.empty()) out.push_back(word);
  }
  return out;
}

class Reader {
 public:
  MailStyle run(std::string_view declarations) {
    std::size_t count = 0;
    for (const std::string_view one : split(declarations, ';')) {
      const std::size_t colon = one.find(':');
      if (colon == std::string_view::npos || ++count > declarations_max) continue;
      std::string_view value = trimmed(one.substr(colon + 1));
      if (const std::size_t important = value.find('!'); important != std::string_view::npos)
        value = trimmed(value.substr(0, important));
      read(ascii_lower(trimmed(one.substr(0, colon))), value);
    }
    out_.hides = out_.hides || (moved_ && off_page_);
    return std::move(out_);
  }

 private:
  void read(std::string_view name, std::string_view value) {
    constexpr std::string_view weights[] = {"bold", "bolder", "normal", "600", "700", "800", "900", "400"};
    constexpr std::string_view aligns[] = {"left", "right", "center", "justify"};
    constexpr std::string_view slopes[] = {"italic", "normal"};
    constexpr std::string_view lines[] = {"underline", "line-through", "none"};
    constexpr std::string_view spaces[] = {"pre", "pre-wrap", "pre-line", "normal"};
    if (name == "color") return colour(name, value, out_.colour);
    if (name == "background-color" || name == "background") return colour("background-color", value, out_.background);
    if (name == "font-weight") return keyword(name, one_of(value, weights));
    if (name == "font-style") return keyword(name, one_of(value, slopes));
    if (name == "text-decoration") return keyword(name, one_of(value, lines));
    if (name == "text-align") return keyword(name, one_of(value, aligns));
    if (name == "white-space") return keyword(name, one_of(value, spaces));
    if (name.starts_with("padding") || name.starts_with("margin")) return room(name, value);
    if (name == "font-size") return print_size(value);
    if (name == "opacity") return opacity(value);
    if (name == "position")
      moved_ = ascii_iequals(value, "absolute") || ascii_iequals(value, "fixed") || ascii_iequals(value, "relative");
    if (name == "left" || name == "top" || name == "right" || name == "bottom") off_page_ = off_page_ || is_off_page(value);
    if (name == "text-indent" && is_off_page(value)) out_.hides = true;
  }

  static bool is_off_page(std::string_view value) { return read_pixels(value).value_or(0) <= off_page_pixels; }

  void keyword(std::string_view name, std::string_view value) {
    if (!value.empty()) out_.written.append(name).append(":").append(value).append(";");
  }
  // Written by the writer, which knows what colour is around it.
  void colour(std::string_view, std::string_view value, std::optional<Colour24>& into) {
    if (const std::optional<Colour24> known = read_colour(value)) into = known;
  }
  void room(std::string_view name, std::string_view value) {
    constexpr std::string_view names[] = {"padding", "padding-top", "padding-right", "padding-bottom", "padding-left",
                                          "margin",  "margin-top",  "margin-right",  "margin-bottom",  "margin-left"};
    const std::string_view known = one_of(name, names);
    const std::vector<std::string_view> words = words_of(value);
    if (known.empty() || words.empty() || words.size() > 4) return;
    std::string written;
    for (const std::string_view word : words) {
      const std::optional<double> pixels = read_pixels(word);
      if (!pixels) return;
      if (*pixels <= off_page_pixels) out_.hides = true;
      written.append(written.empty() ? "" : " ").append(written_pixels(std::clamp(*pixels, 0.0, room_pixels_max)));
    }
    keyword(known, written);
  }
  void print_size(std::string_view value) {
    const std::optional<double> pixels = read_pixels(value);
    if (!pixels) return;
    if (*pixels < unreadable_pixels)
      out_.hides = true;
    else
      keyword("font-size", written_pixels(std::clamp(*pixels, print_pixels_least, print_pixels_most)));
  }
  void opacity(std::string_view value) {
    const std::optional<double> number = take_number(value);
    if (number && *number < unreadable_opacity) out_.hides = true;
  }

  MailStyle out_;
  bool moved_ = false, off_page_ = false;
};

double linear(std::uint8_t share) {
  const double value = share / 255.0;
  return value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
}
double luminance(const Colour24& colour) {
  return 0.2126 * linear(colour[0]) + 0.7152 * linear(colour[1]) + 0.0722 * linear(colour[2]);
}

}  // namespace

std::optional<Colour24> read_colour(std::string_view text) {
  text = trimmed(text);
  if (text.starts_with('#')) return read_hex(text.substr(1));
  if (ascii_istarts_with(text, "rgb(")) return read_rgb(text.substr(4));
  for (const Named& named : named_colours) {
    if (ascii_iequals(text, named.name)) return named.colour;
  }
  return std::nullopt;
}

std::string written_colour(const Colour24& colour) {
  constexpr char digits[] = "0123456789abcdef";
  std::string out = "#";
  for (const std::uint8_t share : colour) {
    out += digits[share >> 4];
    out += digits[share & 15];
  }
  return out;
}

double contrast_of(const Colour24& text, const Colour24& background) {
  const double one = luminance(text) + 0.05, other = luminance(background) + 0.05;
  return std::max(one, other) / std::min(one, other);
}

MailStyle read_mail_style(std::string_view declarations) {
  MailStyle style = Reader().run(declarations);
  const mail::HtmlStyle shown = mail::read_html_style(declarations);
  style.hides = style.hides || shown.gone || shown.invisible == mail::HtmlSays::yes || shown.no_size == mail::HtmlSays::yes;
  return style;
}

}  // namespace beadle::web
