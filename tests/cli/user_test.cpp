// beadle user: accounts of the review page, made on the server only.
#include "town.h"

namespace beadle::cli {
namespace {

const std::string good = "three-random-words\n";

}  // namespace

TEST_CASE("an account is made with a password from standard input, and listed without it") {
  const Town town;
  CHECK(town.user("list").out.starts_with("No accounts yet"));
  const Ran added = town.user("add m.clarke --address clerk@marram.example --role reviewer --role auditor --password-stdin", good);
  CHECK(added.code == 0);
  CHECK(added.out == "m.clarke may sign in now, as reviewer, auditor.\n");
  const Ran listed = town.user("list --json");
  CHECK(listed.code == 0);
  const auto accounts = listed.json();
  REQUIRE(accounts.size() == 1);
  CHECK(accounts[0]["name"] == "m.clarke");
  CHECK(accounts[0]["address"] == "clerk@marram.example");
  CHECK(accounts[0]["roles"] == std::vector<std::string>{"reviewer", "auditor"});
  CHECK(accounts[0]["second_factor"] == false);
  CHECK(accounts[0]["disabled"] == false);
  CHECK_FALSE(accounts[0].contains("last_sign_in"));
  for (const std::string& out : {listed.out, town.user("list").out, town.run("audit list --config beadle.toml").out}) {
    CHECK(out.find("three-random-words") == std::string::npos);
    CHECK(out.find("argon2") == std::string::npos);
  }
}

TEST_CASE("an account that cannot be is refused, and not made") {
  const Town town;
  const std::string rest = " --address x@marram.example --role reviewer --password-stdin";
  for (const std::string& name : {std::string("Sam"), std::string("sam reed"), std::string("sam@x"), std::string("sàm"), std::string("beadle"), std::string("sender"),
                                  std::string(65, 'x'), std::string("../x"), std::string("")}) {
    INFO(name);
    CHECK(town.user("add \"" + name + "\"" + rest, good).code == exit_usage);
  }
  CHECK(town.user("add sam --role reviewer --password-stdin", good).code == exit_usage);
  CHECK(town.user("add sam --address nobody --role reviewer --password-stdin", good).code == exit_usage);
  CHECK(town.user("add sam --address x@marram.example --password-stdin", good).code == exit_usage);
  CHECK(town.user("add sam --address x@marram.example --role chief --password-stdin", good).code == exit_usage);
  CHECK(town.user("add sam" + rest, "short\n").code == exit_data);
  CHECK(town.user("add sam" + rest, "\n").code == exit_data);
  CHECK(town.user("add sam" + rest, "").code == exit_usage);
  CHECK(town.user("add samuel-reed" + rest, "samuel-reed1\n").code == exit_data);
  // Nobody is at the terminal to be asked.
  const Ran unasked = town.user("add sam --address x@marram.example --role reviewer", good);
  CHECK(unasked.code == exit_usage);
  CHECK(unasked.err.find("--password-stdin") != std::string::npos);
  CHECK(town.user("list --json").json().empty());
  town.add_user("sam", "x@marram.example", "reviewer");
  const Ran twice = town.user("add sam" + rest, good);
  CHECK(twice.code == exit_unavailable);
  CHECK(twice.err == "beadle: sam has an account already\n");
}

TEST_CASE("an account whose conflicts cannot be seen, or that hears of nothing, is made with a warning") {
  const Town town;
  const auto add = [&](const std::string& name, const std::string& address, const std::string& role) {
    const Ran ran = town.user("add " + name + " --address " + address + " --role " + role + " --password-stdin", good);
    CHECK(ran.code == 0);
    return ran.err;
  };
  CHECK(add("tess", "tess.orme@marram.example", "reviewer").empty());
  CHECK(add("sam", "clerk@marram.example", "reviewer") == "beadle: clerk@marram.example is not in [council] reviewers, so sam is not told when something is held\n");
  CHECK(add("ann", "ann@auditors.example", "auditor") ==
        "beadle: nobody in the roster has ann@auditors.example, so conflicts of interest of this account cannot be seen\n");
  const std::string both = add("gwen", "gwen@else.example", "reviewer");
  CHECK(both.find("nobody in the roster") != std::string::npos);
  CHECK(both.find("[council] reviewers") != std::string::npos);
}

TEST_CASE("password, roles and lock of an account are changed, each noted with who did it") {
  const Town town;
  town.add_user("sam", "sam.reed@marram.example", "reviewer");
  CHECK(town.user("password sam --password-stdin", "another-few-words\r\n").code == 0);
  CHECK(town.user("password sam --password-stdin", "short\n").code == exit_data);
  CHECK(town.user("roles sam --role administrator").out == "sam is now: administrator.\n");
  CHECK(town.user("roles sam").code == exit_usage);
  CHECK(town.user("roles sam --role chief").code == exit_usage);
  CHECK(town.user("disable sam").code == 0);
  CHECK(town.user("list --json").json()[0]["disabled"] == true);
  CHECK(town.user("enable sam").code == 0);
  const auto account = town.user("list --json").json()[0];
  CHECK(account["disabled"] == false);
  CHECK(account["roles"] == std::vector<std::string>{"administrator"});
  const Ran trail = town.run("audit list --json --config beadle.toml");
  std::vector<std::string> acts;
  for (const auto& row : trail.json()) {
    if (row["who"] == "root") acts.push_back(row["act"].get<std::string>());
  }
  CHECK(acts.size() == 5);  // added, password, roles, locked, unlocked; what was refused is none
}

TEST_CASE("a second factor is set up and taken away; its key is shown once") {
  const Town town;
  town.add_user("sam", "sam.reed@marram.example", "reviewer");
  const Ran first = town.user("second-factor sam");
  CHECK(first.code == 0);
  CHECK(first.out.find("otpauth://totp/") != std::string::npos);
  const Ran second = town.user("second-factor sam");
  CHECK(second.out != first.out);
  CHECK(town.user("list --json").json()[0]["second_factor"] == true);
  CHECK(town.user("second-factor sam --off").out == "sam needs the password only.\n");
  CHECK(town.user("list --json").json()[0]["second_factor"] == false);
}

TEST_CASE("of an account that is not there nothing is changed") {
  const Town town;
  for (const char* act : {"password nobody --password-stdin", "roles nobody --role auditor", "disable nobody", "enable nobody", "second-factor nobody", "second-factor nobody --off"}) {
    INFO(act);
    CHECK(town.user(act, good).code == exit_no_input);
  }
}

}  // namespace beadle::cli
