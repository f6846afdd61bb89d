// The log: one line an event on standard error, `<priority>event key=value …`, which systemd's journal understands.
// Holds no bodies, no subjects and no matched words; addresses only where delivery is in trouble, or the roster lacks one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace beadle {

enum class LogLevel { error = 3, warning = 4, notice = 5, info = 6, debug = 7 };

using LogField = std::pair<std::string_view, std::string>;

/// Values are quoted where they hold blanks, quotes or control characters.
void log(LogLevel level, std::string_view event, std::initializer_list<LogField> fields = {});
/// Without priority prefixes and at `level` or more urgent only.
void set_log(LogLevel level, bool priorities);
/// The line that log() writes; for tests.
std::string log_line(std::string_view event, std::initializer_list<LogField> fields);

}  // namespace beadle
