// CHECK: for our own mistakes only, never for input. Says where, and aborts: systemd starts us again, Postfix keeps the mail.
#pragma once

namespace beadle {
[[noreturn]] void check_failed(const char* expression, const char* file, int line);
}  // namespace beadle

#define CHECK(expression) \
  ((expression) ? static_cast<void>(0) : ::beadle::check_failed(#expression, __FILE__, __LINE__))
