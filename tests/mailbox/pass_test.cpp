// Review by mail folder, against a mail server in memory and a real store: what is shown, what a move does, who may not, and that
// nothing is lost or done twice wherever a pass is broken off.
#include "mailbox/pass.h"

#include "base/log.h"
#include "fake_server.h"
#include "mailbox/folders.h"
#include "mailbox/loop.h"
#include "mailbox/mark.h"
#include "review/desk.h"

namespace beadle::mailbox {
namespace {

using review::at;
using review::must;
using store::HeldState;

const std::string shed_mail =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: The shed\nMessage-ID: "
    "<shed@marram.example>\n\nPaint it green.\n";
const std::string pond_mail =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: The pond\nMessage-ID: "
    "<pond@marram.example>\n\nDrain it.\n";
/// Sam is among its recipients.
const std::string to_sam =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: sam.reed@marram.example, orders@quay.example\nSubject: The wall\n\nPull "
    "it down.\n";

struct Town : review::Office {
  FakeMailbox box;
  DeskSettings settings;
  Mailbox mailbox{"sam at mail.example", "sam", {}, ""};
  Time now = at(1'000);

  Town() {
    settings.return_words = "Please ask the clerk.";
    settings.mailboxes = {mailbox};
  }

  Tools tools() {
    return {.store = store,
            .policy = [] { return review::quiet_policy(); },
            .notices = [] { return review::writer(); },
            .documents = nullptr,
            .now = [this] { return now; },
            .connect =
                [this](const Mailbox&, const net::StopSwitch*) {
                  return Result<std::unique_ptr<imap::Transport>>(std::make_unique<FakeServer>(box));
                }};
  }

  PassOutcome pass() { return review_once(mailbox, settings, tools(), nullptr); }

  /// "placed removed released returned refused problem"
  std::string passed() {
    const PassOutcome outcome = pass();
    std::string out;
    for (const std::size_t number : {outcome.placed, outcome.removed, outcome.released, outcome.returned, outcome.refused})
      out += std::to_string(number) + " ";
    return out + outcome.problem;
  }

  /// How many messages stand in the four folders.
  std::string folders() {
    std::string out;
    for (const char* name : {"Held", "Release", "Return", "INBOX"}) out += std::to_string(box.in(name).size()) + " ";
    return out;
  }

  std::string last_reply() {
    REQUIRE_FALSE(box.in("INBOX").empty());
    const mail::Message message = mail::parse_message(box.in("INBOX").back());
    REQUIRE_FALSE(message.texts.empty());
    return message.subject + "\n" + message.texts.front().utf8;
  }

  std::vector<std::string> rows(const std::string& act) {
    std::vector<std::string> details;
    store::RegisterQuery query;
    query.act = act;
    for (const store::AuditRow& row : must(desk.register_rows(query)))
      details.push_back(row.who + " " + row.held + " " + row.detail);
    std::reverse(details.begin(), details.end());
    return details;
  }
};

bool has(const std::string& text, const std::string& words) { return text.find(words) != std::string::npos; }

}  // namespace

TEST_CASE("held mail stands in Held, explained and with the original attached, and is put there once") {
  Town town;
  const std::string id = town.hold(review::fence_mail);
  CHECK(town.passed() == "1 0 0 0 0 ");
  CHECK(town.folders() == "1 0 0 0 ");
  CHECK(town.box.subscribed == std::vector<std::string>{"Held", "Release", "Return"});
  const std::string bytes = town.box.in("Held").front();
  const mail::Message message = mail::parse_message(bytes);
  CHECK(message.subject == "Held for review: The fence at Gull Lane");
  CHECK(message.defects.empty());
  REQUIRE(message.originals.size() == 1);
  CHECK(has(bytes, review::crlf(review::fence_mail)));
  const std::string text = message.texts.front().utf8;
  for (const char* words : {"Councillor Nell Barrow (chair)", "Addressed to: orders@quay.example",
                            "Subject: The fence at Gull Lane", "  Release", "  Return", "The message is attached"}) {
    INFO(words);
    CHECK(has(text, words));
  }
  CHECK(has(text, "Reference: " + id));
  CHECK(town.rows("placed-in-mailbox") ==
        std::vector<std::string>{"beadle " + id + " {\"account\":\"sam\",\"shows\":\"original\"}"});
  CHECK(town.passed() == "0 0 0 0 0 ");
  CHECK(town.folders() == "1 0 0 0 ");
  CHECK(town.acts_on(id) == std::vector<std::string>{"held beadle", "placed-in-mailbox beadle"});
}

TEST_CASE("moving to Release and to Return is the decision of whoever the mailbox belongs to") {
  Town town;
  const std::string fence = town.hold(review::fence_mail), shed = town.hold(shed_mail), pond = town.hold(pond_mail);
  CHECK(town.passed() == "3 0 0 0 0 ");
  town.box.move(fence, "Held", "Release");
  town.box.move(shed, "Held", "Return");
  CHECK(town.passed() == "0 0 1 1 0 ");
  CHECK(town.folders() == "1 0 0 2 ");
  CHECK(town.state(fence) == HeldState::releasing);
  CHECK(town.state(shed) == HeldState::returned);
  CHECK(town.state(pond) == HeldState::held);
  CHECK(town.acts_on(fence).back() == "released-asked sam");
  CHECK(must(town.store.get(fence)).reason == "Moved to the folder Release in sam's mailbox.");
  CHECK(town.acts_on(shed).back() == "returned sam");
  CHECK(must(town.store.get(shed)).reason == "Please ask the clerk.");
  CHECK(has(town.box.in("INBOX")[0], "Subject: Released: " + fence));
  CHECK(has(town.last_reply(), "Returned: " + shed));
  CHECK(has(town.last_reply(), "Please ask the clerk."));
  // A reply to what was moved, for mail programs that show threads.
  const mail::Message reply = mail::parse_message(town.box.in("INBOX")[0]);
  CHECK_FALSE(reply.header("In-Reply-To").empty());
  CHECK(reply.header("Auto-Submitted") == "auto-replied");
  bool told = false;
  for (const store::Notice& notice : must(town.store.due_notices(at(2'000), 10)))
    told = told || (notice.kind == "returned-sender" && notice.held == shed);
  CHECK(told);
  CHECK(town.passed() == "0 0 0 0 0 ");
}

TEST_CASE("who has a part in a message sees only that it waits, and decides nothing by moving it") {
  Town town;
  const std::string id = town.hold(to_sam, {"sam.reed@marram.example", "orders@quay.example"});
  CHECK(town.passed() == "1 0 0 0 0 ");
  const std::string bytes = town.box.in("Held").front();
  for (const char* secret : {"wall", "Pull it down", "quay", "Nell", "nell"}) CHECK_FALSE(has(bytes, secret));
  CHECK(has(bytes, "You are a recipient of this message."));
  CHECK(town.rows("placed-in-mailbox").front() == "beadle " + id + " {\"account\":\"sam\",\"shows\":\"conflict\"}");
  for (const char* folder : {"Release", "Return"}) {
    town.box.move(id, "Held", folder);
    CHECK(town.passed() == "0 0 0 0 1 ");
    CHECK(town.state(id) == HeldState::held);
    CHECK(town.box.in("Held").size() == 1);
    CHECK(town.box.in(folder).empty());
    CHECK(has(town.last_reply(), "Not decided: " + id));
    CHECK(has(town.last_reply(), "Nothing was decided, and the message is back in Held. You are a recipient of this message."));
  }
  CHECK(town.box.in("INBOX").size() == 2);
  CHECK(town.passed() == "0 0 0 0 0 ");
  // Two people agree: now it is shown as a whole, and the move counts.
  must(town.acts.ask_break_glass(id, review::sam(), "nobody else is here", town.now));
  must(town.acts.agree_break_glass(id, review::ann(), town.now));
  CHECK(town.passed() == "1 1 0 0 0 ");
  CHECK(has(town.box.in("Held").front(), "Pull it down"));
  town.box.move(id, "Held", "Release");
  CHECK(town.passed() == "0 0 1 0 0 ");
  CHECK(town.state(id) == HeldState::releasing);
}

TEST_CASE("what somebody else decides goes away, and who moved it too late hears who was first") {
  Town town;
  const std::string fence = town.hold(review::fence_mail), shed = town.hold(shed_mail), pond = town.hold(pond_mail);
  town.pass();
  must(town.acts.release(fence, review::tess(), "fine", at(2'000)));
  must(town.acts.return_to_sender(shed, review::tess(), "no", at(2'000)));
  must(town.store.withdraw(pond, "nell", "mistake", at(2'000)));
  town.box.move(shed, "Held", "Release");
  CHECK(town.passed() == "0 2 0 0 1 ");
  CHECK(town.folders() == "0 0 0 1 ");
  CHECK(has(town.last_reply(), "Decided already: " + shed));
  CHECK(has(town.last_reply(), "Somebody was first: the message was returned by Tess Orme, 24 November 2026 at 14:36."));
  CHECK(town.state(shed) == HeldState::returned);
}

TEST_CASE("a message that somebody else made decides nothing, and is explained once") {
  Town town;
  const std::string id = town.hold(review::fence_mail);
  town.pass();
  const std::string genuine = town.box.in("Held").front();
  std::string altered = genuine;
  altered.replace(altered.find("original"), 8, "facts");  // the mark no longer fits
  std::string of_tess = "From: x@x.example\r\n";
  for (const auto& [name, value] : mark_fields({id, Shape::original}, must(town.store.secret("mailbox")), "tess"))
    of_tess += name + ": " + value + "\r\n";
  town.box.add("Release", "From: eve@else.example\r\nSubject: Lunch\r\n\r\nToday?\r\n");
  town.box.add("Release", "From: eve@else.example\r\nBeadle-Held-Id: " + id + "\r\nBeadle-Held-Mark: original " +
                              std::string(64, 'a') + "\r\n\r\nx\r\n");
  town.box.add("Return", altered);
  town.box.add("Return", of_tess + "\r\nx\r\n");
  CHECK(town.passed() == "0 0 0 0 4 ");
  CHECK(town.folders() == "1 2 2 4 ");
  CHECK(town.state(id) == HeldState::held);
  CHECK(has(town.box.in("INBOX")[0], "It is no message that Beadle put into the folder"));
  CHECK(has(town.last_reply(), "it was made or changed by somebody else"));
  CHECK(town.rows("mailbox-move-refused").size() == 4);
  CHECK(town.rows("mailbox-move-refused")[1] == "beadle  {\"account\":\"sam\",\"folder\":\"release\",\"why\":\"forged\"}");
  CHECK(town.passed() == "0 0 0 0 0 ");
  CHECK(town.folders() == "1 2 2 4 ");
}

TEST_CASE("in Release and in Return at once, it goes back to Held") {
  Town town;
  const std::string id = town.hold(review::fence_mail);
  town.pass();
  town.box.add("Return", town.box.in("Held").front());
  town.box.move(id, "Held", "Release");
  CHECK(town.passed() == "0 0 0 0 1 ");
  CHECK(town.folders() == "1 0 0 1 ");
  CHECK(town.state(id) == HeldState::held);
  CHECK(has(town.last_reply(), "It stood in Release and in Return: move it to one of them."));
}

TEST_CASE("wherever a connection breaks, nothing is lost and nothing is done twice") {
  // As far as the command, and once it is done: the answer is what gets lost.
  for (const auto& [capabilities, done_at_the_end] :
       std::vector<std::pair<std::string, bool>>{{"IMAP4rev1 UIDPLUS MOVE", false},
                                                 {"IMAP4rev1 UIDPLUS MOVE", true},
                                                 {"IMAP4rev1 UIDPLUS NAMESPACE", false},
                                                 {"IMAP4rev1 UIDPLUS NAMESPACE", true}}) {
    std::size_t commands = 0, went_well = 0;
    for (bool reached_the_end = false; !reached_the_end; ++commands) {
      INFO(commands << (done_at_the_end ? " done " : " not done ") << capabilities);
      Town town;
      town.box.capabilities = capabilities;
      const std::string fence = town.hold(review::fence_mail), shed = town.hold(shed_mail),
                        wall = town.hold(to_sam, {"sam.reed@marram.example"});
      town.pass();
      const std::string pond = town.hold(pond_mail), gone = town.hold(review::fence_mail);
      town.pass();
      must(town.acts.release(gone, review::tess(), "", at(2'000)));
      const std::string late = town.hold(shed_mail);
      town.box.move(fence, "Held", "Release");
      town.box.move(shed, "Held", "Return");
      town.box.move(wall, "Held", "Release");
      town.box.add("Release", "Subject: x\r\n\r\nx\r\n");
      REQUIRE(town.folders() == "2 3 1 0 ");
      town.box.done_at_the_end = done_at_the_end;
      town.box.commands_left = commands + 1;
      const PassOutcome broken = town.pass();
      reached_the_end = town.box.commands_left > 0;
      went_well += broken.problem.empty() ? 1 : 0;
      town.box.commands_left = 1'000'000;
      CHECK(town.pass().problem.empty());
      CHECK(town.pass().problem.empty());
      CHECK(town.folders() == "3 1 0 4 ");
      for (const std::string& id : {pond, late, wall}) {
        std::size_t shown = 0;
        for (const std::string& bytes : town.box.in("Held")) shown += has(bytes, "Beadle-Held-Id: " + id) ? 1 : 0;
        CHECK(shown == 1);
      }
      CHECK(town.state(fence) == HeldState::releasing);
      CHECK(town.state(shed) == HeldState::returned);
      CHECK(town.state(wall) == HeldState::held);
      for (const std::string& subject : {"Released: " + fence, "Returned: " + shed, "Not decided: " + wall,
                                         std::string("Nothing decided: a message in Release")}) {
        std::size_t said = 0;
        for (const std::string& bytes : town.box.in("INBOX")) said += has(bytes, "Subject: " + subject) ? 1 : 0;
        CHECK(said == 1);
      }
      CHECK(town.rows("released-asked").size() == 2);
      CHECK(town.rows("returned").size() == 1);
    }
    CHECK(commands > 30);
    CHECK(went_well == 2);  // whole, and without the answer to LOGOUT
  }
}

TEST_CASE("two programs at once put a message there twice for a moment, and decide once") {
  Town town;
  const std::string fence = town.hold(review::fence_mail), shed = town.hold(shed_mail);
  // While the first is about to put one there, the second makes a whole pass.
  std::string meanwhile;
  town.box.before_command = [&](const std::string& command) {
    if (!meanwhile.empty() || !command.starts_with("APPEND")) return;
    meanwhile = "now";
    meanwhile = town.passed();
  };
  CHECK(town.passed() == "2 0 0 0 0 ");
  CHECK(meanwhile == "2 0 0 0 0 ");
  CHECK(town.folders() == "4 0 0 0 ");
  CHECK(town.passed() == "0 2 0 0 0 ");
  CHECK(town.folders() == "2 0 0 0 ");
  town.box.move(fence, "Held", "Release");
  meanwhile.clear();
  CHECK(town.passed() == "0 0 1 0 0 ");
  CHECK(meanwhile == "0 0 1 0 0 ");
  CHECK(town.rows("released-asked").size() == 1);
  CHECK(town.folders().starts_with("1 0 0 "));
  CHECK(town.state(shed) == HeldState::held);
}

TEST_CASE("without MOVE it goes by copying; without UIDPLUS it is refused, and nothing is touched") {
  Town town;
  town.box.capabilities = "IMAP4rev1 UIDPLUS";
  const std::string id = town.hold(to_sam, {"sam.reed@marram.example"});
  town.pass();
  town.box.move(id, "Held", "Release");
  CHECK(town.passed() == "0 0 0 0 1 ");
  CHECK(town.folders() == "1 0 0 1 ");
  CHECK(std::count(town.box.heard.begin(), town.box.heard.end(), "UID COPY 1 \"Held\"") == 1);
  town.box.capabilities = "IMAP4rev1 MOVE";
  town.box.heard.clear();
  CHECK(has(town.pass().problem, "the mail server offers no UIDPLUS"));
  CHECK(town.box.heard == std::vector<std::string>{"CAPABILITY"});
}

TEST_CASE("folders stand where the server lets folders stand") {
  CHECK(name_within({"", '/'}, "Beadle/Held") == "Beadle/Held");
  CHECK(name_within({"", '.'}, "Beadle/Held") == "Beadle.Held");
  CHECK(name_within({"INBOX.", '.'}, "Beadle/Held") == "INBOX.Beadle.Held");
  CHECK(name_within({"INBOX.", '.'}, "inbox/Held") == "inbox.Held");
  CHECK(name_within({"INBOX.", '.'}, "inbox") == "INBOX");
  CHECK(name_within({"", '\0'}, "Held") == "Held");
  Town town;
  town.box.own_prefix = "INBOX.";
  town.box.separator = ".";
  town.settings.held = "Beadle/Held";
  town.settings.replies = "Beadle";
  town.hold(review::fence_mail);
  CHECK(town.passed() == "1 0 0 0 0 ");
  CHECK(town.box.in("INBOX.Beadle.Held").size() == 1);
  CHECK(town.box.folders.contains("INBOX.Release"));
  CHECK(town.box.folders.contains("INBOX.Beadle"));
}

TEST_CASE("a folder that somebody filled by mistake is left alone") {
  Town town;
  town.hold(review::fence_mail);
  town.pass();
  for (std::size_t i = 0; i <= folder_messages_max; ++i) town.box.add("Release", "x\r\n");
  CHECK(has(town.pass().problem, "the folder Release holds 5001 messages, and at most 5000 are looked at"));
  CHECK(town.box.in("INBOX").empty());
}

TEST_CASE("what the mail server does not take with the original is put there without it") {
  Town town;
  town.box.append_bytes_max = 4'000;
  town.hold(review::fence_mail + std::string(8'000, 'x') + "\n");
  town.hold(shed_mail);
  CHECK(town.passed() == "2 0 0 0 0 ");
  CHECK(has(town.box.in("Held")[0], "The mail server did not take it with the message attached."));
  CHECK(has(town.box.in("Held")[1], "Paint it green."));
  CHECK(town.passed() == "0 0 0 0 0 ");
  // Full: said, and tried again later.
  town.box.append_bytes_max = 10;
  town.hold(pond_mail);
  CHECK(has(town.pass().problem, "putting a message into Held: the mail server says NO: too large for this mailbox"));
  CHECK(town.rows("placed-in-mailbox").size() == 3);
  CHECK(has(town.pass().problem, "NO"));
  CHECK(town.rows("placed-in-mailbox").size() == 3);
}

TEST_CASE("a message that no mailbox takes is told of, without it") {
  Town town;
  town.hold(shed_mail + std::string(1, '\0') + "\n");
  CHECK(town.passed() == "1 0 0 0 0 ");
  CHECK(has(town.box.in("Held").front(), "has bytes that no mailbox takes"));
}

TEST_CASE("where the council wants no content in mailboxes, there is none") {
  Town town;
  town.settings.attach_original = false;
  const std::string id = town.hold(review::fence_mail);
  CHECK(town.passed() == "1 0 0 0 0 ");
  const std::string bytes = town.box.in("Held").front();
  for (const char* secret : {"fence", "Gull", "go ahead", "quay"}) CHECK_FALSE(has(bytes, secret));
  CHECK(has(bytes, "Subject: Held for review: " + id));
  CHECK(has(bytes, "Councillor Nell Barrow (chair)"));
  town.settings.attach_original = true;
  CHECK(town.passed() == "1 1 0 0 0 ");
  CHECK(has(town.box.in("Held").front(), "go ahead"));
}

TEST_CASE("who may not decide any more sees nothing, and decides nothing") {
  Town town;
  const std::string fence = town.hold(review::fence_mail), shed = town.hold(shed_mail);
  town.pass();
  must(town.accounts.set_roles("sam", {"auditor"}, "root", town.now));
  town.box.move(shed, "Held", "Release");
  CHECK(town.passed() == "0 1 0 0 1 the account sam is not allowed to decide on held mail: it is no reviewer");
  CHECK(town.folders() == "0 0 0 1 ");
  CHECK(town.state(shed) == HeldState::held);
  CHECK(has(town.last_reply(), "Nothing was decided. Your account is not allowed"));
  must(town.accounts.set_roles("sam", {"reviewer"}, "root", town.now));
  CHECK(town.passed() == "2 0 0 0 0 ");
  must(town.accounts.set_disabled("sam", true, "root", town.now));
  CHECK(town.passed() == "0 2 0 0 0 the account sam is disabled");
}

TEST_CASE("an account is known by its name or its address") {
  Town town;
  CHECK(must(account_of(town.store, "sam")).name == "sam");
  CHECK(must(account_of(town.store, "Sam.Reed@marram.example")).name == "sam");
  CHECK(review::failure(account_of(town.store, "nobody")).what == "there is no account nobody");
  must(town.accounts.add(review::account("sam2", "sam.reed@marram.example", {"reviewer"}), "root", at(0)));
  CHECK(review::failure(account_of(town.store, "sam.reed@marram.example")).what ==
        "several accounts have the address sam.reed@marram.example: give the name of one");
  CHECK(obstacle_of(must(account_of(town.store, "sam2"))).empty());
  CHECK(obstacle_of(must(account_of(town.store, "ann"))) ==
        "the account ann is not allowed to decide on held mail: it is no reviewer");
  town.mailbox.account = "nobody";
  CHECK(town.pass().problem == "there is no account nobody");
  CHECK(town.box.heard == std::vector<std::string>{"CAPABILITY"});
}

TEST_CASE("of very many that wait the oldest are shown, and the next one when one of them is decided") {
  Town town;
  std::vector<std::string> ids;
  for (std::size_t i = 0; i < shown_most + 2; ++i) ids.push_back(town.hold(shed_mail));
  const PassOutcome all = town.pass();
  CHECK(all.placed == shown_most);
  CHECK(all.left_out == 2);
  CHECK(town.box.in("Held").size() == shown_most);
  CHECK(has(town.box.in("Held").front(), ids.front()));
  town.box.move(ids[7], "Held", "Release");
  // The place of the one that was moved is taken by the next pass.
  CHECK(town.pass().released == 1);
  CHECK(town.pass().placed == 1);
  CHECK(has(town.box.in("Held").back(), ids[shown_most]));
  CHECK(town.pass().left_out == 1);
}

TEST_CASE("a folder that is made anew while it is worked on ends the pass, and the next one begins anew") {
  Town town;
  const std::string id = town.hold(review::fence_mail);
  town.pass();
  town.box.move(id, "Held", "Release");
  bool made_anew = false;
  town.box.before_command = [&](const std::string& command) {
    if (made_anew || !command.starts_with("APPEND \"INBOX\"")) return;
    made_anew = true;
    ++town.box.folders.at("Release").validity;
  };
  CHECK(town.pass().problem == "a folder was made anew meanwhile");
  CHECK(town.box.in("Release").size() == 1);
  CHECK(town.pass().problem.empty());
  CHECK(town.box.in("Release").empty());
}

TEST_CASE("messages that are no longer there when they are to be moved are no trouble") {
  Town town;
  const std::string id = town.hold(to_sam, {"sam.reed@marram.example"});
  town.pass();
  town.box.move(id, "Held", "Release");
  // Its owner takes it back while the refusal is written.
  bool taken = false;
  town.box.before_command = [&](const std::string& command) {
    if (taken || !command.starts_with("APPEND \"INBOX\"")) return;
    taken = true;
    town.box.move(id, "Release", "Held");
  };
  CHECK(town.passed() == "0 0 0 0 1 ");
  CHECK(town.folders() == "1 0 0 1 ");
  CHECK(town.passed() == "0 0 0 0 0 ");
}

}  // namespace beadle::mailbox
