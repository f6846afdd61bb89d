#include "cli/exit.h"

#include <cstdio>

#include "base/text.h"

namespace beadle::cli {

int exit_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::try_later: return exit_try_later;
    case ErrorKind::refused: return exit_unavailable;
    case ErrorKind::bad_settings:
    case ErrorKind::bad_rule: return exit_config;
    case ErrorKind::bad_data: return exit_data;
    case ErrorKind::not_found: return exit_no_input;
    case ErrorKind::usage: return exit_usage;
  }
  return exit_software;
}

int fail(const Error& error) {
  std::fprintf(stderr, "beadle: %s\n", printable(error.what).c_str());
  return exit_of(error.kind);
}

int report(const Problems& problems) {
  for (const Problem& problem : problems) std::fprintf(stderr, "%s\n", printable(to_string(problem)).c_str());
  return has_errors(problems) ? exit_config : exit_ok;
}

}  // namespace beadle::cli
