// Reads whole files for this folder; says why not in words without the path, which a Problem has beside it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "base/limits.h"
#include "base/problem.h"
#include "base/result.h"

namespace beadle::config {

struct FileText {
  std::string text;
  std::string why;  // "" where it was read
  ErrorKind kind = ErrorKind::try_later;
};

FileText read_text(const std::string& path, std::size_t bytes_max = limits::settings_file_bytes_max);
/// The same with the mistake in `problems`.
std::optional<std::string> read_or_note(const std::string& path, Problems& problems, std::size_t bytes_max = limits::settings_file_bytes_max);

}  // namespace beadle::config
