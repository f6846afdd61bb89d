// Where a folder is, as people type it: "imaps://jane@imap.example/Sent%20Items" (RFC 5092, of which only this much). No password: command lines are for
// everybody to see.
#pragma once

#include <string>
#include <string_view>

#include "imap/connection.h"

namespace beadle::imap {

struct MailboxUrl {
  std::string server;  // "imaps://imap.example:993", as Login has it
  std::string user;
  std::string folder;  // UTF-8; "": none is named
  Login::By by = Login::By::password;  // ";AUTH=XOAUTH2", ";AUTH=OAUTHBEARER" behind the user
};

/// `out` is what `text` says; gives what is wrong with it, or "". The user may have an @, written so or as %40.
std::string read_mailbox_url(std::string_view text, MailboxUrl& out);

}  // namespace beadle::imap
