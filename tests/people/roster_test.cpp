#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/limits.h"
#include "people/roster.h"

#include "catch.h"

namespace beadle::people {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_of(const fs::path& folder, const std::string& extension_a, const std::string& extension_b) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const auto extension = entry.path().extension();
    if (extension == extension_a || extension == extension_b) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::optional<Roster> parse(std::string_view text, Problems& problems) { return parse_roster(text, "roster.toml", problems); }

constexpr std::string_view good = R"(
[council]
name = "Marrow Parish Council"
domains = ["Marrow.example", "mårrow.example."]
[[person]]
name = " Jane Holt "
kind = "councillor"
emails = ["jane.holt@marrow.example", "jane@holt.example"]
roles = ["chair", "chair"]
group = "Independent"
ward = "Mill"
[[person]]
name = "Ada Quill"
kind = "officer"
emails = ["clerk@marrow.example", "clerk@mårrow.example"]
roles = ["clerk"]
[[list]]
address = "members@marrow.example"
members = ["jane.holt@marrow.example"]
group = "Independent"
[[contact]]
kind = "press"
match = ["*@gazette.example", "mercury.example", "desk@radio.example"]
)";

}  // namespace

TEST_CASE("a roster is read whole") {
  Problems problems;
  const auto roster = parse(good, problems);
  CHECK(to_string(problems) == "");
  REQUIRE(roster);
  CHECK(roster->council == "Marrow Parish Council");
  CHECK(roster->domains == std::vector<std::string>{"marrow.example", "xn--mrrow-mra.example"});
  REQUIRE(roster->persons.size() == 2);
  CHECK(roster->persons[0].name == "Jane Holt");
  CHECK(roster->persons[0].is_councillor());
  CHECK(roster->persons[0].roles == std::vector<std::string>{"chair"});
  CHECK(roster->persons[0].has_role("chair"));
  CHECK(!roster->persons[0].has_role("clerk"));
  CHECK(roster->persons[0].group == "Independent");
  CHECK(roster->persons[0].ward == "Mill");
  CHECK(roster->persons[0].at.line == 5);
  CHECK(!roster->persons[1].is_councillor());
  CHECK(roster->persons[1].emails == std::vector<std::string>{"clerk@marrow.example", "clerk@mårrow.example"});
  REQUIRE(roster->lists.size() == 1);
  CHECK(roster->lists[0].members == std::vector<std::string>{"jane.holt@marrow.example"});
  REQUIRE(roster->contacts.size() == 1);
  CHECK(roster->contacts[0].match.size() == 3);
}

TEST_CASE("every mistake in a roster is told with its place (broken/*)") {
  const bool update = std::getenv("BEADLE_UPDATE") != nullptr;
  std::size_t count = 0;
  for (const fs::path& path : files_of(BEADLE_TEST_DATA "/people/broken", ".toml", ".json")) {
    ++count;
    INFO(path.filename().string());
    Problems problems;
    const auto roster = parse_roster(bytes_of(path), path.filename().string(), problems);
    CHECK(roster.has_value() == !has_errors(problems));
    CHECK(!problems.empty());
    fs::path expectation = path;
    expectation.replace_extension(".error");
    if (update) std::ofstream(expectation, std::ios::binary) << to_string(problems);
    CHECK(to_string(problems) == bytes_of(expectation));
  }
  CHECK(count >= 20);
}

TEST_CASE("the example roster has neither mistakes nor oddities") {
  Problems problems;
  const auto roster = parse_roster(bytes_of(BEADLE_SOURCE_DIR "/config/roster.example.toml"), "roster.example.toml", problems);
  CHECK(to_string(problems) == "");
  REQUIRE(roster);
  CHECK(roster->persons.size() >= 6);
  CHECK(!roster->lists.empty());
  CHECK(roster->contacts.size() >= std::size(contact_kinds));
}

TEST_CASE("rosters in JSON of other councils load") {
  const fs::path folder = BEADLE_SOURCE_DIR "/../shared/eval";
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::directory_iterator(folder)) {
    const fs::path path = entry.path() / "roster.json";
    if (!fs::exists(path)) continue;
    Problems problems;
    const auto roster = parse_roster(bytes_of(path), path.string(), problems);
    INFO(to_string(problems));
    CHECK(!has_errors(problems));
    CHECK(roster);
  }
}

TEST_CASE("a roster has a bound") {
  std::string text = "[council]\nname = \"A\"\ndomains = [\"a.example\"]\n";
  for (std::size_t i = 0; i <= limits::roster_entries_max; ++i) text += "[[contact]]\nkind=\"press\"\nmatch=[\"*@b.example\"]\n";
  Problems problems;
  CHECK(!parse(text, problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].what == "more than 20000 persons, lists and contacts");
  problems.clear();
  CHECK(!parse(std::string(limits::settings_file_bytes_max + 1, '#'), problems));
  CHECK(problems.size() == 1);
}

}  // namespace beadle::people
