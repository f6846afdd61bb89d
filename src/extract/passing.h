// How two descriptors go from the caller to the nursery: with one byte over a socket of packets (unix(7), SCM_RIGHTS). Both ends stand here.
// Says nothing of what they are for (nursery.h). A packet that is not one byte with two descriptors ends the conversation.
#pragma once

#include <array>
#include <optional>

namespace beadle::extract {

/// False where the other end has gone; errno says why.
bool pass_descriptors(int socket, const std::array<int, 2>& numbers);
/// Waits. They are the taker's to close, and closed on exec. nullopt where the other end has gone or says something else.
std::optional<std::array<int, 2>> take_descriptors(int socket);

}  // namespace beadle::extract
