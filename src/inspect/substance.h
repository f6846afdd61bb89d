// Whether a mail says something of substance, and not only that it came, thanks for another, or that an answer will follow.
// A rough measure by sentences: it decides whether a reminder is closed (rules/README.md, trait `substantive`), and nothing else.
#pragma once

#include <string_view>
#include <vector>

#include "inspect/facts.h"

namespace beadle::inspect {

/// Needs the cues of `facts`. Where the answer is still to come (cues holding, holding-reply, absence, out-of-office), a sentence of substance has
/// several words; else "Yes." is one.
bool is_substantive(const mail::Message& message, const rules::RuleSet& rules, const Facts& facts);

/// No more own words than it takes to say who is to be asked instead (sixty in each of its texts), and nothing hangs on it.
bool is_brief(const mail::Message& message);

/// A document or letter hangs on it; pictures of a signature, calendars and cryptographic signatures do not count.
bool has_attachment(const mail::Message& message);

}  // namespace beadle::inspect
