#include "mail/charset.h"

#include <unicode/translit.h>
#include <unicode/ucnv.h>
#include <unicode/ucnv_cb.h>
#include <unicode/unistr.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/text.h"

namespace beadle::mail {
namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// How bytes of a charset are read.
enum class Reader {
  unlabelled,  // UTF-8 where they are that, else windows-1252
  utf8,
  windows_1252,
  ascii_based,  // by ICU; bytes below 128 are ASCII unless an escape stands among them
  utf16,        // by ICU, once the byte order is known
  icu,
};

struct Alias {
  std::string_view label;  // letters and digits only: "iso_8859-1" and "ISO8859-1" are one
  Reader reader = Reader::icu;
  const char* converter = nullptr;
};

// WHATWG Encoding §4.2, and what mail programs write besides. Chinese and Korean labels stand for the larger sets that are
// really sent. Sorted by label.
constexpr std::array aliases{
    Alias{"8bit", Reader::unlabelled, nullptr},
    Alias{"ansix341968", Reader::unlabelled, nullptr},
    Alias{"ascii", Reader::unlabelled, nullptr},
    Alias{"big5", Reader::ascii_based, "Big5-HKSCS"},
    Alias{"big5hkscs", Reader::ascii_based, "Big5-HKSCS"},
    Alias{"chinese", Reader::ascii_based, "gb18030"},
    Alias{"cnbig5", Reader::ascii_based, "Big5-HKSCS"},
    Alias{"cp1250", Reader::ascii_based, "windows-1250"},
    Alias{"cp1251", Reader::ascii_based, "windows-1251"},
    Alias{"cp1252", Reader::windows_1252, nullptr},
    Alias{"cp65001", Reader::utf8, nullptr},
    Alias{"cp819", Reader::unlabelled, nullptr},
    Alias{"cp932", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"cp936", Reader::ascii_based, "gb18030"},
    Alias{"cp949", Reader::ascii_based, "windows-949-2000"},
    Alias{"cp950", Reader::ascii_based, "Big5-HKSCS"},
    Alias{"csgb2312", Reader::ascii_based, "gb18030"},
    Alias{"csisolatin1", Reader::unlabelled, nullptr},
    Alias{"csksc56011987", Reader::ascii_based, "windows-949-2000"},
    Alias{"csshiftjis", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"cswindows31j", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"euccn", Reader::ascii_based, "gb18030"},
    Alias{"euckr", Reader::ascii_based, "windows-949-2000"},
    Alias{"gb18030", Reader::ascii_based, "gb18030"},
    Alias{"gb2312", Reader::ascii_based, "gb18030"},
    Alias{"gb231280", Reader::ascii_based, "gb18030"},
    Alias{"gbk", Reader::ascii_based, "gb18030"},
    Alias{"hzgb2312", Reader::icu, "HZ"},
    Alias{"ibm819", Reader::unlabelled, nullptr},
    Alias{"iso2022jp", Reader::icu, "ISO-2022-JP"},
    Alias{"iso646us", Reader::unlabelled, nullptr},
    Alias{"iso88591", Reader::unlabelled, nullptr},
    Alias{"iso885910", Reader::ascii_based, "iso-8859-10"},
    Alias{"iso885911", Reader::ascii_based, "windows-874-2000"},
    Alias{"iso885911987", Reader::unlabelled, nullptr},
    Alias{"iso885915", Reader::ascii_based, "iso-8859-15"},
    Alias{"iso88592", Reader::ascii_based, "iso-8859-2"},
    Alias{"iso88595", Reader::ascii_based, "iso-8859-5"},
    Alias{"iso88597", Reader::ascii_based, "iso-8859-7"},
    Alias{"iso88598", Reader::ascii_based, "iso-8859-8"},
    Alias{"iso88598e", Reader::ascii_based, "iso-8859-8"},
    Alias{"iso88598i", Reader::ascii_based, "iso-8859-8"},
    Alias{"iso88599", Reader::ascii_based, "windows-1254"},
    Alias{"koi8r", Reader::ascii_based, "koi8-r"},
    Alias{"koi8u", Reader::ascii_based, "koi8-u"},
    Alias{"korean", Reader::ascii_based, "windows-949-2000"},
    Alias{"ksc5601", Reader::ascii_based, "windows-949-2000"},
    Alias{"ksc56011987", Reader::ascii_based, "windows-949-2000"},
    Alias{"ksc56011989", Reader::ascii_based, "windows-949-2000"},
    Alias{"l1", Reader::unlabelled, nullptr},
    Alias{"latin1", Reader::unlabelled, nullptr},
    Alias{"mskanji", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"shiftjis", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"sjis", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"tis620", Reader::ascii_based, "windows-874-2000"},
    Alias{"ucs2", Reader::utf16, nullptr},
    Alias{"unicode", Reader::utf16, nullptr},
    Alias{"unicode11utf7", Reader::icu, "UTF-7"},
    Alias{"unicode11utf8", Reader::utf8, nullptr},
    Alias{"unknown8bit", Reader::unlabelled, nullptr},
    Alias{"us", Reader::unlabelled, nullptr},
    Alias{"usascii", Reader::unlabelled, nullptr},
    Alias{"utf16", Reader::utf16, nullptr},
    Alias{"utf7", Reader::icu, "UTF-7"},
    Alias{"utf8", Reader::utf8, nullptr},
    Alias{"windows1250", Reader::ascii_based, "windows-1250"},
    Alias{"windows1251", Reader::ascii_based, "windows-1251"},
    Alias{"windows1252", Reader::windows_1252, nullptr},
    Alias{"windows1253", Reader::ascii_based, "windows-1253"},
    Alias{"windows1254", Reader::ascii_based, "windows-1254"},
    Alias{"windows1256", Reader::ascii_based, "windows-1256"},
    Alias{"windows1257", Reader::ascii_based, "windows-1257"},
    Alias{"windows1258", Reader::ascii_based, "windows-1258"},
    Alias{"windows31j", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"windows874", Reader::ascii_based, "windows-874-2000"},
    Alias{"windows936", Reader::ascii_based, "gb18030"},
    Alias{"windows949", Reader::ascii_based, "windows-949-2000"},
    Alias{"xcp1251", Reader::ascii_based, "windows-1251"},
    Alias{"xcp1252", Reader::windows_1252, nullptr},
    Alias{"xgbk", Reader::ascii_based, "gb18030"},
    Alias{"xmacroman", Reader::ascii_based, "macintosh"},
    Alias{"xsjis", Reader::ascii_based, "ibm-943_P15A-2003"},
    Alias{"xunknown", Reader::unlabelled, nullptr},
    Alias{"xutf8", Reader::utf8, nullptr},
    Alias{"xxbig5", Reader::ascii_based, "Big5-HKSCS"},
};
constexpr auto by_label = [](const Alias& a, const Alias& b) { return a.label < b.label; };
static_assert(std::is_sorted(aliases.begin(), aliases.end(), by_label));

// Longer labels are none: IANA's longest has 45 characters.
constexpr std::size_t label_bytes_max = 60;

std::string squeezed(std::string_view label) {
  std::string out;
  for (const char c : label) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) out += c;
    if (c >= 'A' && c <= 'Z') out += static_cast<char>(c + 32);
  }
  return out;
}

const Alias* find_alias(std::string_view label) {
  const std::string key = squeezed(label);
  const auto* found = std::lower_bound(aliases.begin(), aliases.end(), Alias{.label = key}, by_label);
  return found != aliases.end() && found->label == key ? found : nullptr;
}

// WHATWG windows-1252: bytes 0x80 to 0x9F; the five that Windows does not have stay control characters.
constexpr std::array<char16_t, 32> windows_1252_high{
    0x20AC, 0x81,   0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x8D, 0x017D, 0x8F,
    0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x9D, 0x017E, 0x0178};

std::string from_windows_1252(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size() + bytes.size() / 8);
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80)
      out += c;
    else
      append_utf8(out, windows_1252(byte));
  }
  return out;
}

// Escapes of ISO-2022 are ASCII too and must not be taken for it.
bool is_plain_ascii(std::string_view bytes) {
  return ascii_prefix(bytes) == bytes.size() && bytes.find('\x1B') == std::string_view::npos;
}

// Line ends become LF, NUL and a byte order mark go.
std::string tidy(std::string text) {
  const bool has_nul = text.find('\0') != std::string::npos;
  const auto next_change = [&](std::size_t from) {
    return std::min(has_nul ? text.find_first_of(std::string_view("\r\0", 2), from) : text.find('\r', from), text.size());
  };
  std::size_t from = text.starts_with(byte_order_mark) ? byte_order_mark.size() : 0, to = 0;
  while (from < text.size()) {
    const std::size_t change = next_change(from);
    std::memmove(text.data() + to, text.data() + from, change - from);
    to += change - from;
    from = change + 1;
    if (change == text.size() || text[change] == '\0') continue;
    if (from < text.size() && text[from] == '\n') ++from;
    text[to++] = '\n';
  }
  text.resize(to);
  return text;
}

struct Closer {
  void operator()(UConverter* converter) const { ucnv_close(converter); }
};
using Converter = std::unique_ptr<UConverter, Closer>;

// U+FFFD for what the charset does not have; ICU's own callback writes a control character for some converters.
void substitute(const void* context, UConverterToUnicodeArgs* arguments, const char*, std::int32_t,
                UConverterCallbackReason reason, UErrorCode* error) {
  if (reason > UCNV_IRREGULAR) return;  // the converter is reset or closed
  *static_cast<bool*>(const_cast<void*>(context)) = false;
  *error = U_ZERO_ERROR;
  constexpr UChar replacement = 0xFFFD;
  ucnv_cbToUWriteUChars(arguments, &replacement, 1, 0, error);
}

/// UTF-16 to UTF-8 in pieces: a pair of surrogates may be cut between two.
class Utf8Writer {
 public:
  explicit Utf8Writer(std::string& out) : out_(out) {}
  void write(const UChar* from, const UChar* end) {
    for (; from < end; ++from) put(*from);
  }
  void finish() {
    if (high_ != 0) append_utf8(out_, 0xFFFD);
    high_ = 0;
  }

 private:
  void put(char16_t unit) {
    const bool low = unit >= 0xDC00 && unit < 0xE000;
    if (high_ != 0 && low) {
      append_utf8(out_, 0x10000 + ((static_cast<char32_t>(high_) - 0xD800) << 10) + (unit - 0xDC00u));
      high_ = 0;
      return;
    }
    finish();
    if (unit >= 0xD800 && unit < 0xDC00)
      high_ = unit;
    else if (unit < 0x80)
      out_ += static_cast<char>(unit);
    else
      append_utf8(out_, low ? 0xFFFD : unit);
  }

  std::string& out_;
  char16_t high_ = 0;
};

Converter open_converter(const char* name) {
  UErrorCode error = U_ZERO_ERROR;
  Converter converter(ucnv_open(name, &error));
  return U_SUCCESS(error) ? std::move(converter) : nullptr;
}

CharsetText convert(UConverter* converter, std::string_view bytes) {
  CharsetText out;
  out.utf8.reserve(bytes.size() + bytes.size() / 2);
  UErrorCode error = U_ZERO_ERROR;
  ucnv_setToUCallBack(converter, substitute, &out.clean, nullptr, nullptr, &error);
  Utf8Writer writer(out.utf8);
  std::array<UChar, 4096> buffer;
  const char* from = bytes.data();
  const char* const end = from + bytes.size();
  do {
    error = U_ZERO_ERROR;
    UChar* to = buffer.data();
    ucnv_toUnicode(converter, &to, buffer.data() + buffer.size(), &from, end, nullptr, true, &error);
    writer.write(buffer.data(), to);
    if (U_FAILURE(error) && error != U_BUFFER_OVERFLOW_ERROR) {  // the rest as it stands: never less than what was sent
      out.clean = false;
      out.utf8 += valid_utf8({from, static_cast<std::size_t>(end - from)});
    }
  } while (error == U_BUFFER_OVERFLOW_ERROR);
  writer.finish();
  return out;
}

// Without a mark, text of Western letters shows the order: its zeros stand on one side. Windows writes the little end first.
const char* utf16_converter(std::string_view bytes) {
  if (bytes.starts_with("\xFE\xFF")) return "UTF-16BE";
  if (bytes.starts_with("\xFF\xFE")) return "UTF-16LE";
  std::size_t zeros[2] = {};
  for (std::size_t i = 0; i < std::min<std::size_t>(bytes.size(), 4096); ++i) zeros[i & 1] += bytes[i] == '\0' ? 1 : 0;
  return zeros[0] > zeros[1] ? "UTF-16BE" : "UTF-16LE";
}

CharsetText read_unlabelled(std::string_view bytes) {
  return {.utf8 = is_valid_utf8(bytes) ? std::string(bytes) : from_windows_1252(bytes)};
}

CharsetText read_utf8(std::string_view bytes) {
  CharsetText out{.utf8 = valid_utf8(bytes)};
  out.clean = out.utf8.size() == bytes.size() && out.utf8 == bytes;
  return out;
}

// By a label that only ICU may know. Its options ("name,version=1") are not for mail.
CharsetText read_by_name(std::string_view bytes, std::string_view label) {
  const bool sane = label.size() <= label_bytes_max && label.find_first_of(",= \t\r\n") == std::string_view::npos &&
                    label.find('\0') == std::string_view::npos;
  const Converter converter = sane ? open_converter(std::string(label).c_str()) : nullptr;
  if (converter) return convert(converter.get(), bytes);
  CharsetText out = read_unlabelled(bytes);
  out.known = false;
  return out;
}

CharsetText read(std::string_view bytes, std::string_view label) {
  if (label.empty()) return read_unlabelled(bytes);
  const Alias* alias = label.size() <= label_bytes_max ? find_alias(label) : nullptr;
  if (alias == nullptr) return read_by_name(bytes, label);
  switch (alias->reader) {
    case Reader::unlabelled:
      return read_unlabelled(bytes);
    case Reader::utf8:
      return read_utf8(bytes);
    case Reader::windows_1252:
      return {.utf8 = from_windows_1252(bytes)};
    case Reader::utf16:
      return read_by_name(bytes, utf16_converter(bytes));
    case Reader::ascii_based:
      if (is_plain_ascii(bytes)) return {.utf8 = std::string(bytes)};
      break;
    case Reader::icu:
      break;
  }
  return read_by_name(bytes, alias->converter);
}

std::unique_ptr<icu::Transliterator> to_latin() {
  // Made once: it takes milliseconds. A clone for each call, because one must not be used by two threads.
  static const std::unique_ptr<const icu::Transliterator> first = [] {
    UErrorCode error = U_ZERO_ERROR;
    std::unique_ptr<icu::Transliterator> made(
        icu::Transliterator::createInstance("Any-Latin; Latin-ASCII; NFD; [[:M:][:Lm:]] Remove", UTRANS_FORWARD, error));
    return U_SUCCESS(error) ? std::move(made) : nullptr;
  }();
  return std::unique_ptr<icu::Transliterator>(first ? first->clone() : nullptr);
}

}  // namespace

char32_t windows_1252(unsigned char byte) { return byte >= 0x80 && byte < 0xA0 ? windows_1252_high[byte - 0x80u] : byte; }

CharsetText to_utf8(std::string_view bytes, std::string_view label) {
  CharsetText out = read(bytes, trimmed(label));
  out.utf8 = tidy(std::move(out.utf8));
  return out;
}

std::string transliterate_ascii(std::string_view utf8) {
  if (is_plain_ascii(utf8)) return std::string(utf8);
  icu::UnicodeString text = icu::UnicodeString::fromUTF8(icu::StringPiece(utf8.data(), static_cast<std::int32_t>(utf8.size())));
  if (const auto latin = to_latin()) latin->transliterate(text);
  std::string out;
  for (std::int32_t i = 0; i < text.length(); i = text.moveIndex32(i, 1)) {
    const UChar32 c = text.char32At(i);
    out += c < 0x80 ? static_cast<char>(c) : '?';
  }
  return out;
}

}  // namespace beadle::mail
