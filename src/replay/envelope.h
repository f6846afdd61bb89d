// The envelope that a message had, as its copy tells: a journal report says it, of others it is made again from the header. Who was blind-copied stands
// there only if the mail program wrote it down (Bcc, or a trace field of the delivery), so that a missing Bcc says nothing: the caller has to say so.
#pragma once

#include <string>

#include "inspect/envelope.h"
#include "mail/message.h"

namespace beadle::replay {

struct Rebuilt {
  inspect::Envelope envelope;
  bool records_blind = false;  // the header names blind copies, or the whole envelope: Bcc, Resent-Bcc, X-Envelope-To
};

/// Sender: X-Envelope-From, else Return-Path, else Sender, else From. Recipients: those of all fields that name some, each once.
Rebuilt rebuild_envelope(const mail::Message& message);

/// How copies of mail were kept.
struct Keeping {
  bool journal = false;     // by a journal, which knows all recipients; else only what says of itself that it is a journal report is read as one
  std::string own_address;  // the journal's
};

struct Copy {
  mail::Message message;  // as it went: what a report is of
  Rebuilt rebuilt;
};
Copy read_copy(std::string bytes, const Keeping& keeping);

}  // namespace beadle::replay
