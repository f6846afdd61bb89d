// A message that displays no text (a scan, a document) gets a new first part that holds the line, by splices only.
#pragma once

#include "mail/edit.h"
#include "mail/message.h"

namespace beadle::mail {

/// A new first part of a multipart/mixed; or the single body that there is becomes the second part of a new one.
FooterPlan plan_part(const Message& message, std::string_view line);

}  // namespace beadle::mail
