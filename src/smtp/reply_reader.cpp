#include "smtp/reply_reader.h"

#include <algorithm>
#include <utility>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::smtp {
namespace {

constexpr std::size_t quoted_bytes_max = 80;  // of what is no reply: enough to see that SSH answers, say

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

int reply_code(std::string_view line) {
  if (line.size() < 3 || line[0] < '2' || line[0] > '5' || !is_digit(line[1]) || !is_digit(line[2])) return 0;
  if (line.size() > 3 && line[3] != ' ' && line[3] != '-') return 0;
  return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

std::optional<Reply> ReplyReader::next() {
  std::optional<Reply> reply;
  std::size_t start = 0;
  while (!reply && problem_.empty()) {
    const std::size_t end = buffer_.find('\n', start);
    if (std::min(end, buffer_.size()) - start > limits::smtp_reply_line_bytes_max) return broken("a line that is too long");
    if (end == std::string::npos) break;
    std::string_view line = std::string_view(buffer_).substr(start, end - start);
    if (line.ends_with('\r')) line.remove_suffix(1);
    reply = on_line(line);
    start = end + 1;
  }
  buffer_.erase(0, start);
  return reply;
}

std::optional<Reply> ReplyReader::on_line(std::string_view line) {
  const int code = reply_code(line);
  if (code == 0) return broken("no SMTP reply: " + printable(line.substr(0, quoted_bytes_max)));
  if (!reply_.lines.empty() && code != reply_.code) return broken("a reply with two codes");
  if (reply_.lines.size() == limits::smtp_reply_lines_max) return broken("a reply with too many lines");
  reply_.code = code;
  reply_.lines.emplace_back(line.substr(std::min<std::size_t>(4, line.size())));
  if (line.size() > 3 && line[3] == '-') return std::nullopt;
  return std::exchange(reply_, {});
}

std::optional<Reply> ReplyReader::broken(std::string what) {
  problem_ = std::move(what);
  return std::nullopt;
}

}  // namespace beadle::smtp
