// A mail server in memory, with one mailbox of several folders: as much of IMAP as the mailbox desk speaks. It can lack
// extensions, refuse, and hang up before or behind any command.
#pragma once

#include <algorithm>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "base/text.h"
#include "imap/transport.h"
#include "imap/uid_set.h"
#include "mail/header_block.h"

#include "catch.h"

namespace beadle::mailbox {

struct Kept {
  std::uint32_t uid = 0;
  std::vector<std::string> flags;
  std::string bytes;
  bool has(std::string_view flag) const { return std::find(flags.begin(), flags.end(), flag) != flags.end(); }
};

struct FakeFolder {
  std::vector<Kept> mails;
  std::uint32_t validity = 7, next = 1;
};

/// What outlives connections.
struct FakeMailbox {
  std::map<std::string, FakeFolder> folders{{"INBOX", {}}};
  std::string capabilities = "IMAP4rev1 UIDPLUS MOVE NAMESPACE IDLE";
  std::string own_prefix, separator = "/";
  std::size_t append_bytes_max = 1u << 30;
  std::vector<std::string> heard, subscribed;
  // From the n-th command on: nothing is answered any more. Whether that command is still done says `done_at_the_end`.
  std::size_t commands_left = 1'000'000;
  bool done_at_the_end = false;
  std::function<void(const std::string& command)> before_command;

  std::vector<std::string> in(const std::string& folder) const {
    std::vector<std::string> out;
    for (const Kept& mail : folders.at(folder).mails) out.push_back(mail.bytes);
    return out;
  }
  std::uint32_t add(const std::string& folder, const std::string& bytes) {
    FakeFolder& to = folders.at(folder);
    to.mails.push_back({to.next, {}, bytes});
    return to.next++;
  }
  /// As a person with a mail program would: the first message of `from` that holds `words`.
  void move(const std::string& words, const std::string& from, const std::string& to) {
    auto& mails = folders.at(from).mails;
    const auto found =
        std::find_if(mails.begin(), mails.end(), [&](const Kept& mail) { return mail.bytes.find(words) != std::string::npos; });
    REQUIRE(found != mails.end());
    add(to, found->bytes);
    mails.erase(found);
  }
};

class FakeServer : public imap::Transport {
 public:
  explicit FakeServer(FakeMailbox& mailbox) : mailbox_(mailbox) {}

  Result<void> send(std::string_view bytes, net::Deadline) override {
    input_.append(bytes);
    while (step()) {
    }
    return {};
  }

  Result<std::size_t> receive(char* buffer, std::size_t size, net::Deadline deadline) override {
    if (said_.empty() && !idle_tag_.empty()) {
      std::this_thread::sleep_until(deadline);
      return Error{ErrorKind::try_later, "the mail server took too long"};
    }
    const std::size_t count = said_.copy(buffer, std::min<std::size_t>(size, 1'000));
    said_.erase(0, count);
    return count;
  }

 private:
  /// Takes a line, or the literal behind it; false while it is not all there.
  bool step() {
    if (literal_ > 0) {
      if (input_.size() < literal_ + 2) return false;
      const std::string literal = input_.substr(0, literal_);
      input_.erase(0, literal_ + 2);
      literal_ = 0;
      finish(append_to_, literal);
      return true;
    }
    const std::size_t end = input_.find("\r\n");
    if (end == std::string::npos) return false;
    const std::string line = input_.substr(0, end);
    input_.erase(0, end + 2);
    if (line == "DONE") {
      say(idle_tag_ + " OK idle ended");
      idle_tag_.clear();
      return true;
    }
    const std::size_t blank = line.find(' ');
    tag_ = line.substr(0, blank);
    begin(line.substr(blank + 1));
    return true;
  }

  void say(const std::string& line) {
    if (!dead_) said_ += line + "\r\n";
  }
  void ok() { say(tag_ + " OK done"); }

  void begin(const std::string& command) {
    if (mailbox_.commands_left == 0) return;
    if (--mailbox_.commands_left == 0) {
      dead_ = true;
      if (!mailbox_.done_at_the_end) return;
    }
    mailbox_.heard.push_back(command);
    if (mailbox_.before_command) mailbox_.before_command(command);
    if (command.starts_with("APPEND ")) {
      const std::size_t open = command.rfind('{');
      literal_ = std::stoul(command.substr(open + 1));
      append_to_ = first_quoted(command);
      if (literal_ > mailbox_.append_bytes_max) {
        literal_ = 0;
        say(tag_ + " NO [TOOBIG] too large for this mailbox");
      } else {
        // A client that waits for this hears nothing of a server that has hung up, and sends nothing.
        say("+ go on");
        if (dead_) literal_ = 0;
      }
      return;
    }
    run(command);
  }

  static std::string first_quoted(const std::string& command) {
    const std::size_t begin = command.find('"') + 1;
    return command.substr(begin, command.find('"', begin) - begin);
  }
  static std::string last_quoted(const std::string& command) {
    const std::size_t end = command.rfind('"'), begin = command.rfind('"', end - 1) + 1;
    return command.substr(begin, end - begin);
  }

  void finish(const std::string& folder, const std::string& bytes) {
    if (!mailbox_.folders.contains(folder)) return say(tag_ + " NO [TRYCREATE] no such folder");
    mailbox_.add(folder, bytes);
    ok();
  }

  void open(const std::string& name, bool read_only) {
    const auto folder = mailbox_.folders.find(name);
    if (folder == mailbox_.folders.end()) return say(tag_ + " NO [NONEXISTENT] no such folder");
    open_ = &folder->second;
    say("* " + std::to_string(open_->mails.size()) + " EXISTS");
    say("* OK [UIDVALIDITY " + std::to_string(open_->validity) + "] x");
    say("* OK [UIDNEXT " + std::to_string(open_->next) + "] x");
    say(tag_ + (read_only ? " OK [READ-ONLY] done" : " OK [READ-WRITE] done"));
  }

  void run(const std::string& command) {
    const auto rest = [&](const char* name) { return command.substr(std::string(name).size()); };
    const auto set_of = [](const std::string& words) { return words.substr(0, words.find(' ')); };
    if (command == "CAPABILITY") {
      say("* CAPABILITY " + mailbox_.capabilities);
    } else if (command == "NAMESPACE") {
      say("* NAMESPACE ((\"" + mailbox_.own_prefix + "\" \"" + mailbox_.separator + "\")) NIL NIL");
    } else if (command.starts_with("LIST ")) {
      for (const auto& [name, folder] : mailbox_.folders) say("* LIST () \"" + mailbox_.separator + "\" \"" + name + "\"");
    } else if (command.starts_with("CREATE ")) {
      mailbox_.folders[first_quoted(command)];
    } else if (command.starts_with("SUBSCRIBE ")) {
      mailbox_.subscribed.push_back(first_quoted(command));
    } else if (command.starts_with("SELECT ") || command.starts_with("EXAMINE ")) {
      return open(first_quoted(command), command.starts_with("EXAMINE"));
    } else if (command.starts_with("UID SEARCH UID ")) {
      std::string found = "* SEARCH";
      for (const Kept& mail : open_->mails)
        found += imap::is_in_set(mail.uid, rest("UID SEARCH UID ")) ? " " + std::to_string(mail.uid) : "";
      say(found);
    } else if (command.starts_with("UID SEARCH HEADER Message-ID ")) {
      std::string found = "* SEARCH";
      for (const Kept& mail : open_->mails)
        found += mail.bytes.find("<" + first_quoted(command) + ">") != std::string::npos ? " " + std::to_string(mail.uid) : "";
      say(found);
    } else if (command.starts_with("UID FETCH ")) {
      fetch(set_of(rest("UID FETCH ")), command);
    } else if (command.starts_with("UID STORE ")) {
      const std::string flag = command.substr(command.find('(') + 1, command.find(')') - command.find('(') - 1);
      for (Kept& mail : open_->mails) {
        if (imap::is_in_set(mail.uid, set_of(rest("UID STORE "))) && !mail.has(flag)) mail.flags.push_back(flag);
      }
    } else if (command.starts_with("UID COPY ") || command.starts_with("UID MOVE ")) {
      if (!mailbox_.folders.contains(last_quoted(command))) return say(tag_ + " NO [TRYCREATE] no such folder");
      const std::string set = set_of(rest("UID COPY "));
      for (const Kept& mail : std::vector<Kept>(open_->mails)) {
        if (imap::is_in_set(mail.uid, set)) mailbox_.add(last_quoted(command), mail.bytes);
      }
      if (command.starts_with("UID MOVE ")) leave([&](const Kept& mail) { return imap::is_in_set(mail.uid, set); });
    } else if (command.starts_with("UID EXPUNGE ")) {
      leave([&](const Kept& mail) { return imap::is_in_set(mail.uid, rest("UID EXPUNGE ")) && mail.has("\\Deleted"); });
    } else if (command == "IDLE") {
      idle_tag_ = tag_;
      return say("+ idling");
    } else if (command == "LOGOUT") {
      say("* BYE see you");
    } else {
      FAIL("the server knows no " << command);
    }
    ok();
  }

  template <class Which>
  void leave(const Which& which) {
    for (std::size_t i = 0; i < open_->mails.size();) {
      if (!which(open_->mails[i])) {
        ++i;
        continue;
      }
      open_->mails.erase(open_->mails.begin() + static_cast<std::ptrdiff_t>(i));
      say("* " + std::to_string(i + 1) + " EXPUNGE");
    }
  }

  /// (UID FLAGS BODY.PEEK[HEADER.FIELDS (A B)]<0.2000>)
  void fetch(const std::string& set, const std::string& command) {
    const std::size_t begin = command.find("FIELDS (") + 8;
    const std::string names = command.substr(begin, command.find(')', begin) - begin);
    std::size_t number = 0;
    for (const Kept& mail : open_->mails) {
      ++number;
      if (!imap::is_in_set(mail.uid, set)) continue;
      std::string header;
      for (const mail::Field& field : mail::read_header_block(mail.bytes, 0, {}).fields) {
        for (const std::string_view name : split(names, ' ')) {
          if (ascii_iequals(name, field.name)) header += mail::slice(mail.bytes, field.whole);
        }
      }
      header = (header + "\r\n").substr(0, 2'000);
      say("* " + std::to_string(number) + " FETCH (UID " + std::to_string(mail.uid) + " FLAGS (" + joined(mail.flags, " ") +
          ") BODY[HEADER.FIELDS (" + names + ")]<0> {" + std::to_string(header.size()) + "}\r\n" + header + ")");
    }
  }

  FakeMailbox& mailbox_;
  FakeFolder* open_ = nullptr;
  std::string input_, said_, tag_, idle_tag_, append_to_;
  std::size_t literal_ = 0;
  bool dead_ = false;
};

}  // namespace beadle::mailbox
