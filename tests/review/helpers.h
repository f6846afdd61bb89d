// What the tests of review share: an invented council, mail that is held, people at desks.
#pragma once

#include <fstream>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "mail/message.h"
#include "people/directory.h"
#include "review/conflict.h"
#include "store/store.h"

#include "catch.h"

namespace beadle::review {

inline const std::string data_directory = std::string(BEADLE_TEST_DATA) + "/review";

/// 2026-11-24T14:03:05Z and some seconds.
inline Time at(std::int64_t seconds) { return from_ms(1795528985'000 + seconds * 1000); }

/// The value, or a failed test that says the error.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

template <class T>
Error failure(const Result<T>& result) {
  if (result) FAIL("expected an error");
  return result.error();
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

inline std::shared_ptr<const people::Directory> town() {
  static const std::shared_ptr<const people::Directory> made = [] {
    Problems problems;
    auto roster = people::parse_roster(read_file(data_directory + "/roster.toml"), "roster.toml", problems);
    INFO(to_string(problems));
    REQUIRE(roster);
    return std::make_shared<const people::Directory>(std::move(*roster));
  }();
  return made;
}

inline std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

/// A mail of Councillor Barrow to a fencing firm, as it is held.
inline store::Held held_mail(const std::string& text, std::vector<std::string> recipients = {"orders@quay.example"}) {
  store::Held held;
  held.id = "01k4vwqf7nc2r8m0d5t3xyz9ab";
  held.bytes = crlf(text);
  held.envelope.sender = "nell.barrow@marram.example";
  held.envelope.recipients = recipients;
  held.sender = held.envelope.sender;
  held.recipients = std::move(recipients);
  const mail::Message message = mail::parse_message(held.bytes);
  held.from = message.from.empty() ? held.sender : message.from.front().address;
  held.subject = message.subject;
  held.message_id = message.message_id;
  held.received = at(0);
  held.verdict_json = R"({"action": "hold", "footer": [], "findings": []})";
  return held;
}

inline const std::string fence_mail =
    "From: Nell Barrow <nell.barrow@marram.example>\n"
    "To: Quay Fencing <orders@quay.example>\n"
    "Subject: The fence at Gull Lane\n"
    "Message-ID: <fence-1@marram.example>\n"
    "Date: Tue, 24 Nov 2026 14:02:00 +0000\n"
    "\n"
    "Please go ahead, the council will pay.\n";

inline Actor sam() { return {"sam", "sam.reed@marram.example", {"reviewer"}}; }
inline Actor tess() { return {"tess", "tess.orme@marram.example", {"reviewer"}}; }

}  // namespace beadle::review
