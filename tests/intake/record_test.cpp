// A thread as it goes through intake, with a clock that moves: what opens, what answers, and that held mail does neither until it has left.
#include "intake/record.h"

#include "intake/intake.h"
#include "inspect/waiting.h"

#include "catch.h"

namespace beadle::intake {
namespace {

class Town {
 public:
  Town()
      : policy_(std::make_shared<const inspect::Policy>(tests::waiting_policy())),
        store_(must(store::Store::open(":memory:", now_))),
        intake_(store_, policy_, [](const auto&...) { return std::vector<store::Notice>{}; }, [this] { return now_; }) {}

  template <class T>
  static T must(Result<T> result) {
    if (!result) FAIL(result.error().what);
    return std::move(result).value();
  }

  void it_is(const char* time) { now_ = *time_from(time); }

  Answer send(const std::string& from, const std::string& to, const std::string& id, const std::string& text, const std::string& header = "Subject: The gate\r\n") {
    Arrival arrival;
    arrival.door = "milter";
    arrival.envelope = {.sender = from, .recipients = {to}, .login = "", .smtputf8 = false, .body = ""};
    arrival.bytes = "From: " + from + "\r\nTo: " + to + "\r\nMessage-ID: <" + id + ">\r\n" + header + "\r\n" + text + "\r\n";
    return intake_.receive(std::move(arrival));
  }

  std::vector<store::Reminder> open() { return must(store_.reminders(false, 100)); }
  store::Store& store() { return store_; }
  const inspect::Policy& policy() const { return *policy_; }
  Time now() const { return now_; }

 private:
  Time now_ = *time_from("2025-12-15T10:00:00Z");
  std::shared_ptr<const inspect::Policy> policy_;
  store::Store store_;
  Intake intake_;
};

const std::string jane = "councillor@council.example", olivia = "officer@council.example";

}  // namespace

TEST_CASE("an enquiry waits through a holding reply until it is answered") {
  Town town;
  CHECK(town.send(jane, olivia, "ask", "When will the gate be mended?").kind == Answer::Kind::accept);
  REQUIRE(town.open().size() == 1);
  CHECK(to_rfc3339(town.open().front().due) == "2026-01-01T00:00:00Z");
  town.it_is("2025-12-16T10:00:00Z");
  town.send(olivia, jane, "holding", "We are looking into it and will let you know.", "Subject: Re: The gate\r\nIn-Reply-To: <ask>\r\n");
  CHECK(town.open().size() == 1);
  town.it_is("2025-12-20T10:00:00Z");
  // Answers the holding reply, under another subject, and names nothing else.
  town.send(olivia, jane, "answer", "It was mended this morning.", "Subject: All done\r\nIn-Reply-To: <holding>\r\n");
  CHECK(town.open().empty());
  const auto all = Town::must(town.store().reminders(true, 10));
  CHECK(all.front().closed_mail == "answer");
  CHECK(all.front().closed == town.now());
}

TEST_CASE("the same enquiry in two transactions opens one reminder") {
  Town town;
  town.send(jane, olivia, "ask", "When will the gate be mended?");
  town.send(jane, "clerk@council.example", "ask", "When will the gate be mended?");
  CHECK(town.open().size() == 1);
}

TEST_CASE("what is held opens nothing and answers nothing until it has been released") {
  Town town;
  town.send(jane, olivia, "ask", "When will the gate be mended?");
  const Answer held = town.send(olivia, jane, "answer", "It is mended. This is secret.", "Subject: Re: The gate\r\nIn-Reply-To: <ask>\r\n");
  REQUIRE(held.kind == Answer::Kind::held);
  CHECK(town.open().size() == 1);
  const auto kept = Town::must(town.store().get(held.id));
  REQUIRE(remember_released(kept, town.policy(), town.store(), town.now()));
  CHECK(town.open().empty());
  REQUIRE(remember_released(kept, town.policy(), town.store(), town.now()));  // said twice after trouble
  CHECK(Town::must(town.store().reminders(true, 10)).size() == 1);
}

TEST_CASE("without reminders in force nothing is looked up or kept") {
  Town town;
  inspect::Policy policy = tests::waiting_policy();
  policy.reminders.on = false;
  const mail::Message message = mail::parse_message("From: " + jane + "\r\nMessage-ID: <ask>\r\nSubject: The gate\r\n\r\nWhen will it be?\r\n");
  town.send(jane, olivia, "ask", "When will the gate be mended?");
  CHECK(Town::must(history_of(message, policy, town.store())).reminders.empty());
  CHECK(Town::must(history_of(message, town.policy(), town.store())).reminders.size() == 1);
}

}  // namespace beadle::intake
