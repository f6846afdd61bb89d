// What is kept of a message in the record of earlier correspondence: who, to whom, whether marked. No text.
#pragma once

#include "inspect/envelope.h"
#include "inspect/history.h"
#include "inspect/verdict.h"
#include "mail/message.h"
#include "people/directory.h"

namespace beadle::intake {

inspect::EarlierMail to_record(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Verdict& verdict, Time now);

/// Only mail with a councillor (or a list) among its parties is correspondence that a clause looks back to.
bool concerns_councillor(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people);

}  // namespace beadle::intake
