// What the door sends on, and where it keeps a message while it comes in. Whole conversations: door_test.cpp and tests/stories/test_smtp_door.py.
#include "smtp/transaction.h"

#include <future>
#include <stdexcept>

#include "base/limits.h"
#include "net/helpers.h"
#include "smtp/stub_hop.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;

namespace {

intake::Answer accepted(std::vector<std::string> removed) {
  intake::Answer answer;
  answer.kind = intake::Answer::Kind::accept;
  answer.add_fields = {{"Beadle-Id", "new"}};
  answer.remove_fields = std::move(removed);
  return answer;
}

constexpr std::string_view trace = "Received: from a\r\n\tby b\r\n";
constexpr std::string_view added = "Beadle-Id: new\r\n";

std::string sent(std::vector<std::string> removed, std::string_view message) { return outgoing_bytes(accepted(std::move(removed)), message, trace); }

}  // namespace

TEST_CASE("what leaves is our fields, the trace, and the message as it came") {
  const std::string message = "From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n";
  CHECK(sent({}, message) == std::string(added) + std::string(trace) + message);
  CHECK(sent({}, "\r\nno header\r\n") == std::string(added) + std::string(trace) + "\r\nno header\r\n");
  // A line that goes on with the one before never goes on with a field of ours.
  CHECK(sent({}, " ; rules=forged\r\n" + message) == std::string(added) + std::string(trace) + " ; rules=forged\r\n" + message);
}

TEST_CASE("marks that came in are removed wherever the header has them") {
  const std::string rest = "From: a@b.example\r\n\r\nBeadle-Verdict: in the body\r\n";
  const std::string out = std::string(added) + std::string(trace);
  CHECK(sent({"Beadle-Verdict"}, "Beadle-Verdict: pass\r\n" + rest) == out + rest);
  CHECK(sent({"BEADLE-VERDICT"}, "Beadle-Verdict: pass;\r\n folded\r\n" + rest) == out + rest);
  CHECK(sent({"Beadle-Verdict"}, "Beadle-Verdict : pass\r\nBeadle-Verdict: flag\r\n" + rest) == out + rest);
  // A line that is no field must not hide one behind it.
  CHECK(sent({"Beadle-Verdict"}, "no field at all\r\nBeadle-Verdict: pass\r\n" + rest) == out + "no field at all\r\n" + rest);
}

TEST_CASE("a message is kept in memory while it is small, in a file above that, and comes back whole") {
  const net::TemporaryFolder folder;
  Spool spool(folder / "", 10);
  std::string all;
  for (int i = 0; i < 1000; ++i) {
    const std::string piece = "piece " + std::to_string(i) + "\r\n";
    all += piece;
    REQUIRE(spool.append(piece));
    CHECK(spool.bytes_in_memory() <= 10);
  }
  CHECK(spool.size() == all.size());
  CHECK(spool.take().value() == all);
  CHECK(spool.size() == 0);
  REQUIRE(spool.append("next"));
  CHECK(spool.bytes_in_memory() == 4);
  CHECK(spool.take().value() == "next");
  REQUIRE(spool.append(all));
  spool.clear();
  CHECK(spool.take().value().empty());
}

TEST_CASE("a spool that cannot be written says so") {
  Spool spool("/nonexistent/folder", 4);
  REQUIRE(spool.append("1234"));
  const auto kept = spool.append("5");
  REQUIRE_FALSE(kept);
  CHECK(kept.error().what.find("/nonexistent/folder") != std::string::npos);
}

namespace {

constexpr Time then{};
const std::string message = "From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n";

/// A transaction with a client, a next hop and what stands for intake.
struct Exchange {
  explicit Exchange(StubHop::Say say, std::int64_t timeout_ms = 0) : server(std::move(say)), pool(hop_settings(timeout_ms)) {}
  Exchange() : pool(server.settings()) {}

  Reply begin(std::string_view mail = "<a@b.example>", std::vector<std::string> recipients = {"<c@d.example>"}) {
    Reply answer = transaction.mail(*parse_mail(mail, all).command, client);
    for (const std::string& recipient : recipients) {
      if (answer.positive()) answer = transaction.recipient(*parse_rcpt(recipient, all, false).command);
    }
    return answer;
  }
  Reply end(std::string_view bytes = message) {
    transaction.append(bytes);
    const Reply said = transaction.finish(
        [&](intake::Arrival arrival) {
          arrived.push_back(arrival);
          intake::Answer answer = next;
          // As intake does, before it has written down what it will remember; which may fail.
          if (answer.kind == intake::Answer::Kind::accept || fails_late) arrival.may_go();
          if (answer.kind == intake::Answer::Kind::accept) answer.bytes = std::move(arrival.bytes);
          answer.taken = [this] {
            ++taken;
            if (taken_throws) throw std::runtime_error("a library");
          };
          return answer;
        },
        client, then, [this] { return left; });
    transaction.reset();
    return said;
  }
  std::string trouble() {
    const auto found = transaction.take_trouble();
    return found ? found->event : "";
  }

  NextHopSettings hop_settings(std::int64_t timeout_ms) const {
    NextHopSettings out = server.settings();
    out.command_timeout_ms = out.data_timeout_ms = timeout_ms;
    return out;
  }
  static intake::Answer answer(intake::Answer::Kind kind) {
    intake::Answer out;
    out.kind = kind;
    out.id = "17-a";
    return out;
  }

  Extensions all = parse_extensions({"SIZE", "8BITMIME", "SMTPUTF8", "DSN"});
  StubHop server;
  HopPool pool;
  TransactionSettings settings{.host_name = "gate.harbridge.example", .spool_directory = "/tmp", .spool_memory_bytes = 1000};
  ClientFacts client{.address = "192.0.2.7", .name = "", .helo = "client.example", .extended = true, .tls = false, .xforward = {}};
  intake::Answer next = answer(intake::Answer::Kind::accept);
  bool fails_late = false;
  bool left = false;  // the client has
  int taken = 0;      // times that intake was told that the next hop has it
  bool taken_throws = false;
  std::vector<intake::Arrival> arrived;
  Transaction transaction{pool, settings, nullptr};
};

std::vector<std::string> commands(std::vector<std::string> heard) {
  for (std::string& line : heard) line = line.substr(0, line.find("\r\n"));
  return heard;
}

using Lines = std::vector<std::string>;

}  // namespace

TEST_CASE("a message that may go is handed over, and the connection is used for the next one") {
  Exchange exchange;
  for (int i = 0; i < 2; ++i) {
    REQUIRE(exchange.begin().positive());
    CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
    CHECK(exchange.taken == i + 1);
  }
  const auto heard = exchange.server.heard(1);
  REQUIRE(heard.size() == 8);
  CHECK(heard[0] == "MAIL FROM:<a@b.example>");
  CHECK(heard[3].starts_with("Received: from client.example ([192.0.2.7])\r\n\tby gate.harbridge.example (beadle) with ESMTP id 17-a;"));
  CHECK(heard[3].ends_with(message + ".\r\n"));
  CHECK(exchange.server.connections() == 1);
}

TEST_CASE("DATA that was said too early is given up with its connection, and nothing of the message leaves") {
  Exchange exchange;
  exchange.fails_late = true;
  exchange.next = Exchange::answer(intake::Answer::Kind::try_later);
  REQUIRE(exchange.begin().positive());
  CHECK(exchange.end().code == 451);
  exchange.fails_late = false;
  exchange.next = Exchange::answer(intake::Answer::Kind::accept);
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.server.connections() == 2);
  // Whether DATA itself was heard before the connection was gone is nobody's promise.
  for (const std::string& line : exchange.server.heard(1)) CHECK(line.find("Hello") == std::string::npos);
}

TEST_CASE("what is thrown behind DATA leaves no connection that waits for a message") {
  Exchange exchange;
  REQUIRE(exchange.begin().positive());
  exchange.transaction.append(message);
  const Receive throwing = [](intake::Arrival arrival) -> intake::Answer {
    arrival.may_go();
    throw std::runtime_error("a library");
  };
  CHECK_THROWS(exchange.transaction.finish(throwing, exchange.client, then, [] { return false; }));
  exchange.transaction.reset();
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.server.connections() == 2);
}

namespace {

std::string pipelining(const std::string& line) {
  return line.starts_with("EHLO") ? "250-stub.example\r\n250 PIPELINING\r\n" : StubHop::usual(line);
}

std::vector<PathCommand> recipients(const Lines& paths) {
  std::vector<PathCommand> out;
  for (const std::string& path : paths) out.push_back(*parse_rcpt(path, {}, false).command);
  return out;
}

}  // namespace

TEST_CASE("recipients that will follow are told to the next hop with MAIL, and each gets its own answer") {
  Exchange exchange([](int, const std::string& line) { return line == "RCPT TO:<no@d.example>" ? "550 5.1.1 Nobody here\r\n" : pipelining(line); });
  const auto ahead = recipients({"<c@d.example>", "<no@d.example>", "<e@f.example>"});
  REQUIRE(exchange.transaction.mail(*parse_mail("<a@b.example>", {}).command, exchange.client, ahead).positive());
  // All of them are there before the client has been answered about any.
  CHECK(exchange.server.heard(1) == Lines{"MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "RCPT TO:<no@d.example>", "RCPT TO:<e@f.example>"});
  CHECK(exchange.transaction.was_told_ahead());
  CHECK(exchange.transaction.recipient(ahead[0]).positive());
  CHECK(to_words(exchange.transaction.recipient(ahead[1])) == "550 5.1.1 Nobody here");
  CHECK(exchange.transaction.recipient(ahead[2]).positive());
  CHECK_FALSE(exchange.transaction.was_told_ahead());
  // One more, that came too late to be told ahead.
  CHECK(exchange.transaction.recipient(recipients({"<late@d.example>"}).front()).positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  REQUIRE(exchange.arrived.size() == 1);
  CHECK(exchange.arrived.front().envelope.recipients == Lines{"c@d.example", "e@f.example", "late@d.example"});
}

TEST_CASE("a sender that the next hop refuses leaves nothing behind of the recipients that were told ahead") {
  Exchange exchange([](int, const std::string& line) {
    return line == "MAIL FROM:<no@b.example>" ? "550 5.7.1 Not you\r\n" : line.starts_with("RCPT TO:<x") ? "503 5.5.1 No sender\r\n" : pipelining(line);
  });
  CHECK(to_words(exchange.transaction.mail(*parse_mail("<no@b.example>", {}).command, exchange.client, recipients({"<x@d.example>"}))) == "550 5.7.1 Not you");
  CHECK_FALSE(exchange.transaction.was_told_ahead());
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.arrived.front().envelope.recipients == Lines{"c@d.example"});
}

TEST_CASE("without pipelining at the next hop recipients go one by one") {
  Exchange exchange;
  const auto ahead = recipients({"<c@d.example>"});
  REQUIRE(exchange.transaction.mail(*parse_mail("<a@b.example>", {}).command, exchange.client, ahead).positive());
  CHECK(exchange.server.heard(1) == Lines{"MAIL FROM:<a@b.example>"});
  CHECK(exchange.transaction.recipient(ahead[0]).positive());
}

TEST_CASE("a next hop that is lost within a group is asked once more") {
  Exchange exchange([](int connection, const std::string& line) { return connection == 1 && line.starts_with("RCPT") ? "" : pipelining(line); });
  const auto ahead = recipients({"<c@d.example>", "<e@f.example>"});
  REQUIRE(exchange.transaction.mail(*parse_mail("<a@b.example>", {}).command, exchange.client, ahead).positive());
  for (const PathCommand& recipient : ahead) CHECK(exchange.transaction.recipient(recipient).positive());
  CHECK_FALSE(exchange.transaction.was_told_ahead());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.server.connections() == 2);
  CHECK(exchange.arrived.front().envelope.recipients == Lines{"c@d.example", "e@f.example"});
}

TEST_CASE("of a held message the next hop hears only who it was for") {
  Exchange exchange;
  exchange.next.kind = intake::Answer::Kind::held;
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: held for review 17-a");
  CHECK(exchange.server.heard(1) == Lines{"MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "RSET"});
}

TEST_CASE("the answer about a held message does not wait for the next hop to forget it") {
  std::promise<void> answered;
  Exchange exchange([&](int, const std::string& line) {
    if (line == "RSET") answered.get_future().wait();
    return StubHop::usual(line);
  });
  exchange.next.kind = intake::Answer::Kind::held;
  REQUIRE(exchange.begin().positive());
  exchange.transaction.append(message);
  const auto held = [&](const intake::Arrival&) { return exchange.next; };
  CHECK(to_words(exchange.transaction.finish(held, exchange.client, then, [] { return false; })) == "250 2.0.0 Ok: held for review 17-a");
  answered.set_value();
  exchange.transaction.reset();
  CHECK(exchange.server.heard(1).back() == "RSET");
  REQUIRE(exchange.begin().positive());
  CHECK(exchange.server.connections() == 1);
}

TEST_CASE("what cannot be checked is put off, in intake's words") {
  Exchange exchange;
  exchange.next = Exchange::answer(intake::Answer::Kind::try_later);
  exchange.next.reply = "451 4.3.0 No room";
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "451 4.3.0 No room");
  CHECK(exchange.server.heard(1).back() == "RSET");
}

TEST_CASE("a name and an address that intake is told belong to the same host") {
  using Told = std::vector<std::pair<std::string, std::string>>;
  const auto [told, shown] = GENERATE(values<std::pair<Told, std::string>>({
      {{}, "client.example [192.0.2.7]"},
      {{{"NAME", "laptop.example"}, {"ADDR", "198.51.100.3"}, {"HELO", "me"}}, "laptop.example [198.51.100.3]"},
      {{{"NAME", "[UNAVAILABLE]"}, {"ADDR", "198.51.100.3"}, {"HELO", "me"}}, "me [198.51.100.3]"},
      {{{"ADDR", "198.51.100.3"}}, "unknown [198.51.100.3]"},
      {{{"NAME", "laptop.example"}}, "laptop.example [unknown]"},
      {{{"IDENT", "4F1"}}, "client.example [192.0.2.7]"},
  }));
  Exchange exchange;
  exchange.client.xforward = told;
  REQUIRE(exchange.begin().positive());
  exchange.end();
  REQUIRE(exchange.arrived.size() == 1);
  CHECK(exchange.arrived.front().client == shown);
}

TEST_CASE("a next hop that says nothing is given up after its time, and the client keeps the mail") {
  const std::string at = GENERATE(as<std::string>(), "", "MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA", "message");
  INFO(at);
  std::promise<void> end;
  const std::shared_future<void> ended = end.get_future().share();
  Exchange exchange(
      [at, ended](int, const std::string& line) {
        if (line == at || (at == "message" && line.ends_with("\r\n.\r\n"))) ended.wait();
        return StubHop::usual(line);
      },
      200);
  Reply answer = exchange.begin();
  if (answer.positive()) answer = exchange.end();
  CHECK(answer.code == 451);
  CHECK(exchange.taken == 0);
  end.set_value();
}

TEST_CASE("intake is told of the envelope what a release needs") {
  Exchange exchange;
  REQUIRE(exchange.begin("<a@b.example> SIZE=10 BODY=8BITMIME SMTPUTF8 RET=HDRS ENVID=QQ314159", {"<c@d.example> NOTIFY=NEVER", "<e@f.example>"}).positive());
  exchange.end();
  REQUIRE(exchange.arrived.size() == 1);
  const inspect::Envelope& envelope = exchange.arrived.front().envelope;
  CHECK(envelope.sender == "a@b.example");
  CHECK(envelope.recipients == Lines{"c@d.example", "e@f.example"});
  CHECK(envelope.smtputf8);
  CHECK(envelope.body == "8BITMIME");
  CHECK(envelope.dsn == "RET=HDRS ENVID=QQ314159");
  CHECK(envelope.recipient_dsn == Lines{"NOTIFY=NEVER", ""});
}

TEST_CASE("a next hop that goes away while the message comes in is opened again, and asked what it was asked before") {
  // It stops listening to its first connection when it is asked for the message, as one does that has waited too long for it.
  Exchange exchange([](int connection, const std::string& line) { return connection == 1 && line == "DATA" ? "" : StubHop::usual(line); });
  REQUIRE(exchange.begin("<a@b.example> RET=HDRS", {"<c@d.example> NOTIFY=NEVER", "<e@f.example>"}).positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.arrived.size() == 1);
  const auto again = exchange.server.heard(2);
  REQUIRE(again.size() == 5);
  CHECK(Lines(again.begin(), again.begin() + 4) == Lines{"MAIL FROM:<a@b.example> RET=HDRS", "RCPT TO:<c@d.example> NOTIFY=NEVER", "RCPT TO:<e@f.example>", "DATA"});
}

TEST_CASE("a next hop that then refuses what it took leaves the message with the client") {
  const std::string at = GENERATE("MAIL FROM:<a@b.example>", "RCPT TO:<e@f.example>", "DATA");
  Exchange exchange([at](int connection, const std::string& line) {
    if (connection == 1) return line == "DATA" ? "" : StubHop::usual(line);
    return line != at ? StubHop::usual(line) : at == "DATA" ? "" : "550 5.7.1 No more\r\n";
  });
  REQUIRE(exchange.begin("<a@b.example>", {"<c@d.example>", "<e@f.example>"}).positive());
  CHECK(to_words(exchange.end()).starts_with("451 4.4.2"));
  CHECK(exchange.trouble() == "smtp-next-hop");
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("lost after the message was handed over, nothing is sent a second time") {
  Exchange exchange([](int, const std::string& line) { return line.ends_with("\r\n.\r\n") ? "" : StubHop::usual(line); });
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()).starts_with("451 4.4.2"));
  CHECK(exchange.server.connections() == 1);
  CHECK(exchange.trouble() == "smtp-next-hop");
}

TEST_CASE("the next hop's answers are the client's") {
  const auto [at, said, heard] = GENERATE(table<std::string, std::string, std::string>({
      {"MAIL FROM:<a@b.example>", "552 5.3.4 Too large", "552 5.3.4 Too large"},
      {"RCPT TO:<c@d.example>", "550 5.1.1 Nobody here", "550 5.1.1 Nobody here"},
      {"DATA", "554 5.5.1 No", "554 5.5.1 No"},
      {"DATA", "250 2.0.0 Already?", "451 4.4.2 The connection to the mail server behind this one was lost; please try again later"},
      {"message", "550 5.7.1 Spam", "550 5.7.1 Spam"},
  }));
  INFO(at);
  Exchange exchange([at = at, said = said](int, const std::string& line) {
    return line == at || (at == "message" && line.ends_with("\r\n.\r\n")) ? said + "\r\n" : StubHop::usual(line);
  });
  Reply answer = exchange.begin();
  if (answer.positive()) answer = exchange.end();
  CHECK(to_words(answer) == heard);
  CHECK(exchange.taken == 0);
  // In order for the next client, or not used again.
  const int code = exchange.transaction.mail(*parse_mail("<x@y.example>", exchange.all).command, exchange.client).code;
  CHECK(code == 250);
}

TEST_CASE("what goes wrong once the next hop has the message is not the client's") {
  Exchange exchange;
  exchange.taken_throws = true;
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.trouble() == "smtp-exception");
}

TEST_CASE("of a message whose client has hung up nothing is sent, and its connection is not used again") {
  Exchange exchange;
  exchange.left = true;
  REQUIRE(exchange.begin().positive());
  CHECK(exchange.end().code == 451);
  CHECK(exchange.taken == 0);
  CHECK(exchange.server.heard(1) == Lines{"MAIL FROM:<a@b.example>", "RCPT TO:<c@d.example>", "DATA"});
  exchange.left = false;
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("a next hop that offers less than it did is not asked for it; the client is to come again") {
  const auto [mail, recipient] = GENERATE(values<std::pair<std::string, std::string>>({
      {"<a@b.example> SMTPUTF8", "<c@d.example>"},
      {"<a@b.example> RET=HDRS", "<c@d.example>"},
      {"<a@b.example> BODY=8BITMIME", "<c@d.example>"},
      {"<a@b.example>", "<c@d.example> NOTIFY=NEVER"},
  }));
  INFO(mail << " " << recipient);
  Exchange exchange([](int, const std::string& line) { return line.starts_with("EHLO") ? "250 stub.example\r\n" : StubHop::usual(line); });
  CHECK(to_words(exchange.begin(mail, {recipient})) == "421 4.3.5 The mail server behind this one offers something else now; please connect again");
  for (const int connection : {1, 2}) {
    for (const std::string& line : exchange.server.heard(connection)) CHECK(line.find('=') == std::string::npos);
  }
}

TEST_CASE("recipients are not told ahead to a next hop that does not know what they ask for") {
  Exchange exchange([](int, const std::string& line) { return line.starts_with("EHLO") ? "250-stub.example\r\n250 PIPELINING\r\n" : StubHop::usual(line); });
  const std::vector<PathCommand> ahead{*parse_rcpt("<c@d.example> NOTIFY=NEVER", exchange.all, false).command};
  CHECK(exchange.transaction.mail(*parse_mail("<a@b.example>", exchange.all).command, exchange.client, ahead).code == 421);
  CHECK(exchange.trouble() == "smtp-next-hop");
  CHECK(exchange.server.heard(1).empty());
}

TEST_CASE("a connection that offered too little is not used again") {
  Exchange exchange([](int connection, const std::string& line) { return line.starts_with("EHLO") && connection == 1 ? "250 stub.example\r\n" : StubHop::usual(line); });
  CHECK(exchange.begin("<a@b.example>", {"<c@d.example> NOTIFY=NEVER"}).code == 421);
  exchange.transaction.reset();
  CHECK(exchange.begin("<a@b.example>", {"<c@d.example> NOTIFY=NEVER"}).positive());
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("the goodbye of a connection that waited is not the client's") {
  Exchange exchange([](int connection, const std::string& line) {
    return connection == 1 && line == "MAIL FROM:<late@b.example>" ? "421 4.4.2 Idle for too long\r\n" : StubHop::usual(line);
  });
  REQUIRE(exchange.begin().positive());
  REQUIRE(exchange.end().positive());
  CHECK(exchange.begin("<late@b.example>").positive());
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("a connection that waited and offers less is left for a new one that offers it") {
  Exchange exchange([](int connection, const std::string& line) { return line.starts_with("EHLO") && connection == 1 ? "250 stub.example\r\n" : StubHop::usual(line); });
  REQUIRE(exchange.begin().positive());
  REQUIRE(exchange.end().positive());
  CHECK(exchange.begin("<a@b.example> SMTPUTF8").positive());
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("a connection that waited and is closed now costs the client nothing") {
  Exchange exchange([](int connection, const std::string& line) { return connection == 1 && line.starts_with("MAIL") ? "" : StubHop::usual(line); });
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end()) == "250 2.0.0 Ok: taken");
  CHECK(exchange.server.connections() == 2);
}

TEST_CASE("a message that the disk does not take is put off, and says so in the log") {
  Exchange exchange;
  exchange.settings.spool_directory = "/nonexistent/folder";
  exchange.settings.spool_memory_bytes = 4;
  Transaction transaction(exchange.pool, exchange.settings, nullptr);
  REQUIRE(transaction.mail(*parse_mail("<a@b.example>", {}).command, exchange.client).positive());
  REQUIRE(transaction.recipient(*parse_rcpt("<c@d.example>", {}, false).command).positive());
  transaction.append("more than four");
  transaction.append("and more");
  CHECK(transaction.bytes_in_memory() == 0);
  CHECK(to_words(transaction.finish([](intake::Arrival) -> intake::Answer { throw std::runtime_error("not asked"); }, exchange.client, then, [] { return false; })).starts_with("452 4.3.1"));
  CHECK(transaction.take_trouble().value().event == "smtp-spool");
  transaction.reset();
  CHECK(commands(exchange.server.heard(1)).back() == "RSET");
}

TEST_CASE("a message with a required field loses it before anybody keeps it; one without is refused") {
  Exchange exchange;
  exchange.settings.required_field = {"X-Council-Route", {"0123456789abcdef0123456789abcdef", "the next one, from Monday on"}};
  const auto said = [&](const std::string& field) {
    REQUIRE(exchange.begin().positive());
    return to_words(exchange.end(field + message));
  };
  CHECK(said("X-Council-Route: 0123456789abcdef0123456789abcdef\r\n") == "250 2.0.0 Ok: taken");
  CHECK(said("x-council-route:  the next one,\r\n from Monday on \r\n") == "250 2.0.0 Ok: taken");
  CHECK(said("X-Council-Route: wrong\r\nX-Council-Route: 0123456789abcdef0123456789abcdef\r\n") == "250 2.0.0 Ok: taken");
  REQUIRE(exchange.arrived.size() == 3);
  for (const intake::Arrival& arrival : exchange.arrived) CHECK(arrival.bytes == message);
  for (const char* field : {"", "X-Council-Route: wrong\r\n", "X-Council-Route: 0123456789abcdef0123456789abcde\r\n", "X-Council-Route:\r\n",
                            "X-Council-Route: 0123456789abcdef0123456789abcdef0\r\n", "X-Other: 0123456789abcdef0123456789abcdef\r\n"}) {
    INFO(field);
    CHECK(said(field).starts_with("550 5.7.1"));
    CHECK(exchange.trouble() == "smtp-not-ours");
  }
  // One in the body, or within an attached message, is none.
  REQUIRE(exchange.begin().positive());
  CHECK(to_words(exchange.end(message + "X-Council-Route: 0123456789abcdef0123456789abcdef\r\n")).starts_with("550 5.7.1"));
  CHECK(exchange.arrived.size() == 3);
}
