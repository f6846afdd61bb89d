// What the tests of deliver share: an invented council, mail that is held, a writer with the templates as shipped.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <vector>

#include "base/text.h"
#include "deliver/loop.h"
#include "deliver/notices.h"
#include "mail/message.h"
#include "store/store.h"

#include "catch.h"

namespace beadle::deliver {

inline const std::string data_directory = std::string(BEADLE_TEST_DATA) + "/deliver";

/// 2026-11-24T14:03:05Z and some seconds.
inline Time at(std::int64_t seconds) { return from_ms(1795528985'000 + seconds * 1000); }

/// The value, or a failed test that says the error.
template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

inline std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// Compares with the file; with BEADLE_UPDATE=1 in the environment, writes it.
inline void check_against(const std::string& path, const std::string& text) {
  INFO(path);
  if (std::getenv("BEADLE_UPDATE") != nullptr) std::ofstream(path, std::ios::binary | std::ios::trunc) << text;
  CHECK(text == read_file(path));
}

inline std::shared_ptr<const people::Directory> town() {
  Problems problems;
  auto roster = people::parse_roster(read_file(data_directory + "/roster.toml"), "roster.toml", problems);
  INFO(to_string(problems));
  REQUIRE(roster);
  return std::make_shared<const people::Directory>(std::move(*roster));
}

inline Templates shipped_templates() {
  Problems problems;
  auto templates = load_templates(std::string(BEADLE_SOURCE_DIR) + "/config/notices", problems);
  INFO(to_string(problems));
  REQUIRE(templates);
  return *templates;
}

inline NoticeWriter writer(std::vector<std::string> reviewers = {"sam.reed@marram.example", "tess.orme@marram.example"}) {
  return NoticeWriter(notice_settings("mail-review@marram.example", reviewers, "gate.marram.example", "Marram Town Council"),
                      shipped_templates(), town());
}

inline std::string crlf(std::string_view text) {
  std::string out;
  for (const char c : text) out += c == '\n' ? std::string("\r\n") : std::string(1, c);
  return out;
}

inline std::string without_cr(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != '\r') out += c;
  }
  return out;
}

inline const std::string order_mail = crlf(
    "From: Nell Barrow <nell.barrow@marram.example>\n"
    "To: Quay Fencing <orders@quay.example>\n"
    "Subject: The fence at Gull Lane\n"
    "Message-ID: <fence-1@marram.example>\n"
    "Date: Tue, 24 Nov 2026 14:02:00 +0000\n"
    "\n"
    "Please go ahead, the council will pay.\n");

inline intake::Arrival an_arrival() {
  intake::Arrival arrival;
  arrival.door = "milter";
  arrival.envelope = {.sender = "nell.barrow@marram.example",
                      .recipients = {"orders@quay.example", "desmond.pike@marram.example"},
                      .login = "nell",
                      .smtputf8 = false,
                      .body = ""};
  arrival.bytes = order_mail;
  return arrival;
}

inline inspect::Verdict a_hold() {
  inspect::Verdict verdict;
  verdict.action = verdict.enforced = inspect::Action::hold;
  inspect::Finding binding;
  binding.clause = "marram/7-orders";
  binding.family = "member-obligation";
  binding.action = inspect::Action::hold;
  binding.says = "Councillors do not place orders; officers do.";
  binding.cure = "Ask the clerk to place the order.";
  binding.evidence = {{"1", "own", "Please go ahead, the council will pay."}};
  inspect::Finding copy;
  copy.clause = "marram/2-copies";
  copy.action = inspect::Action::flag;
  copy.says = "Copies are shown.";
  copy.evidence = {{"", "envelope", "desmond.pike@marram.example"}};
  verdict.findings = {binding, copy};
  return verdict;
}

inline store::Held a_held() {
  store::Held held;
  held.id = "01k4vwqf7nc2r8m0d5t3xyz9ab";
  held.envelope = an_arrival().envelope;
  held.sender = held.envelope.sender;
  held.recipients = held.envelope.recipients;
  held.from = "nell.barrow@marram.example";
  held.subject = "The fence at Gull Lane";
  held.message_id = "fence-1@marram.example";
  held.bytes = order_mail;
  held.received = at(0);
  return held;
}

inline store::Reminder a_reminder() {
  store::Reminder reminder;
  reminder.id = "01k4vwqf7nc2r8m0d5t3xyz9ab";
  reminder.clause = "marram/9-answers";
  reminder.says = "Councillors' enquiries are answered within 10 working days.";
  reminder.message_id = "lease-1@marram.example";
  reminder.subject = "The lease of the boathouse";
  reminder.writer = "nell.barrow@marram.example";
  reminder.asked = {"sam.reed@marram.example"};
  reminder.opened = at(0);
  reminder.due = at(14 * 24 * 3600);
  return reminder;
}

inline std::vector<store::Notice> notices_on_hold(const NoticeWriter& writer, const intake::Arrival& arrival,
                                                  const inspect::Verdict& verdict = a_hold()) {
  return writer.on_hold("01k4vwqf7nc2r8m0d5t3xyz9ab", arrival, mail::parse_message(arrival.bytes), verdict, at(0));
}

}  // namespace beadle::deliver
