#include "rules/include.h"

#include "base/text.h"
#include "rules/helpers.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::string lexicon_text() { return bytes_of(test_data() / "lexicon.toml"); }
std::string base_text() { return bytes_of(test_data() / "base.toml"); }

std::string pack(const std::string& name, const std::string& include, const std::string& more = "") {
  return "[protocol]\nname = \"" + name + "\"\ntitle = \"T\"\ncouncil = \"C\"\ninclude = [" + include + "]\n" + more;
}

const std::string own_rule = R"(
[[rule]]
clause = "1"
family = "confidential"
action = "flag"
says = "Reasons are told."
[[rule.when]]
cues = ["reason"]
[[rule.matches]]
text = "Secret, because."
[[rule.passes]]
text = "Hello."
)";

RuleSet compiled(const std::vector<std::string>& packs) {
  Problems problems;
  auto rules = compile(packs, {lexicon_text()}, problems);
  INFO(to_string(problems));
  REQUIRE(rules);
  return std::move(*rules);
}

/// "clause action mode" of each rule of the pack.
std::vector<std::string> rules_in(const RuleSet& rules, std::string_view name) {
  std::vector<std::string> out;
  for (const Pack& one : rules.packs()) {
    if (one.protocol.name != name) continue;
    for (const Rule& rule : one.rules)
      out.push_back(joined({rule.clause, std::string(to_string(rule.action)), std::string(to_string(rule.mode))}, " "));
  }
  return out;
}

}  // namespace

TEST_CASE("a pack takes over the rules of another under their own clause ids, before its own") {
  const RuleSet rules = compiled({pack("ours", "\"base\"", own_rule), base_text()});
  CHECK(rules_in(rules, "ours") == std::vector<std::string>{"base/copies annotate enforce", "base/orders hold enforce", "ours/1 flag enforce"});
  CHECK(rules_in(rules, "base") == std::vector<std::string>{"base/copies annotate enforce", "base/orders hold enforce"});
  CHECK(rules.packs()[0].rules[0].file == "pack2.toml");
  CHECK(rules.packs()[0].rules[2].file == "pack1.toml");
}

TEST_CASE("a change counts in the pack that makes it, and leaves the included pack as it is") {
  const RuleSet rules = compiled({pack("ours", "\"base\"",
                                       "[[change]]\nclause = \"base/copies\"\naction = \"hold\"\n"
                                       "[[change]]\nclause = \"base/orders\"\naction = \"flag\"\nmode = \"off\"\n"),
                                  base_text()});
  CHECK(rules_in(rules, "ours") == std::vector<std::string>{"base/copies hold enforce", "base/orders flag off"});
  CHECK(rules_in(rules, "base") == std::vector<std::string>{"base/copies annotate enforce", "base/orders hold enforce"});
  // Also when it is held, the footer of what was an annotation names whom it finds.
  CHECK(rules.packs()[0].rules[0].discloses);
  REQUIRE(rules.rule("base/orders") != nullptr);
  CHECK(rules.rule("base/orders")->action == Action::hold);
}

TEST_CASE("includes of includes bring their changes with them") {
  const RuleSet rules = compiled({pack("county", "\"district\"", own_rule),
                                  pack("district", "\"base\"", "[[change]]\nclause = \"base/orders\"\naction = \"flag\"\n"), base_text()});
  CHECK(rules_in(rules, "county") == std::vector<std::string>{"base/copies annotate enforce", "base/orders flag enforce", "county/1 flag enforce"});
}

TEST_CASE("circles and rules that come by two ways are told where the include stands") {
  Problems problems;
  CHECK(!compile({pack("a", "\"b\""), pack("b", "\"c\""), pack("c", "\"a\"")}, {lexicon_text()}, problems));
  CHECK(to_string(problems) == "pack3.toml:5:12: include: \"a\" includes this pack (a circle: a → b → c → a)\n");
  problems.clear();
  CHECK(!compile({pack("a", "\"b\", \"base\""), pack("b", "\"base\""), base_text()}, {lexicon_text()}, problems));
  CHECK(to_string(problems) == "pack1.toml:5:17: include: \"base\" brings rules that are included already (each pack once; base/copies came with another)\n");
}

TEST_CASE("the digest tells what an included rule does here") {
  const std::string changed = pack("ours", "\"base\"", "[[change]]\nclause = \"base/orders\"\naction = \"flag\"\n");
  CHECK(compiled({pack("ours", "\"base\""), base_text()}).digest() != compiled({changed, base_text()}).digest());
}

}  // namespace beadle::rules
