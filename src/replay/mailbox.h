// Folders of a mailbox on an IMAP server, as sources of a replay. Reads only: EXAMINE and BODY.PEEK. A message is known by UIDVALIDITY and UID; a folder that
// the server has numbered anew is another source, so that all of it is read again. A server that is away is waited for, a bounded number of times.
// Failures: not_found (no such folder), refused (the server says NO), try_later (away, stopped, numbered anew meanwhile), bad_data (what is no IMAP).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "imap/transport.h"
#include "replay/source.h"

namespace beadle::replay {

/// What a mailbox needs of the world. Called by several threads at once.
struct MailboxTools {
  std::function<Result<std::unique_ptr<imap::Transport>>()> connect;
  std::function<bool(const std::string& why, std::chrono::seconds time)> wait;  // tells it, and waits; false: there is to be no waiting, but an end
};

struct MailboxChoice {
  std::string name;    // "clerk@imap.example"
  std::string folder;  // a name, or what it is for: "\Sent"; "" with Depth::recursive: all of them
  Depth depth = Depth::flat;
  bool journal = false;
  std::string own_address;
};

/// One source a folder. Connects, to know which there are and how they are numbered.
Result<std::vector<std::unique_ptr<Source>>> mailbox_sources(const MailboxChoice& choice, MailboxTools tools);

}  // namespace beadle::replay
