// What an audit of mailboxes has found of mail that no filter saw, and who of the council has no mailbox that one could see: the same for the command line,
// which names them, and the page of figures, which only counts. Failures as of the Store.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "people/directory.h"
#include "store/cursors.h"

namespace beadle::review {

struct Coverage {
  std::vector<store::Cursor> folders;
  std::size_t councillors = 0;
  std::vector<std::string> without_mailbox;  // councillors with no address in a domain of the council: what they write goes past every filter of its
};
Result<Coverage> coverage_of(store::Store& store, const people::Directory& people);

/// Without names.
struct CoverageNumbers {
  std::int64_t mailboxes = 0, with_unseen = 0;  // with_unseen: of these, in which some mail never came by
  std::int64_t judged = 0;                      // messages that are not too old to tell
  std::int64_t never_seen = 0, without_id = 0;  // of these
};
CoverageNumbers numbers_of(const Coverage& coverage);

}  // namespace beadle::review
