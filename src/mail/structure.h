// Takes a message apart by offsets into its bytes: the authority on what is a part (RFC 2045, RFC 2046, RFC 5322). Linear and
// without recursion; every bound of base/limits.h that is met becomes a Defect, as does everything that two readers could take
// for different things. Decodes no body and judges no text.
#pragma once

#include "mail/message.h"

namespace beadle::mail {

/// Fills `parts` and adds defects to a Message whose `bytes` are set. There is always a root: parts[0]. What stands in no part
/// (preamble, epilogue, the tail behind a bound) is in no body; `uncovered` gives it.
void scan_structure(Message& message);

/// The stretches of Message::bytes that stand in no field and no body of a leaf: preamble, epilogue, tails. A header that readers
/// may end at another place is given too, from there on: behind junk or a bare CR, and that of a part without a blank line. In
/// order, without the delimiters and white space between.
std::vector<Range> uncovered(const Message& message);

}  // namespace beadle::mail
