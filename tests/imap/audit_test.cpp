// The audit against a mail server in memory: what is new, what never came by a door, what is found; failures, renumbering, crashes; and that nothing
// but reading is ever asked for.
#include "imap/audit.h"

#include <map>
#include <sstream>

#include "base/log.h"
#include "base/text.h"
#include "imap/bounds.h"
#include "imap/client.h"
#include "inspect/waiting.h"
#include "store/figures.h"
#include "store/seen_mail.h"

#include "imap/uid_set.h"

#include "catch.h"

namespace beadle::imap {
namespace {

const std::string jane = "councillor@council.example", olivia = "officer@council.example", stranger = "someone@elsewhere.example";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

struct Kept {
  std::uint32_t uid;
  std::string received, bytes;
  std::uint64_t said_size = 0;  // 0: the true one
};

/// A mailbox with one folder, "Sent Items".
struct Mailbox {
  std::vector<Kept> mails;
  std::uint32_t uid_validity = 7, uid_next = 1;
  bool special_use = true;
  std::string body_of_all;            // what is sent instead of each body, with "UID": hostile
  std::size_t hang_up_after = 1'000;  // commands
  std::vector<std::string> heard;     // of all connections

  void add(const std::string& bytes, const std::string& received = "01-Jan-2026 10:00:00 +0000") { mails.push_back({uid_next++, received, bytes}); }
};

class FakeServer : public Transport {
 public:
  explicit FakeServer(Mailbox& mailbox) : mailbox_(mailbox) {}

  Result<void> send(std::string_view bytes, net::Deadline) override {
    for (const std::string_view line : split(bytes, '\n')) {
      if (!trimmed(line).empty()) answer(std::string(trimmed(line)));
    }
    return {};
  }

  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline) override {
    if (said_.empty()) return std::size_t{0};
    const std::size_t count = said_.copy(buffer, std::min<std::size_t>(size, 100));
    said_.erase(0, count);
    return count;
  }

 private:
  void answer(const std::string& line) {
    if (mailbox_.heard.size() >= mailbox_.hang_up_after) return;
    const std::size_t blank = line.find(' ');
    const std::string tag = line.substr(0, blank), command = line.substr(blank + 1);
    mailbox_.heard.push_back(command);
    if (command.starts_with("CAPABILITY")) said_ += std::string("* CAPABILITY IMAP4rev1 LIST-EXTENDED") + (mailbox_.special_use ? " SPECIAL-USE" : "") + "\r\n";
    if (command.starts_with("LIST")) said_ += std::string("* LIST (") + (mailbox_.special_use ? "\\Sent" : "") + ") \"/\" \"Sent Items\"\r\n* LIST () \"/\" INBOX\r\n";
    if (command.starts_with("EXAMINE")) {
      said_ += "* " + std::to_string(mailbox_.mails.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(mailbox_.uid_validity) + "] x\r\n* OK [UIDNEXT " +
               std::to_string(mailbox_.uid_next) + "] x\r\n";
    }
    if (command.starts_with("UID SEARCH UID ")) {
      said_ += "* SEARCH";
      for (const Kept& mail : mailbox_.mails) said_ += is_in_set(mail.uid, command.substr(15)) ? " " + std::to_string(mail.uid) : "";
      said_ += "\r\n";
    }
    if (command.starts_with("UID FETCH ")) fetch(command.substr(10));
    said_ += tag + (command == "EXAMINE \"Gone\"" ? " NO [NONEXISTENT] there is no such folder\r\n" : " OK done\r\n");
  }

  void fetch(const std::string& rest) {
    const std::string set = rest.substr(0, rest.find(' '));
    for (const Kept& mail : mailbox_.mails) {
      if (!is_in_set(mail.uid, set)) continue;
      const std::string uid = std::to_string(mail.uid);
      if (rest.find("BODY.PEEK[]") != std::string::npos) {
        said_ += mailbox_.body_of_all.empty() ? "* 1 FETCH (UID " + uid + " BODY[]<0> {" + std::to_string(mail.bytes.size()) + "}\r\n" + mail.bytes + ")\r\n"
                                              : mailbox_.body_of_all;
      } else {
        const std::size_t at = mail.bytes.find("Message-ID:");
        const std::string header = at == std::string::npos ? "\r\n" : mail.bytes.substr(at, mail.bytes.find("\r\n", at) + 2 - at) + "\r\n";
        said_ += "* 1 FETCH (UID " + uid + " FLAGS () INTERNALDATE \"" + mail.received + "\" RFC822.SIZE " +
                 std::to_string(mail.said_size == 0 ? mail.bytes.size() : mail.said_size) + " BODY[HEADER.FIELDS (MESSAGE-ID)]<0> {" +
                 std::to_string(header.size()) + "}\r\n" + header + ")\r\n";
      }
    }
  }

  Mailbox& mailbox_;
  std::string said_;
};

std::string mail_of(const std::string& from, const std::string& to, const std::string& text, const std::string& id, const std::string& more = "") {
  return "From: " + from + "\r\nTo: " + to + "\r\n" + more + (id.empty() ? "" : "Message-ID: <" + id + ">\r\n") + "Subject: The gate\r\n\r\n" + text + "\r\n";
}

class Town {
 public:
  Town() : policy_(std::make_shared<const inspect::Policy>(tests::waiting_policy())), store_(must(store::Store::open(":memory:", now))) {}

  void came_by(const std::string& id, const char* day = "2025-12-15") { must(must(store::SeenMail::open(store_)).add({id}, *day_from(day))); }

  MailboxOutcome audit(Mailbox& mailbox, bool journal = false) { return audit(mailbox, {journal ? "INBOX" : "\\Sent"}, journal); }

  MailboxOutcome audit(Mailbox& mailbox, const std::vector<std::string>& folders, bool journal) {
    const AuditedMailbox audited{.name = "jane at mail.example", .login = {}, .folders = folders, .journal = journal,
                                 .own_address = "journal@council.example", .problem = ""};
    const AuditTools tools{.store = store_, .policy = [this] { return policy_; }, .documents = nullptr, .now = [this] { return now; },
                           .connect = [&](const Login&) -> Result<std::unique_ptr<Transport>> { return std::unique_ptr<Transport>(new FakeServer(mailbox)); },
                           .stop = nullptr};
    return audit_mailbox(audited, std::nullopt, tools);
  }

  std::vector<std::string> audited() {
    std::vector<std::string> details;
    for (const store::AuditRow& row : must(store_.audit_rows(1, 10'000))) {
      if (row.act == "audited") details.push_back(row.detail);
    }
    return details;
  }

  std::int64_t counted(const std::string& clause) {
    std::int64_t sum = 0;
    for (const store::WeekRow& row : must(store::Figures(store_).weeks(*day_from("2025-12-01"), *day_from("2026-02-01")))) {
      if (row.action == "audited" && row.clause == clause) sum += row.count;
    }
    return sum;
  }

  store::Cursor cursor() {
    const auto all = must(store::Cursors(store_).all());
    REQUIRE(all.size() == 1);
    return all.front();
  }

  Time now = *time_from("2026-01-10T10:00:00Z");
  store::Store& store() { return store_; }

 private:
  std::shared_ptr<const inspect::Policy> policy_;
  store::Store store_;
};

/// "new findings never without-id too-old too-large problem"
std::string shown(const MailboxOutcome& one) {
  std::string out;
  for (const std::int64_t number : {one.fresh, one.findings, one.never_seen, one.without_id, one.too_old, one.too_large}) out += std::to_string(number) + " ";
  return out + one.problem;
}

}  // namespace

TEST_CASE("what never came by a door is counted and inspected, the rest is left to the door") {
  Town town;
  town.came_by("one@x");
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));   // a breach, but the door has dealt with it
  mailbox.add(mail_of(jane, olivia, "Hello", "two@x"));      // went past it
  mailbox.add(mail_of(jane, stranger, "secret", "three@x"));  // and so did a breach
  CHECK(shown(town.audit(mailbox)) == "3 1 2 0 0 0 ");
  REQUIRE(town.audited().size() == 1);
  const std::string detail = town.audited().front();
  CHECK(detail.find("\"mailbox\":\"jane at mail.example\"") != std::string::npos);
  CHECK(detail.find("\"uid\":\"7:3\"") != std::string::npos);
  CHECK(detail.find("this client records no Bcc") != std::string::npos);
  for (const char* content : {"secret", "three@x", "The gate", "someone"}) CHECK(detail.find(content) == std::string::npos);
  CHECK(town.counted("") == 2);
  // What the door judged is not even fetched.
  for (const std::string& command : mailbox.heard) CHECK((command.find("BODY.PEEK[]") == std::string::npos || command.starts_with("UID FETCH 2:3 ")));
}

TEST_CASE("nothing but reading is asked for") {
  Town town;
  Mailbox mailbox;
  for (int i = 0; i < 5; ++i) mailbox.add(mail_of(jane, stranger, "secret", std::to_string(i) + "@x"));
  town.audit(mailbox);
  for (const std::string& command : mailbox.heard) {
    INFO(command);
    const bool reads = command == "CAPABILITY" || command == "LOGOUT" || command.starts_with("LIST ") || command.starts_with("EXAMINE ") ||
                       command.starts_with("UID SEARCH ") || (command.starts_with("UID FETCH ") && command.find("BODY[") == std::string::npos);
    CHECK(reads);
  }
  CHECK(mailbox.heard.back() == "LOGOUT");
}

TEST_CASE("the next pass looks at what is new, and nowhere else") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
  mailbox.heard.clear();
  CHECK(shown(town.audit(mailbox)) == "0 0 0 0 0 0 ");
  for (const std::string& command : mailbox.heard) CHECK_FALSE(command.starts_with("UID"));
  mailbox.add(mail_of(jane, stranger, "secret", "two@x"));
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
  CHECK(town.audited().size() == 2);
  CHECK(town.cursor().messages == 2);
  CHECK(town.cursor().uid == 2);
}

TEST_CASE("a renumbered folder is looked at from its beginning, and nothing is noted twice") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  mailbox.add(mail_of(jane, stranger, "secret", "two@x"));
  town.audit(mailbox);
  mailbox.uid_validity = 8;
  mailbox.uid_next = 1;
  for (Kept& mail : mailbox.mails) mail.uid = mailbox.uid_next++;
  mailbox.add(mail_of(jane, stranger, "secret", "three@x"));
  set_log(LogLevel::error, false);
  CHECK(shown(town.audit(mailbox)) == "3 1 3 0 0 0 ");
  set_log(LogLevel::info, false);
  CHECK(town.audited().size() == 3);
  CHECK(town.cursor().messages == 3);
  CHECK(town.cursor().never_seen == 3);
}

TEST_CASE("mail from before it is known what came by is passed over") {
  Town town;
  town.came_by("some@x", "2026-01-01");
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "old@x"), "01-Jan-2026 23:59:59 +0000");
  mailbox.add(mail_of(jane, stranger, "secret", "new@x"), "02-Jan-2026 00:00:00 +0000");
  CHECK(shown(town.audit(mailbox)) == "2 1 1 0 1 0 ");
}

TEST_CASE("what was sent just now is left for the next pass, since the door may not have written it down") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  mailbox.add(mail_of(jane, stranger, "secret", "two@x"), "10-Jan-2026 09:50:00 +0000");
  mailbox.add(mail_of(jane, stranger, "secret", "three@x"));
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
  CHECK(shown(town.audit(mailbox)) == "0 0 0 0 0 0 ");
  town.came_by("two@x", "2026-01-09");
  town.now += std::chrono::minutes(6);
  CHECK(town.store().counts());
  CHECK(town.cursor().uid == 1);
  // "two@x" came by after all.
  Mailbox& same = mailbox;
  for (Kept& mail : same.mails) mail.received = "10-Jan-2026 09:50:00 +0000";
  CHECK(shown(town.audit(same)) == "2 1 1 0 0 0 ");
}

TEST_CASE("a date in the future holds nothing up") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"), "10-Jan-2036 10:00:00 +0000");
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
}

TEST_CASE("without Message-ID nobody can tell, but it is inspected") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", ""));
  mailbox.add(mail_of(jane, stranger, "secret", std::string(1'500, 'x') + "@x"));
  CHECK(shown(town.audit(mailbox)) == "2 2 0 2 0 0 ");
}

TEST_CASE("a message that is too large is said to be, whatever the server says of its size") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  mailbox.mails.back().said_size = 900'000'000;
  mailbox.add(mail_of(jane, stranger, "secret", "two@x"));
  CHECK(shown(town.audit(mailbox)) == "2 1 2 0 0 1 ");
}

TEST_CASE("a Sent folder that names blind copies shows them") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, olivia, "secret", "one@x", "Bcc: " + stranger + "\r\n"));
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
  CHECK(town.audited().front().find("Bcc named in the copy") != std::string::npos);
  CHECK(town.cursor().names_bcc);
}

TEST_CASE("a journal tells who got it") {
  Town town;
  town.came_by("known@x");
  const auto report = [&](const std::string& inner) {
    return "From: Microsoft Outlook <journal@council.example>\r\nTo: journal@council.example\r\nMessage-ID: <report-" + std::to_string(inner.size()) +
           "@exchange>\r\nX-MS-Journal-Report:\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"b\"\r\n\r\n--b\r\nContent-Type: "
           "text/plain\r\n\r\nSender: " + jane + "\r\nSubject: The gate\r\nMessage-Id: <m@x>\r\nTo: " + olivia + "\r\nBcc: " + stranger +
           ", Expanded: list@council.example\r\n\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n";
  };
  Mailbox mailbox;
  mailbox.add(report(mail_of(jane, olivia, "secret", "m@x")));
  mailbox.add(report(mail_of(jane, olivia, "secret, and known", "known@x")));
  mailbox.add(mail_of(jane, olivia, "secret", "plain@x", "X-Envelope-To: " + stranger + "\r\nDelivered-To: journal@council.example\r\n"));
  mailbox.add(mail_of(jane, olivia, "Hello", "bare@x", "Delivered-To: journal@council.example\r\n"));
  CHECK(shown(town.audit(mailbox, true)) == "4 2 3 0 0 0 ");
  for (const std::string& detail : town.audited()) CHECK(detail.find("recipients from the envelope") != std::string::npos);
}

TEST_CASE("the same message in two mailboxes is noted once") {
  Town town;
  Mailbox sent, journal;
  sent.add(mail_of(jane, stranger, "secret", "one@x"));
  journal.add(mail_of(jane, stranger, "secret", "one@x", "X-Envelope-To: " + stranger + "\r\n"));
  journal.add(mail_of(jane, stranger, "secret", "one@x", "X-Envelope-To: " + stranger + "\r\n"));
  town.audit(sent);
  CHECK(town.audit(journal, true).findings == 0);
  CHECK(town.audited().size() == 1);
}

TEST_CASE("a folder of sent mail is known by its name, where the server does not say which it is") {
  Town town;
  Mailbox mailbox;
  mailbox.special_use = false;
  mailbox.add(mail_of(jane, olivia, "Hello", "one@x"));
  CHECK(shown(town.audit(mailbox)) == "1 0 1 0 0 0 ");
}

TEST_CASE("a connection that breaks anywhere leaves a whole state, and the next pass ends the work") {
  for (std::size_t commands = 0; commands < 12; ++commands) {
    INFO(commands);
    Town town;
    Mailbox mailbox;
    for (int i = 0; i < 450; ++i) mailbox.add(mail_of(jane, olivia, i % 100 == 0 ? "secret" : "Hello", std::to_string(i) + "@x"));
    mailbox.hang_up_after = commands;
    const MailboxOutcome broken = town.audit(mailbox);
    if (commands < 11) CHECK(broken.problem == (commands < 2 ? "the mail server has hung up" : commands < 10 ? "Sent Items: the mail server has hung up" : ""));
    mailbox.heard.clear();
    mailbox.hang_up_after = 1'000;
    CHECK(town.audit(mailbox).problem == "");
    CHECK(town.audited().size() == 5);
    CHECK(town.cursor().messages == 450);
    CHECK(town.cursor().never_seen == 450);
  }
}

TEST_CASE("a folder that has gone is told of, and the others are looked at") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  const MailboxOutcome outcome = town.audit(mailbox, {"Gone", "\\Archive", "Sent Items"}, false);
  CHECK(shown(outcome) == "1 1 1 0 0 0 Gone: the mail server says NO: there is no such folder; no folder that is \\Archive: name one in folders");
}

TEST_CASE("a server that sends other messages than were asked for ends the pass, and its mailbox says so") {
  Town town;
  Mailbox mailbox;
  mailbox.add(mail_of(jane, stranger, "secret", "one@x"));
  mailbox.body_of_all = "* 1 FETCH (UID 99 BODY[]<0> {6}\r\nsecret)\r\n";
  CHECK(town.audit(mailbox).problem == "Sent Items: the mail server sent a message that was not asked for");
  CHECK(town.audited().empty());
  mailbox.body_of_all = "* 1 FETCH (UID 1 BODY[]<0> {" + std::to_string(body_bytes_max + 1) + "}\r\n";
  CHECK(town.audit(mailbox).problem == "Sent Items: the mail server sent a literal that is too long");
  // Then the honest one again: nothing was lost.
  mailbox.body_of_all.clear();
  CHECK(shown(town.audit(mailbox)) == "1 1 1 0 0 0 ");
}

TEST_CASE("two audits at once do not both count") {
  Town town;
  store::Cursor before, after;
  before.mailbox = after.mailbox = "m";
  before.folder = after.folder = "f";
  after.uid_validity = 7;
  after.uid = 3;
  must(store::Cursors(town.store()).advance(before, after, {}, town.now));
  const auto second = store::Cursors(town.store()).advance(before, after, {{.digest = 5, .detail_json = "{}"}}, town.now);
  REQUIRE_FALSE(second);
  CHECK(second.error().what == "another audit is looking at this folder");
  CHECK(town.audited().empty());
}

}  // namespace beadle::imap
