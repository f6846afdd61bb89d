#include "deliver/desk_duties.h"

#include <algorithm>

#include "helpers.h"
#include "store/accounts.h"
#include "store/desk.h"

namespace beadle::deliver {
namespace {

constexpr std::int64_t hour = 3600, day = 24 * hour;

NoticeWriter desk_writer(std::chrono::milliseconds return_after = std::chrono::milliseconds(0), const std::string& url = "https://review.marram.example/") {
  NoticeSettings settings = notice_settings("mail-review@marram.example", {"sam.reed@marram.example", "clerk@marram.example", "tess.orme@marram.example"},
                                            "gate.marram.example", "Marram Town Council");
  settings.page_url = url;
  settings.return_after = return_after;
  return NoticeWriter(settings, shipped_templates(), town());
}

std::string hold(store::Store& store, std::int64_t seconds, const std::string& from = "nell.barrow@marram.example") {
  store::NewHeld held;
  held.door = "milter";
  held.envelope = an_arrival().envelope;
  held.envelope.sender = from;
  held.bytes = "X-Number: " + std::to_string(seconds) + "\r\n" + order_mail;
  held.from = from;
  held.subject = "The fence at Gull Lane";
  held.clauses = {"marram/7-orders"};
  held.verdict_json = "{}";
  held.intake_key = std::to_string(seconds) + from;
  return must(store.hold(held, at(seconds), nullptr)).id;
}

std::vector<store::Notice> queued(store::Store& store, std::int64_t seconds) { return must(store.due_notices(at(seconds), 1000)); }

std::vector<std::string> kinds(store::Store& store, std::int64_t seconds) {
  std::vector<std::string> out;
  for (const store::Notice& notice : queued(store, seconds)) out.push_back(notice.kind + " " + notice.recipient);
  return out;
}

std::size_t acts(store::Store& store, const std::string& act) {
  const auto rows = must(store.audit_rows(1, 10'000));
  return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](const store::AuditRow& row) { return row.act == act; }));
}

std::string text_of(const store::Notice& notice) { return without_cr(mail::parse_message(notice.bytes).texts.front().utf8); }

}  // namespace

// at(0) is 14:03 in winter.
TEST_CASE("a digest goes out once a day, at its hour, while something waits, also after a restart") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = desk_writer();
  const DeskDuties duties{.digest_hour = 8, .escalate_to = {}, .audit_head_to = {}};
  must(DeskKeeper(store).keep(duties, notices, at(0)));
  CHECK(queued(store, 0).empty());  // nothing waits
  const std::string id = hold(store, 10);
  DeskKeeper keeper(store);
  must(keeper.keep(duties, notices, at(100)));
  CHECK(queued(store, 100).empty());  // it has had a notice of its own
  must(keeper.keep(duties, notices, at(17 * hour)));  // the next day, at seven
  CHECK(queued(store, day).empty());
  must(keeper.keep(duties, notices, at(18 * hour)));
  // The clerk has two addresses there, and is one person.
  CHECK(kinds(store, day) == std::vector<std::string>{"digest-reviewer sam.reed@marram.example", "digest-reviewer tess.orme@marram.example"});
  must(keeper.keep(duties, notices, at(20 * hour)));
  must(DeskKeeper(store).keep(duties, notices, at(21 * hour)));
  CHECK(queued(store, day).size() == 2);
  must(keeper.keep(duties, notices, at(42 * hour)));
  CHECK(queued(store, 2 * day).size() == 4);
  must(store.withdraw(id, "Nell Barrow", "", at(2 * day)));
  must(keeper.keep(duties, notices, at(3 * day)));
  CHECK(queued(store, 3 * day).size() == 4);
  CHECK(acts(store, "digest-sent") == 2);
}

TEST_CASE("a digest says what waits and nothing of its content, and leaves a reviewer's own mail out") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string first = hold(store, 1);
  const std::string own = hold(store, 2, "tess.orme@marram.example");
  must(DeskKeeper(store).keep({.digest_hour = 8, .escalate_to = {}, .audit_head_to = {}}, desk_writer(std::chrono::hours(48)), at(day)));
  const auto notices = queued(store, day);
  REQUIRE(notices.size() == 2);
  const std::string to_sam = text_of(notices[0]), to_tess = text_of(notices[1]);
  CHECK(to_sam.find(first) != std::string::npos);
  CHECK(to_sam.find(own) != std::string::npos);
  CHECK(to_sam.find("wait for a decision: 2") != std::string::npos);
  CHECK(to_sam.find("marram/7-orders") != std::string::npos);
  CHECK(to_sam.find("goes back to its sender on 26 November 2026 at 14:03") != std::string::npos);
  CHECK(to_sam.find("https://review.marram.example/inbox") != std::string::npos);
  CHECK(to_tess.find(first) != std::string::npos);
  CHECK(to_tess.find(own) == std::string::npos);
  CHECK(to_tess.find("wait for a decision: 1") != std::string::npos);
  for (const std::string& text : {to_sam, to_tess}) {
    for (const char* secret : {"fence", "Gull", "quay", "nell"}) CHECK(text.find(secret) == std::string::npos);
  }
}

TEST_CASE("a digest of many is bounded") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  for (int i = 0; i < 60; ++i) (void)hold(store, i);
  must(DeskKeeper(store).keep({.digest_hour = 0, .escalate_to = {}, .audit_head_to = {}}, desk_writer(), at(day)));
  CHECK(text_of(queued(store, day)[0]).find("and 35 more") != std::string::npos);
}

TEST_CASE("without an hour there is neither digest nor head") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  (void)hold(store, 1);
  must(DeskKeeper(store).keep({.escalate_to = {}, .audit_head_to = {"auditor@marram.example"}}, desk_writer(), at(10)));
  CHECK(queued(store, 10).empty());
}

TEST_CASE("mail that waits too long is escalated once, to those who are named, not to its sender") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = desk_writer();
  const DeskDuties duties{.escalate_after = std::chrono::hours(24),
                          .escalate_to = {"desmond.pike@marram.example", "nell@barrow-family.example"},
                          .audit_head_to = {}};
  const std::string id = hold(store, 0);
  DeskKeeper keeper(store);
  must(keeper.keep(duties, notices, at(day - 1)));
  CHECK(queued(store, day).empty());
  must(keeper.keep(duties, notices, at(day + 100)));
  CHECK(kinds(store, 2 * day) == std::vector<std::string>{"escalate-reviewer desmond.pike@marram.example"});
  CHECK(queued(store, 2 * day)[0].held == id);
  CHECK(text_of(queued(store, 2 * day)[0]).find("https://review.marram.example/held/" + id) != std::string::npos);
  must(keeper.keep(duties, notices, at(2 * day)));
  must(DeskKeeper(store).keep(duties, notices, at(3 * day)));
  CHECK(acts(store, "escalated") == 1);
}

TEST_CASE("without named addresses reviewers are reminded; decided mail is not escalated") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string decided = hold(store, 0);
  (void)hold(store, 1);
  must(store.ask_release(decided, "sam", "", false, at(10)));
  must(DeskKeeper(store).keep({.escalate_after = std::chrono::hours(1), .escalate_to = {}, .audit_head_to = {}}, desk_writer(), at(day)));
  CHECK(kinds(store, day) == std::vector<std::string>{"escalate-reviewer sam.reed@marram.example", "escalate-reviewer clerk@marram.example",
                                                      "escalate-reviewer tess.orme@marram.example"});
}

TEST_CASE("on the deadline undecided mail goes back, with words, and the trail says why") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = desk_writer(std::chrono::hours(48));
  const DeskDuties duties{.return_after = std::chrono::hours(48), .escalate_to = {}, .audit_head_to = {}};
  DeskKeeper keeper(store);
  must(keeper.keep(duties, notices, at(0)));
  const std::string id = hold(store, 10), later = hold(store, day), decided = hold(store, 11);
  must(store.ask_release(decided, "sam", "", false, at(20)));
  must(keeper.keep(duties, notices, at(2 * day)));
  CHECK(must(store.get(id)).state == store::HeldState::held);
  must(keeper.keep(duties, notices, at(2 * day + 100)));
  const store::Held returned = must(store.get(id));
  CHECK(returned.state == store::HeldState::returned);
  CHECK(returned.decided_by == "beadle");
  CHECK(must(store.get(later)).state == store::HeldState::held);
  CHECK(must(store.get(decided)).state == store::HeldState::releasing);
  CHECK(kinds(store, 2 * day + 100) == std::vector<std::string>{"returned-sender nell.barrow@marram.example"});
  CHECK(text_of(queued(store, 3 * day)[0]).find("Nobody could decide") != std::string::npos);
  CHECK(acts(store, "deadline-passed") == 1);
}

TEST_CASE("a new deadline counts from when it was set, and never is the same as none") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string old = hold(store, 0);
  const DeskDuties none{.escalate_to = {}, .audit_head_to = {}};
  const DeskDuties two_days{.return_after = std::chrono::hours(48), .escalate_to = {}, .audit_head_to = {}};
  must(DeskKeeper(store).keep(none, desk_writer(), at(30 * day)));
  CHECK(acts(store, "deadline-set") == 0);
  must(DeskKeeper(store).keep(two_days, desk_writer(), at(30 * day)));
  must(DeskKeeper(store).keep(two_days, desk_writer(), at(31 * day)));
  CHECK(must(store.get(old)).state == store::HeldState::held);
  must(DeskKeeper(store).keep(none, desk_writer(), at(31 * day)));
  must(DeskKeeper(store).keep(two_days, desk_writer(), at(33 * day)));
  CHECK(must(store.get(old)).state == store::HeldState::held);
  must(DeskKeeper(store).keep(two_days, desk_writer(), at(35 * day + 1)));
  CHECK(must(store.get(old)).state == store::HeldState::returned);
  CHECK(acts(store, "deadline-set") == 3);
}

TEST_CASE("the head of the audit trail is mailed once a day, and is the head") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  (void)hold(store, 1);
  const DeskDuties duties{.digest_hour = 8, .escalate_to = {}, .audit_head_to = {"auditor@county.example", "not an address"}};
  must(DeskKeeper(store).keep(duties, desk_writer(), at(10)));
  must(DeskKeeper(store).keep(duties, desk_writer(), at(100)));
  std::vector<store::Notice> heads;
  for (store::Notice& notice : queued(store, 100)) {
    if (notice.kind == "audit-head") heads.push_back(std::move(notice));
  }
  REQUIRE(heads.size() == 1);
  CHECK(heads[0].recipient == "auditor@county.example");
  const auto rows = must(store.audit_rows(1, 100));
  const bool says_head = std::any_of(rows.begin(), rows.end(), [&](const store::AuditRow& row) {
    const std::string text = text_of(heads[0]);
    return text.find(row.hash) != std::string::npos && text.find("Number: " + std::to_string(row.number)) != std::string::npos;
  });
  CHECK(says_head);
  must(DeskKeeper(store).keep(duties, desk_writer(), at(day)));
  CHECK(acts(store, "audit-head-sent") == 2);
}

TEST_CASE("looking twice within a minute does nothing twice; a clock set back keeps nobody from it") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  DeskKeeper keeper(store);
  const DeskDuties duties{.digest_hour = 0, .escalate_to = {}, .audit_head_to = {}};
  must(keeper.keep(duties, desk_writer(), at(day)));
  (void)hold(store, 1);
  must(keeper.keep(duties, desk_writer(), at(day + 10)));
  CHECK(queued(store, 2 * day).empty());
  must(keeper.keep(duties, desk_writer(), at(day - 100)));
  CHECK(queued(store, 2 * day).size() == 2);
}

TEST_CASE("the sender's notice carries a link of its own, which the store knows by hash only") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = desk_writer(std::chrono::hours(48));
  store::NewHeld held;
  held.door = "milter";
  held.envelope = an_arrival().envelope;
  held.bytes = order_mail;
  held.verdict_json = "{}";
  const auto written = [&](const std::string& made) { return notices.on_hold(made, an_arrival(), mail::parse_message(order_mail), a_hold(), at(0)); };
  const std::string id = must(store.hold(held, at(0), written)).id;
  std::string to_sender, to_reviewer;
  for (const store::Notice& notice : queued(store, 0)) (notice.kind == "held-sender" ? to_sender : to_reviewer) = text_of(notice);
  const std::string begin = "https://review.marram.example/sender/";
  const std::size_t link = to_sender.find(begin);
  REQUIRE(link != std::string::npos);
  const std::string token = to_sender.substr(link + begin.size(), 43);
  CHECK(token.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") == std::string::npos);
  const auto known = must(store::Accounts(store).link(token));
  REQUIRE(known);
  CHECK(known->held == id);
  CHECK(known->purpose == "sender");
  CHECK(known->address == "nell.barrow@marram.example");
  CHECK_FALSE(must(store::Accounts(store).link(token.substr(1) + "x")));
  CHECK(to_sender.find("If nobody has decided by 26 November 2026 at 14:03") != std::string::npos);
  CHECK(to_reviewer.find("https://review.marram.example/held/" + id) != std::string::npos);
  CHECK(to_reviewer.find("/sender/") == std::string::npos);
  CHECK(new_link_token() != new_link_token());
}

TEST_CASE("without a page there is no link, and nothing is said of one") {
  for (const store::Notice& notice : notices_on_hold(writer(), an_arrival())) {
    CHECK(notice.link_token.empty());
    CHECK(text_of(notice).find("this page") == std::string::npos);
    CHECK(text_of(notice).find("http") == std::string::npos);
  }
}

TEST_CASE("a disclosure tells each recipient alone who else has a copy") {
  const auto told = desk_writer().on_disclosure(a_held(), "CC Councillor Desmond Pike",
                                                {"orders@quay.example", "ORDERS@quay.example", "b@else.example", "bad address"}, at(0));
  REQUIRE(told.size() == 2);
  const mail::Message message = mail::parse_message(told[0].bytes);
  CHECK(message.to.size() == 1);
  CHECK(message.to[0].address == "orders@quay.example");
  CHECK(told[0].bytes.find("b@else.example") == std::string::npos);
  CHECK(text_of(told[0]).find("CC Councillor Desmond Pike") != std::string::npos);
  CHECK(text_of(told[0]).find("Please go ahead") == std::string::npos);
  CHECK(told[0].held == a_held().id);
}

}  // namespace beadle::deliver
