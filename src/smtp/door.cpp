#include "smtp/door.h"

#include "base/log.h"
#include "smtp/conversation.h"

namespace beadle::smtp {

// To be connected with net::Server.
}  // namespace beadle::smtp
