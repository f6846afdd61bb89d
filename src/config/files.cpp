#include "config/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/descriptor.h"
#include "base/limits.h"
#include "base/text.h"
#include "config/settings.h"

namespace beadle::config {
namespace {

FileText failed(int code) {
  const bool absent = code == ENOENT || code == ENOTDIR;
  return {"", std::string("cannot be read: ") + std::strerror(code), absent ? ErrorKind::not_found : ErrorKind::try_later};
}

}  // namespace

FileText read_text(const std::string& path, std::size_t bytes_max) {
  const Descriptor file(open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.number() < 0) return failed(errno);
  struct stat status = {};
  if (fstat(file.number(), &status) != 0) return failed(errno);
  if (S_ISDIR(status.st_mode)) return failed(EISDIR);
  FileText out;
  std::array<char, 64u << 10> buffer;
  for (;;) {
    const ssize_t count = read(file.number(), buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return failed(errno);
    if (count == 0) return out;
    out.text.append(buffer.data(), static_cast<std::size_t>(count));
    if (out.text.size() > bytes_max) {
      return {"", "is larger than " + std::to_string(bytes_max >> 20) + " MB", ErrorKind::bad_settings};
    }
  }
}

std::optional<std::string> read_or_note(const std::string& path, Problems& problems, std::size_t bytes_max) {
  FileText file = read_text(path, bytes_max);
  if (file.why.empty()) return std::move(file.text);
  problems.push_back({Problem::Severity::error, path, {}, file.why, ""});
  return std::nullopt;
}

Result<std::string> read_file(const std::string& path) {
  FileText file = read_text(path);
  if (file.why.empty()) return std::move(file.text);
  return Error{file.kind, printable(path) + ": " + file.why};
}

}  // namespace beadle::config
