// The mailbox desk: whose mailboxes show held mail, in which folders, and what reviewing in them needs of the world. What one
// pass does is pass.h, how passes follow each other loop.h.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "deliver/notices.h"
#include "imap/connection.h"
#include "inspect/inspect.h"
#include "store/store.h"

namespace beadle::mailbox {

// Of the held messages that wait, so many of the oldest are shown in a mailbox: those are decided first, newer ones push none of
// them out, and a thousand times as many would fill it.
inline constexpr std::size_t shown_most = 500;
// Messages in one of our folders. More were moved there by mistake, and nobody could tell what was meant.
inline constexpr std::size_t folder_messages_max = 5'000;
// Put into a mailbox in one pass; then moves are looked at again. With 8 MB each, some minutes of a slow line.
inline constexpr std::size_t placed_in_pass_most = 25;

struct Mailbox {
  std::string name;     // "ruth@council.example at imap.example", for people
  std::string account;  // name or address of the account that it belongs to
  imap::Login login;    // without the password
  std::string password_file;
  bool operator==(const Mailbox&) const = default;
};

struct DeskSettings {
  std::vector<Mailbox> mailboxes;
  std::string held = "Held", release = "Release", give_back = "Return";  // folders, "/" between levels
  std::string replies = "INBOX";
  std::chrono::seconds every{60};
  bool attach_original = true;
  std::string return_words;  // to the sender, when a message is moved to Return
  bool operator==(const DeskSettings&) const = default;
};

/// Each may be called by several threads.
struct Tools {
  store::Store& store;
  std::function<std::shared_ptr<const inspect::Policy>()> policy;
  std::function<std::shared_ptr<const deliver::NoticeWriter>()> notices;
  std::function<void(mail::Message&)> documents;  // nullptr: attached documents are not read
  std::function<Time()> now;
  std::function<Result<std::unique_ptr<imap::Transport>>(const Mailbox& mailbox, const net::StopSwitch* stop)> connect;
};

}  // namespace beadle::mailbox
