#include "deliver/courtesy.h"

#include <string>

#include "base/text.h"
#include "people/address.h"

namespace beadle::deliver {
namespace {

// Local parts behind which no person reads: RFC 3834 §2 names the first four shapes.
constexpr std::string_view nobody[] = {"mailer-daemon", "owner-*", "*-owner", "*-request", "*-bounces", "no-reply", "noreply", "do-not-reply", "donotreply"};

bool is_nobody(std::string_view sender) {
  const std::string_view local = sender.substr(0, sender.rfind('@'));
  for (const std::string_view pattern : nobody) {
    if (glob_matches(pattern, local)) return true;
  }
  return false;
}

/// The value without comments and parameters: "auto-replied; owner-email=…" and "no (by hand)" (RFC 3834 §5).
std::string_view first_word(std::string_view value) {
  value = trimmed(value);
  return value.substr(0, value.find_first_of("; \t\r\n("));
}

bool names_one_of(std::string_view value, std::initializer_list<std::string_view> words) {
  for (const std::string_view item : split(value, ',')) {
    for (const std::string_view word : words) {
      if (ascii_iequals(trimmed(item), word)) return true;
    }
  }
  return false;
}

std::string_view why_automatic(const mail::Field& field, std::string_view value) {
  if (ascii_iequals(field.name, "Auto-Submitted") && !ascii_iequals(first_word(value), "no")) return "automatic";
  if (ascii_iequals(field.name, "Precedence")) {
    const std::string_view word = first_word(value);
    if (ascii_iequals(word, "bulk") || ascii_iequals(word, "list") || ascii_iequals(word, "junk")) return "bulk";
  }
  if (ascii_iequals(field.name, "List-Id") || ascii_iequals(field.name, "List-Unsubscribe")) return "list";
  // Exchange: which automatic answers the sender does not want.
  if (ascii_iequals(field.name, "X-Auto-Response-Suppress") && names_one_of(value, {"All", "AutoReply", "OOF"})) return "suppressed";
  return "";
}

}  // namespace

bool is_deliverable(std::string_view address) {
  if (!people::address_mistake(address).empty()) return false;
  // Stricter still: this text becomes an address field of ours.
  return address.find_first_of(" \t\r\n<>,;:\"()[]\\") == std::string_view::npos && printable(address) == address;
}

bool is_same_person(std::string_view address, std::string_view other, const people::Directory& people) {
  const std::string key = people::address_key(address);
  if (!key.empty() && key == people::address_key(other)) return true;
  const people::Person* person = people.person_at(address);
  return person != nullptr && person == people.person_at(other);
}

std::string_view why_no_notice(const mail::Message& message, std::string_view sender, const people::Directory& people,
                               std::string_view own_from) {
  if (sender.empty()) return "null sender";
  if (!is_deliverable(sender)) return "no address";
  if (is_nobody(sender)) return "nobody reads there";
  if (people.person_at(sender) == nullptr && !people.is_own_domain(sender)) return "stranger";
  if (people.list_at(sender) != nullptr) return "list";
  if (people::address_key(sender) == people::address_key(own_from)) return "our own";
  // Every field counts, not only the first of a name: a second "Auto-Submitted: no" does not make a robot a person.
  for (const mail::Field& field : message.parts.front().fields) {
    const std::string_view why = why_automatic(field, mail::slice(message.bytes, field.value));
    if (!why.empty()) return why;
  }
  if (message.parts.front().type == "multipart/report") return "report";
  return "";
}

}  // namespace beadle::deliver
