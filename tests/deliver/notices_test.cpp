#include "deliver/notices.h"

#include <map>

#include "base/limits.h"
#include "deliver/wording.h"
#include "helpers.h"

namespace beadle::deliver {
namespace {

std::string shown(const std::vector<mail::Mailbox>& mailboxes) {
  std::string out;
  for (const mail::Mailbox& mailbox : mailboxes) out += (out.empty() ? "" : ", ") + mailbox.name + " <" + mailbox.address + ">";
  return out;
}

/// A notice as its reader sees it: where it goes, its header decoded and sorted, its text. How that is folded and encoded is the builder's.
std::string shown(const store::Notice& notice) {
  const mail::Message message = mail::parse_message(notice.bytes);
  std::multimap<std::string, std::string> header;
  for (const mail::Field& field : message.parts.front().fields) {
    if (ascii_istarts_with(field.name, "Content-") || ascii_iequals(field.name, "MIME-Version")) continue;
    std::string value = message.header(field.name);
    if (field.name == "From") value = shown(message.from);
    if (field.name == "To") value = shown(message.to);
    header.emplace(field.name, value);
  }
  std::string out = "notice " + notice.kind + " about " + notice.held + " to " + notice.recipient + "\n\n";
  for (const auto& [name, value] : header) out += name + ": " + value + "\n";
  for (const mail::Text& text : message.texts) {
    if (!message.parts[static_cast<std::size_t>(text.part)].inside_original) out += "\n" + std::string(trimmed(without_cr(text.utf8))) + "\n";
  }
  if (notice.bytes.find(order_mail) != std::string::npos) out += "\n[the original is attached, as it came]\n";
  for (const mail::Defect& defect : message.defects) out += "defect: " + std::string(to_string(defect.kind)) + "\n";
  // The only part that differs from run to run.
  const std::size_t random = out.find("Message-ID: <") + 13;
  return out.replace(random, 32, "(random)");
}

std::string shown(const std::vector<store::Notice>& notices) {
  std::string out;
  for (const store::Notice& notice : notices) out += (out.empty() ? "" : "\n==========\n") + shown(notice);
  return out;
}

std::vector<std::string> recipients_of(const std::vector<store::Notice>& notices) {
  std::vector<std::string> out;
  for (const store::Notice& notice : notices) out.push_back(notice.recipient);
  return out;
}

std::string text_of(const store::Notice& notice) {
  const mail::Message message = mail::parse_message(notice.bytes);
  REQUIRE_FALSE(message.texts.empty());
  return message.texts.front().utf8;
}

}  // namespace

TEST_CASE("every kind of notice, whole") {
  const NoticeWriter notices = writer();
  const auto check = [](const std::string& name, const std::vector<store::Notice>& written) {
    check_against(data_directory + "/notices/" + name + ".txt", shown(written));
  };
  check("held", notices_on_hold(notices, an_arrival()));
  check("released", notices.on_released(a_held(), at(3600)));
  check("returned", notices.on_returned(a_held(), "Sam Reed", "Please let me place this order.\n\nIt is resolution 114.\n", at(3600)));
  check("withdrawn", notices.on_withdrawn(a_held(), "Sam Reed", "She rang.", at(3600)));
  check("refused", notices.on_refused(a_held(), {{"orders@quay.example", store::Store::Delivery::Outcome::refused, "550 5.1.1 No such user"}}, at(3600)));
}

TEST_CASE("a hold for want of a disclosure says so; without a finding a person looks") {
  inspect::Verdict verdict = a_hold();
  verdict.findings.front().mode = inspect::Mode::observe;
  verdict.findings.back().action = inspect::Action::annotate;
  verdict.uneditable = "signed";
  const std::string text = shown_findings(verdict, {});
  CHECK(text.find("Councillors do not place orders") == std::string::npos);
  CHECK(text.find("1. Copies are shown.") == 0);
  CHECK(text.find("cannot be changed safely") != std::string::npos);
  CHECK(shown_clauses(verdict) == "marram/2-copies");
  CHECK(shown_findings({}, {}) == "A reviewer has to look at it before it goes out.");
}

TEST_CASE("reviewers are told nothing of the content") {
  for (const store::Notice& notice : notices_on_hold(writer(), an_arrival())) {
    if (notice.kind != "held-reviewer") continue;
    const std::string seen = shown(notice);
    for (const char* secret : {"fence", "Fence", "Gull Lane", "go ahead", "quay.example", "fence-1", "Pike"}) CHECK(seen.find(secret) == std::string::npos);
  }
}

TEST_CASE("reviewers are told once each, and not about their own mail") {
  const NoticeWriter notices = writer({"sam.reed@marram.example", "Sam.Reed@marram.example", "broken", "tess.orme@marram.example"});
  CHECK(recipients_of(notices_on_hold(notices, an_arrival())) ==
        std::vector<std::string>{"nell.barrow@marram.example", "sam.reed@marram.example", "tess.orme@marram.example"});
  intake::Arrival by_clerk = an_arrival();
  by_clerk.envelope.sender = "clerk@marram.example";  // Sam Reed's other address
  CHECK(recipients_of(notices_on_hold(notices, by_clerk)) == std::vector<std::string>{"clerk@marram.example", "tess.orme@marram.example"});
  intake::Arrival as_clerk = an_arrival();
  as_clerk.envelope.sender = "";
  as_clerk.bytes = crlf("From: clerk@marram.example\n\nText\n");
  CHECK(recipients_of(notices_on_hold(notices, as_clerk)) == std::vector<std::string>{"tess.orme@marram.example"});
}

TEST_CASE("automatic mail is answered neither on hold nor later") {
  store::Held held = a_held();
  held.bytes = "Auto-Submitted: auto-generated\r\n" + order_mail;
  const NoticeWriter notices = writer();
  CHECK(notices.on_released(held, at(1)).empty());
  CHECK(notices.on_returned(held, "Sam", "No.", at(1)).empty());
  CHECK(notices.on_withdrawn(held, "Sam", "", at(1)).empty());
  CHECK(recipients_of(notices.on_refused(held, {}, at(1))) == std::vector<std::string>{"sam.reed@marram.example", "tess.orme@marram.example"});
  held = a_held();
  held.envelope.sender = "eve@else.example";
  CHECK(notices.on_released(held, at(1)).empty());
}

TEST_CASE("a notice is never answered by a notice") {
  const NoticeWriter notices = writer();
  for (const store::Notice& notice : notices_on_hold(notices, an_arrival())) {
    intake::Arrival again = an_arrival();
    again.bytes = notice.bytes;
    for (const store::Notice& other : notices_on_hold(notices, again)) CHECK(other.kind == "held-reviewer");
  }
}

TEST_CASE("subjects, names and ids cannot inject fields") {
  const std::string evil = "Hello\r\nBcc: eve@else.example\r\nX-Evil: 1\r\n\r\nBody\0\x7f\x1b[31m";
  store::Held held = a_held();
  held.subject = evil;
  held.from = evil;
  held.message_id = evil;
  held.envelope.recipients = {evil};
  held.bytes = crlf("From: nell.barrow@marram.example\nMessage-ID: <a@b.example>\n\nText\n");
  const NoticeWriter odd(notice_settings("mail-review@marram.example\r\nBcc: eve@else.example", {"sam.reed@marram.example", "x@marram.example\nBcc: y"},
                                         "gate\r\nBcc: eve@else.example", "Marram\r\nBcc: eve@else.example\r\n"),
                         shipped_templates(), town());
  std::vector<store::Notice> all = odd.on_returned(held, evil, evil, at(1));
  for (auto& notice : odd.on_refused(held, {{evil, store::Store::Delivery::Outcome::refused, evil}}, at(1))) all.push_back(std::move(notice));
  REQUIRE(all.size() == 3);
  for (const store::Notice& notice : all) {
    const mail::Message message = mail::parse_message(notice.bytes);
    CHECK_FALSE(message.has_header("Bcc"));
    CHECK_FALSE(message.has_header("X-Evil"));
    CHECK(message.to.size() == 1);
    CHECK(message.from.size() == 1);
    CHECK(message.from.front().address == "postmaster@marram.example");
    CHECK(message.message_id.ends_with("@marram.example"));
    CHECK(text_of(notice).find('\x1b') == std::string::npos);
  }
}

TEST_CASE("a strange message id is not repeated") {
  intake::Arrival arrival = an_arrival();
  arrival.bytes = crlf("From: nell.barrow@marram.example\nMessage-ID: <" + std::string(600, 'x') + "@y.example>\n\nText\n");
  const auto notices = notices_on_hold(writer(), arrival);
  CHECK_FALSE(mail::parse_message(notices.front().bytes).has_header("In-Reply-To"));
}

TEST_CASE("message ids are never the same and notices are bounded") {
  intake::Arrival arrival = an_arrival();
  arrival.envelope.recipients.assign(5000, "somebody.with.a.long.name@quay.example");
  inspect::Verdict verdict = a_hold();
  verdict.findings.front().evidence.assign(50, {"1", "own", std::string(100'000, 'x')});
  verdict.findings.assign(50, verdict.findings.front());
  const auto first = notices_on_hold(writer(), arrival, verdict);
  const auto second = notices_on_hold(writer(), arrival, verdict);
  CHECK(mail::parse_message(first.front().bytes).message_id != mail::parse_message(second.front().bytes).message_id);
  CHECK(first.front().bytes.size() < 20'000);
  const std::string text = text_of(first.front());
  CHECK(text.find("4990 more") != std::string::npos);
  CHECK(text.find("There are more such places.") != std::string::npos);
  CHECK(text.find("There are more reasons") != std::string::npos);
}

TEST_CASE("a mail too large to attach is returned without") {
  store::Held held = a_held();
  held.bytes = order_mail + std::string(limits::notice_attachment_bytes_max, 'x');
  const auto notices = writer().on_returned(held, "Sam Reed", "No.", at(1));
  REQUIRE(notices.size() == 1);
  CHECK(notices.front().bytes.size() < 20'000);
  CHECK(text_of(notices.front()).find("too large to be attached") != std::string::npos);
}

TEST_CASE("times are those of a clock on a wall in the United Kingdom") {
  CHECK(shown_time(at(0)) == "24 November 2026 at 14:03");
  CHECK(shown_time(from_ms(1774745999'000)) == "29 March 2026 at 00:59");     // a second before summer time
  CHECK(shown_time(from_ms(1774746000'000)) == "29 March 2026 at 02:00");
  CHECK(shown_time(from_ms(1792889999'000)) == "25 October 2026 at 01:59");   // a second before winter time
  CHECK(shown_time(from_ms(1792890000'000)) == "25 October 2026 at 01:00");
  CHECK(shown_time(from_ms(1782864000'000)) == "1 July 2026 at 01:00");
}

TEST_CASE("strangers' text is made printable and short") {
  CHECK(one_line("a \t\r\n  b\x1b[0m", 100) == "a b [0m");
  CHECK(one_line("\xe2\x80\xae" "evil", 100) == "evil");
  CHECK(one_line(std::string(1000, 'x'), 10).size() <= 10);
  CHECK(shown_words("  one  \r\ntwo\x07\n\n") == "one\ntwo");
}

TEST_CASE("when time is up, who is asked hears the subject, and reviewers do not") {
  const NoticeWriter notices = writer({"sam.reed@marram.example", "tess.orme@marram.example"});
  const store::Reminder reminder = a_reminder();
  const auto told = notices.on_due(reminder, at(0));
  CHECK(recipients_of(told) == std::vector<std::string>{"sam.reed@marram.example", "tess.orme@marram.example"});
  REQUIRE(told.size() == 2);  // the clerk is asked and reviews: one notice
  CHECK(told[0].kind == "due-asked");
  CHECK(text_of(told[1]).find("lease") == std::string::npos);
  check_against(data_directory + "/notices/due.txt", shown(told));
}

TEST_CASE("of a report, the groups that were not told are named") {
  store::Reminder reminder = a_reminder();
  reminder.untold = {"Blue", "Green"};
  const auto told = writer().on_due(reminder, at(0));
  CHECK(text_of(told[0]).find("Not told yet: Blue, Green") != std::string::npos);
  CHECK(text_of(told[1]).find("Not told yet: Blue, Green") != std::string::npos);
}

TEST_CASE("a notice of time that is up is bounded, whatever stands in the reminder") {
  store::Reminder reminder = a_reminder();
  reminder.subject = "a\r\nBcc: x@y.example " + std::string(10'000, 'x');
  reminder.asked.assign(1000, "sam.reed@marram.example");
  for (int i = 0; i < 1000; ++i) reminder.asked.push_back("officer" + std::to_string(i) + "@marram.example");
  const auto told = writer().on_due(reminder, at(0));
  CHECK(told.size() <= limits::notice_recipients_most);
  const mail::Message message = mail::parse_message(told.front().bytes);
  CHECK_FALSE(message.has_header("Bcc"));
  CHECK(told.front().bytes.size() < 10'000);
}

TEST_CASE("a notice words a clause as the page behind its link does, with its place first and its id at the end") {
  rules::Catalogue catalogue;
  rules::Paragraph paragraph;
  paragraph.clause = "marram/7";
  paragraph.place = "Orders, paragraph 7";
  paragraph.asks = "Councillors place no orders, unless they have authority for it.";
  catalogue.paragraphs = {paragraph};
  const std::string line = "1. Orders, paragraph 7: Councillors place no orders, unless they have authority for it. (Clause: marram/7-orders)\n";
  CHECK(shown_findings(a_hold(), {catalogue}).find(line) == 0);
  NoticeSettings settings = notice_settings("mail-review@marram.example", {"sam.reed@marram.example"}, "gate.marram.example", "Marram Town Council");
  settings.catalogues = {catalogue};
  const NoticeWriter notices(settings, shipped_templates(), town());
  const auto written = notices_on_hold(notices, an_arrival());
  CHECK(without_cr(text_of(written.front())).find(line) != std::string::npos);
  CHECK(without_cr(text_of(written.front())).find("officers do.") == std::string::npos);
  // Where no catalogue has the clause, what the rule says stays.
  CHECK(shown_findings(a_hold(), {}).find("1. Councillors do not place orders; officers do. (Clause: marram/7-orders)\n") == 0);
}

TEST_CASE("a reviewer gets the link where there is a page, and commands only where there is none") {
  NoticeSettings settings = notice_settings("mail-review@marram.example", {"sam.reed@marram.example"}, "gate.marram.example", "Marram Town Council");
  const auto to_reviewer = [&] {
    const NoticeWriter notices(settings, shipped_templates(), town());
    const auto written = notices_on_hold(notices, an_arrival());
    REQUIRE(written.back().kind == "held-reviewer");
    return without_cr(text_of(written.back()));
  };
  const std::string at_terminal = to_reviewer();
  for (const char* command : {"held show", "held release", "held return", "held list"}) CHECK(at_terminal.find(std::string("  beadle ") + command) != std::string::npos);
  settings.page_url = "https://review.marram.example";
  const std::string in_browser = to_reviewer();
  CHECK(in_browser.find("decide about it:\n  https://review.marram.example/held/01k4vwqf7nc2r8m0d5t3xyz9ab\n") != std::string::npos);
  CHECK(in_browser.find("  beadle ") == std::string::npos);
  CHECK(in_browser.find("{{") == std::string::npos);
}

}  // namespace beadle::deliver
