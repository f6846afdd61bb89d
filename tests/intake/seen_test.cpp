// Which mail came by is written down, but for mail to protected addresses, and for what was deferred.
#include "base/log.h"
#include "inspect/waiting.h"
#include "intake/intake.h"
#include "store/seen_mail.h"

#include "catch.h"

namespace beadle::intake {
namespace {

const std::string jane = "councillor@council.example", stranger = "someone@elsewhere.example";

template <class T>
T must(Result<T> result) {
  if (!result) FAIL(result.error().what);
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

Answer send(Intake& intake, const std::string& id, const std::string& text) {
  Arrival arrival;
  arrival.door = "milter";
  arrival.envelope = {.sender = jane, .recipients = {stranger}, .login = "", .smtputf8 = false, .body = ""};
  arrival.bytes = "From: " + jane + "\r\nTo: " + stranger + "\r\n" + (id.empty() ? "" : "Message-ID: <" + id + ">\r\n") + "Subject: x\r\n\r\n" + text + "\r\n";
  return intake.receive(std::move(arrival));
}

}  // namespace

TEST_CASE("every mail that was judged came by, once what waits is written") {
  Time now = *time_from("2025-12-15T10:00:00Z");
  store::Store store = must(store::Store::open(":memory:", now));
  Intake intake(store, std::make_shared<const inspect::Policy>(tests::waiting_policy()), [](const auto&...) { return std::vector<store::Notice>{}; },
                [&] { return now; });
  store::SeenMail seen = must(store::SeenMail::open(store));
  CHECK(send(intake, "first@x", "open").kind == Answer::Kind::accept);
  CHECK(must(seen.look_up("first@x")) == store::SeenMail::Known::at_gateway);  // the first is written at once
  CHECK(send(intake, "", "open").kind == Answer::Kind::accept);
  CHECK(send(intake, "held@x", "secret").kind == Answer::Kind::held);
  CHECK(send(intake, std::string(2'000, 'x') + "@x", "open").kind == Answer::Kind::accept);
  intake.flush();
  CHECK(must(seen.look_up("held@x")) == store::SeenMail::Known::at_gateway);
  CHECK(must(seen.look_up("")) == store::SeenMail::Known::no);
  CHECK(must(seen.since()) == *day_from("2025-12-15"));
}

}  // namespace beadle::intake
