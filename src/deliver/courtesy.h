// Who may be written to about a mail: a person of the council who wrote it by hand (RFC 3834 §2). Never null senders, lists,
// automatic mail or strangers, so that a notice cannot go in circles or tell an outsider what was held.
#pragma once

#include <string_view>

#include "mail/message.h"
#include "people/directory.h"

namespace beadle::deliver {

/// Why the envelope sender `sender` of `message` gets no notice, "" where he or she does. `own_from` is the address that notices
/// come from.
std::string_view why_no_notice(const mail::Message& message, std::string_view sender, const people::Directory& people,
                               std::string_view own_from);

/// Whether mail can be sent to `address` at all: one plain address, without anything that could become a second one.
bool is_deliverable(std::string_view address);

/// Whether both stand for the same mailbox or the same person of the roster.
bool is_same_person(std::string_view address, std::string_view other, const people::Directory& people);

}  // namespace beadle::deliver
