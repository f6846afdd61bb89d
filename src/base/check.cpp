#include "base/check.h"

#include <cstdio>
#include <cstdlib>

namespace beadle {

void check_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "<2>%s:%d: CHECK failed: %s\n", file, line, expression);
  std::abort();
}

}  // namespace beadle
