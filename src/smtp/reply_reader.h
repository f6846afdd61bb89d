// Takes a mail server's replies out of its bytes (RFC 5321 §4.2), each line and the number of lines bounded. Whether a reply was
// asked for is for the caller to know.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "smtp/extensions.h"

namespace beadle::smtp {

/// The code that a line begins with: 200 to 599 (RFC 5321 §4.2.1), with a blank, a hyphen or nothing behind it. 0: the line is
/// none of a reply.
int reply_code(std::string_view line);

class ReplyReader {
 public:
  void add(std::string_view bytes) { buffer_.append(bytes); }
  /// nullopt: it is not all there yet, or there is a problem(). Lines end in CR LF; a bare LF is understood too.
  std::optional<Reply> next();
  /// "a reply with two codes": nothing can be read any more. "" while all is well. Only what is no reply is quoted, behind a
  /// colon.
  const std::string& problem() const { return problem_; }
  /// Bytes have come that no reply was made of yet.
  bool has_more() const { return !buffer_.empty(); }

 private:
  std::optional<Reply> on_line(std::string_view line);
  std::optional<Reply> broken(std::string what);

  std::string buffer_;
  Reply reply_;  // of several lines, so far
  std::string problem_;
};

}  // namespace beadle::smtp
