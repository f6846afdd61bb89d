// Cuts an mbox into its messages (RFC 4155, and what mail programs write besides). Streaming: holds no more than the beginning of one line, however large
// the file is. A line "From …" begins a message where an empty line, or nothing, stands before it and it has a time of day, or where it has a whole date;
// so that "From the beginning we …" begins none, quoted (">From ") or not. Never fails: what stands before the first such line is told.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace beadle::replay {

class MboxSplitter {
 public:
  /// Bytes [begin, end) of the file: a message without its "From " line and without the empty line behind it.
  using Found = std::function<void(std::uint64_t begin, std::uint64_t end)>;
  explicit MboxSplitter(Found found) : found_(std::move(found)) {}

  void feed(std::string_view bytes);
  void finish();
  /// Bytes before the first message that belong to none; empty lines not counted.
  std::uint64_t before_first() const { return before_first_; }

 private:
  void line(std::string_view beginning, std::uint64_t begin, std::uint64_t end, std::uint64_t next);

  Found found_;
  std::string part_;               // of a line whose end has not come; at most line_bytes_kept of it
  std::uint64_t at_ = 0;           // bytes fed so far
  std::uint64_t line_begin_ = 0;   // of the line that is open
  std::uint64_t message_ = 0;      // where the message begins
  std::uint64_t blank_begin_ = 0;  // of the line before, where that is empty
  bool inside_ = false;
  bool after_blank_ = true;
  bool cr_ = false;  // the open line ends in CR so far
  std::uint64_t before_first_ = 0;
};

/// Lines ">From ", ">>From " … lose one ">" (mboxrd).
std::string unquoted(std::string bytes);

/// Whether a line that begins with "From " has a time of day, or a whole date ("Mon Nov 23 10:00:00 2026") at its end.
enum class Separator { no, after_blank, always };
Separator separator_of(std::string_view line);

}  // namespace beadle::replay
