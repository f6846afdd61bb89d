#include <algorithm>
#include <set>

#include "base/digest.h"
#include "helpers.h"

namespace beadle::store {

TEST_CASE("what is held comes back as it was") {
  const Folder folder;
  std::string id;
  const NewHeld mail = some_mail();
  {
    Store store = open_store(folder.database());
    id = hold_one(store, 5);
  }
  Store store = open_store(folder.database());
  const Held held = must(store.get(id));
  CHECK(held.id == id);
  CHECK(held.state == HeldState::held);
  CHECK(held.received == at(5));
  CHECK(held.from == mail.from);
  CHECK(held.sender == mail.envelope.sender);
  CHECK(held.recipients == mail.envelope.recipients);
  CHECK(held.subject == mail.subject);
  CHECK(held.clauses == mail.clauses);
  CHECK(held.decided_by.empty());
  CHECK_FALSE(held.decided);
  CHECK(held.door == mail.door);
  CHECK(held.envelope.sender == mail.envelope.sender);
  CHECK(held.envelope.recipients == mail.envelope.recipients);
  CHECK(held.envelope.login == mail.envelope.login);
  CHECK(held.envelope.smtputf8);
  CHECK(held.envelope.body == "8BITMIME");
  CHECK(held.envelope.dsn == mail.envelope.dsn);
  CHECK(held.envelope.recipient_dsn == mail.envelope.recipient_dsn);
  CHECK(held.bytes == mail.bytes);
  CHECK(held.release_bytes.empty());
  CHECK(held.verdict_json == mail.verdict_json);
  CHECK(held.message_id == mail.message_id);
  CHECK(held.queue_id == mail.queue_id);
  CHECK(held.client == mail.client);
  CHECK(held.sha256 == sha256_hex(mail.bytes));
  REQUIRE(held.outcomes.size() == 2);
  CHECK(held.outcomes[1].address == "bob@paper.example");
  CHECK(held.outcomes[1].state == "pending");
  CHECK_FALSE(held.outcomes[1].next_try);
}

TEST_CASE("any byte comes back, in any field") {
  std::string all_bytes;
  for (int i = 0; i < 256; ++i) all_bytes += static_cast<char>(i);
  NewHeld mail = some_mail();
  SECTION("every byte once, NUL too") { mail.bytes = all_bytes; }
  SECTION("nothing") { mail.bytes = ""; }
  SECTION("only NULs") { mail.bytes = std::string(1000, '\0'); }
  SECTION("5 MB") {
    while (mail.bytes.size() < (5u << 20)) mail.bytes += random_bytes(4096);
  }
  mail.release_bytes = mail.bytes + all_bytes;
  mail.subject = all_bytes;
  mail.envelope.sender = all_bytes;
  mail.envelope.recipients = {all_bytes, "", "x"};
  const Folder folder;
  Store store = open_store(folder.database());
  const Held held = must(store.get(hold_one(store, 1, mail)));
  CHECK((held.bytes == mail.bytes));
  CHECK((held.release_bytes == mail.release_bytes));
  CHECK((held.subject == mail.subject));
  CHECK((held.sender == mail.envelope.sender));
  CHECK((held.recipients == mail.envelope.recipients));
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("ids sort by time and are found by their beginning or end") {
  Store store = open_store(":memory:");
  std::vector<std::string> ids;
  std::set<std::string> ends;
  for (int i = 0; i < 8; ++i) {
    ids.push_back(hold_one(store, i * 100'000));
    CHECK(ids.back().size() == 26);
    CHECK(ids.back().find_first_not_of("0123456789abcdefghjkmnpqrstvwxyz") == std::string::npos);
    ends.insert(ids.back().substr(10));
  }
  CHECK(std::is_sorted(ids.begin(), ids.end()));
  CHECK(ends.size() == 8);

  CHECK(must(store.get(ids[3].substr(0, 9))).id == ids[3]);
  std::string upper = ids[3];
  for (char& c : upper) c = static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c == '0' ? 'O' : c == '1' ? 'L' : c);
  CHECK(must(store.get(upper)).id == ids[3]);
  for (const std::size_t characters : {6u, 10u, 25u}) CHECK(must(store.get(ids[3].substr(26 - characters))).id == ids[3]);
  CHECK(must(store.get(upper.substr(20))).id == ids[3]);
  CHECK_FALSE(store.get(ids[3].substr(21)));
  CHECK(store.get(ids[3].substr(12, 8)).error().kind == ErrorKind::not_found);  // neither beginning nor end
  CHECK(store.get(ids[3].substr(0, 5)).error().kind == ErrorKind::usage);
  CHECK(store.get("zzzzzzzzzz").error().kind == ErrorKind::not_found);
  CHECK(store.get("'; DROP TABLE held; --").error().kind == ErrorKind::not_found);
  CHECK(store.get(ids[3] + "0").error().kind == ErrorKind::not_found);
}

TEST_CASE("the beginning of several ids names at most five of them") {
  Store store = open_store(":memory:");
  std::set<std::string> ids;
  for (int i = 0; i < 3; ++i) ids.insert(hold_one(store));
  const std::string beginning = ids.begin()->substr(0, 8);
  Error error = store.get(beginning).error();
  CHECK(error.kind == ErrorKind::bad_data);
  for (const std::string& id : ids) CHECK(error.what.find(id) != std::string::npos);
  for (int i = 0; i < 7; ++i) ids.insert(hold_one(store));
  error = store.get(beginning).error();
  const auto named =
      std::count_if(ids.begin(), ids.end(), [&](const std::string& id) { return error.what.find(id) != std::string::npos; });
  CHECK(named == 5);
  CHECK(error.what.find("…") != std::string::npos);
}

TEST_CASE("the same submission again joins what is held, while it is not settled") {
  Store store = open_store(":memory:");
  NewHeld mail = some_mail();
  mail.intake_key = "key";
  int asked = 0;
  const auto notices = [&](const std::string& id) {
    ++asked;
    return std::vector<Notice>{some_notice("held-sender", "about " + id)};
  };
  const Store::HoldOutcome first = must(store.hold(mail, at(1), notices));
  const Store::HoldOutcome second = must(store.hold(mail, at(2), notices));
  CHECK_FALSE(first.joined);
  CHECK(second.joined);
  CHECK(second.id == first.id);
  CHECK(asked == 1);
  CHECK(must(store.list({}, 10)).size() == 1);
  const std::vector<Notice> due = must(store.due_notices(at(2), 10));
  REQUIRE(due.size() == 1);
  CHECK(due[0].held == first.id);
  CHECK(due[0].bytes == "about " + first.id);
  CHECK(acts(store) == std::vector<std::string>{"store-created", "held", "joined"});

  must(store.ask_release(first.id, "jo", "", false, at(3)));
  CHECK(must(store.hold(mail, at(4), notices)).joined);
  must(store.return_to_sender(first.id, "jo", "", at(5), {}));
  const Store::HoldOutcome later = must(store.hold(mail, at(6), notices));
  CHECK_FALSE(later.joined);
  CHECK(later.id != first.id);

  mail.intake_key = "";
  CHECK_FALSE(must(store.hold(mail, at(7), nullptr)).joined);
  CHECK_FALSE(must(store.hold(mail, at(7), nullptr)).joined);
}

TEST_CASE("a message without recipients is not held") {
  Store store = open_store(":memory:");
  NewHeld mail = some_mail();
  mail.envelope.recipients.clear();
  CHECK(store.hold(mail, at(1), nullptr).error().kind == ErrorKind::bad_data);
  CHECK(must(store.list({}, 10)).empty());
}

TEST_CASE("lists are by state, newest first, and bounded") {
  Store store = open_store(":memory:");
  std::vector<std::string> ids;
  for (int i = 0; i < 6; ++i) ids.push_back(hold_one(store, i));
  must(store.withdraw(ids[1], "clerk", "sent too early", at(9)));
  must(store.ask_release(ids[4], "jo", "", false, at(9)));
  const auto listed = [&](const std::vector<HeldState>& states, std::size_t most) {
    std::vector<std::string> found;
    for (const HeldSummary& summary : must(store.list(states, most))) found.push_back(summary.id);
    return found;
  };
  CHECK(listed({HeldState::held}, 10) == std::vector<std::string>{ids[5], ids[3], ids[2], ids[0]});
  CHECK(listed({}, 3) == std::vector<std::string>{ids[5], ids[4], ids[3]});
  CHECK(listed({HeldState::withdrawn, HeldState::releasing, HeldState::withdrawn}, 10) ==
        std::vector<std::string>{ids[4], ids[1]});
  CHECK(listed({HeldState::returned}, 10).empty());
  CHECK(listed({}, 0).empty());
  const HeldSummary withdrawn = must(store.list({HeldState::withdrawn}, 1)).front();
  CHECK(withdrawn.decided_by == "clerk");
  CHECK(withdrawn.decided == at(9));
  CHECK(withdrawn.reason == "sent too early");
  CHECK(withdrawn.recipients == some_mail().envelope.recipients);
  CHECK(withdrawn.clauses == some_mail().clauses);
  using Count = std::pair<HeldState, std::int64_t>;
  CHECK(must(store.counts()) == std::vector<Count>{{HeldState::held, 4},
                                                   {HeldState::releasing, 1},
                                                   {HeldState::released, 0},
                                                   {HeldState::returned, 0},
                                                   {HeldState::withdrawn, 1}});
}

TEST_CASE("names of states go both ways") {
  for (const HeldState state :
       {HeldState::held, HeldState::releasing, HeldState::released, HeldState::returned, HeldState::withdrawn}) {
    CHECK(held_state_from(to_string(state)) == state);
  }
  CHECK_FALSE(held_state_from("Held"));
  CHECK_FALSE(held_state_from(""));
}

}  // namespace beadle::store
