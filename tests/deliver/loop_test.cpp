#include "deliver/loop.h"

#include <unistd.h>

#include <future>
#include <map>
#include <thread>
#include <utility>

#include "base/limits.h"
#include "base/log.h"
#include "helpers.h"

namespace beadle::deliver {
namespace {

using Reply = smtp::RecipientReply;

/// A mail server: takes everything, but for the addresses that it was told about.
struct FakeServer {
  std::map<std::string, Reply> answers;
  std::vector<smtp::OutgoingMail> got;
  std::function<void()> meanwhile;  // what happens elsewhere while the first mail is sent

  Send send() {
    return [this](const smtp::OutgoingMail& mail) {
      got.push_back(mail);
      if (const auto once = std::exchange(meanwhile, nullptr)) once();
      std::vector<Reply> replies;
      for (const std::string& address : mail.recipients) {
        const auto found = answers.find(address);
        replies.push_back(found == answers.end() ? Reply{address, Reply::Outcome::delivered, "250 2.0.0 Ok"} : found->second);
      }
      return replies;
    };
  }
  void answer(const std::string& address, Reply::Outcome outcome, const std::string& reply) { answers[address] = {address, outcome, reply}; }
};

const std::string quay = "orders@quay.example";
const std::string pike = "desmond.pike@marram.example";

store::NewHeld to_hold() {
  store::NewHeld held;
  held.door = "milter";
  held.envelope = an_arrival().envelope;
  held.envelope.body = "8BITMIME";
  held.bytes = order_mail;
  held.release_bytes = "Received: x\r\n" + order_mail;
  held.from = "nell.barrow@marram.example";
  held.subject = "The fence at Gull Lane";
  return held;
}

std::string releasing(store::Store& store, const store::NewHeld& held = to_hold()) {
  const std::string id = must(store.hold(held, at(1), nullptr)).id;
  must(store.ask_release(id, "Sam Reed", "", false, at(10)));
  return id;
}

std::vector<std::string> kinds_due(store::Store& store, Time now) {
  std::vector<std::string> kinds;
  for (const store::Notice& notice : must(store.due_notices(now, 100))) kinds.push_back(notice.kind + " " + notice.recipient);
  return kinds;
}

std::vector<std::string> acts(store::Store& store) {
  std::vector<std::string> names;
  for (const store::AuditRow& row : must(store.audit_rows(1, 1000))) names.push_back(row.act);
  return names;
}

/// A folder of its own, for what happens to a database on disk.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "beadle-deliver-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  std::string database() const { return path_ + "/beadle.db"; }

 private:
  std::string path_;
};

/// What goes to standard error while it lives: the log.
class Captured {
 public:
  Captured() {
    REQUIRE(::pipe(pipe_) == 0);
    saved_ = ::dup(STDERR_FILENO);
    ::dup2(pipe_[1], STDERR_FILENO);
    ::close(pipe_[1]);
  }
  ~Captured() { (void)text(); }
  std::string text() {
    if (saved_ < 0) return text_;
    std::fflush(stderr);
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
    saved_ = -1;
    char buffer[4096];
    for (ssize_t count = ::read(pipe_[0], buffer, sizeof buffer); count > 0; count = ::read(pipe_[0], buffer, sizeof buffer)) {
      text_.append(buffer, static_cast<std::size_t>(count));
    }
    ::close(pipe_[0]);
    return text_;
  }

 private:
  int pipe_[2] = {-1, -1};
  int saved_ = -1;
  std::string text_;
};

std::size_t count_of(std::string_view text, std::string_view what) {
  std::size_t count = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos; at = text.find(what, at + what.size())) ++count;
  return count;
}

}  // namespace

TEST_CASE("what is released goes out as it was sent, and its sender is told") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = writer();
  FakeServer server;
  const std::string id = releasing(store);
  CHECK(must(deliver_due(store, notices, server.send(), at(9))) == 0);  // not due before it was asked for
  CHECK(server.got.empty());

  CHECK(must(deliver_due(store, notices, server.send(), at(10))) == 2);
  REQUIRE(server.got.size() == 2);
  CHECK(server.got[0].sender == "nell.barrow@marram.example");
  CHECK(server.got[0].recipients == std::vector<std::string>{quay, pike});
  CHECK(server.got[0].bytes == "Received: x\r\n" + order_mail);
  CHECK(server.got[0].eight_bit);
  CHECK_FALSE(server.got[0].smtputf8);
  CHECK(must(store.get(id)).state == store::HeldState::released);

  CHECK(server.got[1].sender.empty());
  CHECK(server.got[1].recipients == std::vector<std::string>{"nell.barrow@marram.example"});
  CHECK(server.got[1].bytes.find("Sent after review") != std::string::npos);
  CHECK(must(deliver_due(store, notices, server.send(), at(100000))) == 0);
  CHECK(server.got.size() == 2);
  CHECK(acts(store).back() == "notice-sent");
}

TEST_CASE("without release bytes the message itself goes, with the parameters of its envelope") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  store::NewHeld held = to_hold();
  held.release_bytes = "";
  held.envelope.body = "";
  held.envelope.smtputf8 = true;
  releasing(store, held);
  must(deliver_due(store, writer(), server.send(), at(10)));
  CHECK(server.got[0].bytes == order_mail);
  CHECK(server.got[0].smtputf8);
  CHECK_FALSE(server.got[0].eight_bit);
}

TEST_CASE("what a message brought as Beadle's word does not leave with it; the mark of our line does") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  store::NewHeld held = to_hold();
  held.release_bytes = "Beadle-Footer: mark\r\nReceived: x\r\nBeadle-Verdict: pass; rules=forged\r\nbeadle-id : 7\r\n" + order_mail;
  releasing(store, held);
  must(deliver_due(store, writer(), server.send(), at(10)));
  CHECK(server.got[0].bytes == "Beadle-Footer: mark\r\nReceived: x\r\n" + order_mail);
}

TEST_CASE("what the sender wants to hear of the delivery is asked for each recipient, also of those that are left") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  store::NewHeld held = to_hold();
  held.envelope.dsn = "ENVID=QQ314159";
  held.envelope.recipient_dsn = {"NOTIFY=NEVER", "NOTIFY=SUCCESS"};
  server.answer(held.envelope.recipients.front(), Reply::Outcome::delivered, "250 2.0.0 Ok");
  server.answer(held.envelope.recipients.back(), Reply::Outcome::deferred, "451 4.3.0 Later");
  releasing(store, held);
  must(deliver_due(store, writer(), server.send(), at(10)));
  must(deliver_due(store, writer(), server.send(), at(100'000)));
  REQUIRE(server.got.size() == 2);
  CHECK(server.got[0].dsn == "ENVID=QQ314159");
  CHECK(server.got[0].recipient_dsn == held.envelope.recipient_dsn);
  CHECK(server.got[1].dsn == "ENVID=QQ314159");
  CHECK(server.got[1].recipients == std::vector<std::string>{held.envelope.recipients.back()});
  CHECK(server.got[1].recipient_dsn == std::vector<std::string>{"NOTIFY=SUCCESS"});
}

TEST_CASE("while a message is sent, the store says so") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  const std::string id = releasing(store);
  std::vector<std::string> states;
  server.meanwhile = [&] {
    for (const store::RecipientOutcome& outcome : must(store.get(id)).outcomes) states.push_back(outcome.state);
  };
  must(deliver_due(store, writer(), server.send(), at(10)));
  CHECK(states == std::vector<std::string>{"sending", "sending"});
}

TEST_CASE("one recipient refused for good: sender and reviewers are told, the others have it, and it is not released") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = writer();
  FakeServer server;
  server.answer(quay, Reply::Outcome::refused, "550 5.1.1 No such user");
  const std::string id = releasing(store);
  Captured captured;
  must(deliver_due(store, notices, server.send(), at(10)));
  const std::string log = captured.text();
  CHECK(log.find("release-refused id=" + id + " recipient=orders@quay.example reply=\"550 5.1.1 No such user\"") != std::string::npos);
  CHECK(log.find("fence") == std::string::npos);
  CHECK(must(store.get(id)).state == store::HeldState::releasing);
  REQUIRE(server.got.size() == 4);
  CHECK(server.got[1].bytes.find("550 5.1.1 No such user") != std::string::npos);
  CHECK(server.got[1].recipients.front() == "nell.barrow@marram.example");
  CHECK(server.got[2].recipients.front() == "sam.reed@marram.example");
  CHECK(server.got[3].recipients.front() == "tess.orme@marram.example");

  // Asked again, only the refused one is tried, and then all have it.
  server.answers.clear();
  must(store.ask_release(id, "Sam Reed", "", true, at(20)));
  must(deliver_due(store, notices, server.send(), at(20)));
  REQUIRE(server.got.size() == 6);
  CHECK(server.got[4].recipients == std::vector<std::string>{quay});
  CHECK(must(store.get(id)).state == store::HeldState::released);
}

TEST_CASE("one recipient deferred is tried again, ever later, until it is delivered; nobody gets it twice") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = writer();
  FakeServer server;
  server.answer(quay, Reply::Outcome::deferred, "452 4.2.2 Mailbox full");
  const std::string id = releasing(store);
  must(deliver_due(store, notices, server.send(), at(10)));
  CHECK(kinds_due(store, at(100000)).empty());
  std::int64_t now = 10;
  std::int64_t wait = limits::release_retry_first_ms / 1000;
  for (int i = 0; i < 10; ++i) {
    const Time next = *must(store.get(id)).outcomes[0].next_try;
    CHECK(next == at(now + wait));
    CHECK(must(deliver_due(store, notices, server.send(), next - std::chrono::milliseconds(1))) == 0);
    CHECK(must(deliver_due(store, notices, server.send(), next)) == 1);
    CHECK(server.got.back().recipients == std::vector<std::string>{quay});
    now += wait;
    wait = std::min(wait * 2, limits::release_retry_most_ms / 1000);
  }
  server.answers.clear();
  CHECK(must(deliver_due(store, notices, server.send(), at(now + wait))) == 2);
  CHECK(must(store.get(id)).state == store::HeldState::released);
  CHECK(must(store.get(id)).outcomes[0].tries == 12);
  CHECK(server.got.back().bytes.find("Sent after review") != std::string::npos);
}

TEST_CASE("the time of an outcome is that after the sending") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = writer();
  FakeServer server;
  server.answer(quay, Reply::Outcome::deferred, "451 4.3.0 Later");
  const std::string id = releasing(store);
  Time now = at(10);
  server.meanwhile = [&] { now = at(600); };
  Deliverer deliverer(store, server.send(), [&] { return now; }, nullptr);
  must(deliverer.deliver_due(notices));
  CHECK(must(store.get(id)).outcomes[0].next_try == at(600 + limits::release_retry_first_ms / 1000));
}

TEST_CASE("a client that names too few recipients loses none") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string id = releasing(store);
  must(deliver_due(store, writer(), [](const smtp::OutgoingMail&) { return std::vector<Reply>{}; }, at(10)));
  for (const store::RecipientOutcome& outcome : must(store.get(id)).outcomes) {
    CHECK(outcome.state == "pending");
    CHECK(outcome.next_try);
  }
}

TEST_CASE("an address that stands twice in the envelope gets it once") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  store::NewHeld held = to_hold();
  held.envelope.recipients = {quay, quay};
  const std::string id = releasing(store, held);
  must(deliver_due(store, writer(), server.send(), at(10)));
  CHECK(server.got[0].recipients == std::vector<std::string>{quay});
  CHECK(must(store.get(id)).state == store::HeldState::released);
}

TEST_CASE("death while sending: found at the next start, said in the log, sent again") {
  const Folder folder;
  std::string id;
  {
    store::Store store = must(store::Store::open(folder.database(), at(0)));
    id = releasing(store);
    must(store.mark_sending(id, {quay, pike}, at(10)));
  }
  store::Store store = must(store::Store::open(folder.database(), at(20)));
  FakeServer server;
  Deliverer deliverer(store, server.send(), [] { return at(20); }, nullptr);
  CHECK(must(deliverer.deliver_due(writer())) == 0);
  Captured captured;
  must(deliverer.recover_interrupted());
  CHECK(must(deliverer.deliver_due(writer())) == 2);
  const std::string log = captured.text();
  CHECK(log.find("release-interrupted id=" + id) != std::string::npos);
  CHECK(log.find("release of " + id + " was interrupted; " + quay + " may get it twice") != std::string::npos);
  CHECK(count_of(log, "release-interrupted") == 2);
  CHECK(server.got[0].recipients == std::vector<std::string>{quay, pike});
  CHECK(must(store.get(id)).state == store::HeldState::released);
  must(deliverer.recover_interrupted());  // nothing is left of it
  CHECK(must(deliverer.deliver_due(writer())) == 0);
}

TEST_CASE("an outcome that cannot be written down is kept, and nothing is sent until it is") {
  const Folder folder;
  store::Store::OpenOptions options;
  options.busy_timeout_ms = 1;
  store::Store store = must(store::Store::open(folder.database(), at(0), options));
  const std::string id = releasing(store);
  const std::string other = releasing(store);
  FakeServer server;
  Deliverer deliverer(store, server.send(), [] { return at(20); }, nullptr);

  // A second process keeps the database locked from the moment that the mail is on its way.
  int ready[2];
  int go[2];
  REQUIRE(::pipe(ready) == 0);
  REQUIRE(::pipe(go) == 0);
  std::thread locker;
  server.meanwhile = [&] {
    locker = std::thread([&] {
      store::Store second = must(store::Store::open(folder.database(), at(0), options));
      // The callback of hold() runs inside its transaction.
      (void)second.hold(to_hold(), at(15), [&](const std::string&) {
        char byte = 'x';
        (void)!::write(ready[1], &byte, 1);
        (void)!::read(go[0], &byte, 1);
        return std::vector<store::Notice>{};
      });
    });
    char byte = 0;
    (void)!::read(ready[0], &byte, 1);
  };
  const auto failed = deliverer.deliver_due(writer());
  REQUIRE_FALSE(failed);
  CHECK(failed.error().kind == ErrorKind::try_later);
  CHECK(server.got.size() == 1);
  CHECK_FALSE(deliverer.deliver_due(writer()));
  CHECK(server.got.size() == 1);  // neither the first again nor the second

  char byte = 'x';
  (void)!::write(go[1], &byte, 1);
  locker.join();
  // Now the outcome is written, the second message goes, and both senders are told.
  CHECK(must(deliverer.deliver_due(writer())) == 3);
  CHECK(server.got.size() == 4);
  CHECK(must(store.get(id)).state == store::HeldState::released);
  CHECK(must(store.get(other)).state == store::HeldState::released);
  for (const int descriptor : {ready[0], ready[1], go[0], go[1]}) ::close(descriptor);
}

TEST_CASE("a notice that is refused is given up, one that is deferred tried again") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const NoticeWriter notices = writer();
  FakeServer server;
  server.answer("sam.reed@marram.example", Reply::Outcome::refused, "550 5.1.1 Gone");
  server.answer("tess.orme@marram.example", Reply::Outcome::deferred, "451 4.3.0 Later");
  must(store.hold(to_hold(), at(1), [&](const std::string&) { return notices_on_hold(notices, an_arrival()); }));
  Captured captured;
  CHECK(must(deliver_due(store, notices, server.send(), at(1))) == 3);
  const std::string log = captured.text();
  CHECK(log.find("notice-sent") != std::string::npos);
  CHECK(log.find("notice-refused") != std::string::npos);
  CHECK(log.find("notice-deferred") != std::string::npos);
  for (const smtp::OutgoingMail& mail : server.got) CHECK(mail.sender.empty());
  CHECK(kinds_due(store, at(1)).empty());
  CHECK(kinds_due(store, at(100000)) == std::vector<std::string>{"held-reviewer tess.orme@marram.example"});
}

TEST_CASE("more than a batch is worked off round by round") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  FakeServer server;
  const std::size_t many = limits::deliver_batch_most + 3;
  for (std::size_t i = 0; i < many; ++i) releasing(store);
  CHECK(must(deliver_due(store, writer(), server.send(), at(10))) == 2 * limits::deliver_batch_most);
  CHECK(must(deliver_due(store, writer(), server.send(), at(10))) == 6);
  CHECK(server.got.size() == 2 * many);
}

TEST_CASE("the loop stops when it is told to, with a mail server away") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string id = releasing(store);
  net::StopSwitch stop;
  const auto notices = std::make_shared<const NoticeWriter>(writer());
  std::string message;
  const auto nowhere = net::parse_endpoint("unix:/nonexistent/beadle-test.sock", message);
  REQUIRE(nowhere);
  Captured captured;
  std::thread loop([&] { run_deliver_loop(store, [&] { return Duties{notices, nullptr, nullptr}; }, [&] { return DeliverSettings{*nowhere, "gate.marram.example"}; }, stop); });
  for (int i = 0; i < 5000 && must(store.get(id)).outcomes[0].tries == 0; ++i) ::usleep(10'000);
  stop.stop();
  loop.join();
  CHECK(captured.text().find("release-deferred") != std::string::npos);
  CHECK(must(store.get(id)).outcomes[0].tries == 1);
  CHECK(must(store.get(id)).outcomes[0].state == "pending");
}

TEST_CASE("trouble with the store is said once when it begins and once when it ends") {
  const Folder folder;
  store::Store::OpenOptions options;
  options.busy_timeout_ms = 1;
  store::Store store = must(store::Store::open(folder.database(), at(0), options));
  releasing(store);
  net::StopSwitch stop;
  const auto writer_now = std::make_shared<const NoticeWriter>(writer());
  std::string message;
  const auto nowhere = net::parse_endpoint("unix:/nonexistent/beadle-test.sock", message);
  REQUIRE(nowhere);
  Captured captured;

  // The loop asks for its words once a round: in the first another process locks the database, after the third it lets go.
  std::promise<void> locked, let_go;
  std::thread locker;
  int rounds = 0;
  const auto notices = [&] {
    ++rounds;
    if (rounds == 1) {
      locker = std::thread([&] {
        store::Store second = must(store::Store::open(folder.database(), at(0), options));
        must(second.hold(to_hold(), at(15), [&](const std::string&) {
          locked.set_value();
          let_go.get_future().wait();
          return std::vector<store::Notice>{};
        }));
      });
      locked.get_future().wait();
    }
    if (rounds == 4) {
      let_go.set_value();
      locker.join();
    }
    if (rounds == 5) stop.stop();
    return Duties{writer_now, nullptr, nullptr};
  };
  run_deliver_loop(store, notices, [&] { return DeliverSettings{*nowhere, "gate.marram.example"}; }, stop);
  const std::string log = captured.text();
  CHECK(count_of(log, "delivery-trouble what") == 1);
  CHECK(count_of(log, "delivery-trouble-ended") == 1);
  CHECK(log.find("delivery-trouble what") < log.find("delivery-trouble-ended"));
}

namespace {

std::string waiting(store::Store& store, bool told = true) {
  const store::Reminder wanted = a_reminder();
  inspect::NewReminder opened;
  opened.clause = wanted.clause;
  opened.says = wanted.says;
  opened.message_id = wanted.message_id;
  opened.writer = wanted.writer;
  opened.asked = wanted.asked;
  opened.opened = at(0);
  opened.due = at(1000);
  opened.told = told;
  must(store.change_reminders({.opens = {opened}, .steps = {}}, opened.message_id, at(0)));
  return must(store.reminders(false, 10)).front().id;
}

}  // namespace

TEST_CASE("when a reminder falls due, people are told once") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  waiting(store);
  FakeServer server;
  CHECK(must(deliver_due(store, writer(), server.send(), at(999))) == 0);
  CHECK(must(deliver_due(store, writer(), server.send(), at(1000))) == 2);
  CHECK(must(deliver_due(store, writer(), server.send(), at(5000))) == 0);
  CHECK(server.got.size() == 2);
  const std::vector<std::string> names = acts(store);
  CHECK(std::count(names.begin(), names.end(), "reminder-due") == 1);
}

TEST_CASE("what is only observed falls due in silence; what was answered does not fall due") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  waiting(store, false);
  FakeServer server;
  CHECK(must(deliver_due(store, writer(), server.send(), at(2000))) == 0);
  CHECK(acts(store).back() == "reminder-due");

  store::Store answered = must(store::Store::open(":memory:", at(0)));
  must(answered.close_reminder(waiting(answered), "sam", "by telephone", at(10)));
  CHECK(must(deliver_due(answered, writer(), server.send(), at(2000))) == 0);
  CHECK(server.got.empty());
}

TEST_CASE("who waits for released mail hears of it once everybody has it, and again where that failed") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  const std::string id = releasing(store);
  FakeServer server;
  int heard = 0;
  Deliverer deliverer(store, server.send(), [] { return at(10); }, nullptr);
  const Duties duties{std::make_shared<const NoticeWriter>(writer()),
                      [&](const store::Held& held, Time now) -> Result<void> {
                        CHECK(held.id == id);
                        CHECK(now == at(10));
                        if (++heard == 1) return Error{ErrorKind::try_later, "locked"};
                        return {};
                      },
                      nullptr};
  CHECK_FALSE(deliverer.deliver_due(duties));
  CHECK(heard == 1);
  must(deliverer.deliver_due(duties));
  CHECK(heard == 2);
  must(deliverer.deliver_due(duties));
  CHECK(heard == 2);
  CHECK(count_of(joined(acts(store), " "), "delivered") > 0);
}

TEST_CASE("what is old is purged once a day, as the clock moves") {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  Time now = at(0);
  FakeServer server;
  int asked = 0;
  Deliverer deliverer(store, server.send(), [&] { return now; }, nullptr);
  const Duties duties{std::make_shared<const NoticeWriter>(writer()), nullptr, [&](Time time) {
                        ++asked;
                        CHECK(time == now);
                        store::Retention retention{};
                        retention.record = time - std::chrono::days(400);
                        return retention;
                      }};
  inspect::EarlierMail earlier;
  earlier.message_id = "a";
  must(store.remember(earlier, at(0)));
  must(deliverer.purge(duties));
  now = at(3600 * 24 - 1);
  must(deliverer.purge(duties));
  CHECK(asked == 1);
  now = at(3600 * 24);
  must(deliverer.purge(duties));
  CHECK(asked == 2);
  CHECK_FALSE(must(store.look_up({"a"})).same.empty());
  now = at(3600 * 24 * 401ll);
  must(deliverer.purge(duties));
  CHECK(must(store.look_up({"a"})).same.empty());
  CHECK(acts(store).back() == "purged");
  now = at(0);  // the clock was set back
  must(deliverer.purge(duties));
  CHECK(asked == 4);
  must(deliverer.purge({duties.notices, nullptr, nullptr}));
}

}  // namespace beadle::deliver
