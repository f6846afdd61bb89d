// The envelope that a message probably had, made again from its header. Who was blind-copied stands there only if the mail program wrote it down (Bcc, or
// a trace field of the delivery), so that a missing Bcc says nothing: the caller has to say so.
#pragma once

#include "inspect/envelope.h"
#include "mail/message.h"

namespace beadle::replay {

struct Rebuilt {
  inspect::Envelope envelope;
  bool records_blind = false;  // the header names blind copies, or the whole envelope: Bcc, Resent-Bcc, X-Envelope-To
};

/// Sender: X-Envelope-From, else Return-Path, else Sender, else From. Recipients: those of all fields that name some, each once.
Rebuilt rebuild_envelope(const mail::Message& message);

}  // namespace beadle::replay
