// The bytes of one message while they come in: in memory while they are few, in a file without a name above that, so that slow clients
// with large messages hold no memory.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/result.h"

namespace beadle::smtp {

class Spool {
 public:
  /// directory: where the file is made when it is needed; it has no name and is gone with the process.
  Spool(std::string directory, std::size_t memory_bytes) : directory_(std::move(directory)), memory_bytes_(memory_bytes) {}
  Spool(const Spool&) = delete;
  Spool& operator=(const Spool&) = delete;
  ~Spool() { clear(); }

  /// error: try_later where the disk does not take it.
  Result<void> append(std::string_view bytes);
  std::size_t size() const { return memory_.size() + file_bytes_; }
  std::size_t bytes_in_memory() const { return memory_.size(); }
  /// Everything, in one piece; the spool is empty then. error: try_later.
  Result<std::string> take();
  void clear();

 private:
  Result<void> open_file();
  Result<void> flush();

  std::string directory_;
  std::size_t memory_bytes_;
  std::string memory_;  // what is not in the file yet
  int descriptor_ = -1;
  std::size_t file_bytes_ = 0;
};

}  // namespace beadle::smtp
