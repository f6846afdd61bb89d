#include "rules/action.h"

#include <array>
#include <cstddef>

namespace beadle::rules {
namespace {

// In the order of the enums.
constexpr std::array<std::string_view, 4> action_words{"pass", "flag", "annotate", "hold"};
constexpr std::array<std::string_view, 3> mode_words{"off", "observe", "enforce"};

template <class Value, std::size_t N>
std::optional<Value> value_of(const std::array<std::string_view, N>& words, std::string_view text) {
  for (std::size_t i = 0; i < N; ++i) {
    if (words[i] == text) return static_cast<Value>(i);
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(Action action) { return action_words[static_cast<std::size_t>(action)]; }
std::string_view to_string(Mode mode) { return mode_words[static_cast<std::size_t>(mode)]; }
std::optional<Action> action_from(std::string_view text) { return value_of<Action>(action_words, text); }
std::optional<Mode> mode_from(std::string_view text) { return value_of<Mode>(mode_words, text); }

}  // namespace beadle::rules
