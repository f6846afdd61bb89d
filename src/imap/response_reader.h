// Takes an IMAP server's responses out of its bytes (RFC 3501 §9), with literals. Every length is bounded and nothing is allocated because a server
// announces it. Whether a response was asked for is for machine.h. What is no IMAP ends in problem().
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imap/bounds.h"
#include "imap/response.h"

namespace beadle::imap {

class ResponseReader {
 public:
  void add(std::string_view bytes) { input_.append(bytes); }
  /// nullopt: it is not all there yet, or there is a problem(). Until it is nullopt, add() only makes the heap higher.
  std::optional<Response> next();
  /// "a line that is too long": nothing can be read any more. "" while all is well.
  const std::string& problem() const { return problem_; }
  /// From the next response on: bytes of a line, and of all literals of a response.
  void set_bounds(std::size_t line_bytes, std::size_t literal_bytes);

 private:
  bool take_line();
  void take_literal();
  bool begin_literal();
  std::optional<Response> broken(std::string what);

  std::string input_;
  std::size_t at_ = 0;  // of input_
  std::string text_;    // the response so far, literals left out
  std::vector<std::pair<std::size_t, std::string>> literals_;  // place in text_ behind "{n}", bytes
  std::size_t literal_left_ = 0, literal_bytes_ = 0;
  std::size_t line_bytes_max_ = line_bytes_max, literal_bytes_max_ = literal_bytes_max;
  std::string problem_;
};

}  // namespace beadle::imap
