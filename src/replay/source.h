// Where earlier mail comes from: a stream of messages, each by a name and its bytes. First all are listed (names only, so that a million of them fit in
// memory), then each is read, in the order of the replay and by several threads at once. What cannot be read is told one by one and stops nothing.
// Files are in files.cpp and mbox.cpp, folders on an IMAP server in mailbox.cpp.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace beadle::replay {

/// Where one message is.
struct Entry {
  std::string name;         // for people, and the same whenever the source is listed again: "cur/1690000000.M1.host:2,S", "message 3"
  std::uint64_t begin = 0;  // of an mbox: its bytes; of a mailbox: its UID
  std::uint64_t size = 0;   // 0: not known before it is read
};

/// What could not be read, and why.
struct Failure {
  std::string name, why;
};

class Source {
 public:
  virtual ~Source() = default;
  /// For the report: "maildir /home/jane/Maildir/.Sent".
  virtual std::string name() const = 0;
  /// To know the source again. Where it has changed, names of messages mean others than before, and nothing that was done counts.
  virtual std::string identity() const { return name(); }
  /// Names alone say which message it is, whatever its header: what is done needs not be read again to know it.
  virtual bool names_suffice() const { return false; }
  /// About how many messages it has; 0: not known before they are listed.
  virtual std::uint64_t expected() const { return 0; }
  /// Calls `found` for each message and `failed` for each thing that looked like one. error: the source as a whole cannot be read.
  virtual Result<void> list(const std::function<void(Entry)>& found, const std::function<void(Failure)>& failed) = 0;
  /// The first `most` bytes of a message. Called by several threads at once.
  virtual Result<std::string> read(const Entry& entry, std::size_t most) const = 0;

  enum class Part { header, whole };  // its header, and perhaps more; all of it, or one byte more than limits::message_bytes_max
  using Take = std::function<void(std::size_t index, Result<std::string> bytes)>;
  /// Each of several messages once, in any order: what is far away is asked for together. Called by several threads at once. error: the source as a whole
  /// can be read no longer.
  virtual Result<void> read_together(const std::vector<Entry>& entries, Part part, const Take& take) const;
  /// How many are best read together.
  virtual std::size_t together() const { return 1; }

  /// The part of a name that stays when a mail program marks the message as read.
  virtual std::string_view lasting(std::string_view entry_name) const { return entry_name; }
  /// Whose mailbox it is: among the recipients of a journal, nobody. "": not known.
  virtual std::string own_address() const { return ""; }
  /// What the user should know besides: "3 folders below it were not read".
  virtual std::string remark() const { return ""; }
};

enum class Depth { flat, recursive };
/// cur and new of a Maildir; with Depth::recursive those of all folders below it, as Maildir++ has them.
std::unique_ptr<Source> maildir_source(const std::string& folder, Depth depth);
/// Files of a folder whose names end in .eml.
std::unique_ptr<Source> eml_source(const std::string& folder, Depth depth);
/// One mbox file (mbox.h).
std::unique_ptr<Source> mbox_source(const std::string& file);

/// The first `most` bytes of `path` from `begin` on. Links are not followed, and nothing but files is read: what lies in a mailbox may have been put
/// there to have something else read.
Result<std::string> read_regular_file(const std::string& path, std::uint64_t begin, std::size_t most);

}  // namespace beadle::replay
