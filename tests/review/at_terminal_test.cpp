// Who may decide at a terminal, by whatever word; and who may not.
#include "review/at_terminal.h"

#include "desk.h"

namespace beadle::review {
namespace {

/// Sam has an account that reviews, Ann one that audits, Pike one that is locked; the settings name Tess, a mailbox that nobody
/// has, and a list.
Reviewers some() {
  Reviewers reviewers;
  reviewers.accounts = {account("sam", "sam.reed@marram.example", {"reviewer"}),
                        account("ann", "ann@auditors.example", {"auditor"}),
                        account("pike", "desmond.pike@marram.example", {"reviewer"})};
  reviewers.accounts[2].disabled = true;
  reviewers.addresses = {"Tess.Orme@marram.example", "desk@marram.example"};
  reviewers.people = town().get();
  return reviewers;
}

std::string name_of(const std::string& word, const Reviewers& reviewers = some()) {
  return must(actor_called(word, reviewers)).name;
}
std::string refusal(const std::string& word, const Reviewers& reviewers = some()) {
  const Error error = failure(actor_called(word, reviewers));
  CHECK(error.kind == ErrorKind::refused);
  return error.what;
}

}  // namespace

TEST_CASE("an account is known by its name, and by every address and the name of its person") {
  for (const char* word : {"sam", "SAM", "sam.reed@marram.example", "clerk@marram.example", "Clerk@Marram.example", "Sam Reed"}) {
    INFO(word);
    const Actor actor = must(actor_called(word, some()));
    CHECK(actor.name == "sam");
    CHECK(actor.address == "sam.reed@marram.example");
    CHECK(actor.roles == std::vector<std::string>{"reviewer"});
  }
  CHECK(must(actor_called("ann@auditors.example", some())).roles == std::vector<std::string>{"auditor"});
}

TEST_CASE("whom the settings name reviews without an account, under one name") {
  for (const char* word : {"tess.orme@marram.example", "Tess Orme", "TESS.ORME@MARRAM.EXAMPLE"}) {
    INFO(word);
    const Actor actor = must(actor_called(word, some()));
    CHECK(actor.name == "Tess.Orme@marram.example");
    CHECK(actor.roles == std::vector<std::string>{"reviewer"});
    CHECK(person_of(actor, *town())->name == "Tess Orme");
  }
  CHECK(name_of("desk@marram.example") == "desk@marram.example");
}

TEST_CASE("nobody else is a reviewer, whatever the word") {
  for (const char* word : {"clerk", "kevn", "root", "Nell Barrow", "nell.barrow@marram.example", "nell@barrow-family.example",
                           "x@else.example", " ", "@", "reviewer"}) {
    INFO(word);
    CHECK(refusal(word) ==
          "\"" + std::string(word) + "\" is no reviewer here; \"beadle user list\" and [council] reviewers say who is");
  }
  CHECK(refusal("pike").find("locked") != std::string::npos);
  CHECK(refusal("desmond.pike@marram.example").find("locked") != std::string::npos);
  Reviewers reviewers = some();
  reviewers.addresses.emplace_back("desmond.pike@marram.example");
  CHECK(refusal("Desmond Pike", reviewers).find("locked") != std::string::npos);
}

TEST_CASE("members of a list that reviews are reviewers, the list is nobody") {
  Reviewers reviewers = some();
  reviewers.accounts.clear();
  reviewers.addresses = {"officers@marram.example"};
  CHECK(name_of("clerk@marram.example", reviewers) == "sam.reed@marram.example");
  CHECK(name_of("Tess Orme", reviewers) == "tess.orme@marram.example");
  CHECK(refusal("officers@marram.example", reviewers).find("is a list") != std::string::npos);
  CHECK(refusal("Nell Barrow", reviewers).find("no reviewer") != std::string::npos);
}

TEST_CASE("of a person's accounts the one that reviews is taken, and the settings add to what an account may") {
  Reviewers reviewers = some();
  reviewers.accounts = {account("sam-admin", "clerk@marram.example", {"administrator"}),
                        account("sam", "sam.reed@marram.example", {"reviewer"}),
                        account("tess", "tess.orme@marram.example", {"auditor"})};
  CHECK(name_of("Sam Reed", reviewers) == "sam");
  CHECK(name_of("sam-admin", reviewers) == "sam-admin");
  CHECK(must(actor_called("tess", reviewers)).roles == std::vector<std::string>{"auditor", "reviewer"});
  CHECK(must(actor_called("Tess Orme", reviewers)).name == "tess");
}

TEST_CASE("without a roster addresses stand for themselves") {
  Reviewers reviewers = some();
  reviewers.people = nullptr;
  CHECK(name_of("sam", reviewers) == "sam");
  CHECK(name_of("tess.orme@marram.example", reviewers) == "Tess.Orme@marram.example");
  CHECK_FALSE(actor_called("Tess Orme", reviewers));
  CHECK_FALSE(actor_called("clerk@marram.example", reviewers));
}

TEST_CASE("a login counts only as the name of an account") {
  CHECK(must(actor_logged_in("sam", some())).name == "sam");
  CHECK_FALSE(actor_logged_in("pike", some()));
  for (const char* login : {"root", "clerk", "Tess Orme", "tess.orme@marram.example"}) {
    INFO(login);
    const Error error = failure(actor_logged_in(login, some()));
    CHECK(error.kind == ErrorKind::usage);
    CHECK(error.what.find("--by") != std::string::npos);
  }
}

TEST_CASE("a sender is an address or a person, without any role") {
  CHECK(must(sender_called("nell.barrow@marram.example", some())).roles.empty());
  CHECK(must(sender_called("Nell Barrow", some())).roles.empty());
  CHECK_FALSE(sender_called("nell", some()));
}

}  // namespace beadle::review
