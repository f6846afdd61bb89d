#include "mailbox/mark.h"

#include "base/digest.h"
#include "base/text.h"
#include "mail/header_block.h"

namespace beadle::mailbox {
namespace {

constexpr std::string_view id_name = "Beadle-Held-Id", mark_name = "Beadle-Held-Mark";
constexpr std::pair<Shape, std::string_view> shapes[] = {
    {Shape::original, "original"}, {Shape::facts, "facts"}, {Shape::conflict, "conflict"}};

std::string digest_of(const Mark& mark, std::string_view key, std::string_view account) {
  // None of the three holds a line end: account names and ids have no such letters.
  return hmac_sha256_hex(key, "mailbox\n" + std::string(account) + "\n" + mark.id + "\n" + std::string(to_string(mark.shape)));
}

/// Without the blanks and line ends of folding (RFC 5322 §2.2.3).
std::vector<std::string> words_of(std::string_view value) {
  std::vector<std::string> words(1);
  for (const char c : value) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank)
      words.back() += c;
    else if (!words.back().empty())
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

}  // namespace

std::string_view to_string(Shape shape) {
  for (const auto& [known, name] : shapes) {
    if (known == shape) return name;
  }
  return "";
}

std::vector<std::pair<std::string, std::string>> mark_fields(const Mark& mark, std::string_view key, std::string_view account) {
  return {{std::string(id_name), mark.id},
          {std::string(mark_name), std::string(to_string(mark.shape)) + " " + digest_of(mark, key, account)}};
}

ReadMark read_mark(std::string_view header, std::string_view key, std::string_view account) {
  ReadMark read;
  std::vector<std::string> ids, marks;
  for (const mail::Field& field : mail::read_header_block(header, 0, {}).fields) {
    const bool is_id = ascii_iequals(field.name, id_name), is_mark = ascii_iequals(field.name, mark_name);
    if (!is_id && !is_mark) continue;
    read.claimed = true;
    for (std::string& word : words_of(mail::slice(header, field.value))) (is_id ? ids : marks).push_back(std::move(word));
  }
  if (ids.size() != 1 || marks.size() != 2) return read;
  for (const auto& [shape, name] : shapes) {
    const Mark mark{ids.front(), shape};
    if (marks.front() == name && equal_secret(marks.back(), digest_of(mark, key, account))) read.mark = mark;
  }
  return read;
}

}  // namespace beadle::mailbox
