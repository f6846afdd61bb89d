#include "helpers.h"

namespace beadle::store {
namespace {

/// Brings a new held message into `state`: one of the words of the table below.
std::string in_state(Store& store, const std::string& state) {
  const std::string id = hold_one(store);
  using Outcome = Store::Delivery::Outcome;
  if (state == "held") return id;
  if (state == "withdrawn") {
    must(store.withdraw(id, "first", "", at(2)));
    return id;
  }
  if (state == "returned") {
    must(store.return_to_sender(id, "first", "", at(2), {}));
    return id;
  }
  must(store.ask_release(id, "first", "", false, at(2)));
  if (state == "releasing") return id;
  must(store.mark_sending(id, {"ann@paper.example", "bob@paper.example"}, at(3)));
  if (state == "sending") return id;
  const Outcome ann = state == "refused" ? Outcome::refused : Outcome::delivered;
  const Outcome bob = state == "released" ? Outcome::delivered : Outcome::refused;
  must(store.record_deliveries(id, {{"ann@paper.example", ann, "250 ok"}, {"bob@paper.example", bob, "250 ok"}}, at(4), nullptr));
  return id;
}

Result<void> act_on(Store& store, const std::string& act, const std::string& id) {
  if (act == "release") return store.ask_release(id, "second", "why", false, at(9));
  if (act == "again") return store.ask_release(id, "second", "why", true, at(9));
  if (act == "return") return store.return_to_sender(id, "second", "why", at(9), {});
  if (act == "withdraw") return store.withdraw(id, "second", "why", at(9));
  return Error{ErrorKind::usage, "no such act: " + act};
}

std::vector<std::string> fields(const std::string& line) {
  std::vector<std::string> parts(1);
  for (const char c : line) {
    if (c == '\t') {
      parts.emplace_back();
    } else {
      parts.back() += c;
    }
  }
  return parts;
}

}  // namespace

TEST_CASE("every act in every state: tests/data/store/transitions.tsv") {
  std::ifstream file(BEADLE_TEST_DATA "/store/transitions.tsv");
  REQUIRE(file);
  int cases = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line[0] == '#') continue;
    const std::vector<std::string> row = fields(line);
    REQUIRE(row.size() == 4);
    INFO(line);
    ++cases;
    Store store = open_store(":memory:");
    const std::string id = in_state(store, row[0]);
    const std::size_t rows_before = acts(store).size();
    const Result<void> result = act_on(store, row[1], id);
    const Held after = must(store.get(id));
    if (row[2] == "refused") {
      REQUIRE_FALSE(result);
      CHECK(result.error().kind == ErrorKind::refused);
      CHECK(result.error().what.find(row[3]) != std::string::npos);
      CHECK(acts(store).size() == rows_before);
      CHECK(after.decided_by != "second");
    } else {
      if (!result) FAIL(result.error().what);
      CHECK(to_string(after.state) == row[2]);
      CHECK(acts(store).size() == rows_before + 1);
      CHECK(acts(store).back() == row[3]);
    }
    CHECK(must(store.verify_audit()).broken_at == 0);
  }
  CHECK(cases >= 32);
}

TEST_CASE("a decision keeps who, when and why; the audit trail keeps no words") {
  Store store = open_store(":memory:");
  const std::string id = hold_one(store);
  must(store.ask_release(id, "jo", "agreed with the Mayor", false, at(60)));
  const Held held = must(store.get(id));
  CHECK(held.decided_by == "jo");
  CHECK(held.decided == at(60));
  CHECK(held.reason == "agreed with the Mayor");
  CHECK(held.outcomes[0].next_try == at(60));
  const AuditRow row = must(store.audit_rows(1, 100)).back();
  CHECK(row.act == "released-asked");
  CHECK(row.who == "jo");
  CHECK(row.held == id);
  CHECK(row.at == at(60));
  CHECK(row.detail.find("Mayor") == std::string::npos);
  CHECK(row.detail.find("reason_sha256") != std::string::npos);
}

TEST_CASE("a return queues its notice; one that is refused does not") {
  Store store = open_store(":memory:");
  const std::string id = hold_one(store);
  const std::vector<Notice> notices = {some_notice("returned-sender", "words")};
  must(store.return_to_sender(id, "jo", "please mark it", at(2), notices));
  CHECK(must(store.due_notices(at(2), 10)).size() == 1);
  CHECK(failure(store.return_to_sender(id, "kim", "", at(3), notices)).what.find("returned by jo at 2026-11-24T") !=
        std::string::npos);
  CHECK(must(store.due_notices(at(9), 10)).size() == 1);
}

TEST_CASE("who asked for a release may call it back while nobody has the mail, and nobody else may") {
  Store store = open_store(":memory:");
  const std::string id = hold_one(store);
  must(store.ask_release(id, "jo", "", false, at(2)));
  CHECK(failure(store.return_to_sender(id, "kim", "no", at(3), {})).what.find("asked by jo") != std::string::npos);
  CHECK(must(store.get(id)).state == HeldState::releasing);
  must(store.return_to_sender(id, "jo", "on second thoughts", at(4), {}));
  CHECK(must(store.get(id)).state == HeldState::returned);
}

TEST_CASE("of two stores on one file exactly one wins, and the other is told who") {
  const Folder folder;
  Store one = open_store(folder.database());
  Store two = open_store(folder.database());
  const std::string id = hold_one(one);
  must(one.ask_release(id, "jo", "", false, at(2)));
  const Error error = failure(two.ask_release(id, "kim", "", false, at(3)));
  CHECK(error.kind == ErrorKind::refused);
  CHECK(error.what.find("jo at 2026-11-24T") != std::string::npos);
}

TEST_CASE("of many processes that decide at once exactly one wins") {
  const Folder folder;
  Store store = open_store(folder.database());
  const std::string id = hold_one(store);
  std::vector<pid_t> children;
  for (int i = 0; i < 6; ++i) {
    const pid_t child = ::fork();
    REQUIRE(child >= 0);
    if (child == 0) {
      Result<Store> own = Store::open(folder.database(), at(0));
      if (!own) ::_exit(9);
      const std::string who = "reviewer-" + std::to_string(i);
      const Result<void> result = i % 2 == 0 ? own->ask_release(id, who, "", false, at(2)) : own->withdraw(id, who, "", at(2));
      if (result) ::_exit(10);
      ::_exit(result.error().kind == ErrorKind::refused && result.error().what.find("reviewer-") != std::string::npos ? 11 : 12);
    }
    children.push_back(child);
  }
  int won = 0;
  int told = 0;
  for (const pid_t child : children) {
    int status = 0;
    REQUIRE(::waitpid(child, &status, 0) == child);
    won += WIFEXITED(status) && WEXITSTATUS(status) == 10 ? 1 : 0;
    told += WIFEXITED(status) && WEXITSTATUS(status) == 11 ? 1 : 0;
  }
  CHECK(won == 1);
  CHECK(told == 5);
  CHECK(acts(store).size() == 3);
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("opening is noted, and only of what there is") {
  Store store = open_store(":memory:");
  const std::string id = hold_one(store);
  must(store.opened(id, "jo", at(2)));
  CHECK(acts(store).back() == "opened");
  CHECK(failure(store.opened("zzzzzzzzzz", "jo", at(2))).kind == ErrorKind::not_found);
  CHECK(failure(store.withdraw("zzzzzzzzzz", "jo", "", at(2))).kind == ErrorKind::not_found);
}

}  // namespace beadle::store
