// What the page of one message is made of: each part from a review::MessageView, without looking anything up. For page_message.cpp.
#pragma once

#include <string>
#include <vector>

#include "review/view.h"
#include "web/components.h"

namespace beadle::web {

/// Each finding with its clause, what it asks, and the words, which lead to where they stand.
Html findings_part(const review::MessageView& view);
/// Who wrote it, and who gets it: seen by all on one side, blind copies on the other.
Html parties_part(const review::MessageView& view);
/// The words, zone by zone, with evidence marked. `held` is the id, for the frames of HTML parts.
Html texts_part(const review::MessageView& view, const std::string& held);
Html attachments_part(const review::MessageView& view);
/// What is odd, and what nobody has read.
Html oddities_part(const review::MessageView& view);
/// What a release sends that the message as it came has not.
Html leaving_part(const review::MessageView& view);

}  // namespace beadle::web
