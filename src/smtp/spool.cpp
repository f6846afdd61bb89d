#include "smtp/spool.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace beadle::smtp {
namespace {

Error failed(std::string_view doing) {
  return {ErrorKind::try_later, "the spool: " + std::string(doing) + ": " + std::generic_category().message(errno)};
}

}  // namespace

Result<void> Spool::append(std::string_view bytes) {
  memory_.append(bytes);
  return memory_.size() > memory_bytes_ ? flush() : Result<void>();
}

Result<void> Spool::open_file() {
  descriptor_ = ::open(directory_.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (descriptor_ >= 0) return {};
  // Not every file system has files without a name.
  std::string path = directory_ + "/beadle-spool-XXXXXX";
  descriptor_ = ::mkostemp(path.data(), O_CLOEXEC);
  if (descriptor_ < 0) return failed("making a file in " + directory_);
  ::unlink(path.c_str());
  return {};
}

Result<void> Spool::flush() {
  if (descriptor_ < 0) TRY(open_file());
  std::string_view left = memory_;
  while (!left.empty()) {
    const ssize_t written = ::write(descriptor_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return failed("writing");
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  file_bytes_ += memory_.size();
  memory_.clear();
  return {};
}

Result<std::string> Spool::take() {
  if (descriptor_ < 0) return std::exchange(memory_, {});
  TRY(flush());
  std::string bytes(file_bytes_, '\0');
  std::size_t at = 0;
  while (at < bytes.size()) {
    const ssize_t got = ::pread(descriptor_, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failed("reading");
    if (got == 0) return Error{ErrorKind::try_later, "the spool: the file is shorter than what was written"};
    at += static_cast<std::size_t>(got);
  }
  clear();
  return bytes;
}

void Spool::clear() {
  std::string().swap(memory_);
  file_bytes_ = 0;
  if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
}

}  // namespace beadle::smtp
