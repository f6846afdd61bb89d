#include "imap/response_reader.h"

#include <algorithm>
#include <charconv>

#include "imap/response_parser.h"

namespace beadle::imap {
namespace {

// Of what a literal announces, so much is asked for at once; the rest as it comes.
constexpr std::size_t reserved_bytes_most = 64u << 10;

struct Announced {
  bool is_literal = false;
  std::uint64_t bytes = 0;
  bool fits = true;
};

/// "{123}" or "{123+}" at the end of a line (RFC 3501 §4.3, RFC 7888).
Announced announced_by(std::string_view text) {
  if (!text.ends_with('}') || has_words(text)) return {};
  const std::size_t begin = text.rfind('{');
  if (begin == std::string_view::npos) return {};
  std::string_view digits = text.substr(begin + 1, text.size() - begin - 2);
  if (digits.ends_with('+')) digits.remove_suffix(1);
  if (digits.empty() || digits.find_first_not_of("0123456789") != std::string_view::npos) return {};
  Announced out{.is_literal = true};
  out.fits = std::from_chars(digits.data(), digits.data() + digits.size(), out.bytes).ec == std::errc();
  return out;
}

}  // namespace

void ResponseReader::set_bounds(std::size_t line_bytes, std::size_t literal_bytes) {
  line_bytes_max_ = line_bytes;
  literal_bytes_max_ = literal_bytes;
}

std::optional<Response> ResponseReader::next() {
  while (problem_.empty() && at_ < input_.size()) {
    if (literal_left_ > 0) {
      take_literal();
      continue;
    }
    if (!take_line() || begin_literal()) continue;
    if (!problem_.empty()) break;
    Response response;
    const std::string wrong = parse_response(text_, literals_, response);
    text_.clear();
    literals_.clear();
    literal_bytes_ = 0;
    if (!wrong.empty()) return broken(wrong);
    return response;
  }
  input_.clear();
  at_ = 0;
  return std::nullopt;
}

/// true at the end of a line. Lines end in CR LF; neither stands by itself.
bool ResponseReader::take_line() {
  const std::size_t end = input_.find('\n', at_);
  const std::size_t until = end == std::string::npos ? input_.size() : end + 1;
  const std::string_view piece = std::string_view(input_).substr(at_, until - at_);
  at_ = until;
  if (piece.size() > line_bytes_max_ - std::min(line_bytes_max_, text_.size())) return broken("a line that is too long"), false;
  if (piece.find('\0') != std::string_view::npos) return broken("a NUL byte in a line"), false;
  text_.append(piece);
  if (end == std::string::npos) return false;
  if (!text_.ends_with("\r\n")) return broken("a line that does not end in CR LF"), false;
  text_.resize(text_.size() - 2);
  const std::size_t begin = literals_.empty() ? 0 : literals_.back().first;
  if (text_.find('\r', begin) != std::string::npos) return broken("a CR within a line"), false;
  return true;
}

/// true where the line that was taken goes on behind a literal.
bool ResponseReader::begin_literal() {
  const Announced announced = announced_by(text_);
  const bool nothing_since = !literals_.empty() && literals_.back().first == text_.size();  // the line ended behind the last one
  if (!announced.is_literal || nothing_since) return false;
  if (!announced.fits || announced.bytes > literal_bytes_max_ - literal_bytes_) return broken("a literal that is too long"), false;
  if (literals_.size() == literals_max) return broken("a response with too many literals"), false;
  literal_left_ = static_cast<std::size_t>(announced.bytes);
  literal_bytes_ += literal_left_;
  literals_.emplace_back(text_.size(), "");
  literals_.back().second.reserve(std::min(literal_left_, reserved_bytes_most));
  return true;
}

void ResponseReader::take_literal() {
  const std::size_t count = std::min(literal_left_, input_.size() - at_);
  literals_.back().second.append(input_, at_, count);
  at_ += count;
  literal_left_ -= count;
}

std::optional<Response> ResponseReader::broken(std::string what) {
  problem_ = std::move(what);
  return std::nullopt;
}

}  // namespace beadle::imap
