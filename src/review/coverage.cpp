#include "review/coverage.h"

#include <algorithm>
#include <set>

namespace beadle::review {

Result<Coverage> coverage_of(store::Store& store, const people::Directory& people) {
  Coverage coverage;
  coverage.folders = TRY(store::Cursors(store).all());
  for (const people::Person& person : people.roster().persons) {
    if (!person.is_councillor()) continue;
    ++coverage.councillors;
    const bool has = std::any_of(person.emails.begin(), person.emails.end(), [&](const std::string& address) { return people.is_own_domain(address); });
    if (!has) coverage.without_mailbox.push_back(person.name);
  }
  return coverage;
}

CoverageNumbers numbers_of(const Coverage& coverage) {
  CoverageNumbers numbers;
  std::set<std::string_view> mailboxes, with_unseen;
  for (const store::Cursor& folder : coverage.folders) {
    mailboxes.insert(folder.mailbox);
    if (folder.never_seen > 0) with_unseen.insert(folder.mailbox);
    numbers.judged += folder.messages - folder.too_old;
    numbers.never_seen += folder.never_seen;
    numbers.without_id += folder.without_id;
  }
  numbers.mailboxes = static_cast<std::int64_t>(mailboxes.size());
  numbers.with_unseen = static_cast<std::int64_t>(with_unseen.size());
  return numbers;
}

}  // namespace beadle::review
