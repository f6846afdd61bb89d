#include <memory>

#include "people/directory.h"
#include "people/fold.h"

#include "catch.h"

namespace beadle::people {
namespace {

constexpr std::string_view roster_text = R"(
[council]
name = "Marrow Parish Council"
domains = ["marrow.example", "mårrow.example"]
[[person]]
name = "Jane Holt"
kind = "councillor"
emails = ["jane.holt@marrow.example", "jane@holt.example"]
[[person]]
name = "Ian Day"
kind = "councillor"
emails = ["ian.day@marrow.example"]
[[person]]
name = "Patrick O’Dwyer"
kind = "councillor"
emails = ["patrick@marrow.example"]
[[person]]
name = "Renée Holland-Brown"
kind = "councillor"
emails = ["renee@marrow.example"]
[[person]]
name = "Maria van der Berg"
kind = "councillor"
emails = ["maria@marrow.example"]
[[person]]
name = "Jill Venning"
kind = "officer"
emails = ["clerk@marrow.example"]
roles = ["clerk"]
[[person]]
name = "Simon Day"
kind = "officer"
emails = ["simon.day@marrow.example"]
[[person]]
name = "Prakash"
kind = "councillor"
emails = ["prakash@marrow.example"]
[[person]]
name = "Owen Pugh"
kind = "councillor"
emails = ["owen.pugh@marrow.example"]
[[person]]
name = "Nia Pugh"
kind = "councillor"
emails = ["nia.pugh@marrow.example"]
[[list]]
address = "members@marrow.example"
members = ["jane.holt@marrow.example"]
[[contact]]
kind = "press"
match = ["*@gazette.example", "mercury.example", "desk@radio.example"]
[[contact]]
kind = "protected"
match = ["*.police.example", "ombudsman*@state.example", "*@bücher.example", "jane.smith@gazette.example"]
)";

std::shared_ptr<const Directory> make() {
  Problems problems;
  auto roster = parse_roster(roster_text, "roster.toml", problems);
  REQUIRE(roster);
  return std::make_shared<Directory>(std::move(*roster));
}

Person person_called(std::string name) {
  Person person;
  person.name = std::move(name);
  return person;
}

std::string names(const std::vector<const Person*>& persons) {
  std::string out;
  for (const Person* person : persons) out += (out.empty() ? "" : ", ") + person->name;
  return out;
}

}  // namespace

TEST_CASE("persons and lists are found by any spelling of their address") {
  const auto people = make();
  for (const char* address : {"jane.holt@marrow.example", "Jane.Holt+minutes@MARROW.example.", "\"jane.holt\"@marrow.example", "JANE@holt.example"}) {
    INFO(address);
    REQUIRE(people->person_at(address) != nullptr);
    CHECK(people->person_at(address)->name == "Jane Holt");
  }
  for (const char* address : {"jane.holt@other.example", "holt@marrow.example", "marrow.example", "", "@", "jane.holt@"}) {
    INFO(address);
    CHECK(people->person_at(address) == nullptr);
    CHECK(people->list_at(address) == nullptr);
  }
  REQUIRE(people->list_at("Members@marrow.example") != nullptr);
  CHECK(people->list_at("Members@marrow.example")->members.size() == 1);
}

TEST_CASE("contacts are matched by address, domain and star") {
  const auto people = make();
  using Kinds = std::vector<std::string>;
  CHECK(people->contact_kinds_of("news@Gazette.example") == Kinds{"press"});
  CHECK(people->contact_kinds_of("anybody@mercury.example") == Kinds{"press"});
  CHECK(people->contact_kinds_of("desk+today@radio.example") == Kinds{"press"});
  CHECK(people->contact_kinds_of("dj@radio.example").empty());
  CHECK(people->contact_kinds_of("jane.smith@gazette.example") == Kinds{"press", "protected"});
  CHECK(people->contact_kinds_of("pc@west.police.example") == Kinds{"protected"});
  CHECK(people->contact_kinds_of("pc@police.example").empty());
  CHECK(people->contact_kinds_of("police.example@evil.example").empty());
  CHECK(people->contact_kinds_of("ombudsman.north@state.example") == Kinds{"protected"});
  CHECK(people->contact_kinds_of("x@xn--bcher-kva.example") == Kinds{"protected"});
  CHECK(people->contact_kinds_of("gazette.example").empty());
  CHECK(people->contact_kinds_of("").empty());
  CHECK(people->is_contact("x@bücher.example", "protected"));
  CHECK(!people->is_contact("x@bücher.example", "press"));
}

TEST_CASE("the own domain is exact") {
  const auto people = make();
  CHECK(people->is_own_domain("anybody@MARROW.example"));
  CHECK(people->is_own_domain("x@xn--mrrow-mra.example"));
  CHECK(!people->is_own_domain("x@sub.marrow.example"));
  CHECK(!people->is_own_domain("x@notmarrow.example"));
  CHECK(!people->is_own_domain("marrow.example"));
  CHECK(!people->is_own_domain(""));
}

TEST_CASE("names are found in text") {
  const auto people = make();
  const auto found = [&](std::string_view text) { return names(people->persons_named_in(text)); };
  CHECK(found("CC Councillor Jane Holt, Councillor Ian Day") == "Jane Holt, Ian Day");
  CHECK(found("I spoke to jane   HOLT\nyesterday, and to Jane Holt's agent.") == "Jane Holt");
  CHECK(found("Cllr Holt") == "Jane Holt");
  CHECK(found("Cllr. Holt’s letter") == "Jane Holt");
  CHECK(found("Councillor J. Holt") == "Jane Holt");
  CHECK(found("Cllr J P Holt") == "Jane Holt");
  CHECK(found("Cllr K. Holt") == "");
  CHECK(found("Cllr Dr Holt") == "Jane Holt");
  CHECK(found("Mrs Venning writes") == "Jill Venning");
  CHECK(found("Cllr Venning") == "");  // an officer
  CHECK(found("Cllrs Holt, Day and O'Dwyer") == "Jane Holt, Ian Day, Patrick O’Dwyer");
  CHECK(found("Cllrs Holt & van der Berg") == "Jane Holt, Maria van der Berg");
  CHECK(found("Cllr Holt, Day and O'Dwyer") == "Jane Holt");
  CHECK(found("Cllr ODwyer, Patrick O'Dwyer's") == "Patrick O’Dwyer");
  CHECK(found("Cllr Berg and Cllr van der Berg") == "Maria van der Berg");
  CHECK(found("Rene\xcc\x81" "e Holland\xe2\x80\x91" "Brown") == "Renée Holland-Brown");
  CHECK(found("Renee Holland Brown") == "Renée Holland-Brown");
  CHECK(found("Cllr Holland Brown") == "Renée Holland-Brown");
  CHECK(found("Cllr Prakash") == "Prakash");
}

TEST_CASE("names are not found where they are not") {
  const auto people = make();
  const auto found = [&](std::string_view text) { return names(people->persons_named_in(text)); };
  CHECK(found("") == "");
  CHECK(found("Holt") == "");
  CHECK(found("Jane Holton and Mary-Jane Holt") == "");
  CHECK(found("thanks to Jane. Holt is a village") == "");
  CHECK(found("Jane, Holt") == "");
  CHECK(found("Cllr Brown") == "");
  CHECK(found("Cllr Holland") == "");
  CHECK(found("Prakash") == "");
  CHECK(found("Mr Day") == "");   // two Days
  CHECK(found("Cllr Day") == "Ian Day");
  CHECK(found("Cllr Pugh") == "");  // two councillors
  CHECK(found("Cllr N Pugh") == "Nia Pugh");
  CHECK(found("a cllr\non holt") == "");
  CHECK(found("Cllr") == "");
  CHECK(found("Cllrs and") == "");
  CHECK(found("jane.holt@marrow.example") == "");
  CHECK(found("\xff\xfe Jane\xffHolt") == "");
}

TEST_CASE("display names name one person") {
  const auto people = make();
  const auto person = [&](std::string_view name) { return people->person_named(name) == nullptr ? "" : people->person_named(name)->name; };
  for (const char* name : {"Jane Holt", "jane holt", "Cllr Jane Holt", "Councillor Jane Holt MBE", "Holt, Jane", "Holt, Jane (Cllr)", "Holt, Cllr Jane",
                           "Jane Holt (Cllr)", "Jane Holt, Marrow Parish Council", "Jane Holt, Cllr", " JANE  HOLT "}) {
    INFO(name);
    CHECK(person(name) == "Jane Holt");
  }
  CHECK(person("Prakash") == "Prakash");
  CHECK(person("Patrick O'Dwyer") == "Patrick O’Dwyer");
  for (const char* name : {"", "Holt", "Cllr Holt", "Jane", "Jane Holt and Ian Day", "Jane Mary Holt", "Cllr", ",", "()", "(Jane Holt)"}) {
    INFO(name);
    CHECK(person(name) == "");
  }
}

TEST_CASE("two persons of one name: text names both, a display name neither") {
  Roster roster;
  roster.persons = {person_called("Ann Lee"), person_called("Ann Lee")};
  const Directory people(std::move(roster));
  CHECK(people.persons_named_in("Ann Lee").size() == 2);
  CHECK(people.person_named("Ann Lee") == nullptr);
}

TEST_CASE("a first name or a surname may name somebody, whoever counts") {
  Roster roster;
  roster.persons = {person_called("Ann Lee"), person_called("Bo Van der Berg")};
  const Directory people(std::move(roster));
  const auto all = [](const Person&) { return true; };
  const auto not_ann = [](const Person& person) { return person.name != "Ann Lee"; };
  CHECK(people.may_name_somebody("As ann's note says", all));
  CHECK(people.may_name_somebody("Berg again.", all));
  CHECK_FALSE(people.may_name_somebody("As ann's note says", not_ann));
  CHECK(people.may_name_somebody("Ann and Berg", not_ann));
  CHECK_FALSE(people.may_name_somebody("Anna bought bo a lee-board", all));  // neither whole words nor two letters
  CHECK_FALSE(people.may_name_somebody("", all));
}

TEST_CASE("a long text and many names stay cheap") {
  Roster roster;
  for (int i = 0; i < 2000; ++i) roster.persons.push_back(person_called("John Smith" + std::to_string(i)));
  const Directory people(std::move(roster));
  std::string text;
  for (int i = 0; i < 50000; ++i) text += "John Cllrs and ";
  CHECK(people.persons_named_in(text).empty());
}

TEST_CASE("words are folded") {
  CHECK(fold_phrase("O’Dwyer's") == "odwyer");
  CHECK(fold_phrase("Łukasz Ærø ß") == "lukasz aero ss");
  CHECK(fold_phrase("-Mary--Ann- ") == "mary--ann");
  CHECK(fold_phrase("James' sons'") == "james sons");
  CHECK(fold_phrase("S\xc2\xadoft\xe2\x80\x8b") == "soft");
  CHECK(fold_words("a. b, c; d").at(1).before == Word::Gap::dot);
  CHECK(fold_words("a. b, c; d").at(2).before == Word::Gap::comma);
  CHECK(fold_words("a. b, c; d").at(3).before == Word::Gap::other);
}

}  // namespace beadle::people
