// What the record knows of earlier correspondence that this message belongs to. Looked up before the decision and handed in.
#pragma once

#include <string>
#include <vector>

#include "base/time.h"

namespace beadle::inspect {

struct EarlierMail {
  std::string message_id;
  std::string sender;                   // address of From, comparable form
  std::vector<std::string> visible;     // To and Cc, comparable form
  std::vector<std::string> recipients;  // all envelope recipients seen so far, comparable form
  bool marked = false;                  // marked confidential
  Time at{};
  bool operator==(const EarlierMail&) const = default;
};

struct History {
  std::vector<EarlierMail> same;        // earlier transactions of the same Message-ID
  std::vector<EarlierMail> referenced;  // mails named in In-Reply-To and References
};

}  // namespace beadle::inspect
