// Exit codes of all commands (sysexits.h), and the way errors are shown.
#pragma once

#include <string_view>

#include "base/problem.h"
#include "base/result.h"

namespace beadle::cli {

enum Exit {
  exit_ok = 0,
  exit_found = 1,        // --fail-on: the verdict is at least that; rules or audit found wanting
  exit_usage = 64,       // called the wrong way
  exit_data = 65,        // input that cannot be used
  exit_no_input = 66,    // no such file or held message
  exit_unavailable = 69, // the state forbids the act: somebody was first
  exit_software = 70,
  exit_try_later = 75,   // locked, full, away: the same call may work in a minute
  exit_no_permission = 77,
  exit_config = 78,      // configuration, roster or rules
};

int exit_of(ErrorKind kind);
/// Prints `beadle: what` on standard error; gives the exit code.
int fail(const Error& error);
/// Prints each problem on a line; gives exit_config where one is an error.
int report(const Problems& problems);

}  // namespace beadle::cli
