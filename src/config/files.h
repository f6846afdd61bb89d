// Reads whole files for this folder; says why not in words without the path, which a Problem has beside it.
#pragma once

#include <optional>
#include <string>

#include "base/problem.h"
#include "base/result.h"

namespace beadle::config {

struct FileText {
  std::string text;
  std::string why;  // "" where it was read
  ErrorKind kind = ErrorKind::try_later;
};

FileText read_text(const std::string& path);
/// The same with the mistake in `problems`.
std::optional<std::string> read_or_note(const std::string& path, Problems& problems);

}  // namespace beadle::config
