// The head of a request: its bytes from the first to the empty line, where it ends, and what stands in it. What the words mean for us (http_check.h,
// http_target.h) is not asked here, only that nobody could split the bytes into other lines and fields than we do.
// What can go wrong is a Refusal: a status, and our own words for the log.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "web/http.h"

namespace beadle::web {

struct Refusal {
  int status = 400;
  std::string_view why;  // for the log; never what was sent
};

struct Head {
  std::string method, target;
  int minor_version = 1;  // HTTP/1.x
  Pairs fields;           // names in lower case, values in UTF-8 (else U+FFFD) and without blanks at their ends
};

/// Finds the end of a head that arrives in pieces, and refuses it at the first byte that is wrong: a server that waits for an end which never comes
/// would keep its place until the deadline.
class HeadScanner {
 public:
  struct Found {
    std::size_t size = 0;  // of the head with its empty line; 0: more is needed
    std::optional<Refusal> refusal = {};
  };
  /// `bytes`: all of the head so far; those that were looked at before must be the same.
  Found scan(std::string_view bytes);

 private:
  std::size_t at_ = 0, line_start_ = 0, lines_ = 0;
};

/// `block`: what a HeadScanner found to be a head.
std::variant<Head, Refusal> parse_head(std::string_view block);

}  // namespace beadle::web
