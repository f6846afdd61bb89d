#include "store/notice.h"

#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

Notice held_notice(Store& store) {
  const auto write = [](const std::string&) {
    return std::vector<Notice>{some_notice("held-sender", std::string("with\0NUL", 8))};
  };
  must(store.hold(some_mail(), at(1), write));
  return must(store.due_notices(at(1), 1)).front();
}

}  // namespace

TEST_CASE("a notice is due at once, and gone when it is sent") {
  Store store = open_store(":memory:");
  const Notice notice = held_notice(store);
  CHECK(notice.kind == "held-sender");
  CHECK(notice.recipient == "clerk@town.example");
  CHECK(notice.bytes == std::string("with\0NUL", 8));
  CHECK(notice.tries == 0);
  must(store.notice_sent(notice.number, at(2)));
  CHECK(must(store.due_notices(at(99), 10)).empty());
  CHECK(acts(store).back() == "notice-sent");
  CHECK(must(store.audit_rows(1, 10)).back().held == notice.held);
  CHECK(failure(store.notice_sent(notice.number, at(3))).kind == ErrorKind::not_found);
  CHECK(failure(store.notice_failed(notice.number, "", false, at(3))).kind == ErrorKind::not_found);
}

TEST_CASE("a notice that fails is tried again until it is five days old") {
  Store store = open_store(":memory:");
  const std::int64_t number = held_notice(store).number;
  must(store.notice_failed(number, "connection refused", false, at(1)));
  CHECK(must(store.due_notices(at(30), 10)).empty());
  const std::vector<Notice> due = must(store.due_notices(at(31), 10));
  REQUIRE(due.size() == 1);
  CHECK(due[0].tries == 1);
  const Time last = at(1) + std::chrono::milliseconds(limits::notice_age_most_ms);
  must(store.notice_failed(number, "451 4.3.0", false, last - std::chrono::milliseconds(1)));
  CHECK(acts(store).back() == "held");
  must(store.notice_failed(number, "451 4.3.0 words", false, last));
  CHECK(must(store.due_notices(at(99'999'999), 10)).empty());
  const AuditRow row = must(store.audit_rows(1, 10)).back();
  CHECK(row.act == "notice-given-up");
  CHECK(row.detail.find("451 4.3.0") != std::string::npos);
  CHECK(row.detail.find("words") == std::string::npos);
}

TEST_CASE("a notice that is refused for good is given up at once") {
  Store store = open_store(":memory:");
  must(store.notice_failed(held_notice(store).number, "550 5.1.1 no", true, at(2)));
  CHECK(must(store.due_notices(at(99'999'999), 10)).empty());
  CHECK(acts(store).back() == "notice-given-up");
}

TEST_CASE("the code of a reply") {
  const std::pair<const char*, const char*> cases[] = {
      {"250 2.0.0 Ok", "250 2.0.0"},     {"250", "250"}, {"250 Ok", "250"}, {"550-5.7.1 first line", "550 5.7.1"},
      {"beadle: bare CR", ""},           {"", ""},       {"25", ""},        {"2500 x", ""},
      {"550 192.0.2.7 is listed", "550"}};
  for (const auto& [reply, code] : cases) {
    INFO(reply);
    CHECK(reply_code(reply) == code);
  }
}

}  // namespace beadle::store
