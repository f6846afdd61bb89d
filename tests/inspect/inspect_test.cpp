// From findings to one action: modes, overrides, protected addresses, disclosures that cannot be made.
#include "inspect/inspect.h"

#include <nlohmann/json.hpp>

#include "helpers.h"

#include "catch.h"

namespace beadle::inspect {
namespace {

using tests::Sent;

const Sent order{.from = "councillor@council.example",
                 .recipients = {"info@firm.example"},
                 .header = "To: info@firm.example\r\n",
                 .text = "On behalf of the council I accept your quotation of 2,300 pounds."};

const Sent copied{.from = "clerk@council.example",
                  .recipients = {"sam@resident.example", "councillor@council.example"},
                  .header = "To: sam@resident.example\r\n",
                  .text = "Your allotment key is ready to collect."};

bool has(const Verdict& verdict, std::string_view clause) {
  return std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& finding) { return finding.clause == clause; });
}

}  // namespace

TEST_CASE("the strongest finding decides, and every finding names words and place") {
  const Decision decision = tests::decide(order);
  CHECK(decision.verdict.action == Action::hold);
  CHECK(decision.verdict.enforced == Action::hold);
  for (const Finding& finding : decision.verdict.findings) {
    CHECK_FALSE(finding.says.empty());
    CHECK_FALSE(finding.evidence.empty());
  }
}

TEST_CASE("sentences that each fall short count together, as many times as they are said otherwise") {
  Problems problems;
  const auto lexicon = rules::parse_lexicon("[cue.c]\npoints = 30\nsays = 'x'\nmatches = ['we pay']\npasses = ['we fund']\n", "l.toml", problems);
  const auto pack = rules::parse_pack(
      "[protocol]\nname = 'exmouth'\ntitle = 't'\ncouncil = 'c'\n[[rule]]\nclause = 'c'\nfamily = 'official-name'\naction = 'flag'\nsays = 's'\ncure = 'c'\n"
      "[[rule.when]]\ncues = ['c']\n[[rule.matches]]\ntext = 'We pay.'\n[[rule.passes]]\ntext = 'We fund.'\nwhy = 'x'\n",
      "p.toml", problems);
  INFO(to_string(problems));
  REQUIRE((lexicon && pack));
  // Fourteen features at least: 40 points, 20, 13 and 5. They are 10, 17 and 25 short of the 30 that are asked, and so 26, 19 and 11 close.
  const rules::Weights weights{.cue = "c", .file = "", .base = 0, .weights = {{"pay", 150}, {"fund", 75}, {"lend", 50}, {"rent", 20}}};
  auto compiled = rules::RuleSet::compile({*pack}, {*lexicon}, problems, {{weights}, nullptr});
  INFO(to_string(problems));
  REQUIRE(compiled);
  Policy policy = tests::example_policy();
  policy.rules = std::make_shared<const rules::RuleSet>(std::move(*compiled));
  const auto found = [&](const std::string& text) {
    return tests::decide({.from = "clerk@council.example", .recipients = {"info@firm.example"}, .header = "To: info@firm.example\r\n", .text = text}, policy)
        .verdict.findings.size();
  };
  CHECK(found("We pay.") == 1);
  CHECK(found("We fund.") == 0);
  CHECK(found("We fund. We fund.") == 0);
  CHECK(found("We fund. We lend.") == 1);
  CHECK(found("We lend. We rent.") == 0);
  CHECK(found("We lend. We rent. They rent.") == 1);
}

TEST_CASE("an annotation names the councillor, and the edit is made") {
  const Decision decision = tests::decide(copied);
  CHECK(decision.verdict.action == Action::annotate);
  CHECK(decision.verdict.footer == std::vector<std::string>{"Jane Holt"});
  CHECK(decision.edited.find("CC Councillor Jane Holt") != std::string::npos);
}

TEST_CASE("footers name councillors in the order of the roster") {
  Sent sent = copied;
  sent.recipients = {"sam@resident.example", "third-councillor@council.example", "chair@council.example"};
  CHECK(tests::decide(sent).verdict.footer == std::vector<std::string>{"Chris Chair", "Thea Third"});
  CHECK(footer_line({"Chris Chair", "Thea Third"}) == "CC Councillor Chris Chair, Councillor Thea Third");
}

TEST_CASE("a line of ours is known when its message comes by again") {
  Policy policy = tests::example_policy();
  policy.footer_key = "a key of tests";
  Sent first = copied;
  first.header += "Message-ID: <1@council.example>\r\n";
  const Decision once = tests::decide(first, policy);
  REQUIRE(once.edited.find("CC Councillor Jane Holt\r\n") != std::string::npos);
  REQUIRE(once.footer_mark.size() == 64);

  const auto again = [&](const std::string& mark, std::vector<std::string> recipients) {
    Envelope envelope;
    envelope.sender = first.from;
    envelope.recipients = std::move(recipients);
    return *inspect(mail::parse_message("Beadle-Footer: " + mark + "\r\n" + once.edited), envelope, policy, {}, from_ms(0));
  };
  const Decision same = again(once.footer_mark, first.recipients);
  CHECK(same.edited.empty());
  CHECK(same.footer_mark == once.footer_mark);

  // Whom the line named stays named, also where the copy goes another way this time.
  const Decision changed = again(once.footer_mark, {"sam@resident.example", "third-councillor@council.example"});
  CHECK(changed.verdict.footer == std::vector<std::string>{"Jane Holt", "Thea Third"});
  CHECK(changed.edited.find("CC Councillor Jane Holt, Councillor Thea Third\r\n") != std::string::npos);
  CHECK(changed.edited.find("CC Councillor Jane Holt\r\n") == std::string::npos);
  CHECK(changed.footer_mark.size() == 64);
  CHECK(changed.footer_mark != once.footer_mark);

  // A forged mark: the words are the sender's own, and stay.
  const Decision forged = again(std::string(64, '0'), {"sam@resident.example", "third-councillor@council.example"});
  CHECK(forged.verdict.footer == std::vector<std::string>{"Thea Third"});
  CHECK(forged.edited.find("CC Councillor Jane Holt\r\n") != std::string::npos);
  CHECK(forged.edited.find("CC Councillor Thea Third\r\n") != std::string::npos);
  CHECK(again(std::string(64, '0'), first.recipients).footer_mark.empty());
}

TEST_CASE("names come back out of a footer line") {
  for (const std::vector<std::string>& names : {std::vector<std::string>{"Jane Holt"}, {"Jane Holt, OBE", "Ian Day"}, {}})
    CHECK(footer_names(names.empty() ? "" : footer_line(names)) == names);
  CHECK(footer_names("Dear Councillor Jane Holt").empty());
}

TEST_CASE("observe decides and changes nothing, off looks at nothing") {
  Policy policy = tests::example_policy();
  policy.mode = rules::Mode::observe;
  for (const Sent& sent : {order, copied}) {
    const Decision decision = tests::decide(sent, policy);
    CHECK(decision.verdict.action != Action::pass);
    CHECK(decision.verdict.enforced == Action::pass);
    CHECK(decision.edited.empty());
  }
  policy.mode = rules::Mode::off;
  CHECK(tests::decide(order, policy).verdict.findings.empty());
}

TEST_CASE("one clause is changed by the council without touching the pack") {
  Policy policy = tests::example_policy();
  policy.overrides["exmouth/correspondence-2"] = {Action::flag, std::nullopt};
  const Decision flagged = tests::decide(copied, policy);
  CHECK(flagged.verdict.action == Action::flag);
  CHECK(flagged.edited.empty());
  policy.overrides["exmouth/correspondence-2"] = {std::nullopt, rules::Mode::off};
  CHECK_FALSE(has(tests::decide(copied, policy).verdict, "exmouth/correspondence-2"));
  policy.overrides["exmouth/correspondence-2"] = {std::nullopt, rules::Mode::observe};
  const Decision observed = tests::decide(copied, policy);
  CHECK(observed.verdict.action == Action::annotate);
  CHECK(observed.verdict.enforced == Action::pass);
  CHECK(observed.edited.empty());
}

TEST_CASE("mail to protected addresses only is never held, edited or kept") {
  Sent sent = order;
  sent.recipients = {"line@protected.example"};
  sent.header = "To: line@protected.example\r\n";
  const Decision decision = tests::decide(sent);
  CHECK(decision.verdict.protected_only);
  CHECK(decision.verdict.action == Action::pass);
  CHECK(decision.verdict.findings.empty());
  sent.recipients.push_back("info@firm.example");
  CHECK_FALSE(tests::decide(sent).verdict.protected_only);
}

TEST_CASE("a disclosure that cannot be made is held, with the reason") {
  Sent sent = copied;
  sent.header += "DKIM-Signature: v=1; a=rsa-sha256; b=x\r\n";
  const Decision decision = tests::decide(sent);
  CHECK(decision.verdict.action == Action::hold);
  CHECK(decision.verdict.enforced == Action::hold);
  CHECK_FALSE(decision.verdict.uneditable.empty());
  CHECK(decision.edited.empty());
}

TEST_CASE("what is over a bound is held, what is odd is shown") {
  Sent sent{.recipients = {"sam@resident.example"}, .header = "To: sam@resident.example\r\n", .text = "Hello."};
  for (int i = 0; i < 2100; ++i) sent.header += "X-Field: x\r\n";
  const Decision decision = tests::decide(sent);
  CHECK(decision.verdict.action == Action::hold);
  CHECK(has(decision.verdict, "beadle/limit"));
  Sent odd{.recipients = {"sam@resident.example"}, .header = "To: sam@resident.example\r\nSubject: a\r\nSubject: b\r\n", .text = "Hello."};
  const Decision shown = tests::decide(odd);
  CHECK(shown.verdict.action == Action::pass);
  CHECK_FALSE(shown.verdict.defects.empty());
}

TEST_CASE("a marking counts, whichever of two fields says it") {
  const auto marked = [](const std::string& header) {
    return tests::decide({.recipients = {"sam@resident.example"}, .header = "To: sam@resident.example\r\n" + header, .text = "Hello."}).verdict.marked;
  };
  CHECK_FALSE(marked("Sensitivity: Normal\r\n"));
  CHECK(marked("Sensitivity: Company-Confidential\r\n"));
  CHECK(marked("Sensitivity: Normal\r\nsensitivity: Private\r\n"));
  CHECK(marked("X-Classification: Public\r\nX-Classification: Restricted\r\n"));
}

TEST_CASE("the JSON of a verdict is what scripts rely on") {
  const nlohmann::json json = nlohmann::json::parse(to_json(tests::decide(copied).verdict));
  CHECK(json["action"] == "annotate");
  CHECK(json["footer"] == nlohmann::json::array({"Jane Holt"}));
  CHECK(json["defects"].is_array());
  CHECK(json["not_inspected"].is_array());
  const auto& finding = json["findings"].at(0);
  for (const char* key : {"clause", "family", "action", "says", "evidence"}) CHECK(finding.contains(key));
  for (const char* key : {"part", "zone", "text"}) CHECK(finding["evidence"].at(0).contains(key));
}

}  // namespace beadle::inspect
