// What a replay has done so far, in a file (`--state`): a line that says what it is of, then one line a message, only ever appended. Killed at any moment, it
// loses at most what was not yet written: a line that is not whole is cut off, and that message is done again. Holds matched words, so only its owner may
// read it. Failures: try_later (full, not writable), bad_data (some other file), refused (another replay writes it).
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "replay/outcome.h"

namespace beadle::replay {

/// What a journal is of. Where anything of it has changed, what was done counts no longer.
struct JournalHead {
  std::string rules;    // digest of both sets of rules and of how messages are read
  std::string sources;  // names of what is replayed
  std::string key;      // of fingerprints, raw bytes
};

class Journal {
 public:
  enum class Begin { anew, continued, changed };  // changed: what was there was of something else, and lies in FILE.before

  /// Opens or creates it for a replay of `wanted`. `each` is called for every message that is done, in the order in which it was.
  static Result<Journal> open(const std::string& file, const JournalHead& wanted, const std::function<void(Outcome)>& each);
  /// Only reads: gives its head. bad_data, where it is no journal.
  static Result<JournalHead> read(const std::string& file, const std::function<void(Outcome)>& each);

  Journal(Journal&& other) noexcept;
  Journal& operator=(Journal&& other) noexcept;
  ~Journal();

  Begin begin() const { return begin_; }
  const JournalHead& head() const { return head_; }
  /// Written now and then, at the latest by flush.
  Result<void> add(const Outcome& outcome);
  Result<void> add_line(std::string_view line);
  Result<void> flush();

 private:
  Journal() = default;
  int descriptor_ = -1;
  std::string file_, waiting_;
  JournalHead head_;
  Begin begin_ = Begin::anew;
};

/// The lines of a journal's text that are whole: how many bytes they have, and each of them. For tests and fuzzing.
std::size_t read_lines(std::string_view text, const std::function<void(std::string_view)>& each);

}  // namespace beadle::replay
