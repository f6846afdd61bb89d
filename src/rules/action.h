// What is done with a message, from least to most; and how far a rule may act.
#pragma once

#include <optional>
#include <string_view>

namespace beadle::rules {

enum class Action { pass, flag, annotate, hold };
/// off: not looked at. observe: decided and recorded, delivered unchanged. enforce: acted upon.
enum class Mode { off, observe, enforce };

std::string_view to_string(Action action);
std::string_view to_string(Mode mode);
std::optional<Action> action_from(std::string_view text);
std::optional<Mode> mode_from(std::string_view text);

}  // namespace beadle::rules
