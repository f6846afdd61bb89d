// beadle held: what the review page does, on the command line, with the same rules about who may.
#include <algorithm>

#include "town.h"

namespace beadle::cli {
namespace {

/// Sam and Tess review, Ann audits; a message waits that Sam has no part in.
struct Office : Town {
  std::string id = hold({"orders@quay.example"});
  Office() {
    add_user("sam", "sam.reed@marram.example", "reviewer");
    add_user("tess", "tess.orme@marram.example", "reviewer");
    add_user("ann", "ann@auditors.example", "auditor");
  }
  Ran by(const std::string& who, const std::string& words) const { return held(words + " --by " + who); }
};

}  // namespace

TEST_CASE("a message is claimed, given up and passed on; what is said is JSON where it is asked for") {
  const Office office;
  CHECK(office.by("sam", "claim " + office.id).out == "sam has taken " + office.id + " on.\n");
  const Ran tess = office.by("tess", "claim " + office.id);
  CHECK(tess.code == exit_unavailable);
  CHECK(tess.err.find("sam") != std::string::npos);
  CHECK(office.by("tess", "unclaim " + office.id).code == exit_unavailable);
  CHECK(office.held("list --claimed-by sam --json").json().size() == 1);
  CHECK(office.held("list --claimed-by tess --json").json().empty());
  const auto free = office.by("sam", "unclaim " + office.id + " --json").json();
  CHECK(free["id"] == office.id);
  CHECK(free["state"] == "held");
  CHECK_FALSE(free.contains("claimed_by"));
  const auto passed = office.by("sam", "pass-on " + office.id + " --to tess --reason \"you know the fencer\" --json").json();
  CHECK(passed["claimed_by"] == "tess");
  CHECK(office.by("tess", "pass-on " + office.id).out == office.id + " waits for whoever is free.\n");
  CHECK(office.by("sam", "pass-on " + office.id + " --to ann").code == exit_unavailable);
  CHECK(office.by("sam", "pass-on " + office.id + " --to nobody").code == exit_unavailable);
}

TEST_CASE("notes, legal hold and the history of every act") {
  const Office office;
  CHECK(office.by("sam", "note " + office.id).code == exit_usage);
  CHECK(office.by("sam", "note " + office.id + " --reason \" \"").code == exit_usage);
  CHECK(office.by("sam", "note " + office.id + " --reason \"asked the chair\"").code == 0);
  CHECK(office.by("ann", "note " + office.id + " --reason \"I looked\"").code == exit_unavailable);
  CHECK(office.by("sam", "legal-hold " + office.id).code == exit_usage);
  CHECK(office.by("ann", "legal-hold " + office.id + " --reason \"complaint 7\" --json").json()["legal_hold"] == true);
  CHECK_FALSE(office.by("sam", "legal-hold " + office.id + " --off --reason \"withdrawn\" --json").json().contains("legal_hold"));
  const Ran history = office.held("history " + office.id + " --json");
  REQUIRE(history.code == 0);
  const auto found = history.json();
  std::vector<std::string> acts, words;
  for (const auto& row : found["acts"]) acts.push_back(row["act"].get<std::string>() + " " + row["who"].get<std::string>());
  for (const auto& note : found["notes"]) words.push_back(note["words"].get<std::string>());
  CHECK(acts.front() == "held beadle");
  CHECK(acts.size() == 4);
  CHECK(std::find(words.begin(), words.end(), "asked the chair") != words.end());
  CHECK(std::find(words.begin(), words.end(), "complaint 7") != words.end());
  CHECK(std::find(words.begin(), words.end(), "I looked") == words.end());
  CHECK(office.held("history " + office.id).out.find("note by sam: asked the chair") != std::string::npos);
}

TEST_CASE("two people decide in spite of a conflict, one alone does not") {
  Office office;
  const std::string id = office.hold({"orders@quay.example", "clerk@marram.example"}, "The pond");
  const Ran alone = office.by("sam", "release " + id);
  CHECK(alone.code == exit_unavailable);
  CHECK(alone.err.find("You are a recipient of this message") != std::string::npos);
  CHECK(office.by("sam", "break-glass " + id).code == exit_usage);
  CHECK(office.by("tess", "break-glass " + id + " --agree").code == exit_unavailable);  // nobody asked
  CHECK(office.by("sam", "break-glass " + id + " --reason \"it cannot wait\"").code == 0);
  CHECK(office.by("sam", "break-glass " + id + " --agree").code == exit_unavailable);
  CHECK(office.by("sam", "release " + id).code == exit_unavailable);
  CHECK(office.by("tess", "break-glass " + office.id + " --reason \"I like to\"").code == exit_unavailable);  // no conflict
  CHECK(office.by("ann", "break-glass " + id + " --agree").code == 0);
  CHECK(office.by("sam", "release " + id + " --json").json()["state"] == "releasing");
}

TEST_CASE("only a reviewer decides, and no other word gets round a conflict of interest") {
  Office office;
  const std::string from_clerk = office.hold({"orders@quay.example", "clerk@marram.example"}, "The clerk's own");
  for (const char* act : {"release", "return --reason no", "withdraw", "claim", "unclaim", "pass-on", "note --reason x", "legal-hold --reason x",
                          "break-glass --reason x", "break-glass --agree", "show", "show --raw"}) {
    for (const char* who : {"clerk", "kevn", "root", "desmond.pike@marram.example", "\"Desmond Pike\"", "x@else.example"}) {
      INFO(act << " by " << who);
      const Ran ran = office.by(who, std::string(act) + " " + from_clerk);
      CHECK(ran.code == exit_unavailable);
      CHECK(ran.out.empty());
      CHECK(ran.err.find("no reviewer here") != std::string::npos);
    }
    const Ran nobody = office.held(std::string(act) + " " + from_clerk);
    CHECK(nobody.code == exit_usage);
    CHECK(nobody.err.find("--by") != std::string::npos);
  }
  CHECK(office.by("kevn", "release " + from_clerk).err ==
        "beadle: \"kevn\" is no reviewer here; \"beadle user list\" and [council] reviewers say who is\n");
  CHECK(office.by("ann", "release " + office.id).code == exit_unavailable);
  // The person behind the word has the conflict, whichever word it is.
  for (const char* who : {"sam", "clerk@marram.example", "\"Sam Reed\""}) CHECK(office.by(who, "release " + from_clerk).code == exit_unavailable);
  CHECK(office.held("list --json").json().size() == 2);
  CHECK(office.held("history " + from_clerk + " --json").json()["acts"].size() == 1);
  CHECK(office.by("\"Tess Orme\"", "release " + from_clerk).code == 0);
}

TEST_CASE("without --by the login decides, where it has an account") {
  const Office office;
  const std::string words = "held claim " + office.id + " --config beadle.toml";
  CHECK(office.run_as("kevn", words).code == exit_usage);
  CHECK(office.run_as("Tess Orme", words).code == exit_usage);
  CHECK(office.run_as("sam", words).out == "sam has taken " + office.id + " on.\n");
}

TEST_CASE("a message is withdrawn by its sender, or for the sender by a reviewer, and the sender is told") {
  Office office;
  const Ran other = office.by("desmond.pike@marram.example", "withdraw " + office.id);
  CHECK(other.code == exit_unavailable);
  CHECK(other.err == "beadle: desmond.pike@marram.example did not send this message, and is no reviewer here\n");
  CHECK(office.by("ann", "withdraw " + office.id).code == exit_unavailable);
  CHECK(office.by("nell.barrow@marram.example", "withdraw " + office.id + " --reason mistake").code == 0);
  const std::string own = office.held("history " + office.id).out;
  CHECK(own.find("nell.barrow@marram.example: mistake") != std::string::npos);

  const std::string second = office.hold({"orders@quay.example"}, "The pond");
  CHECK(office.by("sam", "withdraw " + second + " --reason \"she rang\"").out.find("Its sender is told") != std::string::npos);
  CHECK(office.held("history " + second).out.find("sam, for the sender: she rang") != std::string::npos);
  auto store = store::Store::open(office / "beadle.db", system_now());
  REQUIRE(store);
  const auto notices = store->due_notices(system_now(), 10);
  REQUIRE(notices);
  REQUIRE(notices->size() == 2);
  for (const store::Notice& notice : *notices) CHECK(notice.kind == "withdrawn-sender");
}

TEST_CASE("the last six characters of an id do, and of several that begin alike each is shown") {
  Office office;
  const std::string second = office.hold({"rosa@pond.example"}, "The pond");
  const std::string end = second.substr(second.size() - 6);
  CHECK(office.held("list").out.find(end + "  held") != std::string::npos);
  CHECK(office.by("sam", "claim " + end).out == "sam has taken " + second + " on.\n");
  CHECK(office.by("sam", "show " + end).out.find("rosa@pond.example") != std::string::npos);
  CHECK(office.held("history " + end + " --json").json()["acts"].size() == 3);
  CHECK(office.run("audit list --json --config beadle.toml --held " + end).json().size() == 3);
  const Ran several = office.by("sam", "release " + second.substr(0, 6));
  CHECK(several.code == exit_data);
  CHECK(several.err.find("  " + end + "  nell.barrow@marram.example  \"The pond\"\n") != std::string::npos);
  CHECK(several.err.find("\"The fence at Gull Lane\"") != std::string::npos);
  CHECK(several.err.find("last six characters") != std::string::npos);
  CHECK(office.by("sam", "release zzzzzz").code == exit_no_input);
  CHECK(office.by("sam", "release zz").code == exit_usage);
}

TEST_CASE("a list shows who has taken a message on, and what is kept") {
  Office office;
  CHECK(office.held("list").out.find("claimed") == std::string::npos);
  CHECK(office.by("sam", "claim " + office.id).code == 0);
  CHECK(office.by("sam", "legal-hold " + office.id + " --reason \"complaint 7\"").code == 0);
  const std::string listed = office.held("list").out;
  CHECK(listed.find("claimed  by sam at ") != std::string::npos);
  CHECK(listed.find("legal hold") != std::string::npos);
}

TEST_CASE("the history gives the reasons that are kept") {
  Office office;
  const std::string id = office.hold({"orders@quay.example", "clerk@marram.example"}, "The pond");
  CHECK(office.by("sam", "break-glass " + id + " --reason \"the hearing is today\"").code == 0);
  CHECK(office.held("history " + id).out.find("break-glass-asked  sam: the hearing is today") != std::string::npos);
  CHECK(office.by("ann", "break-glass " + id + " --agree").code == 0);
  CHECK(office.by("sam", "release " + id + " --reason \"resolution 114\"").code == 0);
  CHECK(office.held("history " + id).out.find("released-asked     sam: resolution 114") != std::string::npos);
  const auto acts = office.held("history " + id + " --json").json()["acts"];
  CHECK(acts.back()["reason"] == "resolution 114");
  CHECK(acts.back()["detail"].get<std::string>().find("resolution") == std::string::npos);
}

TEST_CASE("held mail is listed by words, clause and state") {
  Office office;
  office.hold({"rosa@pond.example"}, "The pond at Mill Green");
  const auto count = [&](const std::string& words) { return office.held("list --json " + words).json().size(); };
  CHECK(count("") == 2);
  CHECK(count("--search fence") == 1);
  CHECK(count("--search \"Mill Green\"") == 1);
  CHECK(count("--search rosa@pond.example") == 1);
  CHECK(count("--search fen") == 0);
  CHECK(count("--clause marram/7-orders") == 2);
  CHECK(office.held("list --clause marram/9").code == exit_usage);
  CHECK(office.held("list --clause marram/7-order").err == "beadle: there is no clause marram/7-order; did you mean marram/7-orders?\n");
  CHECK(office.held("list --clause 7-orders").err.find("did you mean marram/7-orders?") != std::string::npos);
  CHECK(count("--clause beadle/limit") == 0);
  CHECK(count("--clause marram/7-orders --search nothing") == 0);
  CHECK(office.by("sam", "return " + office.id + " --reason \"please ask me\"").code == 0);
  CHECK(count("") == 1);
  CHECK(count("--all") == 2);
  CHECK(count("--state returned") == 1);
  CHECK(office.held("list --state lost").code == exit_usage);
  CHECK(office.held("list --search nothing").out == "Nothing is held.\n");
}

TEST_CASE("a copy is disclosed where one is hidden, and only there") {
  Office office;
  const Ran nothing = office.by("sam", "release " + office.id + " --disclose");
  CHECK(nothing.code == exit_unavailable);
  CHECK(nothing.err.find("There is no copy to disclose") != std::string::npos);
  CHECK(office.held("list --json").json()[0]["state"] == "held");
  CHECK(office.by("sam", "release " + office.id + " --disclose --again").code == exit_usage);
  const std::string hidden = office.hold({"orders@quay.example", "desmond.pike@marram.example"}, "The pond");
  const Ran disclosed = office.by("sam", "release " + hidden + " --disclose");
  CHECK(disclosed.code == 0);
  CHECK(disclosed.out.find("Desmond Pike") != std::string::npos);
}

TEST_CASE("show says who has it openly and who blind, and is noted; without the role nothing is shown") {
  Office office;
  const std::string hidden = office.hold({"orders@quay.example", "desmond.pike@marram.example"}, "The pond");
  const Ran shown = office.by("sam", "show " + hidden);
  CHECK(shown.code == 0);
  CHECK(shown.out.find("visible Quay Fencing <orders@quay.example>") != std::string::npos);
  CHECK(shown.out.find("BLIND   Desmond Pike <desmond.pike@marram.example>") != std::string::npos);
  CHECK(shown.out.find("Please go ahead, the council will pay.") != std::string::npos);
  const auto view = office.by("sam", "show " + hidden + " --json").json()["view"];
  REQUIRE(view["recipients"].size() == 2);
  CHECK(view["undisclosed"][0] == "Desmond Pike");
  CHECK(office.by("sam", "history " + hidden).out.find("opened") != std::string::npos);

  for (const char* raw : {"", " --raw", " --json"}) {
    const Ran refused = office.by("ann", "show " + hidden + raw);
    CHECK(refused.code == exit_unavailable);
    CHECK(refused.out.empty());
    CHECK(refused.err.find("not allowed") != std::string::npos);
  }
}

TEST_CASE("what is not there, and who was first, have their exit codes") {
  const Office office;
  for (const char* act : {"claim", "unclaim", "release", "withdraw", "history", "show"}) {
    INFO(act);
    CHECK(office.by("sam", std::string(act) + " 01zzzzzzzzzzzzzzzzzzzzzzzz").code == exit_no_input);
  }
  CHECK(office.by("sam", "return " + office.id).code == exit_usage);
  CHECK(office.by("sam", "release " + office.id).code == 0);
  const Ran late = office.by("tess", "release " + office.id);
  CHECK(late.code == exit_unavailable);
  CHECK(late.err.find("sam") != std::string::npos);
}

}  // namespace beadle::cli
