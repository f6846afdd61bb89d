// A verdict as it was when the message was held, read back from what the store keeps (inspect::to_json). What is missing or odd in it is left out:
// an old or damaged verdict must not keep anybody from the message.
#pragma once

#include <string_view>

#include "inspect/verdict.h"

namespace beadle::review {

inspect::Verdict verdict_of(std::string_view json);

}  // namespace beadle::review
