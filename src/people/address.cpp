#include "people/address.h"

#include <algorithm>
#include <memory>

#include <unicode/idna.h>
#include <unicode/normalizer2.h>
#include <unicode/stringpiece.h>
#include <unicode/unistr.h>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::people {
namespace {

constexpr std::size_t address_octets_max = 254;  // RFC 5321 §4.5.3.1.3: a path of 256 less its brackets
constexpr std::size_t local_octets_max = 64;     // RFC 5321 §4.5.3.1.1
constexpr std::size_t domain_octets_max = 253;   // RFC 1035 §2.3.4, as text
constexpr std::size_t label_octets_max = 63;

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// RFC 5322 §3.2.3, with the bytes of RFC 6532 §3.2.
bool is_atext(char c) {
  const bool alphanumeric = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alphanumeric || static_cast<unsigned char>(c) >= 0x80 || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

bool is_plain(std::string_view local) {
  return !local.empty() && std::all_of(local.begin(), local.end(), [](char c) { return is_atext(c) || c == '.'; });
}

bool is_quoted(std::string_view local) { return local.size() >= 2 && local.front() == '"' && local.back() == '"'; }

/// RFC 5322 §3.2.4 without its quotes and quoted pairs.
std::string unquoted(std::string_view local) {
  std::string out;
  const std::string_view inside = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < inside.size(); ++i) {
    if (inside[i] == '\\' && i + 1 < inside.size()) ++i;
    out += inside[i];
  }
  return out;
}

std::string in_quotes(std::string_view content) {
  std::string out = "\"";
  for (const char c : content) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

/// Lower case in the sense of Unicode; composed, because RFC 6532 §3.1 asks for NFC and not everybody does it.
std::string folded(std::string_view text) {
  if (is_ascii(text) || !is_valid_utf8(text)) return ascii_lower(text);
  UErrorCode status = U_ZERO_ERROR;
  const icu::Normalizer2* composer = icu::Normalizer2::getNFCInstance(status);
  const icu::Normalizer2* decomposer = icu::Normalizer2::getNFDInstance(status);
  if (U_FAILURE(status) || composer == nullptr || decomposer == nullptr) return ascii_lower(text);
  auto wide = icu::UnicodeString::fromUTF8(icu::StringPiece(text.data(), static_cast<std::int32_t>(text.size())));
  wide = decomposer->normalize(wide, status);  // first, so that folding twice changes nothing more (Unicode D145)
  wide = composer->normalize(wide.foldCase(), status);
  std::string out;
  wide.toUTF8String(out);
  return U_SUCCESS(status) ? out : ascii_lower(text);
}

const icu::IDNA* idna() {
  static const std::unique_ptr<const icu::IDNA> instance = [] {
    UErrorCode status = U_ZERO_ERROR;
    constexpr std::uint32_t options = UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_CONTEXTJ | UIDNA_CHECK_BIDI;
    std::unique_ptr<const icu::IDNA> made(icu::IDNA::createUTS46Instance(options, status));
    if (U_FAILURE(status)) made.reset();
    return made;
  }();
  return instance.get();
}

/// A-labels of a domain; false where it has none.
bool to_a_labels(std::string_view domain, std::string& out) {
  if (idna() == nullptr) return false;
  UErrorCode status = U_ZERO_ERROR;
  icu::IDNAInfo info;
  icu::StringByteSink<std::string> sink(&out);
  idna()->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size())), sink, info, status);
  return U_SUCCESS(status) && !info.hasErrors();
}

std::string_view without_dot(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  return domain;
}

struct Halves {
  std::string_view local, domain;
};

/// Split at the last @: an earlier one can only stand in a quoted local part.
Halves halves_of(std::string_view address) {
  address = trimmed(address);
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos || at == 0) return {};
  const std::string_view domain = address.substr(at + 1);
  if (without_dot(domain).empty()) return {};
  return {address.substr(0, at), domain};
}

// A header gives a local part without its quotes (mail::Mailbox), an envelope with them: both are quoted here where they need it.
std::string local_key(std::string_view local) {
  std::string plain = is_quoted(local) ? unquoted(local) : std::string(local);
  if (!is_plain(plain)) return in_quotes(folded(plain));
  const std::size_t plus = plain.find('+');
  if (plus != std::string::npos && plus > 0) plain.resize(plus);
  return folded(plain);
}

std::string local_mistake(std::string_view local) {
  if (local.size() > local_octets_max) return "the part before the @ is longer than 64 bytes";
  if (is_quoted(local)) {
    const std::string_view inside = local.substr(1, local.size() - 2);
    for (std::size_t i = 0; i < inside.size(); ++i) {
      if (static_cast<unsigned char>(inside[i]) < 0x20 || inside[i] == 0x7f) return "it has a control character";
      if (inside[i] == '"') return "a quote inside quotes needs a backslash";
      if (inside[i] == '\\' && ++i == inside.size()) return "a backslash takes its closing quote away";
    }
    return "";
  }
  if (local.find_first_of("<>(),;:") != std::string_view::npos || local.find(' ') != std::string_view::npos) {
    return "only the bare address is wanted, without a name, brackets or blanks";
  }
  if (!is_plain(local)) return "a character before the @ needs quotes";
  if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos) return "a dot stands where none may";
  return "";
}

}  // namespace

std::string comparable_domain(std::string_view domain) {
  domain = without_dot(trimmed(domain));
  if (is_ascii(domain) || domain.size() > limits::address_bytes_max) return ascii_lower(domain);
  std::string labels;
  if (!is_valid_utf8(domain) || !to_a_labels(domain, labels)) return folded(domain);
  return std::string(without_dot(labels));  // an ideographic full stop has become a dot only now
}

std::string domain_key(std::string_view address) { return comparable_domain(halves_of(address).domain); }

std::string address_key(std::string_view address) {
  const auto [local, domain] = halves_of(address);
  if (local.empty()) return "";
  if (local.size() + domain.size() >= limits::address_bytes_max) return ascii_lower(trimmed(address));
  const std::string comparable = comparable_domain(domain);
  return comparable.empty() ? "" : local_key(local) + "@" + comparable;
}

std::string domain_mistake(std::string_view domain) {
  if (domain.empty()) return "it is empty";
  if (domain.size() > limits::address_bytes_max) return "it is too long";
  if (!is_valid_utf8(domain)) return "it is not UTF-8";
  std::string labels;
  if (!to_a_labels(without_dot(domain), labels) && !is_ascii(domain)) return "it is no internationalised domain name";
  if (is_ascii(domain)) labels = ascii_lower(without_dot(domain));
  if (labels.size() > domain_octets_max) return "it is longer than 253 bytes";
  if (labels.find('.') == std::string::npos) return "it has no dot";
  for (const std::string_view label : split(labels, '.')) {
    if (label.empty()) return "a dot stands where none may";
    if (label.size() > label_octets_max) return "a part between dots is longer than 63 bytes";
    const bool letters = std::all_of(label.begin(), label.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
    if (!letters) return "only letters, digits, hyphens and dots may stand in a domain";
    if (label.front() == '-' || label.back() == '-') return "a part between dots begins or ends with a hyphen";
  }
  return "";
}

std::string address_mistake(std::string_view address) {
  if (trimmed(address).empty()) return "it is empty";
  if (!is_valid_utf8(address)) return "it is not UTF-8";
  if (trimmed(address).size() != address.size()) return "it has blanks around it";
  if (address.size() > address_octets_max) return "it is longer than 254 bytes";
  const std::size_t at = address.rfind('@');
  if (at == std::string_view::npos) return "it has no @";
  if (at == 0) return "nothing stands before the @";
  const std::string local = local_mistake(address.substr(0, at));
  if (!local.empty()) return local;
  const std::string_view domain = address.substr(at + 1);
  if (domain.empty()) return "nothing stands after the @";
  const std::string mistake = domain_mistake(domain);
  return mistake.empty() ? "" : "of its domain: " + mistake;
}

}  // namespace beadle::people
