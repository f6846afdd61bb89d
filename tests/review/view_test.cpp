#include "review/view.h"

#include "base/limits.h"
#include "policy.h"
#include "review/verdict_of.h"

namespace beadle::review {
namespace {

inspect::Finding finding(const std::string& clause, std::vector<inspect::Evidence> evidence) {
  inspect::Finding made;
  made.clause = clause;
  made.family = "member-obligation";
  made.action = inspect::Action::hold;
  made.says = "Councillors do not place orders; officers do.";
  made.cure = "Ask the clerk.";
  made.evidence = std::move(evidence);
  return made;
}

store::Held held_for(const std::string& text, std::vector<inspect::Finding> findings, std::vector<std::string> recipients = {"orders@quay.example"}) {
  store::Held held = held_mail(text, std::move(recipients));
  inspect::Verdict verdict;
  verdict.action = verdict.enforced = inspect::Action::hold;
  verdict.findings = std::move(findings);
  held.verdict_json = inspect::to_json(verdict);
  return held;
}

MessageView view(const store::Held& held) { return must(view_of(held, mail::parse_message(held.bytes), *quiet_policy(), catalogues())); }

std::string words_at(const MessageView& view, const Place& place) {
  if (place.in == Place::In::text) return view.texts[place.text].utf8.substr(place.range.begin, place.range.size());
  if (place.in == Place::In::hidden) return view.texts[place.text].hidden.substr(place.range.begin, place.range.size());
  if (place.in == Place::In::subject) return view.subject.substr(place.range.begin, place.range.size());
  return "(elsewhere)";
}

const ShownRecipient& recipient(const MessageView& view, const std::string& address) {
  for (const ShownRecipient& one : view.recipients) {
    if (one.address == address) return one;
  }
  FAIL("no recipient " << address);
  return view.recipients.front();
}

bool says(const std::vector<std::string>& sentences, const std::string& words) {
  for (const std::string& sentence : sentences) {
    if (sentence.find(words) != std::string::npos) return true;
  }
  return false;
}

const std::string two_texts =
    "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: Re: the fence, go ahead\nMIME-Version: 1.0\n"
    "Content-Type: multipart/alternative; boundary=b\n\n"
    "--b\nContent-Type: text/plain\n\nPlease go\nahead with it.\n\n> Please go ahead with it?\n"
    "--b\nContent-Type: text/html\n\n<p>Please <b>go</b> ahead with it.</p><!-- a secret order -->"
    "<blockquote type=cite>Please go ahead with it?</blockquote>\n--b--\n";

}  // namespace

TEST_CASE("a finding is shown with what its clause asks, and its evidence in its place") {
  const MessageView shown = view(held_for(two_texts, {finding("marram/7-orders", {{"1", "own", "Please go ahead with it."}}),
                                                      finding("marram/7-orders-quoted", {{"1", "quoted", "Please go ahead with it?"}}),
                                                      finding("marram/9", {{"", "subject", "go ahead"}})}));
  REQUIRE(shown.findings.size() == 3);
  CHECK(shown.findings[0].title == "Section 7, orders");
  CHECK(shown.findings[0].asks == "Councillors place no orders.");
  CHECK(shown.findings[1].title == "Section 7, orders");  // a part of that paragraph
  CHECK(shown.findings[2].title.empty());
  CHECK(shown.findings[0].cure == "Ask the clerk.");
  const Place& own = shown.findings[0].evidence[0].place;
  CHECK(own.in == Place::In::text);
  CHECK(own.says == "in the sender's own words");
  CHECK(shown.texts[own.text].part == "1");
  CHECK(words_at(shown, own).starts_with("Please go"));
  CHECK(words_at(shown, own).ends_with("with it."));
  CHECK(words_at(shown, shown.findings[1].evidence[0].place).ends_with("it?"));
  CHECK(words_at(shown, shown.findings[2].evidence[0].place) == "go ahead");
}

TEST_CASE("both alternatives are highlighted") {
  const MessageView shown = view(held_for(two_texts, {finding("marram/7-orders", {{"1", "own", "Please go ahead with it."}})}));
  REQUIRE(shown.texts.size() == 2);
  for (const ShownText& text : shown.texts) {
    CHECK(text.alternative);
    REQUIRE(text.highlights.size() == 1);
    CHECK(text.utf8.substr(text.highlights[0].range.begin, 6) == "Please");
    CHECK(text.utf8[text.highlights[0].range.end - 1] == '.');  // not the quoted question
    REQUIRE_FALSE(text.zones.empty());
    CHECK(text.zones.front().range.begin == 0);
    CHECK(text.zones.back().range.end == text.utf8.size());
  }
}

TEST_CASE("evidence in hidden text, in names of attachments, in header, envelope and record has a place of its own") {
  const std::string text =
      "From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: x\nMIME-Version: 1.0\n"
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n<p>Hello</p><!-- a secret order -->\n"
      "--b\nContent-Type: application/pdf\nContent-Disposition: attachment; filename=\"Confidential_report.pdf\"\n\nxxxx\n--b--\n";
  const MessageView shown = view(held_for(text, {finding("marram/1", {{"1", "hidden", "a secret order"},
                                                                      {"2", "attachment", "Confidential report"},
                                                                      {"", "header", "From: Nell Barrow"},
                                                                      {"", "envelope", "to orders@quay.example"},
                                                                      {"", "record", "earlier"},
                                                                      {"1", "own", "words that stand nowhere"},
                                                                      {"77", "own", "Hello"}})}));
  const auto& evidence = shown.findings[0].evidence;
  CHECK(evidence[0].place.in == Place::In::hidden);
  CHECK(words_at(shown, evidence[0].place) == "a secret order");
  CHECK(shown.texts[0].hidden_highlights.size() == 1);
  CHECK(evidence[1].place.in == Place::In::file_name);
  CHECK(evidence[2].place.in == Place::In::header);
  CHECK(evidence[3].place.in == Place::In::recipients);
  CHECK(evidence[4].place.in == Place::In::record);
  CHECK(evidence[5].place.in == Place::In::unknown);
  CHECK(evidence[5].place.says == "in the sender's own words (place unknown)");
  CHECK(evidence[6].place.in == Place::In::unknown);
  CHECK(shown.texts[0].highlights.empty());
}

TEST_CASE("what is put together out of several fields is no quotation") {
  const MessageView shown = view(held_for(two_texts, {finding("marram/1", {{"1", "own", "Please go ahead with it."},
                                                                          {"", "subject", "go ahead"},
                                                                          {"1", "own", "words that stand nowhere"},
                                                                          {"", "header", "From: Nell Barrow"},
                                                                          {"", "envelope", "to orders@quay.example"},
                                                                          {"", "record", "earlier"},
                                                                          {"2", "document", "From: Sam Reed To: Nell Barrow"},
                                                                          {"", "passage", "40 % of this message stands in a mail"}})}));
  std::vector<bool> quoted;
  for (const ShownEvidence& one : shown.findings[0].evidence) quoted.push_back(is_quotation(one));
  CHECK(quoted == std::vector<bool>{true, true, true, false, false, false, false, false});
}

TEST_CASE("recipients are told apart: seen, blind, by list, by another address; blind ones first") {
  const std::string text =
      "From: Nell Barrow <nell.barrow@marram.example>\nTo: Quay Fencing <orders@quay.example>, officers@marram.example\n"
      "Cc: nell@barrow-family.example, news@gazette.example\nSubject: x\n\nHello\n";
  const MessageView shown = view(held_for(text, {}, {"orders@quay.example", "officers@marram.example", "desmond.pike@marram.example", "journal@marram.example",
                                                     "nell.barrow@marram.example", "lost@marram.example"}));
  CHECK(shown.recipients.front().blind);
  CHECK(recipient(shown, "orders@quay.example").explained == "stands in To");
  CHECK(recipient(shown, "orders@quay.example").name == "Quay Fencing");
  CHECK(recipient(shown, "orders@quay.example").who == "outside the council");
  CHECK(recipient(shown, "sam.reed@marram.example").explained == "as a member of officers@marram.example, which stands in To");
  CHECK(recipient(shown, "sam.reed@marram.example").who == "officer, clerk");
  const ShownRecipient& pike = recipient(shown, "desmond.pike@marram.example");
  CHECK(pike.blind);
  CHECK(pike.councillor);
  CHECK(pike.explained == "copied without being shown to the others");
  CHECK_FALSE(recipient(shown, "journal@marram.example").blind);
  CHECK(recipient(shown, "journal@marram.example").explained == "an archive");
  CHECK(recipient(shown, "nell.barrow@marram.example").explained == "another address of the same person stands in Cc");
  CHECK(recipient(shown, "lost@marram.example").who == "an address of the council that nobody in the roster has");
  REQUIRE(shown.elsewhere.size() == 1);
  CHECK(shown.elsewhere[0].address == "news@gazette.example");
  CHECK(shown.elsewhere[0].who == "outside the council, press");
}

TEST_CASE("of thousands of recipients a page has some, the blind ones first, and each with what became of it") {
  std::string to = "orders@quay.example";
  std::vector<std::string> recipients{"orders@quay.example"};
  for (int i = 0; i < 500; ++i) {
    recipients.push_back("p" + std::to_string(i) + "@quay.example");
    to += ",\n " + recipients.back();
  }
  recipients.push_back("desmond.pike@marram.example");
  store::Held held = held_for("From: Nell Barrow <nell.barrow@marram.example>\nTo: " + to + "\nSubject: x\n\nHello\n", {}, recipients);
  held.outcomes.push_back({"desmond.pike@marram.example", "refused", "550 no", 1, std::nullopt, std::nullopt});
  held.outcomes.push_back({"orders@quay.example", "delivered", "", 1, std::nullopt, std::nullopt});
  const MessageView shown = view(held);
  CHECK(shown.recipients.size() == limits::page_rows_max);
  CHECK(shown.recipients_left_out == recipients.size() - limits::page_rows_max);
  CHECK(shown.recipients.front().address == "desmond.pike@marram.example");
  CHECK(shown.recipients.front().outcome == "refused: 550 no");
  CHECK(recipient(shown, "orders@quay.example").outcome == "delivered");
  CHECK(recipient(shown, "p3@quay.example").outcome.empty());
}

TEST_CASE("where the sender is not one and the same, it is said") {
  CHECK(view(held_for(fence_mail, {})).sender_remarks.empty());
  store::Held held = held_for("From: \"Cllr Nell Barrow\" <nell@webmail.example>\nSender: tess.orme@marram.example\nReply-To: other@webmail.example\n"
                              "To: orders@quay.example\nSubject: x\n\nHello\n", {});
  held.envelope.login = "clerk@marram.example";
  const MessageView shown = view(held);
  CHECK(says(shown.sender_remarks, "From shows the name of Nell Barrow, but the address is not known"));
  CHECK(says(shown.sender_remarks, "Sender is somebody else than the sender in From: Tess Orme (officer, monitoring officer)"));
  CHECK(says(shown.sender_remarks, "Reply-To is somebody else than the sender in From: other@webmail.example"));
  CHECK(says(shown.sender_remarks, "account of Sam Reed"));
  // Another address of the same person is no disagreement.
  held = held_for("From: nell.barrow@marram.example\nReply-To: nell@barrow-family.example\nTo: orders@quay.example\nSubject: x\n\nHello\n", {});
  CHECK(view(held).sender_remarks.empty());
}

TEST_CASE("attachments say what was read of them, and what was not is said") {
  store::Held held = held_for(
      "From: nell.barrow@marram.example\nTo: orders@quay.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n\n"
      "--b\n\nHello\n--b\nContent-Type: application/pdf; name=plan.pdf\nContent-Disposition: attachment\nContent-Transfer-Encoding: base64\n\nAAAA\n"
      "--b\nContent-Type: application/msword; name=old.doc\nContent-Disposition: attachment\n\nxxxx\n"
      "--b\nContent-Type: message/rfc822\n\nSubject: inner\n\nInner text\n--b--\n", {});
  inspect::Verdict verdict;
  verdict.not_inspected = {{"3", "unsupported", "old.doc"}};
  verdict.uneditable = "signed";
  held.verdict_json = inspect::to_json(verdict);
  const MessageView shown = view(held);
  REQUIRE(shown.attachments.size() == 3);
  CHECK(shown.attachments[0].name == "plan.pdf");
  CHECK(shown.attachments[0].was_read);
  CHECK_FALSE(shown.attachments[1].was_read);
  CHECK(shown.attachments[1].read == "unsupported");
  CHECK(shown.attachments[2].type == "message/rfc822");
  CHECK(says(shown.not_inspected, "old.doc: unsupported"));
  CHECK(shown.uneditable == "signed");
  bool inner = false;
  for (const ShownText& text : shown.texts) inner = inner || (text.attached && text.utf8.find("Inner text") != std::string::npos);
  CHECK(inner);
}

TEST_CASE("documents that were read again are shown and highlighted") {
  const store::Held held = held_for(fence_mail, {finding("marram/4", {{"2", "document", "NOT FOR PUBLICATION"}})});
  mail::Message message = mail::parse_message(held.bytes);
  message.documents.push_back({"2", {{"papers.zip/report.docx", true, "Page 1\nNot for\npublication\nNOT FOR PUBLICATION"},
                                     {"papers.zip/report.docx", false, "Page 1 and all that follows"}}, {}});
  const MessageView shown = must(view_of(held, message, *quiet_policy(), {}));
  REQUIRE(shown.texts.size() == 3);
  CHECK(shown.texts[1].says == "Out of the document papers.zip/report.docx (its name, properties and first page)");
  CHECK(shown.texts[2].says == "Out of the document papers.zip/report.docx");
  CHECK(words_at(shown, shown.findings[0].evidence[0].place) == "NOT FOR PUBLICATION");
}

TEST_CASE("the message as it would leave: which lines are added") {
  store::Held held = held_for(fence_mail, {});
  CHECK(view(held).leaving.as_it_came());
  held.release_bytes = "Received: by beadle\r\n" + held.bytes;
  CHECK(view(held).leaving.as_it_came());
  CHECK(says(view(held).leaving.fields_added, "Received: by beadle"));
  CHECK(view(held).leaving.fields_added.size() == 1);
  held.release_bytes += "\r\nCC Councillor Desmond Pike\r\n";
  CHECK(view(held).leaving.lines_added == std::vector<std::string>{"CC Councillor Desmond Pike"});
  CHECK(view(held).leaving.lines_removed.empty());
}

TEST_CASE("long and hostile texts are bounded, and what was left out is said") {
  std::string text = "From: nell.barrow@marram.example\nTo: orders@quay.example\nSubject: a\x1b[31m\xE2\x80\xAE" "b\n\n";
  for (std::size_t i = 0; i * 12 < limits::shown_text_bytes_max + 10'000; ++i) text += "Siân writes\n";
  text += "the last words\n";
  const MessageView shown = view(held_for(text, {finding("marram/1", {{"1", "own", "the last words"}, {"1", "own", "Siân"}})}));
  REQUIRE(shown.texts.size() == 1);
  CHECK(shown.texts[0].utf8.size() <= limits::shown_text_bytes_max);
  CHECK(is_valid_utf8(shown.texts[0].utf8));
  CHECK(shown.texts[0].left_out_bytes > 10'000);
  CHECK(shown.texts[0].highlights.size() == 1);  // what lies behind the end is not
  CHECK(shown.findings[0].evidence[0].place.range.begin >= shown.texts[0].utf8.size());
  CHECK(shown.texts[0].zones.back().range.end == shown.texts[0].utf8.size());
  CHECK(shown.subject.find('\x1b') == std::string::npos);
}

TEST_CASE("purged mail has nothing to show, and broken verdicts keep nobody from a message") {
  store::Held held = held_for(fence_mail, {});
  held.purged = at(10);
  CHECK(failure(view_of(held, mail::parse_message(""), *quiet_policy(), {})).kind == ErrorKind::bad_data);
  held = held_for(fence_mail, {});
  for (const char* odd : {"", "{", "7", R"({"findings": 7})", R"({"findings": [7, {"clause": 7, "evidence": [7, {}]}], "not_inspected": "x"})"}) {
    held.verdict_json = odd;
    CHECK(view(held).recipients.size() == 1);
  }
}

TEST_CASE("a verdict is read back as it was written") {
  inspect::Verdict verdict;
  verdict.action = inspect::Action::hold;
  verdict.footer = {"Desmond Pike"};
  verdict.findings = {finding("marram/7", {{"1", "own", "go ahead"}})};
  verdict.findings[0].mode = inspect::Mode::observe;
  verdict.defects = {"1: bare"};
  verdict.not_inspected = {{"2", "image", "a.png"}};
  verdict.uneditable = "signed";
  verdict.remarks = {"transliterated"};
  CHECK(inspect::to_json(verdict_of(inspect::to_json(verdict))) == inspect::to_json(verdict));
}

TEST_CASE("similar mail is looked for by telling words and sender, since this one came") {
  const store::InboxQuery query = similar_query(held_mail(fence_mail));
  CHECK(query.words == "fence Gull Lane nell.barrow@marram.example");
  CHECK(query.from == at(0));
}

}  // namespace beadle::review
