// Names, dates and sets of UIDs; and that nothing is kept of what a server only announces.
#include <algorithm>

#include "base/text.h"
#include "catch.h"
#include "imap/events.h"
#include "imap/folder_name.h"
#include "imap/machine.h"
#include "imap/response_reader.h"

using namespace beadle;
using namespace beadle::imap;

TEST_CASE("names of folders in modified UTF-7") {
  // RFC 3501 §5.1.3 has the second as its example.
  const std::pair<const char*, const char*> names[] = {{"Sent Items", "Sent Items"},
                                                       {"~peter/mail/\u53f0\u5317/\u65e5\u672c\u8a9e", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"},
                                                       {"Tom & Jerry", "Tom &- Jerry"},
                                                       {"Anfonwyd \u0174", "Anfonwyd &AXQ-"},
                                                       {"\U0001F4E8", "&2D3c6A-"},
                                                       {"", ""}};
  for (const auto& [utf8, wire] : names) {
    CHECK(to_wire_name(utf8) == wire);
    CHECK(from_wire_name(wire) == utf8);
  }
  for (const char* broken : {"&", "&AXQ", "&A-", "&2D0-", "&3ED-", "&=-", "a&AXR-"}) CHECK(from_wire_name(broken) == broken);
  // A name cannot end a line or a string.
  CHECK(quoted_string(to_wire_name("a\r\nb3 LOGOUT")) == "\"a&AA0ACg-b3 LOGOUT\"");
  CHECK(quoted_string(to_wire_name("say \"x\\y\"")) == "\"say \\\"x\\\\y\\\"\"");
}

TEST_CASE("whatever a server calls a folder, what is asked for then is one line of ASCII") {
  using namespace std::string_view_literals;
  for (const std::string_view wire : {"a\r\nb9 DELETE INBOX"sv, "a\0b"sv, "&AAoADQ-x"sv, "caf\xe9"sv, "&2AA-"sv, "&!!-"sv, "\x1b[2J"sv, "\"a\" \"b"sv, "\xff\xfe"sv}) {
    const std::string asked = quoted_string(to_wire_name(from_wire_name(wire)));
    INFO(asked);
    CHECK(std::all_of(asked.begin(), asked.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
    CHECK(is_valid_utf8(from_wire_name(wire)));
  }
}

TEST_CASE("dates of messages") {
  CHECK(to_rfc3339(internal_date_from("17-Jul-1996 02:44:25 -0700").value()) == "1996-07-17T09:44:25Z");
  CHECK(to_rfc3339(internal_date_from(" 1-jan-2026 00:00:00 +0100").value()) == "2025-12-31T23:00:00Z");
  CHECK(to_rfc3339(internal_date_from("1-Jan-2026 00:00:00 +0000").value()) == "2026-01-01T00:00:00Z");
  for (const char* broken : {"", "17-Jul-1996", "31-Feb-2026 00:00:00 +0000", "01-Jan-2026 24:00:00 +0000", "01-Foo-2026 00:00:00 +0000",
                             "01-Jan-2026 00:00:00 0000 ", "01-Jan--026 00:00:00 +0000", "aa-Jan-2026 00:00:00 +0000"}) {
    INFO(broken);
    CHECK_FALSE(internal_date_from(broken));
  }
  const Time time = internal_date_from("09-Mar-2026 10:00:07 +0000").value();
  CHECK(to_internal_date(time) == "09-Mar-2026 10:00:07 +0000");
}

TEST_CASE("sets of UIDs") {
  CHECK(uid_set({}).empty());
  CHECK(uid_set({3}) == "3");
  CHECK(uid_set({3, 4, 5, 7, 9, 10}) == "3:5,7,9:10");
  CHECK(uid_set({4294967294u, 4294967295u}) == "4294967294:4294967295");
}

TEST_CASE("a whole message comes through with every byte, in whatever pieces") {
  std::string body;
  for (int i = 0; i < 256; ++i) body += static_cast<char>(i);
  body += "\r\nb1 OK injected\r\n* BYE)\r\n";
  const std::string said = "* 5 FETCH (UID 7 BODY[]<0> {" + std::to_string(body.size()) + "}\r\n" + body + " FLAGS (\\Seen))\r\nb1 OK done\r\n";
  for (const std::size_t piece : {1, 2, 13, 100'000}) {
    Machine machine;
    machine.fetch_bodies({7});
    std::vector<Event> events;
    for (std::size_t at = 0; at < said.size(); at += piece) {
      machine.feed(std::string_view(said).substr(at, piece));
      while (auto event = machine.next_event()) events.push_back(std::move(*event));
    }
    REQUIRE(events.size() == 2);
    CHECK(std::get<Item>(events[0]).body == body);
    CHECK(std::get<Completed>(events[1]).status == Completed::Status::ok);
    CHECK_FALSE(machine.busy());
  }
}

TEST_CASE("bounds hold to the byte") {
  const auto problem_of = [](std::string_view bytes) {
    ResponseReader reader;
    reader.set_bounds(50, 100);
    reader.add(bytes);
    while (reader.next()) {
    }
    return reader.problem();
  };
  const std::string line = "* FLAGS (" + std::string(50 - 12, 'x') + ")\r\n";
  REQUIRE(line.size() == 50);
  CHECK(problem_of(line).empty());
  CHECK(problem_of("*" + line) == "a line that is too long");
  CHECK(problem_of(std::string(51, 'x')) == "a line that is too long");
  CHECK(problem_of("* LIST () \"/\" {100}\r\n" + std::string(100, 'x') + "\r\n") == "");
  CHECK(problem_of("* LIST () \"/\" {101}\r\n") == "a literal that is too long");
  // Literals of one response count together, those of two do not.
  const std::string half = "{60}\r\n" + std::string(60, 'x');
  CHECK(problem_of("* LIST () \"/\" " + half + " {41}\r\n") == "a literal that is too long");
  CHECK(problem_of("* LIST () \"/\" " + half + "\r\n* LIST () \"/\" " + half + "\r\n") == "");
  CHECK(problem_of("* LIST () \"/\" {99999999999999999999999}\r\n") == "a literal that is too long");
}
