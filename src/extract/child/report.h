// The child's half of the wire: says what was read as soon as it is known, so that a crash later on takes nothing of it away.
// Keeps the bounds on what is said altogether; what does not fit is said to be missing.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "extract/extraction.h"

namespace beadle::extract {

class Report {
 public:
  using Write = std::function<void(std::string_view)>;
  explicit Report(Write write) : write_(std::move(write)) {}

  /// Only the first is said: that of the outermost document.
  void kind(std::string_view kind);
  /// From here on `path` is being read. Flushes, because what follows may crash.
  void reading(std::string_view path);
  /// False where it did not fit any more.
  bool passage(Place place, std::string_view path, std::string_view text);
  void unread(std::string_view path, Outcome outcome, std::string_view detail);
  void end();

 private:
  void flush();
  bool fits(std::size_t bytes) const;

  Write write_;
  std::string pending_;
  std::size_t said_bytes_ = 0;
  std::size_t frames_ = 0;
  bool kind_said_ = false;
  bool overflow_said_ = false;
};

}  // namespace beadle::extract
