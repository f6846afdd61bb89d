#include "review/acts.h"

#include <algorithm>

#include "base/limits.h"
#include "desk.h"

namespace beadle::review {
namespace {

using store::HeldState;

bool has(const std::vector<std::string>& list, const std::string& one) { return std::find(list.begin(), list.end(), one) != list.end(); }

const std::vector<std::string> to_sam{"orders@quay.example", "sam.reed@marram.example"};

}  // namespace

TEST_CASE("a reviewer releases, and the second one hears who was first") {
  Office office;
  const std::string id = office.hold(fence_mail);
  must(office.acts.release(id, sam(), "resolution 114", at(10)));
  CHECK(office.state(id) == HeldState::releasing);
  const Error second = failure(office.acts.release(id, tess(), "", at(11)));
  CHECK(second.kind == ErrorKind::refused);
  CHECK(second.what.find("sam") != std::string::npos);
  CHECK(failure(office.acts.release_disclosed(id, tess(), "", at(11))).what.find("sam") != std::string::npos);
  CHECK(has(office.acts_on(id), "released-asked sam"));
}

TEST_CASE("a reviewer returns with words, which the sender gets over the reviewer's name") {
  Office office;
  const std::string id = office.hold(fence_mail);
  CHECK(failure(office.acts.return_to_sender(id, sam(), " \n", at(10))).kind == ErrorKind::usage);
  CHECK(failure(office.acts.return_to_sender(id, sam(), std::string(limits::desk_words_bytes_max + 1, 'x'), at(10))).kind == ErrorKind::usage);
  CHECK(office.state(id) == HeldState::held);
  must(office.acts.return_to_sender(id, sam(), "Please let me place this order.", at(10)));
  CHECK(office.state(id) == HeldState::returned);
  const auto notices = must(office.store.due_notices(at(100), 10));
  REQUIRE(notices.size() == 1);
  const std::string text = mail::parse_message(notices[0].bytes).texts.front().utf8;
  CHECK(text.find("Sam Reed") != std::string::npos);
  CHECK(text.find("Please let me place this order.") != std::string::npos);
}

TEST_CASE("without the role nothing is done, whatever the act") {
  Office office;
  const std::string id = office.hold(fence_mail);
  for (const Actor& actor : {ann(), ada(), Actor{"sam", "sam.reed@marram.example", {}}}) {
    for (const Error& error : {failure(office.acts.open(id, actor, at(10))), failure(office.acts.release(id, actor, "", at(10))),
                               failure(office.acts.release_again(id, actor, "", at(10))), failure(office.acts.release_disclosed(id, actor, "", at(10))),
                               failure(office.acts.return_to_sender(id, actor, "no", at(10))), failure(office.acts.withdraw(id, actor, "", at(10))),
                               failure(office.acts.claim(id, actor, at(10))), failure(office.acts.unclaim(id, actor, at(10))),
                               failure(office.acts.pass_on(id, actor, "tess", "", at(10))), failure(office.acts.note(id, actor, "words", at(10))),
                               failure(office.acts.ask_break_glass(id, actor, "words", at(10)))}) {
      CHECK(error.kind == ErrorKind::refused);
      CHECK(error.what.starts_with("Your account is not allowed"));
    }
  }
  CHECK(failure(office.acts.set_legal_hold(id, ada(), true, "court", at(10))).kind == ErrorKind::refused);
  CHECK(failure(office.acts.agree_break_glass(id, ada(), at(10))).kind == ErrorKind::refused);
  CHECK(office.acts_on(id) == std::vector<std::string>{"held beadle"});
  store::Account locked = account("sam", "sam.reed@marram.example", {"reviewer"});
  locked.disabled = true;
  CHECK(actor_of(locked).roles.empty());
}

TEST_CASE("opening a message is an act of its own") {
  Office office;
  const std::string id = office.hold(fence_mail);
  CHECK(must(office.acts.open(id, sam(), at(10))).subject == "The fence at Gull Lane");
  CHECK(has(office.acts_on(id), "opened sam"));
}

TEST_CASE("who has a part in a message decides nothing, until two people agree") {
  Office office;
  const std::string id = office.hold(fence_mail, to_sam);
  for (const Error& error : {failure(office.acts.release(id, sam(), "", at(10))), failure(office.acts.return_to_sender(id, sam(), "no", at(10))),
                             failure(office.acts.withdraw(id, sam(), "", at(10))), failure(office.acts.claim(id, sam(), at(10)))}) {
    CHECK(error.kind == ErrorKind::refused);
    CHECK(error.what.find("You are a recipient of this message.") != std::string::npos);
  }
  CHECK(failure(office.acts.ask_break_glass(id, tess(), "it is urgent", at(11))).what.find("no part") != std::string::npos);
  CHECK(failure(office.acts.ask_break_glass(id, sam(), "", at(11))).kind == ErrorKind::usage);
  must(office.acts.ask_break_glass(id, sam(), "Tess is on leave and the hearing is today.", at(12)));
  CHECK_FALSE(office.acts.release(id, sam(), "", at(13)));
  CHECK_FALSE(office.acts.agree_break_glass(id, sam(), at(13)));
  must(office.acts.agree_break_glass(id, ann(), at(14)));
  CHECK_FALSE(must(office.acts.conflict_in_force(must(office.store.get(id)), sam())));
  must(office.acts.release(id, sam(), "", at(15)));
  CHECK(office.state(id) == HeldState::releasing);
  CHECK(has(office.acts_on(id), "conflict-overridden sam"));
}

TEST_CASE("an agreement is for one person and one message") {
  Office office;
  const std::string id = office.hold(fence_mail, {"orders@quay.example", "officers@marram.example"}), other = office.hold(fence_mail, to_sam);
  must(office.acts.ask_break_glass(id, sam(), "urgent", at(10)));
  must(office.acts.agree_break_glass(id, ann(), at(11)));
  CHECK_FALSE(office.acts.release(id, tess(), "", at(12)));
  CHECK_FALSE(office.acts.release(other, sam(), "", at(12)));
}

TEST_CASE("neither the sender nor the same person by another account is the second person") {
  Office office;
  must(office.accounts.add(account("clerk", "clerk@marram.example", {"reviewer", "auditor"}), "root", at(0)));
  must(office.accounts.add(account("nell", "nell.barrow@marram.example", {"auditor"}), "root", at(0)));
  const std::string id = office.hold(fence_mail, to_sam);
  must(office.acts.ask_break_glass(id, sam(), "urgent", at(10)));
  CHECK_FALSE(office.acts.agree_break_glass(id, {"clerk", "clerk@marram.example", {"reviewer", "auditor"}}, at(11)));
  CHECK_FALSE(office.acts.agree_break_glass(id, {"nell", "nell.barrow@marram.example", {"auditor"}}, at(11)));
  CHECK_FALSE(office.acts.release(id, sam(), "", at(12)));
}

TEST_CASE("two accounts with one address are one person, also outside the roster") {
  Office office;
  must(office.accounts.add(account("gwen", "gwen@elsewhere.example", {"reviewer"}), "root", at(0)));
  must(office.accounts.add(account("gwen2", "GWEN@Elsewhere.example", {"auditor"}), "root", at(0)));
  const std::string id = office.hold(fence_mail, {"gwen@elsewhere.example"});
  must(office.acts.ask_break_glass(id, {"gwen", "gwen@elsewhere.example", {"reviewer"}}, "urgent", at(10)));
  CHECK_FALSE(office.acts.agree_break_glass(id, {"gwen2", "GWEN@Elsewhere.example", {"auditor"}}, at(11)));
  must(office.acts.agree_break_glass(id, ann(), at(12)));
}

TEST_CASE("who agrees, agrees to the request that was read, and to no other") {
  Office office;
  const std::string id = office.hold(fence_mail, {"sam.reed@marram.example", "tess.orme@marram.example"});
  must(office.acts.ask_break_glass(id, sam(), "urgent", at(10)));
  must(office.acts.ask_break_glass(id, tess(), "more urgent", at(11)));
  must(office.acts.agree_break_glass(id, ann(), at(12), "sam"));
  CHECK_FALSE(office.acts.release(id, tess(), "", at(13)));
  CHECK_FALSE(office.acts.agree_break_glass(id, ann(), at(14), "sam"));  // nothing waits there any more
  must(office.acts.release(id, sam(), "", at(15)));
}

TEST_CASE("documents that name a reviewer count, where they are read") {
  Office office;
  const std::string id = office.hold(fence_mail);
  Acts reads(office.store, *quiet_policy(), *writer(), [](mail::Message& message) { message.documents.push_back({"2", {{"a.docx", false, "Mr Reed"}}, {}}); });
  CHECK(failure(reads.release(id, sam(), "", at(10))).what.find("named") != std::string::npos);
  must(reads.release(id, tess(), "", at(10)));
}

TEST_CASE("the sender may withdraw without a role, others only as reviewers") {
  Office office;
  const std::string id = office.hold(fence_mail), second = office.hold(fence_mail);
  CHECK_FALSE(office.acts.withdraw(id, {"pike", "desmond.pike@marram.example", {}}, "", at(10)));
  must(office.acts.withdraw(id, {"nell", "nell@barrow-family.example", {}}, "mistake", at(10)));
  CHECK(office.state(id) == HeldState::withdrawn);
  must(office.acts.withdraw(second, tess(), "she rang", at(11)));
  CHECK(office.state(second) == HeldState::withdrawn);
  CHECK(must(office.desk.history(id)).back().detail.find("\"for\"") == std::string::npos);
  CHECK(must(office.desk.history(second)).back().detail.find("\"for\":\"sender\"") != std::string::npos);
}

TEST_CASE("a sender is told that the message was withdrawn, and by whom") {
  Office office;
  const std::string id = office.hold(fence_mail);
  must(office.acts.withdraw(id, tess(), "she rang", at(11)));
  const auto notices = must(office.store.due_notices(at(100), 10));
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].kind == "withdrawn-sender");
  CHECK(notices[0].recipient == "nell.barrow@marram.example");
  const std::string text = mail::parse_message(notices[0].bytes).texts.front().utf8;
  CHECK(text.find("Withdrawn by: Tess Orme") != std::string::npos);
  CHECK(text.find("she rang") != std::string::npos);
}

TEST_CASE("whom others answer to cannot withdraw") {
  Office office;
  const std::string id = office.hold("From: Nell Barrow <nell.barrow@marram.example>\nReply-To: desmond.pike@marram.example\nTo: orders@quay.example\n\nText\n");
  const Actor pike{"desmond.pike@marram.example", "desmond.pike@marram.example", {}};
  CHECK_FALSE(must(office.acts.is_by(id, pike)));
  CHECK_FALSE(office.acts.withdraw(id, pike, "", at(10)));
  CHECK(must(office.acts.is_by(id, {"nell.barrow@marram.example", "nell.barrow@marram.example", {}})));
}

TEST_CASE("what is decided is agreed to by nobody any more") {
  Office office;
  const std::string id = office.hold(fence_mail, to_sam);
  must(office.acts.ask_break_glass(id, sam(), "urgent", at(10)));
  must(office.acts.return_to_sender(id, tess(), "no", at(11)));
  const Error late = failure(office.acts.agree_break_glass(id, ann(), at(12)));
  CHECK(late.kind == ErrorKind::refused);
  CHECK(late.what == "This message is decided about already: returned by tess.");
  CHECK_FALSE(has(office.acts_on(id), "break-glass-agreed ann"));
  CHECK_FALSE(office.acts.ask_break_glass(id, sam(), "urgent", at(13)));
  const std::string going = office.hold(fence_mail, to_sam);
  must(office.acts.ask_break_glass(going, sam(), "urgent", at(14)));
  must(office.acts.release(going, tess(), "", at(15)));
  CHECK_FALSE(office.acts.agree_break_glass(going, ann(), at(16)));
}

TEST_CASE("mail is passed on to reviewers who may decide about it, and to nobody else") {
  Office office;
  const std::string id = office.hold(fence_mail, to_sam);
  CHECK_FALSE(office.acts.pass_on(id, tess(), "sam", "", at(10)));  // a recipient
  CHECK_FALSE(office.acts.pass_on(id, tess(), "ann", "", at(10)));
  CHECK_FALSE(office.acts.pass_on(id, tess(), "nobody", "", at(10)));
  must(office.acts.pass_on(id, sam(), "tess", "This came to me.", at(10)));  // who has a conflict may pass it on
  CHECK(must(office.desk.row(id)).claim->who == "tess");
  must(office.acts.pass_on(id, tess(), "", "", at(11)));
  CHECK_FALSE(must(office.desk.row(id)).claim);
}

TEST_CASE("claims, notes and legal holds are kept") {
  Office office;
  const std::string id = office.hold(fence_mail);
  must(office.acts.claim(id, sam(), at(10)));
  CHECK_FALSE(office.acts.claim(id, tess(), at(11)));
  must(office.acts.unclaim(id, sam(), at(12)));
  CHECK_FALSE(office.acts.note(id, sam(), "  ", at(13)));
  must(office.acts.note(id, sam(), "rang the sender", at(13)));
  CHECK(must(office.desk.notes(id)).size() == 1);
  CHECK_FALSE(office.acts.set_legal_hold(id, sam(), true, "", at(14)));
  must(office.acts.set_legal_hold(id, ann(), true, "court order", at(14)));
  CHECK(must(office.desk.row(id)).legal_hold);
}

TEST_CASE("a release with the copy disclosed sends the line, or tells the readers") {
  Office office;
  const std::vector<std::string> with_pike{"orders@quay.example", "desmond.pike@marram.example"};
  const std::string id = office.hold(fence_mail, with_pike);
  CHECK(must(office.acts.release_disclosed(id, sam(), "", at(10))).how == Disclosure::How::line);
  CHECK(office.state(id) == HeldState::releasing);
  CHECK(must(office.store.get(id)).release_bytes.find("CC Councillor Desmond Pike") != std::string::npos);
  CHECK(must(office.store.due_notices(at(100), 10)).empty());
  CHECK(has(office.acts_on(id), "copy-disclosed sam"));

  const std::string dkim = office.hold("DKIM-Signature: v=1; d=marram.example; b=x\n" + fence_mail, with_pike);
  const Disclosure told = must(office.acts.release_disclosed(dkim, sam(), "", at(20)));
  CHECK(told.how == Disclosure::How::notice);
  const auto notices = must(office.store.due_notices(at(100), 10));
  REQUIRE(notices.size() == 1);
  CHECK(notices[0].kind == "disclosure");
  CHECK(notices[0].recipient == "orders@quay.example");

  const std::string plain = office.hold(fence_mail);
  CHECK(failure(office.acts.release_disclosed(plain, sam(), "", at(30))).what.find("no copy to disclose") != std::string::npos);
  CHECK(office.state(plain) == HeldState::held);
  // Whoever was copied does not decide about it.
  CHECK_FALSE(office.acts.release_disclosed(office.hold(fence_mail, to_sam), sam(), "", at(30)));
}

TEST_CASE("a link of a notice works once, for withdrawing or explaining, and not after its time") {
  Office office;
  const std::string id = office.hold(fence_mail);
  const auto link = [&](const std::string& token, const std::string& held, std::int64_t expires) {
    const store::Link made{.held = held, .purpose = "sender", .address = "nell.barrow@marram.example", .expires = at(expires), .used = {}};
    must(office.accounts.add_link(token, made, at(1)));
  };
  link("one", id, 1000);
  CHECK(failure(withdraw_by_link(office.store, "two", at(10))).kind == ErrorKind::refused);
  CHECK(failure(explain_by_link(office.store, *writer(), "one", " ", at(10))).kind == ErrorKind::usage);
  CHECK(failure(explain_by_link(office.store, *writer(), "one", "It was agreed.", at(1001))).what.find("expired") != std::string::npos);
  must(explain_by_link(office.store, *writer(), "one", "It was agreed.", at(10)));
  CHECK(failure(explain_by_link(office.store, *writer(), "one", "Again.", at(11))).what.find("used") != std::string::npos);
  CHECK(failure(withdraw_by_link(office.store, "one", at(11))).what.find("used") != std::string::npos);
  const auto notes = must(office.desk.notes(id));
  REQUIRE(notes.size() == 1);
  CHECK(notes[0].kind == "explained");
  CHECK(notes[0].who == "sender");
  CHECK(office.state(id) == HeldState::held);  // an explanation releases nothing
  const auto told = must(office.store.due_notices(at(100), 100));
  REQUIRE_FALSE(told.empty());
  for (const store::Notice& notice : told) {
    CHECK(notice.kind == "explained-reviewer");
    CHECK(notice.held == id);
    CHECK(notice.bytes.find("It was agreed") == std::string::npos);
  }

  // What cannot be kept uses no link up.
  link("full", id, 1000);
  for (std::size_t i = 1; i < limits::notes_per_held_max; ++i) must(office.acts.note(id, sam(), "n", at(15)));
  CHECK(failure(explain_by_link(office.store, *writer(), "full", "Once more.", at(16))).kind == ErrorKind::refused);
  CHECK_FALSE(must(office.accounts.link("full"))->used);

  link("three", id, 1000);
  must(withdraw_by_link(office.store, "three", at(20)));
  CHECK(office.state(id) == HeldState::withdrawn);
  link("four", id, 1000);
  CHECK_FALSE(withdraw_by_link(office.store, "four", at(21)));
  CHECK_FALSE(explain_by_link(office.store, *writer(), "four", "Late.", at(21)));
}

}  // namespace beadle::review
