// Folders on a mail server in memory as sources of a replay: what is asked for, what a server that goes away costs, and what hostile ones get.
#include "replay/mailbox.h"

#include <algorithm>
#include <atomic>
#include <mutex>

#include "base/limits.h"
#include "base/text.h"
#include "imap/bounds.h"
#include "replay/outline.h"

#include "imap/uid_set.h"

#include "catch.h"

namespace beadle::replay {
namespace {

struct Kept {
  std::uint32_t uid = 0;
  std::string bytes;
  std::string instead;  // of its FETCH response: hostile; "NO": the whole command is refused
};

/// A mailbox with folders "Sent" and "Sent/2025".
struct Server {
  std::mutex mutex;
  std::vector<Kept> mails;
  std::uint32_t uid_validity = 7;
  int answers_left = 1'000'000;  // then it hangs up, and takes `comes_back` connections more
  int comes_back = 0, connections = 0;
  std::vector<std::string> heard;

  void add(std::uint32_t uid, const std::string& bytes, const std::string& instead = "") { mails.push_back({uid, bytes, instead}); }
};

class Line : public imap::Transport {
 public:
  explicit Line(Server& server) : server_(server) {}

  Result<void> send(std::string_view bytes, net::Deadline) override {
    const std::lock_guard lock(server_.mutex);
    for (const std::string_view line : split(bytes, '\n')) {
      if (!trimmed(line).empty() && server_.answers_left-- > 0) answer(std::string(trimmed(line)));
    }
    return {};
  }
  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline) override {
    const std::size_t count = said_.copy(buffer, std::min<std::size_t>(size, 1000));
    said_.erase(0, count);
    return count;
  }

 private:
  void answer(const std::string& line) {
    const std::string tag = line.substr(0, line.find(' ')), command = line.substr(line.find(' ') + 1);
    server_.heard.push_back(command);
    std::string status = " OK done\r\n";
    if (command == "CAPABILITY") said_ += "* CAPABILITY IMAP4rev1 SPECIAL-USE LIST-EXTENDED\r\n";
    if (command.starts_with("LIST")) said_ += "* LIST () \"/\" INBOX\r\n* LIST (\\Sent) \"/\" Sent\r\n* LIST () \"/\" \"Sent/2025\"\r\n";
    if (command.starts_with("EXAMINE")) {
      const std::uint32_t next = server_.mails.empty() ? 1 : server_.mails.back().uid + 1;
      said_ += "* " + std::to_string(server_.mails.size()) + " EXISTS\r\n* OK [UIDVALIDITY " + std::to_string(server_.uid_validity) + "] x\r\n* OK [UIDNEXT " +
               std::to_string(next) + "] x\r\n";
      if (command == "EXAMINE \"Gone\"") status = " NO there is no such folder\r\n";
    }
    if (command.starts_with("UID SEARCH UID ")) {
      said_ += "* SEARCH";
      for (const Kept& mail : server_.mails) said_ += imap::is_in_set(mail.uid, command.substr(15)) ? " " + std::to_string(mail.uid) : "";
      said_ += "\r\n";
    }
    if (command.starts_with("UID FETCH ")) status = fetch(command.substr(10));
    said_ += tag + status;
  }

  std::string fetch(const std::string& rest) {
    const bool header = rest.find("BODY.PEEK[HEADER]") != std::string::npos;
    const std::size_t most = std::stoul(rest.substr(rest.find("<0.") + 3));
    for (const Kept& mail : server_.mails) {
      if (!imap::is_in_set(mail.uid, rest.substr(0, rest.find(' ')))) continue;
      if (mail.instead == "NO") return " NO [SERVERBUG] it cannot be read\r\n";
      if (!mail.instead.empty()) {
        said_ += mail.instead;
        continue;
      }
      const std::string bytes = (header ? mail.bytes.substr(0, mail.bytes.find("\r\n\r\n") + 4) : mail.bytes).substr(0, most);
      said_ += "* 1 FETCH (UID " + std::to_string(mail.uid) + (header ? " BODY[HEADER]<0> {" : " BODY[]<0> {") + std::to_string(bytes.size()) + "}\r\n" + bytes + ")\r\n";
    }
    return " OK done\r\n";
  }

  Server& server_;
  std::string said_;
};

struct Waits {
  std::vector<std::string> sentences;
};

MailboxTools tools_for(Server& server, Waits& waits) {
  return {.connect = [&]() -> Result<std::unique_ptr<imap::Transport>> {
            const std::lock_guard lock(server.mutex);
            if (server.answers_left <= 0 && server.comes_back-- > 0) server.answers_left = 6;
            if (server.answers_left <= 0) return Error{ErrorKind::try_later, "is away"};
            ++server.connections;
            return std::unique_ptr<imap::Transport>(std::make_unique<Line>(server));
          },
          .wait = [&](const std::string& why, std::chrono::seconds) {
            waits.sentences.push_back(why);
            return true;
          }};
}

MailboxChoice sent(Depth depth = Depth::flat) { return {.name = "jane@imap.example", .folder = "\\Sent", .depth = depth, .journal = false, .own_address = "jane"}; }

std::string letter(const std::string& id, std::size_t size = 10) {
  return "From: jane@c.example\r\nMessage-ID: <" + id + "@x>\r\n\r\n" + std::string(size, 'x') + "\r\n";
}

std::vector<Entry> list(Source& source) {
  std::vector<Entry> entries;
  const auto listed = source.list([&](Entry entry) { entries.push_back(std::move(entry)); }, [](Failure) {});
  if (!listed) FAIL(listed.error().what);
  return entries;
}

/// What is read of each: bytes, or "! why".
struct Read {
  std::vector<std::string> each;
  std::string error;
};
Read read(const Source& source, const std::vector<Entry>& entries, Source::Part part = Source::Part::whole) {
  Read out;
  out.each.resize(entries.size());
  const auto read = source.read_together(entries, part, [&](std::size_t i, Result<std::string> bytes) {
    CHECK(out.each[i].empty());
    out.each[i] = bytes ? *bytes : "! " + bytes.error().what;
  });
  if (!read) out.error = read.error().what;
  return out;
}

std::unique_ptr<Source> sent_of(Server& server, Waits& waits) {
  auto sources = mailbox_sources(sent(), tools_for(server, waits));
  if (!sources) FAIL(sources.error().what);
  REQUIRE(sources->size() == 1);
  return std::move(sources->front());
}

}  // namespace

TEST_CASE("a folder is read by its numbers, in few questions, and nothing but reading is asked for") {
  Server server;
  Waits waits;
  for (std::uint32_t uid = 3; uid < 30; uid += 2) server.add(uid, letter(std::to_string(uid)));
  {
    const auto source = sent_of(server, waits);
    CHECK(source->name() == "imap jane@imap.example/Sent");
    CHECK(source->identity() == "imap jane@imap.example/Sent numbered 7");
    CHECK(source->expected() == 14);
    CHECK(source->names_suffice());
    const auto entries = list(*source);
    REQUIRE(entries.size() == 14);
    CHECK(entries.front().name == "UID 3");
    const Read whole = read(*source, entries), headers = read(*source, entries, Source::Part::header);
    CHECK(whole.error + headers.error == "");
    CHECK(whole.each.back() == letter("29"));
    CHECK(headers.each.front() == "From: jane@c.example\r\nMessage-ID: <3@x>\r\n\r\n");
    CHECK(*source->read(entries[1], 10) == letter("5").substr(0, 10));
  }
  std::size_t fetches = 0;
  for (const std::string& command : server.heard) {
    INFO(command);
    CHECK((command == "CAPABILITY" || command == "LOGOUT" || command.starts_with("LIST ") || command.starts_with("EXAMINE ") ||
           command.starts_with("UID SEARCH ") || command.starts_with("UID FETCH ")));
    if (!command.starts_with("UID FETCH")) continue;
    ++fetches;
    CHECK(command.find("BODY.PEEK[") != std::string::npos);
    CHECK(command.find("BODY[") == std::string::npos);
  }
  CHECK(fetches == 3);
  CHECK(server.connections == 1);
}

TEST_CASE("what is for sent mail, a folder with those below it, all of them, or none") {
  Server server;
  Waits waits;
  const auto names = [&](const std::string& folder, Depth depth) {
    MailboxChoice choice = sent(depth);
    choice.folder = folder;
    const auto sources = mailbox_sources(choice, tools_for(server, waits));
    std::string out = sources ? "" : sources.error().what;
    for (std::size_t i = 0; sources && i < sources->size(); ++i) out += (*sources)[i]->name().substr(sizeof "imap jane@imap.example") + "|";
    return out;
  };
  CHECK(names("\\Sent", Depth::flat) == "Sent|");
  CHECK(names("Sent", Depth::recursive) == "Sent|Sent/2025|");
  CHECK(names("", Depth::recursive) == "INBOX|Sent|Sent/2025|");
  CHECK(names("Gone", Depth::flat) == "jane@imap.example: Gone: the mail server says NO: there is no such folder");
  CHECK(names("\\Archive", Depth::flat).find("no folder that is \\Archive") != std::string::npos);
}

TEST_CASE("a server that goes away is waited for, and nothing is read twice or left out") {
  Server server;
  Waits waits;
  for (std::uint32_t uid = 1; uid <= 20; ++uid) server.add(uid, letter(std::to_string(uid)));
  const auto source = sent_of(server, waits);
  const auto entries = list(*source);
  server.answers_left = 0;
  server.comes_back = 3;
  // What was idle has gone; the next one is there at once, and nobody is told.
  CHECK(read(*source, entries).each[19] == letter("20"));
  CHECK(waits.sentences.empty());
  server.answers_left = 0;
  server.comes_back = 0;
  const Read nothing = read(*source, entries);
  CHECK(nothing.error == "imap jane@imap.example/Sent: is away");
  REQUIRE(waits.sentences.size() == 5);
  CHECK(waits.sentences[0] == "jane@imap.example: is away; trying again in 2 s (1 of 5)");
  CHECK(std::count(nothing.each.begin(), nothing.each.end(), "") == 20);
}

TEST_CASE("a folder that was numbered anew meanwhile is an end, not other messages") {
  Server server;
  Waits waits;
  server.add(1, letter("1"));
  const auto source = sent_of(server, waits);
  const auto entries = list(*source);
  server.uid_validity = 8;
  server.answers_left = 0;
  server.comes_back = 1;
  const Read out = read(*source, entries);
  CHECK(out.error.find("numbered Sent anew meanwhile") != std::string::npos);
  CHECK(out.each[0].empty());
  server.comes_back = 1;
  server.answers_left = 0;
  CHECK(sent_of(server, waits)->identity() != source->identity());
}

TEST_CASE("what has gone, is refused or garbled is told of that message alone") {
  Server server;
  Waits waits;
  server.add(1, letter("1"));
  server.add(2, letter("2"), "NO");
  server.add(3, letter("3"));
  server.add(4, letter("4"), "* 4 FETCH (UID 999 BODY[]<0> {1}\r\nx)\r\n");
  server.add(5, letter("5"), "* 5 FETCH (UID 5 BODY[]<0> {99999999999}\r\n");
  server.add(6, letter("6"));
  const auto source = sent_of(server, waits);
  auto entries = list(*source);
  entries.push_back({.name = "UID 77", .begin = 77, .size = 0});
  const Read out = read(*source, entries);
  CHECK(out.error == "");
  CHECK(out.each[0] == letter("1"));
  CHECK(out.each[1] == "! the mail server says NO: it cannot be read");
  CHECK(out.each[2] == letter("3"));
  CHECK(out.each[3].find("not asked for") != std::string::npos);
  CHECK(out.each[4].find("literal that is too long") != std::string::npos);
  CHECK(out.each[5] == letter("6"));
  CHECK(out.each[6] == "! has gone since it was listed");
}

TEST_CASE("a server that garbles everything comes to an end") {
  Server server;
  Waits waits;
  for (std::uint32_t uid = 1; uid <= 1000; ++uid) server.add(uid, letter(std::to_string(uid)), "* 1 FETCH (UID 4000000000 BODY[]<0> {1}\r\nx)\r\n");
  const auto source = sent_of(server, waits);
  const Read out = read(*source, list(*source));
  CHECK(out.error.find("not asked for") != std::string::npos);
  CHECK(server.connections < 30);
}

TEST_CASE("reports of a journal are looked into for who wrote them, and when") {
  people::Roster roster;
  roster.domains = {"c.example"};
  const people::Directory people(roster);
  const std::string inner = "From: jane@c.example\r\nDate: Tue, 03 Nov 2026 09:00:00 +0000\r\nMessage-ID: <inner@x>\r\n\r\nHello\r\n";
  const auto report = [&](const std::string& mark, std::size_t words) {
    return "From: postmaster@elsewhere.example\r\nDate: Wed, 04 Nov 2026 09:00:00 +0000\r\nMessage-ID: <outer@x>\r\n" + mark +
           "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nSender: jane@c.example\r\nRecipient: a@x.example\r\n" +
           std::string(words, 'x') + "\r\n--b\r\nContent-Type: message/rfc822\r\n\r\n" + inner + "\r\n--b--\r\n";
  };
  const std::string marked = report("X-MS-Journal-Report:\r\n", 10), unmarked = report("", 10), longer = report("X-MS-Journal-Report:\r\n", 20'000);
  CHECK(outline_of(marked, "n", people).message_id == "inner@x");
  CHECK(outline_of(marked, "n", people).outgoing);
  CHECK(outline_of(unmarked, "n", people).message_id == "outer@x");
  CHECK(outline_of(unmarked, "n", people, true).message_id == "inner@x");
  CHECK_FALSE(outline_of(longer.substr(0, head_bytes), "n", people).whole);
  CHECK(outline_of(longer, "n", people).message_id == "inner@x");
  CHECK_FALSE(outline_of(marked.substr(0, marked.find("\r\n\r\n") + 4), "n", people).whole);  // its header alone
  CHECK(outline_of(marked, "n", people).digest != outline_of(longer, "m", people).digest);
}

}  // namespace beadle::replay
