// What goes past the filter, in numbers, and who has no mailbox of the council.
#include "review/coverage.h"

#include "catch.h"

namespace beadle::review {

TEST_CASE("mailboxes are counted once, messages that are too old not at all, and councillors by the domains of their addresses") {
  auto store = store::Store::open(":memory:", from_ms(0));
  REQUIRE(store);
  store::Cursors cursors(*store);
  const auto add = [&](const std::string& mailbox, const std::string& folder, std::int64_t messages, std::int64_t too_old, std::int64_t never, std::int64_t no_id) {
    auto before = cursors.find(mailbox, folder);
    REQUIRE(before);
    store::Cursor after = *before;
    after.uid_validity = after.uid = 1;
    after.messages = messages;
    after.too_old = too_old;
    after.never_seen = never;
    after.without_id = no_id;
    REQUIRE(cursors.advance(*before, after, {}, from_ms(5)));
  };
  add("jane at imap.example", "Sent", 10, 4, 2, 1);
  add("jane at imap.example", "Sent/2025", 100, 100, 0, 0);
  add("ian at imap.example", "Sent", 7, 0, 0, 0);
  people::Roster roster;
  roster.domains = {"council.example"};
  roster.persons = {{.name = "Jane", .kind = people::PersonKind::councillor, .emails = {"jane@home.example", "jane@council.example"}, .roles = {}, .group = {}, .ward = {}, .at = {}},
                    {.name = "Ian", .kind = people::PersonKind::councillor, .emails = {"ian@home.example"}, .roles = {}, .group = {}, .ward = {}, .at = {}},
                    {.name = "The clerk", .kind = people::PersonKind::officer, .emails = {"clerk@home.example"}, .roles = {}, .group = {}, .ward = {}, .at = {}}};
  const auto coverage = coverage_of(*store, people::Directory(roster));
  REQUIRE(coverage);
  CHECK(coverage->folders.size() == 3);
  CHECK(coverage->councillors == 2);
  CHECK(coverage->without_mailbox == std::vector<std::string>{"Ian"});
  const CoverageNumbers numbers = numbers_of(*coverage);
  CHECK(numbers.mailboxes == 2);
  CHECK(numbers.with_unseen == 1);
  CHECK(numbers.judged == 13);
  CHECK(numbers.never_seen == 2);
  CHECK(numbers.without_id == 1);
}

}  // namespace beadle::review
