#include <filesystem>
#include <fstream>

#include "config/settings.h"

#include "catch.h"

namespace beadle::config {
namespace {

namespace fs = std::filesystem;

const std::string rules_directory = BEADLE_SOURCE_DIR "/rules";

/// A folder of its own, gone afterwards.
class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("beadle-policy-" + std::to_string(reinterpret_cast<std::uintptr_t>(this)))) {
    fs::create_directories(path_);
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string write(const std::string& name, std::string_view text) const {
    fs::create_directories((path_ / name).parent_path());
    std::ofstream(path_ / name, std::ios::binary) << text;
    return (path_ / name).string();
  }
  std::string path() const { return path_.string(); }

 private:
  fs::path path_;
};

/// Settings for the first of our own packs.
Settings settings_for(const rules::RuleSet& rules) {
  Settings settings;
  settings.file = "beadle.toml";
  settings.roster = rules_directory + "/examples/roster.toml";
  settings.rules_directory = rules_directory;
  settings.protocol = rules.packs().front().protocol.name;
  return settings;
}

std::string digest_of(const Settings& settings) {
  Problems problems;
  const auto policy = load_policy(settings, problems);
  INFO(to_string(problems));
  REQUIRE(policy);
  return policy->digest;
}

}  // namespace

TEST_CASE("our packs, lexicons and example roster make a policy") {
  Problems problems;
  const auto rules = load_rules(rules_directory, problems);
  INFO(to_string(problems));
  REQUIRE(rules);
  REQUIRE(!rules->packs().empty());
  const Settings settings = settings_for(*rules);
  const auto policy = load_policy(settings, problems);
  REQUIRE(policy);
  CHECK(!has_errors(problems));
  CHECK(policy->protocol == settings.protocol);
  CHECK(policy->mode == rules::Mode::observe);
  CHECK(policy->people->roster().persons.size() > 5);
  CHECK(policy->digest.size() == 12);
  CHECK(policy->digest.find_first_not_of("0123456789abcdef") == std::string::npos);
}

TEST_CASE("the digest is of all that decides, and of nothing else") {
  Problems problems;
  const auto rules = load_rules(rules_directory, problems);
  REQUIRE(rules);
  const Settings settings = settings_for(*rules);
  const std::string digest = digest_of(settings);
  CHECK(digest_of(settings) == digest);
  const auto changed = [&](const auto& change) {
    Settings other = settings;
    change(other);
    return digest_of(other) != digest;
  };
  const std::string clause = rules->packs().front().rules.front().clause;
  CHECK(changed([](Settings& other) { other.mode = rules::Mode::enforce; }));
  CHECK(changed([](Settings& other) { other.on_not_inspected = rules::Action::hold; }));
  CHECK(changed([](Settings& other) { other.on_broken_mime = rules::Action::hold; }));
  CHECK(changed([&](Settings& other) { other.overrides[clause].mode = rules::Mode::off; }));
  CHECK(!changed([](Settings& other) { other.log_level = "debug"; }));
  const Folder folder;
  const std::string roster = folder.write("roster.toml", "[council]\nname = \"Marrow\"\ndomains = [\"marrow.example\"]\n");
  CHECK(changed([&](Settings& other) { other.roster = roster; }));
}

TEST_CASE("protocols and clauses that nobody knows are told with their place in the settings") {
  Problems problems;
  const auto rules = load_rules(rules_directory, problems);
  REQUIRE(rules);
  const Settings known = settings_for(*rules);
  const std::string text = "[council]\nprotocol = \"" + known.protocol + "x\"\n[rules.override.\"no/such\"]\nmode = \"off\"\n";
  auto settings = parse_settings(text, "beadle.toml", problems);
  REQUIRE(settings);
  settings->roster = known.roster;
  settings->rules_directory = known.rules_directory;
  problems.clear();
  CHECK(!load_policy(*settings, problems));
  std::erase_if(problems, [](const Problem& problem) { return problem.severity == Problem::Severity::odd; });
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == "beadle.toml");
  CHECK(problems[0].at == Position{2, 12});
  CHECK(problems[0].what == "there is no protocol \"" + known.protocol + "x\"");
  CHECK(problems[0].hint == "did you mean " + known.protocol + "?");
  CHECK(problems[1].at.line == 3);
  CHECK(problems[1].what == "there is no clause \"no/such\"");
}

TEST_CASE("who names no protocol is told which there are") {
  Problems problems;
  Settings settings;
  settings.roster = rules_directory + "/examples/roster.toml";
  settings.rules_directory = rules_directory;
  CHECK(!load_policy(settings, problems));
  std::erase_if(problems, [](const Problem& problem) { return problem.severity == Problem::Severity::odd; });
  REQUIRE(problems.size() == 1);
  CHECK(to_string(problems[0]).starts_with("give --protocol; there are: "));
  CHECK(problems[0].what.find("knutsford") != std::string::npos);
}

TEST_CASE("a pack of one's own is read besides the folder, and the settings count on top of it") {
  const std::string data = BEADLE_TEST_DATA "/cli";
  Problems problems;
  auto settings = load_settings(data + "/ours-settings.toml", problems);
  INFO(to_string(problems));
  REQUIRE(settings);
  const auto policy = load_policy(*settings, problems);
  REQUIRE(policy);
  CHECK(policy->protocol == "ours");
  const auto action_of = [&](const std::string& sender, const std::string& to, const std::string& text) {
    inspect::Envelope envelope;
    envelope.sender = sender;
    envelope.recipients = {to};
    const auto decision =
        inspect::inspect(mail::parse_message("From: " + sender + "\r\nTo: " + to + "\r\n\r\n" + text + "\r\n"), envelope, *policy, {}, from_ms(0));
    REQUIRE(decision);
    return decision->verdict.action;
  };
  // As included and changed, a rule of its own as the settings have it, and one that the pack switched on.
  CHECK(action_of("councillor@council.example", "info@firm.example", "Many thanks. Please send us two gates.") == rules::Action::flag);
  CHECK(action_of("councillor@council.example", "office@minister.example", "Many thanks for the gate.") == rules::Action::flag);
  CHECK(action_of("clerk@council.example", "info@firm.example", "Many thanks for the gate.") == rules::Action::pass);
  settings->overrides["parish/orders"].action = rules::Action::hold;
  const auto stronger = load_policy(*settings, problems);
  REQUIRE(stronger);
  CHECK(stronger->digest != policy->digest);
  settings->own_packs = {data + "/nowhere.toml"};
  problems.clear();
  CHECK(!load_policy(*settings, problems));
  REQUIRE_FALSE(problems.empty());
  CHECK(problems[0].file == data + "/nowhere.toml");
}

TEST_CASE("a pack that stands in the folder and is named besides is read once") {
  Problems problems;
  const std::string folder = BEADLE_TEST_DATA "/cli/parish";
  const auto rules = load_rules(folder, problems, {folder + "/../parish/parish.toml", BEADLE_TEST_DATA "/cli/ours.toml"});
  INFO(to_string(problems));
  REQUIRE(rules);
  CHECK(rules->packs().size() == 2);
}

TEST_CASE("holidays are read where the protocol counts working days, and only there") {
  Problems problems;
  const auto rules = load_rules(rules_directory, problems);
  REQUIRE(rules);
  Settings settings = settings_for(*rules);
  settings.holidays = "/nowhere/holidays.txt";
  const auto loads = [&] {
    problems.clear();
    return load_policy(settings, problems).has_value();
  };
  settings.protocol = "exmouth";  // nothing in it needs time
  CHECK(loads());
  settings.protocol = "southend";
  CHECK_FALSE(loads());
  CHECK(problems.back().file == "/nowhere/holidays.txt");
  settings.reminders = false;
  CHECK(loads());
  settings.reminders = true;
  settings.within["southend/9.1.5"] = {14, false};
  CHECK(loads());
  settings.within.clear();
  settings.holidays = BEADLE_SOURCE_DIR "/config/holidays.txt";
  const auto policy = load_policy(settings, problems);
  REQUIRE(policy);
  CHECK_FALSE(policy->reminders.calendar.is_working_day(*day_from("2026-12-25")));
  settings.overrides["southend/9.1.5"].mode = rules::Mode::off;  // a reminder is a clause
  CHECK(loads());
  settings.within["southend/9.1.14"] = {1, true};  // a clause, and no reminder
  CHECK_FALSE(loads());
  CHECK(problems.back().what == "there is no reminder \"southend/9.1.14\"");
}

TEST_CASE("a folder without packs or lexicons is refused") {
  const Folder folder;
  Problems problems;
  CHECK(!load_rules(folder.path(), problems));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == folder.path() + "/lexicon");
  CHECK(problems[1].what == "holds no rule packs");
  problems.clear();
  folder.write("lexicon/.hidden.toml", "not [ toml");
  folder.write("notes.txt", "not [ toml");
  CHECK(!load_rules(folder.path(), problems));
  CHECK(problems.size() == 1);
  problems.clear();
  folder.write("b.toml", "not [ toml");
  folder.write("a.toml", "not [ toml");
  CHECK(!load_rules(folder.path(), problems));
  REQUIRE(problems.size() == 2);
  CHECK(problems[0].file == folder.path() + "/a.toml");
  CHECK(problems[1].file == folder.path() + "/b.toml");
}

}  // namespace beadle::config
