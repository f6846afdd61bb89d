#include "review/conflict.h"

#include "helpers.h"

namespace beadle::review {
namespace {

using Kind = Conflict::Kind;

std::optional<Kind> conflict(const Actor& actor, const store::Held& held) {
  const auto found = conflict_of(actor, held, mail::parse_message(held.bytes), *town());
  if (!found) return std::nullopt;
  CHECK_FALSE(found->reason.empty());
  return found->kind;
}

std::string mail_with(const std::string& fields, const std::string& text = "Please go ahead.\n") {
  return "From: Nell Barrow <nell.barrow@marram.example>\nSubject: The fence\n" + fields + "\n" + text;
}

const std::string to_quay = "To: orders@quay.example\n";

}  // namespace

TEST_CASE("who has no part in a message may decide on it") {
  CHECK_FALSE(conflict(sam(), held_mail(fence_mail)));
  CHECK_FALSE(conflict(tess(), held_mail(fence_mail)));
  // First names, other people's names and words that only look like one are nobody's.
  CHECK_FALSE(conflict(sam(), held_mail(mail_with(to_quay, "Dear Sam, Samuel Reedman says the reeds are high.\n"))));
}

TEST_CASE("the sender is known by From, Sender, login, envelope and any of his or her addresses") {
  const Actor nell{"nell", "nell@barrow-family.example", {"reviewer"}};
  CHECK(conflict(nell, held_mail(fence_mail)) == Kind::sent);
  store::Held held = held_mail("From: shared@marram.example\nSender: Sam Reed <clerk@marram.example>\n" + to_quay + "\nHello\n");
  CHECK(conflict(sam(), held) == Kind::sent);
  held = held_mail("From: shared@marram.example\n" + to_quay + "\nHello\n");
  CHECK_FALSE(conflict(sam(), held));
  held.envelope.login = "clerk@marram.example";
  CHECK(conflict(sam(), held) == Kind::sent);
  held.envelope.login = "sam";  // as his account
  CHECK(conflict(sam(), held) == Kind::sent);
  CHECK_FALSE(conflict(tess(), held));
  held.envelope.login = "";
  held.sender = "SAM.REED+x@marram.example";
  CHECK(conflict(sam(), held) == Kind::sent);
  // His name over an address that nobody knows.
  held = held_mail("From: \"Cllr Sam Reed\" <sam@webmail.example>\n" + to_quay + "\nHello\n");
  CHECK(conflict(sam(), held) == Kind::sent);
}

TEST_CASE("who may take a message back is known by address or login, not by what its header says of names and answers") {
  const auto is = [](const Actor& actor, const store::Held& held) { return is_sender(actor, held, mail::parse_message(held.bytes), *town()); };
  const Actor nell{"nell@barrow-family.example", "nell@barrow-family.example", {}};
  CHECK(is(nell, held_mail(fence_mail)));
  CHECK_FALSE(is({"desmond.pike@marram.example", "desmond.pike@marram.example", {}}, held_mail(fence_mail)));
  CHECK_FALSE(is(sam(), held_mail(mail_with("Reply-To: sam.reed@marram.example\n"))));
  CHECK(is(sam(), held_mail("From: shared@marram.example\nSender: Sam Reed <clerk@marram.example>\n" + to_quay + "\nHello\n")));
  store::Held held = held_mail("From: \"Cllr Sam Reed\" <sam@webmail.example>\n" + to_quay + "\nHello\n");
  CHECK_FALSE(is(sam(), held));
  held.envelope.login = "sam";
  CHECK(is(sam(), held));
}

TEST_CASE("recipients are those of the envelope, of the header, and members of lists") {
  CHECK(conflict(sam(), held_mail(fence_mail, {"orders@quay.example", "Clerk@Marram.example"})) == Kind::received);  // blind
  CHECK(conflict(sam(), held_mail(fence_mail, {"orders@quay.example", "officers@marram.example"})) == Kind::received);
  CHECK_FALSE(conflict(sam(), held_mail(fence_mail, {"orders@quay.example", "members@marram.example"})));
  CHECK(conflict(sam(), held_mail(mail_with("To: orders@quay.example\nCc: sam.reed@marram.example\n"))) == Kind::received);  // his copy has gone already
  CHECK(conflict(sam(), held_mail(mail_with("To: orders@quay.example\nBcc: clerk@marram.example\n"))) == Kind::received);
  CHECK(conflict(tess(), held_mail(mail_with("To: officers@marram.example\n"))) == Kind::received);
}

TEST_CASE("who is named in subject, text, quoted text, attachment or verdict does not decide") {
  CHECK(conflict(sam(), held_mail(mail_with(to_quay, "Mr Reed has failed again.\n"))) == Kind::named);
  CHECK(conflict(sam(), held_mail("From: Nell Barrow <nell.barrow@marram.example>\nSubject: Sam Reed\n" + to_quay + "\nSee below.\n")) == Kind::named);
  CHECK(conflict(tess(), held_mail(mail_with(to_quay, "See below.\n\n> Tess Orme was late.\n"))) == Kind::named);
  CHECK(conflict(sam(), held_mail(mail_with(to_quay + "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n",
                                            "--b\n\nSee the file.\n--b\nContent-Type: application/pdf\nContent-Disposition: attachment; "
                                            "filename=\"Complaint about Sam Reed.pdf\"\n\nx\n--b--\n"))) == Kind::named);
  store::Held held = held_mail(fence_mail);
  held.verdict_json = R"({"footer": ["Sam Reed"], "findings": []})";
  CHECK(conflict(sam(), held) == Kind::named);
  held.verdict_json = R"({"findings": [{"evidence": [{"text": "Mr Reed said so"}]}]})";
  CHECK(conflict(sam(), held) == Kind::named);
  for (const char* odd : {"", "[]", "{", R"({"findings": 7, "footer": {"a": 1}})", R"({"findings": [7, {"evidence": "x"}]})"}) {
    held.verdict_json = odd;
    CHECK_FALSE(conflict(sam(), held));
  }
}

TEST_CASE("documents that were read are looked at too") {
  const store::Held held = held_mail(fence_mail);
  mail::Message message = mail::parse_message(held.bytes);
  message.documents.push_back({"2", {{"report.docx", false, "The clerk, Mr Reed, was asked."}}, {}});
  const auto found = conflict_of(sam(), held, message, *town());
  REQUIRE(found);
  CHECK(found->kind == Kind::named);
}

TEST_CASE("the strongest part is the one that is said") {
  const std::string both = mail_with("To: sam.reed@marram.example\n", "Mr Reed, please go ahead.\n");
  CHECK(conflict(sam(), held_mail(both)) == Kind::received);
}

TEST_CASE("who is in no roster is known by the account's address only") {
  const Actor temp{"temp", "temp@marram.example", {"reviewer"}};
  CHECK_FALSE(conflict(temp, held_mail(fence_mail)));
  CHECK(conflict(temp, held_mail(fence_mail, {"temp@marram.example"})) == Kind::received);
  const Actor nobody{"", "", {}};
  CHECK_FALSE(conflict(nobody, held_mail("Subject: no From\n\nText\n")));
}

TEST_CASE("on the command line a person is known by full name or address") {
  CHECK(conflict({"Sam Reed", "", {}}, held_mail(fence_mail, {"clerk@marram.example"})) == Kind::received);
  CHECK(conflict({"clerk@marram.example", "", {}}, held_mail(fence_mail, {"sam.reed@marram.example"})) == Kind::received);
}

}  // namespace beadle::review
