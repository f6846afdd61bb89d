#include "smtp/extensions.h"

#include "base/limits.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

TEST_CASE("what a server offers is read from its reply to EHLO, and what is not known is left out") {
  const Extensions extensions = parse_extensions({"PIPELINING", "SIZE 10240000", "VRFY", "ETRN", "STARTTLS", "AUTH PLAIN LOGIN",
                                                  "AUTH=PLAIN LOGIN", "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8",
                                                  "CHUNKING", "XFORWARD NAME ADDR PROTO HELO SOURCE PORT IDENT"});
  Extensions wanted;
  wanted.pipelining = wanted.eight_bit_mime = wanted.smtputf8 = wanted.dsn = wanted.enhanced_codes = wanted.starttls = true;
  wanted.size = true;
  wanted.size_bytes = 10240000;
  wanted.auth = {"PLAIN", "LOGIN"};
  wanted.xforward = {"NAME", "ADDR", "PROTO", "HELO", "SOURCE", "PORT", "IDENT"};
  CHECK((extensions == wanted));
  CHECK((parse_extensions({}) == Extensions{}));
}

TEST_CASE("odd offers") {
  SECTION("letters of either case, blanks") {
    const Extensions extensions = parse_extensions({"  pipelining ", "size   5", "Auth  plain", "xforward name"});
    CHECK(extensions.pipelining);
    CHECK(extensions.size_bytes == 5);
    CHECK(extensions.auth == std::vector<std::string>{"PLAIN"});
    CHECK(extensions.xforward == std::vector<std::string>{"NAME"});
  }
  SECTION("no number, or none that fits, is no bound") {
    for (const char* line : {"SIZE", "SIZE 0", "SIZE x", "SIZE -1", "SIZE 99999999999999999999", "SIZE 1x"}) {
      const Extensions extensions = parse_extensions({line});
      CHECK(extensions.size);
      CHECK(extensions.size_bytes == 0);
    }
    CHECK(parse_extensions({"SIZE 18446744073709551615"}).size_bytes == UINT64_MAX);
  }
  SECTION("no keyword is taken for another that begins with it") {
    CHECK((parse_extensions({"8BITMIMEX", "SIZEX 5", "PIPELINING2", "DSN-1", "", " ", "\xff\xfe"}) == Extensions{}));
  }
  SECTION("what is told twice counts once, what is no mechanism or attribute never, and not without end") {
    CHECK(parse_extensions({"AUTH PLAIN", "AUTH PLAIN LOGIN PL\xc3\x84IN =X"}).auth ==
          std::vector<std::string>{"PLAIN", "LOGIN"});
    CHECK(parse_extensions({"XFORWARD NAME NAME SHOE ADDR"}).xforward == std::vector<std::string>{"NAME", "ADDR"});
    std::string line = "AUTH";
    for (int i = 0; i < 1000; ++i) line += " M" + std::to_string(i);
    CHECK(parse_extensions({line}).auth.size() == limits::smtp_auth_mechanisms_max);
  }
}

TEST_CASE("a reply on the wire") {
  CHECK(to_wire({250, {"2.0.0 Ok"}}) == "250 2.0.0 Ok\r\n");
  CHECK(to_wire({250, {"mail.harbridge.example", "PIPELINING", "DSN"}}) ==
        "250-mail.harbridge.example\r\n250-PIPELINING\r\n250 DSN\r\n");
  CHECK(to_wire({250, {""}}) == "250\r\n");
  CHECK(to_wire({250, {"", ""}}) == "250-\r\n250\r\n");
}

TEST_CASE("a reply cannot become two, nor more than a line holds") {
  CHECK(to_wire({550, {"5.7.1 No\r\n250 2.0.0 Ok"}}) == "550 5.7.1 No  250 2.0.0 Ok\r\n");
  CHECK(to_wire({550, {std::string("a\0b\x1b[31m\x7f\n", 10)}}) == "550 a b [31m  \r\n");
  CHECK(to_wire({550, {"Ren\xc3\xa9 \xff"}}) == "550 Ren? ?\r\n");
  const std::string long_line = to_wire({550, {std::string(5000, 'x')}});
  CHECK(long_line.size() == 512);
  CHECK(long_line.ends_with("xxx...\r\n"));
  CHECK(to_wire({550, {std::string(506, 'x')}}).ends_with("xxx\r\n"));
}

TEST_CASE("our own words as a reply") {
  CHECK((reply("550 5.7.1 Refused") == Reply{550, {"5.7.1 Refused"}}));
  CHECK((reply("354") == Reply{354, {""}}));
  CHECK(reply("250 2.0.0 Ok").positive());
  CHECK_FALSE(reply("354 Go on").positive());
}

TEST_CASE("a reply in one line") {
  CHECK(to_words({550, {"5.7.1 Refused", "ask the office"}}) == "550 5.7.1 Refused; ask the office");
  CHECK(to_words({550, {"5.7.1 Refused", "5.7.1 ask the office", "5.7.0 please"}}) ==
        "550 5.7.1 Refused; ask the office; 5.7.0 please");
  CHECK(to_words({550, {"", "5.7.1", "x\x1by"}}) == "550 5.7.1; x y");
  CHECK(to_words({250, {""}}) == "250");
  CHECK(to_words({250, {"Ren\xc3\xa9"}}) == "250 Ren\xc3\xa9");
  CHECK(to_words({550, std::vector<std::string>(200, std::string(500, 'x'))}).size() == limits::smtp_reply_words_bytes_max);
}
