// What the record knows of earlier correspondence that this message belongs to. Looked up before the decision and handed in.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"
#include "inspect/passages.h"
#include "inspect/reminders.h"

namespace beadle::inspect {

struct EarlierMail {
  std::string message_id;
  std::string sender;                   // address of From, comparable form
  std::vector<std::string> visible;     // To and Cc, comparable form
  std::vector<std::string> recipients;  // all envelope recipients seen so far, comparable form
  bool marked = false;                  // marked confidential
  bool consent = false;                 // agrees to copying, or says that the clerk has approved
  Time at{};
  bool operator==(const EarlierMail&) const = default;
};

/// What this message has in common with a marked mail on record.
struct SharedPassages {
  EarlierMail mail;
  std::vector<Fingerprint> shared;  // of this message
  std::size_t of = 0;               // how many fingerprints this message has
};

struct History {
  std::vector<EarlierMail> same;        // earlier transactions of the same Message-ID
  std::vector<EarlierMail> referenced;  // mails named in In-Reply-To and References
  std::vector<SharedPassages> passages;  // of marked mails
  std::vector<OpenReminder> reminders;   // that the message may belong to
};

}  // namespace beadle::inspect
