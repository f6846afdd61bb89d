// The second opinion on the structure of a mail: mimetic parses the same bytes. The only file pair that includes mimetic.
// Only for messages within the bounds of scan_structure; address fields are never asked for.
#pragma once

#include "mail/message.h"

namespace beadle::mail {

/// True where mimetic sees other leaves (their types and their number) than scan_structure did, in a message whose structure we
/// took to be without doubt. Never called with one that met a bound.
bool mimetic_disagrees(const Message& message);

}  // namespace beadle::mail
