#include "rules/characters.h"

#include <algorithm>
#include <iterator>

#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>

#include "base/text.h"

namespace beadle::rules {
namespace {

struct Range {
  char32_t first, last;
};

// Sorted. Unicode 15: White_Space beyond ASCII, and the blank of Braille, which is drawn as one.
constexpr Range blanks[] = {{0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680}, {0x2000, 0x200A}, {0x2028, 0x2029},
                            {0x202F, 0x202F}, {0x205F, 0x205F}, {0x2800, 0x2800}, {0x3000, 0x3000}};
// Sorted. Unicode 15: Default_Ignorable_Code_Point, C1 controls, interlinear annotation.
constexpr Range invisibles[] = {{0x7F, 0x84},     {0x86, 0x9F},       {0xAD, 0xAD},       {0x34F, 0x34F},    {0x61C, 0x61C},
                                {0x115F, 0x1160}, {0x17B4, 0x17B5},   {0x180B, 0x180F},   {0x200B, 0x200F},  {0x202A, 0x202E},
                                {0x2060, 0x206F}, {0x3164, 0x3164},   {0xFE00, 0xFE0F},   {0xFEFF, 0xFEFF},  {0xFFA0, 0xFFA0},
                                {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0xE0FFF}};

template <std::size_t N>
bool within(const Range (&ranges)[N], char32_t c) {
  const Range* range =
      std::upper_bound(std::begin(ranges), std::end(ranges), c, [](char32_t value, const Range& r) { return value < r.first; });
  return range != std::begin(ranges) && c <= std::prev(range)->last;
}

// What Unicode does not decompose, and marks that are typed in several ways; "" where the character has no plain form of its own.
std::string_view special_form(char32_t c) {
  switch (c) {
    case U'`':
    case U'´':
    case U'‘':
    case U'’':
    case U'‚':
    case U'‛':
    case U'′':
    case U'‵':
    case U'ʼ':
    case U'ʹ':
    case U'ʻ':
    case U'＇':
    case U'‹':
    case U'›':
      return "'";
    case U'“':
    case U'”':
    case U'„':
    case U'‟':
    case U'″':
    case U'‶':
    case U'«':
    case U'»':
    case U'＂':
    case U'〝':
    case U'〞':
      return "\"";
    case U'‐':
    case U'‑':
    case U'‒':
    case U'–':
    case U'—':
    case U'―':
    case U'−':
    case U'⁃':
    case U'﹘':
    case U'﹣':
    case U'－':
    case U'⸺':
    case U'⸻':
      return "-";
    case U'ø':
      return "o";
    case U'Ø':
      return "O";
    case U'ł':
      return "l";
    case U'Ł':
      return "L";
    case U'đ':
    case U'ð':
      return "d";
    case U'Đ':
    case U'Ð':
      return "D";
    case U'ħ':
      return "h";
    case U'Ħ':
      return "H";
    case U'ı':
      return "i";
    case U'ɑ':
      return "a";
    case U'ɡ':
      return "g";
    case U'æ':
      return "ae";
    case U'Æ':
      return "AE";
    case U'œ':
      return "oe";
    case U'Œ':
      return "OE";
    case U'þ':
      return "th";
    case U'Þ':
      return "Th";
    case U'ß':
    case U'ẞ':
      return "ss";
    case U'⁄':
    case U'∕':
      return "/";
    default:
      return "";
  }
}

// Both in the order of the other; letters that are drawn alike, or are used as if they were.
constexpr std::u32string_view look_alikes =
    U"аеорсухіјѕһԁԛԝкмтӏАВЕКМНОРСТУХІЈЅԚԜӀ"
    U"αορνικυτεηγωχϲϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧϹ";
constexpr std::string_view looked_like =
    "aeopcyxijshdqwkmtlABEKMHOPCTYXIJSQWI"
    "aopvikuteny"
    "wxcjABEZHIKMNOPTYXC";
static_assert(look_alikes.size() == looked_like.size());

bool is_mark(UChar32 c) {
  const auto type = u_charType(c);
  return type == U_NON_SPACING_MARK || type == U_ENCLOSING_MARK;
}

}  // namespace

bool is_blank(char32_t c) { return c == ' ' || (c >= '\t' && c <= '\r') || (c >= 0x85 && within(blanks, c)); }

bool is_invisible(char32_t c) { return c < 0x20 ? !is_blank(c) : c >= 0x7F && within(invisibles, c); }

void append_plain(std::string& out, char32_t c) {
  if (const std::string_view form = special_form(c); !form.empty()) {
    out += form;
    return;
  }
  if (c < 0x80) {
    out += static_cast<char>(c);
    return;
  }
  // One character at a time: normalising a whole text sorts runs of marks, which a hostile text can make slow.
  UErrorCode status = U_ZERO_ERROR;
  static const icu::Normalizer2* const decomposer = icu::Normalizer2::getNFKDInstance(status);
  icu::UnicodeString parts;
  if (decomposer == nullptr || decomposer->getDecomposition(static_cast<UChar32>(c), parts) == 0) {
    if (!is_mark(static_cast<UChar32>(c))) append_utf8(out, c);
    return;
  }
  for (std::int32_t i = 0; i < parts.length(); i = parts.moveIndex32(i, 1)) {
    const UChar32 part = parts.char32At(i);
    if (is_mark(part)) continue;
    const std::string_view form = special_form(static_cast<char32_t>(part));
    if (form.empty()) append_utf8(out, static_cast<char32_t>(part));
    out += form;
  }
}

char latin_look_alike(char32_t c) {
  const std::size_t at = look_alikes.find(c);
  return at == std::u32string_view::npos ? '\0' : looked_like[at];
}

bool is_cyrillic_or_greek(char32_t c) { return (c >= 0x370 && c <= 0x52F) && u_isalpha(static_cast<UChar32>(c)) != 0; }

std::size_t skip_quote_marks(std::string_view text, std::size_t at, std::size_t end, int& marks) {
  marks = 0;
  while (at < end) {
    if (text[at] == '>') {
      ++marks;
      ++at;
      continue;
    }
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    if (c == '\n' || !(is_blank(c) || is_invisible(c))) break;
    at = next;
  }
  return at;
}

std::size_t skip_blanks(std::string_view text, std::size_t at, std::size_t end) {
  while (at < end) {
    std::size_t next = at;
    const char32_t c = next_code_point(text, next);
    if (c == '\n') {
      int marks = 0;
      next = skip_quote_marks(text, next, end, marks);
    } else if (!is_blank(c) && !is_invisible(c)) {
      break;
    }
    at = next;
  }
  return std::min(at, end);
}

std::size_t trim_end(std::string_view text, std::size_t begin, std::size_t end) {
  while (end > begin) {
    std::size_t start = end - 1;
    while (start > begin && end - start < 4 && (static_cast<unsigned char>(text[start]) & 0xC0) == 0x80) --start;
    std::size_t next = start;
    const char32_t c = next_code_point(text, next);
    if (next != end || !(is_blank(c) || is_invisible(c))) break;
    end = start;
  }
  return end;
}

}  // namespace beadle::rules
