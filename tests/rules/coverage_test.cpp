#include "rules/coverage.h"

#include <filesystem>

#include "rules/helpers.h"

#include "catch.h"

namespace beadle::rules {
namespace {

constexpr std::string_view catalogue_text = R"(
protocol = "base"
[[paragraph]]
clause = "manners"
place = "1, manners"
asks = "Be kind."
checked = "no"
limits = "Who can say."
[[paragraph]]
clause = "orders"
asks = "Nobody orders."
checked = "partly"
finds = "Promises."
limits = "Hints."
caught = "We will pay."
missed = "We might."
)";

Catalogue catalogue() {
  Problems problems;
  auto read = parse_catalogue(catalogue_text, "base.toml", problems);
  INFO(to_string(problems));
  REQUIRE(read);
  return std::move(*read);
}

Pack base() {
  Problems problems;
  auto pack = parse_pack(bytes_of(test_data() / "base.toml"), "base.toml", problems);
  REQUIRE(pack);
  return std::move(*pack);
}

}  // namespace

TEST_CASE("a catalogue is read whole") {
  const Catalogue read = catalogue();
  CHECK(read.file == "base.toml");
  CHECK(read.protocol == "base");
  REQUIRE(read.paragraphs.size() == 2);
  const Paragraph& manners = read.paragraphs[0];
  CHECK(manners.clause == "base/manners");
  CHECK(manners.place == "1, manners");
  CHECK(manners.asks == "Be kind.");
  CHECK(manners.checked == Checked::no);
  CHECK(manners.limits == "Who can say.");
  CHECK(manners.at == Position{4, 10});
  const Paragraph& orders = read.paragraphs[1];
  CHECK(orders.place == "orders");  // as the id, where it has no other
  CHECK(orders.checked == Checked::partly);
  CHECK(orders.caught == "We will pay.");
  CHECK(orders.missed == "We might.");
  CHECK_FALSE(orders.reminder);
}

TEST_CASE("coverage goes by the catalogue, then tells the rules that it leaves out") {
  const Pack pack = base();
  const std::vector<Catalogue> catalogues{catalogue()};
  const auto coverage = coverage_of(pack, catalogues);
  REQUIRE(coverage.size() == 3);
  CHECK(coverage[0].clause == "base/manners");
  CHECK(coverage[0].rules.empty());
  CHECK(coverage[0].family.empty());
  CHECK(coverage[1].clause == "base/orders");
  CHECK(coverage[1].family == "member-obligation");
  REQUIRE(coverage[1].rules.size() == 1);
  CHECK(coverage[1].examples() == 2);
  CHECK(coverage[1].checked() == Checked::partly);
  CHECK(coverage[2].clause == "base/copies");
  CHECK(coverage[2].paragraph == nullptr);
}

TEST_CASE("a pack without a catalogue is odd, not wrong") {
  const Problems problems = check_catalogues({base()}, {});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].severity == Problem::Severity::odd);
  CHECK(check_catalogues({base()}, {catalogue()}).size() == 1);  // copies stands in none
  CHECK(check_catalogues({base()}, {catalogue(), catalogue()}).size() == 2);
}

TEST_CASE("each shipped pack has a catalogue that agrees with it") {
  Problems problems;
  std::vector<Pack> packs;
  std::vector<Catalogue> catalogues;
  const fs::path folder = fs::path(BEADLE_SOURCE_DIR) / "rules";
  for (const fs::path& path : toml_files(folder)) {
    if (auto pack = parse_pack(bytes_of(path), path.filename().string(), problems)) packs.push_back(std::move(*pack));
  }
  for (const fs::path& path : toml_files(folder / "catalogue")) {
    if (auto one = parse_catalogue(bytes_of(path), path.filename().string(), problems)) catalogues.push_back(std::move(*one));
  }
  CHECK(catalogues.size() == packs.size());
  CHECK(to_string(problems) == "");
  CHECK(to_string(check_catalogues(packs, catalogues)) == "");
}

TEST_CASE("a shipped rule leaves as much open as its catalogue says that the clause does") {
  // The sender reads one of the two in a mail and the other on the page behind its link.
  constexpr std::string_view openings[] = {"unless", "only where", "as a rule", "outside the procedures", "normally", "in public", "in private"};
  Problems problems;
  const fs::path folder = fs::path(BEADLE_SOURCE_DIR) / "rules";
  for (const fs::path& path : toml_files(folder)) {
    const auto pack = parse_pack(bytes_of(path), path.filename().string(), problems);
    const fs::path beside = folder / "catalogue" / path.filename();
    const auto one = parse_catalogue(bytes_of(beside), beside.string(), problems);
    REQUIRE((pack && one));
    for (const Paragraph& paragraph : one->paragraphs) {
      std::string says;
      for (const Rule& rule : pack->rules) says += rule.clause == paragraph.clause ? rule.says + " " : "";
      if (says.empty()) continue;  // no rule, or a reminder
      INFO(paragraph.clause << "\n  rule: " << says << "\n  catalogue: " << paragraph.asks);
      for (const std::string_view opening : openings) {
        INFO(opening);
        CHECK((says.find(opening) == std::string::npos) == (paragraph.asks.find(opening) == std::string::npos));
      }
    }
  }
}

TEST_CASE("the paragraph of a clause is its own, or the longest that it is part of") {
  Paragraph whole, part;
  whole.clause = "exmouth/correspondence-3";
  part.clause = "exmouth/correspondence-3-name";
  Catalogue both;
  both.paragraphs = {whole, part};
  const std::vector<Catalogue> catalogues{both};
  const auto clause_of = [&](std::string_view clause) {
    const Paragraph* paragraph = paragraph_of(clause, catalogues);
    return paragraph == nullptr ? "" : paragraph->clause;
  };
  CHECK(clause_of("exmouth/correspondence-3-name") == part.clause);
  CHECK(clause_of("exmouth/correspondence-3-obligation") == whole.clause);
  CHECK(clause_of("exmouth/correspondence-31").empty());
  CHECK(clause_of("beadle/limit").empty());
}

}  // namespace beadle::rules
