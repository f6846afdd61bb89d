// The folders of a mailbox that held mail is reviewed in: found by the names that this server gives them, read, and changed
// message by message. A folder that is made anew between reading and changing it ends the work: its numbers mean others then.
// Failures: those of imap/client.h; refused (nothing can be taken out of a folder, it can only be read, or is too full).
#pragma once

#include <array>
#include <optional>
#include <string>
#include <vector>

#include "imap/client.h"
#include "mailbox/desk.h"
#include "mailbox/plan.h"

namespace beadle::mailbox {

/// As a server with that namespace (RFC 2342) writes a name of ours, which has "/" between levels: "Beadle/Held" is
/// "INBOX.Beadle.Held" where all folders stand below INBOX. Pure.
std::string name_within(const imap::Namespace& own, const std::string& name);

class Folders {
 public:
  explicit Folders(imap::Client& client) : client_(client) {}

  /// First: their names; each is made and subscribed to where it is missing.
  Result<void> find(const DeskSettings& settings);
  /// All that stands in it. `key`, `account`: by which ours are known (mark.h).
  Result<std::vector<Copy>> read(Box box, std::string_view key, std::string_view account);
  /// So that IDLE tells of it.
  Result<void> open(Box box);

  Result<void> add_held(Time received, std::string_view bytes);
  Result<void> move_to_held(Box box, std::uint32_t uid);
  /// What has gone meanwhile is no trouble.
  Result<void> remove(Box box, const std::vector<std::uint32_t>& uids);
  Result<void> mark_answered(Box box, std::uint32_t uid);
  Result<void> add_reply(Time now, std::string_view bytes);
  Result<bool> has_reply(std::string_view message_id);

  /// "release\n7\n12": this message in this mailbox, and no other ever after. Of a folder that was read.
  std::string place(Box box, std::uint32_t uid) const;

 private:
  const std::string& name_of(Box box) const { return names_[static_cast<std::size_t>(box)]; }

  imap::Client& client_;
  std::array<std::string, 3> names_;  // of each Box
  std::string replies_;
  std::array<std::optional<std::uint32_t>, 3> validity_;
  std::optional<Box> open_;
  std::uint32_t exists_ = 0;  // in it
};

}  // namespace beadle::mailbox
