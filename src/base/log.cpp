#include "base/log.h"

#include <atomic>
#include <cstdio>

#include "base/text.h"

namespace beadle {
namespace {

std::atomic<int> most_level{static_cast<int>(LogLevel::info)};
std::atomic<bool> with_priorities{false};

bool needs_quotes(std::string_view value) {
  if (value.empty()) return true;
  for (const char c : value) {
    if (c <= ' ' || c == '"' || c == '=' || c == '\\' || c == 0x7F) return true;
  }
  return false;
}

}  // namespace

std::string log_line(std::string_view event, std::initializer_list<LogField> fields) {
  std::string line(event);
  for (const auto& [key, raw] : fields) {
    const std::string value = printable(shortened(raw, 2000));
    line += ' ';
    line += key;
    line += '=';
    if (!needs_quotes(value)) {
      line += value;
      continue;
    }
    line += '"';
    for (const char c : value) {
      if (c == '"' || c == '\\') line += '\\';
      line += c;
    }
    line += '"';
  }
  return line;
}

void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields) {
  if (static_cast<int>(level) > most_level.load(std::memory_order_relaxed)) return;
  std::string line = log_line(event, fields) + "\n";
  if (with_priorities.load(std::memory_order_relaxed)) line.insert(0, "<" + std::to_string(static_cast<int>(level)) + ">");
  // One call a line, so that lines of several threads do not mix.
  std::fwrite(line.data(), 1, line.size(), stderr);
}

void set_log(LogLevel level, bool priorities) {
  most_level = static_cast<int>(level);
  with_priorities = priorities;
}

}  // namespace beadle
