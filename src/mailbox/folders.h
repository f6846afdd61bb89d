// The folders of a mailbox that held mail is reviewed in, by the names that this server gives them; made where they are missing.
#pragma once

#include <string>

#include "imap/client.h"
#include "mailbox/desk.h"
#include "mailbox/plan.h"

namespace beadle::mailbox {

struct FolderNames {
  std::string held, release, give_back, replies;
  const std::string& of(Box box) const { return box == Box::held ? held : box == Box::release ? release : give_back; }
};

/// As a server with that namespace (RFC 2342) writes a name of ours, which has "/" between levels: "Beadle/Held" is
/// "INBOX.Beadle.Held" where all folders stand below INBOX. Pure.
std::string name_within(const imap::Namespace& own, const std::string& name);

/// Names of the four, each made and subscribed to where it is missing.
Result<FolderNames> find_folders(imap::Client& client, const DeskSettings& settings);

}  // namespace beadle::mailbox
