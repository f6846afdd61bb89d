// A copy that the message does not show, and how a reviewer may disclose it on release: by the line that Beadle appends, or, where the message cannot
// be edited (signed, encrypted), by a short mail of its own to those who are shown. Councillors only: nobody else's blind copy is made known. Pure.
#pragma once

#include <string>
#include <vector>

#include "inspect/facts.h"
#include "inspect/inspect.h"
#include "mail/message.h"
#include "review/view.h"
#include "store/store.h"

namespace beadle::review {

struct Disclosure {
  enum class How {
    none,    // nothing is hidden, or nobody is there to tell
    line,    // release_bytes has it
    notice,  // `recipients` are told by a mail of their own
  };
  How how = How::none;
  std::vector<std::string> names;       // councillors who are not named by what would leave without it
  std::string line;                     // "CC Councillor Jane Holt, Councillor Ian Day"
  std::string release_bytes;            // of line
  std::vector<std::string> recipients;  // of notice
  std::string why_no_line;              // of notice: "signed"
};

/// Names of councillors who get the message, or had it, unseen by its other readers, and whom what a release sends does not name.
std::vector<std::string> undisclosed(const inspect::Facts& facts, const inspect::Verdict& verdict, const Leaving& leaving, const people::Directory& people);

/// error: try_later, where the matcher ran out of memory.
Result<Disclosure> disclosure_of(const store::Held& held, const mail::Message& message, const inspect::Policy& policy);

/// Whether "release with the copy disclosed" is offered.
bool can_disclose(const store::Held& held, const MessageView& view);

}  // namespace beadle::review
