// Values of header fields. Cases are tables: tests/data/mail/tables/{addresses,encoded_words,content_fields,message_ids}.tsv.
// What is too large for a table is made here.
#include "mail/header_value.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "mail/message.h"
#include "tables.h"

#include "catch.h"
#include "corpus.h"

namespace beadle::mail {
namespace {

constexpr std::size_t many = 1'000'000;

std::string shown(const Mailbox& mailbox) {
  std::string out = mailbox.name + (mailbox.name.empty() ? "<" : " <") + mailbox.address + ">";
  if (!mailbox.group.empty()) out += " {" + mailbox.group + "}";
  return mailbox.doubtful ? out + "?" : out;
}

std::string shown(const AddressList& list) {
  std::vector<std::string> out;
  for (const Mailbox& mailbox : list.mailboxes) out.push_back(shown(mailbox));
  return joined(out, " | ");
}

std::string shown(const std::vector<Parameter>& parameters) {
  std::vector<std::string> out;
  for (const Parameter& parameter : parameters) out.push_back(parameter.name + "=" + parameter.value);
  return joined(out, " | ");
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

void check_bounded(std::string_view raw) {
  const AddressList list = parse_addresses(raw, many);
  std::set<std::string> addresses;
  std::size_t bytes = 0;
  for (const Mailbox& mailbox : list.mailboxes) {
    REQUIRE(is_valid_utf8(mailbox.name + mailbox.address + mailbox.group));
    REQUIRE(mailbox.name.size() + mailbox.address.size() > 0);
    if (!mailbox.address.empty()) REQUIRE(addresses.insert(mailbox.address).second);
    bytes += mailbox.name.size() + mailbox.address.size();
  }
  // Eight-bit bytes become three bytes of UTF-8 at most; what could not be read is swept once more.
  CHECK(bytes <= 6 * raw.size());
}

}  // namespace

TEST_CASE("addresses (tables/addresses.tsv)") {
  const auto rows = rows_of("addresses.tsv");
  REQUIRE(rows.size() > 50);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    INFO(row[0] << ": " << row[3]);
    const AddressList list = parse_addresses(row[0], many);
    CHECK(shown(list) == row[1]);
    CHECK((list.complete ? "yes" : "no") == row[2]);
    CHECK_FALSE(list.limit);
    check_bounded(row[0]);
  }
}

TEST_CASE("encoded words (tables/encoded_words.tsv)") {
  const auto rows = rows_of("encoded_words.tsv");
  REQUIRE(rows.size() > 30);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(row[0] << ": " << row[2]);
    CHECK(decode_header(row[0]) == row[1]);
  }
}

TEST_CASE("content fields (tables/content_fields.tsv)") {
  const auto rows = rows_of("content_fields.tsv");
  REQUIRE(rows.size() > 30);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 5);
    INFO(row[0] << ": " << row[4]);
    const ContentField field = parse_content_field(row[0]);
    CHECK(field.value == row[1]);
    CHECK(shown(field.parameters) == row[2]);
    CHECK((field.regular ? "yes" : "no") == row[3]);
    CHECK_FALSE(field.limit);
  }
}

TEST_CASE("message ids (tables/message_ids.tsv)") {
  const auto rows = rows_of("message_ids.tsv");
  REQUIRE(rows.size() > 10);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(row[0] << ": " << row[2]);
    CHECK(joined(parse_message_ids(row[0], 2), " ") == row[1]);
  }
}

TEST_CASE("transfer encodings are one word") {
  CHECK(parse_token_field(" Base64 \t").value == "base64");
  CHECK(parse_token_field(" Base64 \t").regular);
  for (const std::string odd : {"base64;", "base64 (x)", "(x) base64", "\"base64\"", "base64 x", "base64, 8bit"}) {
    INFO(odd);
    CHECK(parse_token_field(odd).value == "base64");
    CHECK_FALSE(parse_token_field(odd).regular);
  }
  CHECK(parse_token_field("7-bit").value == "7-bit");
  CHECK(parse_token_field("").value == "");
}

TEST_CASE("more addresses than the bound are said to be") {
  std::string value;
  for (int i = 0; i < 100; ++i) value += "a" + std::to_string(i) + "@x.example, ";
  CHECK(parse_addresses(value, 100).mailboxes.size() == 100);
  CHECK_FALSE(parse_addresses(value, 100).limit);
  CHECK(parse_addresses(value, 99).mailboxes.size() == 99);
  CHECK(parse_addresses(value, 99).limit);
  CHECK_FALSE(parse_addresses("", 0).limit);
  CHECK(parse_addresses("a@x.example", 0).limit);
}

TEST_CASE("an address over its bound is none, and said to be") {
  const AddressList list = parse_addresses(std::string(limits::address_bytes_max, 'a') + "@x.example, b@x.example", many);
  CHECK(shown(list) == "<b@x.example>");
  CHECK_FALSE(list.complete);
}

TEST_CASE("parameters beyond the bound are said to be") {
  std::string value = "text/plain";
  for (std::size_t i = 0; i <= limits::header_parameters_max; ++i) value += ";x" + std::to_string(i) + "=y";
  const ContentField field = parse_content_field(value);
  CHECK(field.parameters.size() == limits::header_parameters_max);
  CHECK(field.limit);
}

// Each of these took the square of its length in a reader that looks for the end of something again and again: at this size it
// would not end.
TEST_CASE("hostile values are read once") {
  constexpr std::size_t size = 200'000;
  for (const std::string_view piece : {"(",
                                       "((",
                                       "\"",
                                       "\\\"",
                                       "<",
                                       "<@",
                                       "<@,",
                                       "[",
                                       "@",
                                       "a@",
                                       ":",
                                       "a:",
                                       ",",
                                       ";",
                                       "=?",
                                       "=?a?q?",
                                       "=?a?q?b",
                                       "?=",
                                       "a@b",
                                       "a@b.",
                                       ".@",
                                       "<a@b",
                                       "()",
                                       "( ",
                                       "a ",
                                       "\"a\" ",
                                       "=?a?q?@?= ",
                                       "a@b ",
                                       "\\",
                                       "\xFF",
                                       "=?utf-8?b?/w==?=",
                                       "*",
                                       "a*=",
                                       "a*1=b;",
                                       "a=(",
                                       "a=\"",
                                       ";a",
                                       "=(;"}) {
    INFO(piece);
    const std::string value = repeated(piece, size / piece.size());
    check_bounded(value);
    check_bounded("\"" + value);
    check_bounded("(" + value + " x@y.example");
    CHECK(is_valid_utf8(decode_header(value)));
    CHECK(parse_content_field("text/plain;" + value).parameters.size() <= limits::header_parameters_max);
    CHECK(parse_message_ids(value, 10).size() <= 10);
  }
}

TEST_CASE("every address of foreign mail is found, and nearly all values are read to their end") {
  const auto files = tests::corpus_files("mail");
  if (files.empty()) {
    WARN("skipped: no mail of others at hand");
    return;
  }
  std::size_t values = 0, unread = 0;
  for (const std::filesystem::path& path : files) {
    const std::string folder = path.parent_path().filename();
    if (folder != "business" && folder != "sa-ham") continue;
    std::ifstream file(path, std::ios::binary);
    const Message message = parse_message({std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()});
    for (const Field& field : message.parts[0].fields) {
      const std::string name = ascii_lower(field.name);
      if (name != "from" && name != "to" && name != "cc" && name != "sender" && name != "reply-to") continue;
      const std::string_view raw = slice(message.bytes, field.value);
      INFO(path.string() << raw);
      const AddressList list = parse_addresses(raw, many);
      ++values;
      if (!list.complete) ++unread;
      check_bounded(raw);
    }
  }
  CHECK(values > 500);
  CHECK(unread * 100 <= values);
}

}  // namespace beadle::mail
