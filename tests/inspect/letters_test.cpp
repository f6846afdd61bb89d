// Letters within a message, and what belongs to which of them.
#include <algorithm>

#include "helpers.h"
#include "inspect/facts.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

const std::string document = "Content-Type: application/pdf; name=\"NAME\"\r\nContent-Transfer-Encoding: base64\r\n\r\nJVBERg==\r\n";

std::string named(const std::string& name) {
  std::string out = document;
  return out.replace(out.find("NAME"), 4, name);
}

std::string text(const std::string& words) { return "Content-Type: text/plain\r\n\r\n" + words + "\r\n"; }

std::string mixed(const std::string& boundary, const std::string& one, const std::string& other) {
  const std::string delimiter = "--" + boundary;
  return "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n" + delimiter + "\r\n" + one + delimiter + "\r\n" + other + delimiter + "--\r\n";
}

const std::string head = "From: councillor@council.example\r\nTo: editor@press.example\r\nMIME-Version: 1.0\r\n";

/// A councillor sends on what the clerk sent, with a document.
mail::Message with_attached_letter(const std::string& file_name = "paper.pdf", const std::string& from = "From: clerk@council.example\r\n") {
  const std::string letter = from + "To: councillor@council.example\r\nSubject: The lower field\r\n";
  return mail::parse_message(head + mixed("outer", text("See what I was sent."),
                                          "Content-Type: message/rfc822\r\n\r\n" + letter + mixed("inner", text("The paper is attached."), named(file_name))));
}

mail::Message with_document() { return mail::parse_message(head + mixed("outer", text("See this."), named("paper.pdf"))); }

/// As beadle-extract would have read the only document.
void add_document(mail::Message& message, bool marks, const std::string& words) {
  const auto part = std::find_if(message.parts.begin(), message.parts.end(), [](const mail::Part& one) { return one.type == "application/pdf"; });
  REQUIRE(part != message.parts.end());
  message.documents.push_back({part->id, {{"paper.pdf", marks, words}}, {}});
}

Facts facts_of(const mail::Message& message) {
  Envelope envelope;
  envelope.sender = "councillor@council.example";
  envelope.recipients = {"editor@press.example"};
  const Policy& policy = tests::example_policy();
  auto facts = gather_facts(message, envelope, *policy.people, *policy.rules, {});
  REQUIRE(facts);
  return std::move(*facts);
}

const Letter* letter_in(const Facts& facts, std::string_view where) {
  const auto found = std::find_if(facts.letters.begin(), facts.letters.end(), [&](const Letter& letter) { return letter.where == where; });
  return found == facts.letters.end() ? nullptr : &*found;
}

bool is_marked(const Facts& facts, std::string_view where) {
  const Letter* letter = letter_in(facts, where);
  return letter != nullptr && !letter->marks.empty();
}

const std::string marking = "CONFIDENTIAL - NOT FOR PUBLICATION";

}  // namespace

TEST_CASE("a document in an attached letter marks that letter, not this message") {
  mail::Message message = with_attached_letter();
  CHECK_FALSE(is_marked(facts_of(message), "attached"));
  add_document(message, true, marking);
  const Facts facts = facts_of(message);
  CHECK(is_marked(facts, "attached"));
  CHECK_FALSE(is_marked(facts, "message"));
  CHECK(letter_in(facts, "document") == nullptr);
  REQUIRE(facts.markings.size() == 1);
  CHECK(facts.markings[0].place == "attached");
  CHECK(facts.markings[0].original == 0);
  CHECK(facts.markings[0].evidence.part == "2.2");
}

TEST_CASE("a document in the sender's own letter, or nobody's, is a letter by itself") {
  for (const std::string from : {"From: councillor@council.example\r\n", ""}) {
    INFO(from);
    mail::Message message = with_attached_letter("paper.pdf", from);
    add_document(message, true, marking);
    const Facts facts = facts_of(message);
    CHECK(is_marked(facts, "attached"));
    CHECK(is_marked(facts, "document"));
    CHECK_FALSE(is_marked(facts, "message"));
    CHECK(letter_in(facts, "document")->from.at(0).is("officer"));
  }
}

TEST_CASE("a document of this message marks this message, and is a letter by itself") {
  mail::Message message = with_document();
  add_document(message, true, marking);
  const Facts facts = facts_of(message);
  CHECK(is_marked(facts, "message"));
  CHECK(is_marked(facts, "document"));
  REQUIRE(facts.markings.size() == 1);
  CHECK(facts.markings[0].place == "attachment");
  CHECK(facts.markings[0].original == -1);
}

TEST_CASE("who is named in a document and sends it on stands in its evidence once") {
  const people::Person* councillor = tests::example_policy().people->person_at("councillor@council.example");
  REQUIRE(councillor != nullptr);
  mail::Message message = with_document();
  add_document(message, true, marking + "\nDear " + councillor->name + "\n1\n2\n3\n4\n5\n6\n7\n");  // not as who signs it
  const Facts facts = facts_of(message);
  const Letter* letter = letter_in(facts, "document");
  REQUIRE(letter != nullptr);
  CHECK(letter->evidence.text.ends_with(" To: " + councillor->name));
}

TEST_CASE("what is said in the midst of a document marks nothing, wherever the document is") {
  for (mail::Message message : {with_attached_letter(), with_document()}) {
    add_document(message, false, marking);
    const Facts facts = facts_of(message);
    CHECK(std::all_of(facts.letters.begin(), facts.letters.end(), [](const Letter& letter) { return letter.marks.empty(); }));
    CHECK(std::all_of(facts.markings.begin(), facts.markings.end(), [](const Marking& one) { return one.place == "document"; }));
  }
}

TEST_CASE("the words of a document stand where the document is") {
  const std::string words = "On behalf of the council I accept your quotation of 2,300 pounds.";
  const auto found_in = [&](mail::Message message) {
    add_document(message, false, words);
    const Facts facts = facts_of(message);
    const auto fact = std::find_if(facts.cues.begin(), facts.cues.end(), [&](const CueFact& one) { return one.evidence.text == words; });
    REQUIRE(fact != facts.cues.end());
    return std::pair(fact->evidence.zone, fact->original);
  };
  CHECK(found_in(with_attached_letter()) == std::pair(std::string("attached"), 0));
  CHECK(found_in(with_document()) == std::pair(std::string("document"), -1));
}

TEST_CASE("the name of a document in an attached letter is of that letter") {
  const Facts facts = facts_of(with_attached_letter("CONFIDENTIAL_not_for_publication.pdf"));
  CHECK(is_marked(facts, "attached"));
  CHECK_FALSE(is_marked(facts, "message"));
}

}  // namespace beadle::inspect
