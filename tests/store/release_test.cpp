#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

using Outcome = Store::Delivery::Outcome;
const std::string ann = "ann@paper.example";
const std::string bob = "bob@paper.example";

std::string releasing_one(Store& store) {
  const std::string id = hold_one(store);
  must(store.ask_release(id, "jo", "", false, at(10)));
  return id;
}

}  // namespace

TEST_CASE("a release becomes due when it is asked for, and is released when all have it") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  hold_one(store);  // never due
  CHECK(must(store.due_releases(at(9), 10)).empty());
  CHECK(must(store.due_releases(at(10), 10)) == std::vector<std::string>{id});
  CHECK(must(store.due_releases(at(10), 0)).empty());

  must(store.mark_sending(id, {ann, bob}, at(11)));
  CHECK(must(store.due_releases(at(99), 10)).empty());
  CHECK(recipient_states(store, id) == std::vector<std::string>{"sending", "sending"});

  std::vector<bool> told;
  const auto notices = [&](bool released) {
    told.push_back(released);
    return std::vector<Notice>{some_notice("released-sender", "words")};
  };
  CHECK_FALSE(must(store.record_deliveries(id, {{ann, Outcome::delivered, "250 2.0.0 Ok: queued as 4A"}}, at(12), notices)));
  CHECK(must(store.get(id)).state == HeldState::releasing);
  CHECK(must(store.record_deliveries(id, {{bob, Outcome::delivered, "250 2.0.0 Ok"}}, at(13), notices)));
  CHECK(told == std::vector<bool>{false, true});
  CHECK(must(store.due_notices(at(13), 10)).size() == 2);

  const Held held = must(store.get(id));
  CHECK(held.state == HeldState::released);
  CHECK(held.decided_by == "jo");
  CHECK(held.outcomes[0].state == "delivered");
  CHECK(held.outcomes[0].reply == "250 2.0.0 Ok: queued as 4A");
  CHECK(held.outcomes[0].tries == 1);
  CHECK(held.outcomes[0].changed == at(12));
  CHECK_FALSE(held.outcomes[0].next_try);
  CHECK(acts(store) == std::vector<std::string>{"store-created", "held", "released-asked", "held", "sending", "delivered",
                                                "delivered", "released"});
}

TEST_CASE("told twice, a delivery stays one") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  must(store.mark_sending(id, {ann, bob}, at(11)));
  const std::vector<Store::Delivery> both = {{ann, Outcome::delivered, "250 a"}, {bob, Outcome::delivered, "250 b"}};
  CHECK(must(store.record_deliveries(id, both, at(12), nullptr)));
  CHECK_FALSE(must(store.record_deliveries(id, {{ann, Outcome::refused, "550 no"}}, at(13), nullptr)));
  CHECK(must(store.get(id)).outcomes[0].reply == "250 a");
  CHECK(must(store.get(id)).state == HeldState::released);
}

TEST_CASE("what is deferred is tried again, later each time, and never given up silently") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  std::int64_t expected_ms = limits::release_retry_first_ms;
  Time now = at(10);
  for (int tries = 1; tries <= 12; ++tries) {
    REQUIRE(must(store.due_releases(now, 10)).size() == 1);
    must(store.mark_sending(id, {ann}, now));
    must(store.record_deliveries(id, {{ann, Outcome::deferred, "452 4.3.1 Insufficient system storage"}}, now, nullptr));
    const RecipientOutcome outcome = must(store.get(id)).outcomes[0];
    CHECK(outcome.state == "pending");
    CHECK(outcome.tries == tries);
    CHECK(outcome.reply == "452 4.3.1 Insufficient system storage");
    REQUIRE(outcome.next_try);
    CHECK(*outcome.next_try == now + std::chrono::milliseconds(expected_ms));
    if (tries == 1) must(store.record_deliveries(id, {{bob, Outcome::delivered, "250 Ok"}}, now, nullptr));
    CHECK(must(store.due_releases(*outcome.next_try - std::chrono::milliseconds(1), 10)).empty());
    now = *outcome.next_try;
    expected_ms = std::min(expected_ms * 2, limits::release_retry_most_ms);
  }
  CHECK(expected_ms == limits::release_retry_most_ms);
  CHECK(must(store.get(id)).state == HeldState::releasing);
}

TEST_CASE("a refusal keeps the message releasing until somebody asks again") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  must(store.mark_sending(id, {ann, bob}, at(11)));
  const std::vector<Store::Delivery> mixed = {{ann, Outcome::delivered, "250 Ok"},
                                              {bob, Outcome::refused, "550 5.1.1 bob@paper.example unknown"}};
  CHECK_FALSE(must(store.record_deliveries(id, mixed, at(12), nullptr)));
  CHECK(recipient_states(store, id) == std::vector<std::string>{"delivered", "refused"});
  CHECK(must(store.due_releases(at(100'000), 10)).empty());
  const AuditRow row = must(store.audit_rows(1, 100)).back();
  CHECK(row.act == "refused");
  CHECK(row.detail.find("550 5.1.1") != std::string::npos);
  CHECK(row.detail.find("unknown") == std::string::npos);

  must(store.ask_release(id, "kim", "", true, at(20)));
  CHECK(must(store.due_releases(at(20), 10)).size() == 1);
  CHECK(recipient_states(store, id) == std::vector<std::string>{"delivered", "pending"});
  must(store.mark_sending(id, {bob}, at(21)));
  CHECK(must(store.record_deliveries(id, {{bob, Outcome::delivered, "250 Ok"}}, at(22), nullptr)));
}

TEST_CASE("only what is pending can be sent, all or none") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  must(store.mark_sending(id, {bob}, at(11)));
  CHECK(failure(store.mark_sending(id, {ann, bob}, at(11))).kind == ErrorKind::refused);
  CHECK(recipient_states(store, id) == std::vector<std::string>{"pending", "sending"});
  CHECK(failure(store.mark_sending(id, {"eve@paper.example"}, at(11))).kind == ErrorKind::bad_data);
  CHECK(failure(store.mark_sending(hold_one(store), {ann}, at(11))).kind == ErrorKind::refused);
  CHECK(failure(store.mark_sending("nothing", {ann}, at(11))).kind == ErrorKind::not_found);
  CHECK(store.record_deliveries(id, {{"eve@paper.example", Outcome::delivered, "250"}}, at(11), nullptr).error().kind ==
        ErrorKind::bad_data);
  CHECK(store.record_deliveries(hold_one(store), {{ann, Outcome::delivered, "250"}}, at(11), nullptr).error().kind ==
        ErrorKind::refused);
}

TEST_CASE("an address that stands twice in the envelope is sent and settled once") {
  Store store = open_store(":memory:");
  NewHeld mail = some_mail();
  mail.envelope.recipients = {ann, bob, ann};
  const std::string id = hold_one(store, 1, mail);
  must(store.ask_release(id, "jo", "", false, at(2)));
  must(store.mark_sending(id, {ann, bob, ann}, at(3)));
  CHECK(must(store.record_deliveries(id, {{ann, Outcome::delivered, "250"}, {bob, Outcome::delivered, "250"}}, at(4), nullptr)));
}

TEST_CASE("what was interrupted is sent again, and the audit trail says what that may mean") {
  Store store = open_store(":memory:");
  const std::string id = releasing_one(store);
  must(store.mark_sending(id, {ann}, at(11)));
  using Pairs = std::vector<std::pair<std::string, std::string>>;
  CHECK(must(store.recover_interrupted(at(12))) == Pairs{{id, ann}});
  CHECK(must(store.recover_interrupted(at(13))).empty());
  CHECK(recipient_states(store, id) == std::vector<std::string>{"pending", "pending"});
  CHECK(must(store.due_releases(at(12), 10)) == std::vector<std::string>{id});
  const AuditRow row = must(store.audit_rows(1, 100)).back();
  CHECK(row.act == "interrupted");
  CHECK(row.held == id);
  CHECK(row.detail.find("delivered twice") != std::string::npos);
}

}  // namespace beadle::store
