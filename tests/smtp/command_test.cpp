// Each row of tests/data/smtp/paths.tsv is MAIL or RCPT as a client says it, and what it becomes.
#include "smtp/command.h"

#include "base/limits.h"
#include "base/text.h"
#include "mail/tables.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

std::string outcome(const std::string& verb, const ParsedPath& parsed) {
  return parsed.command ? to_command(verb, *parsed.command) : to_words(parsed.refusal);
}

Extensions all() { return parse_extensions({"SIZE", "8BITMIME", "SMTPUTF8", "DSN"}); }

}  // namespace

TEST_CASE("MAIL and RCPT as clients say them") {
  const auto rows = mail::rows_of_file(BEADLE_TEST_DATA "/smtp/paths.tsv");
  REQUIRE(rows.size() >= 80);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 4);
    INFO(row[0] << " " << row[1] << " [" << row[2] << "]");
    std::vector<std::string> offers;
    for (const std::string_view word : split(row[2], ' ')) offers.emplace_back(word);
    const Extensions offered = row[2] == "all" ? all() : parse_extensions(offers);
    if (row[0] == "MAIL") {
      CHECK(outcome("MAIL", parse_mail(row[1], offered)) == row[3]);
    } else {
      CHECK(outcome("RCPT", parse_rcpt(row[1], offered, row[0] == "RCPT utf8")) == row[3]);
    }
  }
}

TEST_CASE("addresses and values have bounds") {
  const std::string domain = "@x.example";
  const std::string longest(limits::address_bytes_max - domain.size(), 'a');
  CHECK(parse_rcpt("<" + longest + domain + ">", {}, false).command);
  CHECK_FALSE(parse_rcpt("<a" + longest + domain + ">", {}, false).command);
  CHECK(parse_mail("<a@" + std::string(255, 'x') + ">", {}).command);
  CHECK_FALSE(parse_mail("<a@" + std::string(256, 'x') + ">", {}).command);
  CHECK(parse_mail("<> ENVID=" + std::string(100, 'x'), all()).command);
  CHECK_FALSE(parse_mail("<> ENVID=" + std::string(101, 'x'), all()).command);
  CHECK(parse_rcpt("<a@b> ORCPT=rfc822;" + std::string(493, 'x'), all(), false).command);
  CHECK_FALSE(parse_rcpt("<a@b> ORCPT=rfc822;" + std::string(494, 'x'), all(), false).command);
}

TEST_CASE("every byte in an address") {
  for (int byte = 0; byte < 256; ++byte) {
    const std::string inside = std::string("x") + static_cast<char>(byte) + "y";
    const bool is_atom =
        byte == '.' ||
        (byte > ' ' && byte < 0x7F && std::string_view("\"(),:;<>@[\\]").find(static_cast<char>(byte)) == std::string_view::npos);
    INFO(byte);
    CHECK(parse_rcpt("<" + inside + "@b.example>", {}, true).command.has_value() == is_atom);
    const bool is_quotable = byte >= ' ' && byte < 0x7F && byte != '"' && byte != '\\';
    CHECK(parse_rcpt("<\"" + inside + "\"@b.example>", {}, true).command.has_value() == (is_quotable || byte == '\\'));
    const bool is_host = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                         byte == '-' || byte == '_' || byte == '.';
    CHECK(parse_rcpt("<a@" + inside + ">", {}, true).command.has_value() == is_host);
  }
}

TEST_CASE("a parameter is found by its keyword") {
  const auto parsed = parse_mail("<a@b> size=10 smtputf8", all());
  REQUIRE(parsed.command);
  REQUIRE(parsed.command->parameter("SIZE") != nullptr);
  CHECK(*parsed.command->parameter("SIZE") == "10");
  CHECK(*parsed.command->parameter("SMTPUTF8") == "");
  CHECK(parsed.command->parameter("BODY") == nullptr);
}

TEST_CASE("XFORWARD attributes") {
  using Attributes = std::vector<std::pair<std::string, std::string>>;
  CHECK((parse_xforward("NAME=spike.example ADDR=192.0.2.2 proto=ESMTP") ==
         Attributes{{"NAME", "spike.example"}, {"ADDR", "192.0.2.2"}, {"PROTO", "ESMTP"}}));
  CHECK(
      (parse_xforward("IDENT=a+2Bb+3dc+20d HELO=[UNAVAILABLE]") == Attributes{{"IDENT", "a+b=c d"}, {"HELO", "[UNAVAILABLE]"}}));
  CHECK((parse_xforward("HELO=j+C3+B6.example") == Attributes{{"HELO", "j\xc3\xb6.example"}}));
  for (const char* broken :
       {"", "NAME", "NAME=", "=x", "SHOE=43", "NAME=a NAME=b", "NAME=a  ADDR=b", "NAME=a=b", "NAME=a+", "NAME=a+4", "NAME=a+4G",
        "NAME=a+0D+0A", "NAME=a+00", "NAME=a+7F", "NAME=\xff", "NAME=a\tb", "NAME=+C3"}) {
    INFO(broken);
    CHECK_FALSE(parse_xforward(broken));
  }
  CHECK(parse_xforward("NAME=" + std::string(limits::smtp_xforward_value_bytes_max, 'x')));
  CHECK_FALSE(parse_xforward("NAME=" + std::string(limits::smtp_xforward_value_bytes_max + 1, 'x')));
}

TEST_CASE("a value as xtext comes back as it was") {
  CHECK(to_xtext("a+b=c d\xff\n") == "a+2Bb+3Dc+20d+FF+0A");
  std::string printable;
  for (char c = ' '; c < 0x7F; ++c) printable += c;
  const auto back = parse_xforward("NAME=" + to_xtext(printable));
  REQUIRE(back);
  CHECK(back->front().second == printable);
}

TEST_CASE("names for EHLO") {
  for (const std::string name : {"mail.harbridge.example", "localhost", "[192.0.2.1]", "[IPv6:2001:db8::1]", "under_score", "-"})
    CHECK(is_helo_name(name));
  CHECK(is_helo_name(std::string(255, 'x')));
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a\tb"), std::string("a\0b", 3),
                                  std::string("a\r"), std::string("j\xc3\xb6"), std::string("a\x7f"), std::string(256, 'x')})
    CHECK_FALSE(is_helo_name(name));
}
