// The desk: what is found, who is on it, what is said of it, and that no page walks through everything.
#include "store/desk.h"

#include <algorithm>
#include <atomic>
#include <thread>

#include "base/digest.h"
#include "base/limits.h"
#include "helpers.h"
#include "store/held_id.h"
#include "store/inbox.h"
#include "store/words.h"

namespace beadle::store {
namespace {

std::vector<std::string> ids_of(const InboxPage& page) {
  std::vector<std::string> ids;
  for (const InboxRow& row : page.rows) ids.push_back(row.id);
  return ids;
}

std::vector<std::string> find(Store& store, const InboxQuery& query) { return ids_of(must(Desk(store).inbox(query))); }

std::vector<std::string> find_words(Store& store, const std::string& words) {
  InboxQuery query;
  query.words = words;
  return find(store, query);
}

std::string hold_with(Store& store, std::int64_t seconds, const std::string& subject, std::vector<std::string> clauses = {"town/1"}) {
  NewHeld mail = some_mail();
  mail.subject = subject;
  mail.clauses = std::move(clauses);
  return hold_one(store, seconds, mail);
}

/// Every page of a query, one after the other.
std::vector<std::string> pages(Store& store, InboxQuery query) {
  std::vector<std::string> all;
  for (bool more = true; more;) {
    const InboxPage page = must(Desk(store).inbox(query));
    CHECK(page.rows.size() <= query.most);
    for (const InboxRow& row : page.rows) all.push_back(row.id);
    more = page.more;
    query.after = page.after;
  }
  return all;
}

AuditRow last_act(Store& store) { return must(store.audit_rows(1, 10'000)).back(); }

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("the inbox comes in pages, oldest first or newest first, each mail once") {
  Store store = open_store(":memory:");
  Ids ids;
  for (int i = 0; i < 7; ++i) ids.push_back(hold_one(store, i));
  must(store.withdraw(ids[2], "jo", "", at(20)));
  must(store.ask_release(ids[5], "jo", "", false, at(20)));
  InboxQuery query;
  query.most = GENERATE(1, 2, 3, 7, 50);
  CHECK(pages(store, query) == ids);
  query.oldest_first = false;
  CHECK(pages(store, query) == Ids(ids.rbegin(), ids.rend()));
  query.states = {HeldState::held};
  CHECK(pages(store, query) == Ids{ids[6], ids[4], ids[3], ids[1], ids[0]});
  query.states = {HeldState::releasing, HeldState::withdrawn, HeldState::returned};
  CHECK(pages(store, query) == Ids{ids[5], ids[2]});
  query.oldest_first = true;
  CHECK(pages(store, query) == Ids{ids[2], ids[5]});
  query.most = 0;
  CHECK(must(Desk(store).inbox(query)).rows.empty());
}

TEST_CASE("filters are joined by and") {
  Store store = open_store(":memory:");
  const std::string a = hold_with(store, 10, "Fence", {"town/1", "town/2"}), b = hold_with(store, 20, "Gate", {"town/2"}),
                    c = hold_with(store, 30, "Gate", {"town/2", "town/3"});
  Desk desk(store);
  must(desk.claim(b, "jo", at(40)));
  InboxQuery query;
  query.clause = "town/2";
  CHECK(find(store, query) == Ids{a, b, c});
  query.clause = "town/1";
  CHECK(find(store, query) == Ids{a});
  query.clause = "town/9";
  CHECK(find(store, query).empty());
  query.clause = "town/2";
  query.words = "gate";
  CHECK(find(store, query) == Ids{b, c});
  query.unclaimed = true;
  CHECK(find(store, query) == Ids{c});
  query.unclaimed = false;
  query.claimed_by = "jo";
  CHECK(find(store, query) == Ids{b});
  query.claimed_by = "ann";
  CHECK(find(store, query).empty());
  query = {};
  for (const bool oldest_first : {true, false}) {
    query.oldest_first = oldest_first;
    query.from = at(20);
    query.until = at(30);
    CHECK(find(store, query) == Ids{b});
    query.until = std::nullopt;
    CHECK(find(store, query).size() == 2);
    query.from = std::nullopt;
    query.until = at(20);
    CHECK(find(store, query) == Ids{a});
    query.until = from_ms(-5);
    CHECK(find(store, query).empty());
  }
}

TEST_CASE("words are found as people type them") {
  Store store = open_store(":memory:");
  NewHeld mail = some_mail();
  mail.subject = "Siân O’Dwyer's PLANNING-application: café";
  mail.envelope.sender = "Clerk+x@Town.example";
  mail.from = "deputy.clerk@town.example";
  const std::string id = hold_one(store, 1, mail);
  hold_with(store, 2, "Minutes");
  for (const std::string words : {"sian", "SIÂN", "odwyer", "O'Dwyer", "planning", "application", "planning-application", "Café", "sian planning cafe",
                                  "deputy", "deputy.clerk@town.example", "DEPUTY.CLERK@Town.Example", "planning - application"}) {
    INFO(words);
    CHECK(find_words(store, words) == Ids{id});
  }
  for (const std::string words : {"plan", "sian minutes", "xyz", "-", "…", "%", "'", "ann@town.example", "clerk@town", "*"}) {
    INFO(words);
    CHECK(find_words(store, words) != Ids{id});
  }
  CHECK(find_words(store, "clerk@town.example").size() == 2);  // one is the other with a tag
  CHECK(find_words(store, "ann@paper.example").size() == 2);
  CHECK(find_words(store, "-").empty());
  CHECK(find_words(store, id) == Ids{id});
  CHECK(find_words(store, id.substr(0, 20) + " planning") == Ids{id});
  CHECK(find_words(store, id.substr(0, 20) + " minutes").empty());
  CHECK(find_words(store, id.substr(0, 7)).size() == 2);
  InboxQuery newest;
  newest.words = id.substr(0, 20);
  newest.oldest_first = false;
  CHECK(find(store, newest) == Ids{id});
}

TEST_CASE("what looks like the beginning of an id may be a word") {
  Store store = open_store(":memory:");
  const std::string id = hold_with(store, 1, "Invoice 0123456");
  for (const bool oldest_first : {true, false}) {
    InboxQuery query;
    query.words = "0123456";
    query.oldest_first = oldest_first;
    CHECK(find(store, query) == Ids{id});
    query.words = "0123457";
    CHECK(find(store, query).empty());
  }
}

TEST_CASE("hostile words end, and cost a bounded search") {
  Store store = open_store(":memory:");
  NewHeld mail = some_mail();
  mail.subject.clear();
  for (int i = 0; i < 5'000; ++i) mail.subject += "word" + std::to_string(i) + " ";
  const std::string id = hold_one(store, 1, mail);
  CHECK(find_words(store, "word7") == Ids{id});
  std::string many;
  for (int i = 0; i < 1'000; ++i) many += "word7 ";
  CHECK(find_words(store, many) == Ids{id});
  CHECK(find_words(store, std::string(100'000, 'a')).empty());
  CHECK(find_words(store, std::string("\0\xff\xfe", 3)).empty());
}

TEST_CASE("a search that stops on its way says where it goes on") {
  const Folder folder;
  Store store = open_store(folder.database());
  const Ids wanted = {hold_with(store, -1, "even odd"), hold_with(store, 1'000'000, "even odd")};
  {
    // Words that each stand in every second mail: between the two there is a long way without a find.
    const WordKey key = word_key_of(must(store.secret("search")));
    Database database = must(Database::open(folder.database(), 1000));
    Transaction transaction = must(Transaction::begin_write(database));
    for (int i = 0; i < 30'000; ++i) {
      const std::string id = new_id(at(i));
      must(database.run("INSERT INTO held (id, state, received_ms, from_address, sender, subject, intake_key) VALUES (?1, 'held', 0, '', '', '', '')", id));
      must(database.run("INSERT INTO search_word VALUES (?1, ?2)", hash_of(key, i % 2 == 0 ? "even" : "odd"), id));
    }
    must(transaction.commit());
  }
  InboxQuery query;
  query.words = "even odd";
  const InboxPage first = must(Desk(store).inbox(query));
  CHECK(ids_of(first) == Ids{wanted[0]});
  CHECK(first.more);
  CHECK(first.after > wanted[0]);
  CHECK(first.after < wanted[1]);
  CHECK(pages(store, query) == wanted);
  query.oldest_first = false;
  CHECK(pages(store, query) == Ids{wanted[1], wanted[0]});
}

TEST_CASE("a claim is one person's, and nobody else's act takes it") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store);
  must(desk.claim(id, "jo", at(2)));
  must(desk.claim(id, "jo", at(3)));
  CHECK(must(desk.row(id)).claim->who == "jo");
  CHECK(must(desk.row(id)).claim->at == at(2));
  const Error error = failure(desk.claim(id, "ann", at(4)));
  CHECK(error.kind == ErrorKind::refused);
  CHECK(error.what.find("claimed by jo") != std::string::npos);
  CHECK(failure(desk.unclaim(id, "ann", at(4))).kind == ErrorKind::refused);
  CHECK(failure(desk.pass_on(id, "ann", "ann", "mine", at(4))).kind == ErrorKind::refused);
  must(desk.unclaim(id, "jo", at(5)));
  must(desk.unclaim(id, "jo", at(5)));
  CHECK_FALSE(must(desk.row(id)).claim);
  must(desk.claim(id, "ann", at(6)));
  CHECK(acts(store) == Ids{"store-created", "held", "claimed", "unclaimed", "claimed"});
  CHECK(desk.claim("zzzzzzzz", "jo", at(7)).error().kind == ErrorKind::not_found);
}

TEST_CASE("of several who claim at once one has it") {
  const Folder folder;
  Store store = open_store(folder.database());
  const std::string id = hold_one(store);
  std::atomic<int> won{0}, told{0};
  {
    std::vector<std::jthread> reviewers;
    for (int i = 0; i < 6; ++i) {
      reviewers.emplace_back([&, i] {
        Result<Store> own = Store::open(folder.database(), at(0));  // as another process would
        if (!own) return;
        const Result<void> claimed = Desk(*own).claim(id, "reviewer" + std::to_string(i), at(2));
        if (claimed) ++won;
        if (!claimed && claimed.error().what.find("claimed by reviewer") != std::string::npos) ++told;
      });
    }
  }
  CHECK(won == 1);
  CHECK(told == 5);
  const std::vector<std::string> all = acts(store);
  CHECK(std::count(all.begin(), all.end(), "claimed") == 1);
}

TEST_CASE("who passes a mail on leaves words, and the claim goes with it") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store);
  must(desk.pass_on(id, "jo", "ann", "Please look at the SECRET annex", at(2)));
  CHECK(must(desk.row(id)).claim->who == "ann");
  CHECK(last_act(store).act == "passed-on");
  CHECK(last_act(store).detail.find("\"to\":\"ann\"") != std::string::npos);
  CHECK(last_act(store).detail.find("SECRET") == std::string::npos);
  CHECK(last_act(store).detail.find(sha256_hex("Please look at the SECRET annex")) != std::string::npos);
  must(desk.pass_on(id, "ann", "", "Not mine", at(3)));
  CHECK_FALSE(must(desk.row(id)).claim);
  const std::vector<Note> notes = must(desk.notes(id));
  REQUIRE(notes.size() == 2);
  CHECK(notes[0].kind == "passed-on");
  CHECK(notes[0].who == "jo");
  CHECK(notes[1].words == "Not mine");
}

TEST_CASE("deciding ends a claim, and what is decided cannot be claimed") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store);
  must(desk.claim(id, "jo", at(2)));
  must(store.return_to_sender(id, "ann", "no", at(3), {}));
  CHECK_FALSE(must(desk.row(id)).claim);
  for (const Result<void>& result : {desk.claim(id, "jo", at(4)), desk.unclaim(id, "jo", at(4)), desk.pass_on(id, "jo", "ann", "", at(4))}) {
    REQUIRE_FALSE(result);
    CHECK(result.error().kind == ErrorKind::refused);
    CHECK(result.error().what.find("decided by ann") != std::string::npos);
  }
  InboxQuery query;
  query.claimed_by = "jo";
  CHECK(find(store, query).empty());
}

TEST_CASE("notes are kept with their bounds, and a sender's is seen in the list") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store);
  must(desk.note(id, {.who = "jo", .kind = "note", .words = "Rang the clerk", .at = at(2)}));
  CHECK_FALSE(must(desk.row(id)).explained);
  must(desk.note(id, {.who = "sender", .kind = "explained", .words = "It is public", .at = at(3)}));
  CHECK(must(desk.row(id)).explained);
  CHECK(last_act(store).act == "explained");
  CHECK(last_act(store).who == "sender");
  CHECK(last_act(store).detail == "{\"words_sha256\":\"" + sha256_hex("It is public") + "\"}");
  CHECK(failure(desk.note(id, {.who = "jo", .kind = "passed-on", .words = "", .at = at(4)})).kind == ErrorKind::usage);
  const std::string too_long(limits::desk_words_bytes_max + 1, 'x');
  CHECK(failure(desk.note(id, {.who = "jo", .kind = "note", .words = too_long, .at = at(4)})).kind == ErrorKind::usage);
  for (std::size_t i = 2; i < limits::notes_per_held_max; ++i) must(desk.note(id, {.who = "jo", .kind = "note", .words = "x", .at = at(5)}));
  CHECK(failure(desk.note(id, {.who = "jo", .kind = "note", .words = "x", .at = at(6)})).kind == ErrorKind::refused);
  CHECK(must(desk.notes(id)).size() == limits::notes_per_held_max);
}

TEST_CASE("a legal hold keeps content, and nothing else does") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string kept = hold_one(store, 1), gone = hold_one(store, 2);
  for (const std::string& id : {kept, gone}) {
    must(desk.note(id, {.who = "jo", .kind = "note", .words = "words", .at = at(2)}));
    must(desk.ask_break_glass(id, "jo", "urgent", at(2)));
    must(store.withdraw(id, "jo", "", at(3)));
  }
  must(desk.set_legal_hold(kept, true, "jo", "Tribunal", at(4)));
  must(desk.set_legal_hold(kept, true, "jo", "Tribunal", at(4)));
  CHECK(must(desk.row(kept)).legal_hold);
  CHECK(last_act(store).act == "legal-hold-on");
  CHECK(must(desk.notes(kept)).back().kind == "legal-hold");
  CHECK(must(desk.notes(kept)).size() == 2);
  Retention retention{};
  retention.decided = at(100);
  CHECK(must(store.purge(retention, at(100))).decided == 1);
  CHECK(must(store.get(kept)).subject == "Minutes");
  CHECK(find_words(store, "minutes") == Ids{kept});
  CHECK(must(store.get(gone)).purged);
  CHECK(must(desk.notes(gone)).empty());
  CHECK(must(desk.break_glass(gone, "jo"))->reason.empty());
  CHECK(must(desk.break_glass(kept, "jo"))->reason == "urgent");
  CHECK(failure(desk.set_legal_hold(gone, true, "jo", "", at(101))).kind == ErrorKind::refused);
  CHECK(failure(desk.note(gone, {.who = "jo", .kind = "note", .words = "x", .at = at(101)})).kind == ErrorKind::refused);
  CHECK(must(desk.history(gone)).size() == 4);  // the tombstone keeps its acts
  must(desk.set_legal_hold(kept, false, "jo", "", at(102)));
  CHECK(last_act(store).act == "legal-hold-off");
  CHECK(must(store.purge(retention, at(103))).decided == 1);
  CHECK(must(store.get(kept)).purged);
}

TEST_CASE("breaking the glass takes two persons") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store), other = hold_one(store, 2);
  CHECK_FALSE(must(desk.break_glass(id, "jo")));
  CHECK(failure(desk.agree_break_glass(id, "ann", at(2))).kind == ErrorKind::refused);
  must(desk.ask_break_glass(id, "jo", "SECRET election tomorrow", at(3)));
  must(desk.ask_break_glass(id, "jo", "again", at(4)));
  CHECK(last_act(store).detail.find("SECRET") == std::string::npos);
  const BreakGlass asked = *must(desk.break_glass(id, "jo"));
  CHECK(asked.reason == "SECRET election tomorrow");
  CHECK(asked.asked == at(3));
  CHECK(asked.agreed_by.empty());
  CHECK_FALSE(asked.agreed);
  CHECK(failure(desk.agree_break_glass(id, "jo", at(5))).kind == ErrorKind::refused);
  must(desk.ask_break_glass(id, "kim", "me too", at(6)));
  CHECK(failure(desk.agree_break_glass(id, "kim", at(7))).kind == ErrorKind::refused);  // not each other's
  must(desk.ask_break_glass(other, "kim", "there too", at(8)));
  CHECK(must(desk.break_glass_asked(id)).size() == 2);
  CHECK(must(desk.break_glass_asked("")).size() == 3);
  CHECK(must(desk.break_glass_asked("")).back().first == other);
  must(desk.agree_break_glass(id, "ann", at(9)));
  CHECK(must(desk.break_glass(id, "jo"))->agreed_by == "ann");
  CHECK(must(desk.break_glass(id, "jo"))->agreed == at(9));
  CHECK(must(desk.break_glass(id, "kim"))->agreed);
  CHECK_FALSE(must(desk.break_glass(other, "kim"))->agreed);
  CHECK(must(desk.break_glass_asked(id)).empty());
  CHECK(failure(desk.agree_break_glass(id, "ann", at(10))).kind == ErrorKind::refused);
  CHECK(must(store.verify_audit()).broken_at == 0);
}

TEST_CASE("the register is found by act, person, message and time, newest first") {
  Store store = open_store(":memory:");
  Desk desk(store);
  const std::string id = hold_one(store, 10), other = hold_one(store, 20);
  must(store.opened(id, "jo", at(30)));
  must(store.opened(other, "ann", at(40)));
  must(store.opened(id, "ann", at(50)));
  must(store.withdraw(id, "jo", "", at(60)));
  const auto numbers = [&](const RegisterQuery& query) {
    std::vector<std::int64_t> found;
    for (const AuditRow& row : must(desk.register_rows(query))) found.push_back(row.number);
    return found;
  };
  using Numbers = std::vector<std::int64_t>;
  RegisterQuery query;
  CHECK(numbers(query) == Numbers{7, 6, 5, 4, 3, 2, 1});
  query.most = 3;
  CHECK(numbers(query) == Numbers{7, 6, 5});
  query.before = 5;
  CHECK(numbers(query) == Numbers{4, 3, 2});
  query = {};
  query.act = "opened";
  CHECK(numbers(query) == Numbers{6, 5, 4});
  query.who = "ann";
  CHECK(numbers(query) == Numbers{6, 5});
  query.held = id;
  CHECK(numbers(query) == Numbers{6});
  query.act = "";
  query.who = "";
  CHECK(numbers(query) == Numbers{7, 6, 4, 2});
  query.held = "";
  query.who = "jo";
  CHECK(numbers(query) == Numbers{7, 4});
  query.who = "nobody";
  CHECK(numbers(query).empty());
  query = {};
  query.from = at(20);
  query.until = at(50);
  CHECK(numbers(query) == Numbers{5, 4, 3});
  query.from = at(1'000'000);
  query.until = at(2'000'000);
  CHECK(numbers(query).empty());
  CHECK(must(desk.history(id)).front().act == "held");
  CHECK(must(desk.history(id)).back().act == "withdrawn");
  CHECK(must(desk.acts()) == Ids{"held", "opened", "store-created", "withdrawn"});
  CHECK(must(desk.row(id)).opened);
}

TEST_CASE("rows of a clock that was set back are found by their time") {
  Store store = open_store(":memory:");
  const std::int64_t day = 86'400;
  for (const std::int64_t seconds : {10 * day, 20 * day, 5 * day, 21 * day}) must(store.audit("act", "beadle", "", "{}", at(seconds)));
  RegisterQuery query;
  query.act = "act";
  query.from = at(4 * day);
  query.until = at(6 * day);
  REQUIRE(must(Desk(store).register_rows(query)).size() == 1);
  query.from = at(9 * day);
  query.until = at(22 * day);
  CHECK(must(Desk(store).register_rows(query)).size() == 3);
}

TEST_CASE("the thread comes from the record and from what is held") {
  Store store = open_store(":memory:");
  must(store.remember({"first@x", "jane@town.example", {"ann@x"}, {"ann@x", "bob@x"}, true, false, at(1)}, at(1)));
  NewHeld mail = some_mail();
  mail.message_id = "second@x";
  const std::string id = hold_one(store, 5, mail);
  must(store.remember({"third@x", "bob@x", {"ann@x"}, {"ann@x"}, false, false, at(9)}, at(9)));
  mail.message_id = "third@x";
  const std::string third = hold_one(store, 9, mail);
  const std::vector<Desk::ThreadMail> mails = must(Desk(store).thread({"third@x", "second@x", "unknown@x", "first@x", "first@x", ""}));
  REQUIRE(mails.size() == 3);
  CHECK(mails[0].message_id == "first@x");
  CHECK(mails[0].sender == "jane@town.example");
  CHECK(mails[0].recipients == Ids{"ann@x", "bob@x"});
  CHECK(mails[0].marked);
  CHECK(mails[0].held.empty());
  CHECK(mails[1].held == id);
  CHECK(mails[1].at == at(5));
  CHECK(mails[1].recipients == some_mail().envelope.recipients);
  CHECK(mails[2].held == third);
  CHECK(mails[2].sender == "bob@x");
}

TEST_CASE("what waits too long is named, oldest first") {
  Store store = open_store(":memory:");
  Desk desk(store);
  Ids ids;
  for (int i = 0; i < 4; ++i) ids.push_back(hold_one(store, i * 10));
  must(store.withdraw(ids[1], "jo", "", at(50)));
  CHECK(must(desk.waiting_since(at(30), 10)) == Ids{ids[0], ids[2]});
  CHECK(must(desk.waiting_since(at(31), 10)) == Ids{ids[0], ids[2], ids[3]});
  CHECK(must(desk.waiting_since(at(31), 1)) == Ids{ids[0]});
  CHECK(must(desk.waiting_since(at(0), 10)).empty());
}

TEST_CASE("times and ids have the same order") {
  CHECK(first_id_at(at(5)) == new_id(at(5)).substr(0, 10));
  CHECK(first_id_at(from_ms(-1)) == "0000000000");
  CHECK(first_id_at(at(5)) < first_id_at(at(5) + std::chrono::milliseconds(1)));
  CHECK(first_id_at(from_ms(INT64_MAX)) > new_id(at(5)));
}

TEST_CASE("no list walks through all held mail or all acts") {
  const Folder folder;
  Store store = open_store(folder.database());
  Database database = must(Database::open(folder.database(), 1000));
  std::vector<std::string> plans;
  for (const SetQuery& set : {held_of_state, held_of_word, held_of_clause, held_of_claimant, held_of_all, audit_of_act, audit_of_who, audit_of_act_and_who,
                              audit_of_held, audit_of_all}) {
    plans.push_back(sql_of(set, true));
    plans.push_back(sql_of(set, false));
  }
  plans.emplace_back("SELECT id FROM held WHERE state = 'held' AND id < ?1 ORDER BY id LIMIT ?2");
  plans.emplace_back("SELECT held FROM message WHERE message_id = ?1 ORDER BY held DESC LIMIT 1");
  plans.emplace_back("SELECT act FROM audit WHERE act > ?1 ORDER BY act LIMIT 1");
  plans.emplace_back("SELECT number FROM audit WHERE held = ?1 AND held <> '' ORDER BY number LIMIT ?2");
  plans.emplace_back("SELECT EXISTS (SELECT 1 FROM note WHERE held = ?1 AND kind = 'explained')");
  plans.emplace_back("SELECT id FROM held WHERE subject_key = ?1 AND subject <> '' LIMIT ?2");
  plans.emplace_back("SELECT held FROM message WHERE key_id = ?1 LIMIT ?2");
  plans.push_back(sql_of_old_words(true));
  plans.push_back(sql_of_old_words(false));
  plans.emplace_back("SELECT min(first), max(last) FROM audit_day WHERE day BETWEEN ?1 AND ?2");
  for (const std::string& sql : plans) {
    INFO(sql);
    Statement plan = must(database.query("EXPLAIN QUERY PLAN " + sql));
    while (must(plan.step())) {
      const std::string step = plan.text(3);
      INFO(step);
      CHECK((step.find("SCAN") == std::string::npos || step.find("CONSTANT ROW") != std::string::npos));
      CHECK(step.find("TEMP B-TREE") == std::string::npos);
    }
  }
}

}  // namespace beadle::store
