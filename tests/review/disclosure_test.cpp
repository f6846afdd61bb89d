#include "review/disclosure.h"

#include "desk.h"
#include "mail/edit.h"
#include "review/view.h"

namespace beadle::review {
namespace {

using How = Disclosure::How;

const std::vector<std::string> with_pike{"orders@quay.example", "desmond.pike@marram.example"};

Disclosure disclosure(const store::Held& held) { return must(disclosure_of(held, mail::parse_message(held.bytes), *quiet_policy())); }
MessageView view(const store::Held& held) { return must(view_of(held, mail::parse_message(held.bytes), *quiet_policy(), {})); }

const std::string signed_mail =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: x\nMessage-ID: <s-1@marram.example>\nMIME-Version: 1.0\n"
    "Content-Type: multipart/signed; protocol=\"application/pgp-signature\"; micalg=pgp-sha256; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nHello\n--b\nContent-Type: application/pgp-signature\n\nx\n--b--\n";

}  // namespace

TEST_CASE("a blind-copied councillor is named by a line in the message, where it can be edited") {
  store::Held held = held_mail(fence_mail, with_pike);
  held.release_bytes = "Received: by beadle\r\n" + held.bytes;
  const Disclosure found = disclosure(held);
  CHECK(found.how == How::line);
  CHECK(found.names == std::vector<std::string>{"Desmond Pike"});
  CHECK(found.release_bytes.starts_with("Received: by beadle\r\nBeadle-Footer: "));
  const mail::Message leaves = mail::parse_message(found.release_bytes);
  CHECK(leaves.texts.front().utf8.find("CC Councillor Desmond Pike") != std::string::npos);
  CHECK(mail::earlier_footer(leaves, "key") == "CC Councillor Desmond Pike");
  CHECK(can_disclose(held, view(held)));
  CHECK(view(held).undisclosed == found.names);
}

TEST_CASE("where it cannot be edited, its readers are to be told") {
  const Disclosure found = disclosure(held_mail(signed_mail, with_pike));
  CHECK(found.how == How::notice);
  CHECK(found.release_bytes.empty());
  CHECK(found.recipients == std::vector<std::string>{"orders@quay.example"});
  CHECK(found.why_no_line.find("signed") != std::string::npos);
}

TEST_CASE("what leaves with its line anyway, or says itself who is copied, has nothing to disclose") {
  store::Held held = held_mail(fence_mail, with_pike);
  const mail::Message message = mail::parse_message(held.bytes);
  held.release_bytes = mail::add_footer(message, {.line = "CC Councillor Desmond Pike", .key = "key", .eight_bit = false}).bytes;
  REQUIRE(held.release_bytes != held.bytes);
  CHECK(disclosure(held).how == How::none);
  CHECK_FALSE(can_disclose(held, view(held)));
  CHECK(disclosure(held_mail(fence_mail + "\nNell\nCC Cllr Desmond Pike\n", with_pike)).how == How::none);
}

TEST_CASE("nobody but councillors is made known, and only to those who are shown") {
  CHECK(disclosure(held_mail(fence_mail, {"orders@quay.example", "sam.reed@marram.example", "someone@else.example"})).how == How::none);
  CHECK(disclosure(held_mail("From: nell.barrow@marram.example\nSubject: x\n\nHello\n", with_pike)).how == How::none);  // all are blind
  CHECK(disclosure(held_mail(fence_mail, {"orders@quay.example", "nell@barrow-family.example"})).how == How::none);     // the sender's own copy
  CHECK_FALSE(can_disclose(held_mail(fence_mail), view(held_mail(fence_mail))));
}

TEST_CASE("a disclosure that the rules asked for and could not make is offered") {
  store::Held held = held_mail(signed_mail);
  inspect::Verdict verdict;
  verdict.footer = {"Desmond Pike"};  // his copy went in an earlier transaction
  verdict.uneditable = "signed";
  held.verdict_json = inspect::to_json(verdict);
  CHECK(disclosure(held).how == How::notice);
  CHECK(disclosure(held).line == "CC Councillor Desmond Pike");
}

TEST_CASE("decided and purged mail discloses nothing any more") {
  store::Held held = held_mail(fence_mail, with_pike);
  held.state = store::HeldState::returned;
  CHECK_FALSE(can_disclose(held, view(held)));
  held.purged = at(1);
  CHECK(disclosure(held).how == How::none);
}

}  // namespace beadle::review
