#include "rules/lexicon.h"

#include "base/limits.h"
#include "rules/coverage.h"
#include "rules/pattern.h"

#include "rules/helpers.h"

#include "catch.h"

namespace beadle::rules {
namespace {

/// Packs beside lexicon.toml (those that include another: beside base.toml too), lexicons by themselves.
void check_rules(const std::string& text, const std::string& file, Problems& problems) {
  const bool is_pack = file.find("-pack-") != std::string::npos;
  std::vector<Pack> packs;
  std::vector<Lexicon> lexicons;
  auto pack = is_pack ? parse_pack(text, file, problems) : std::nullopt;
  auto lexicon = is_pack ? parse_lexicon(bytes_of(test_data() / "lexicon.toml"), "lexicon.toml", problems) : parse_lexicon(text, file, problems);
  const bool read = lexicon && (pack || !is_pack);
  CHECK(read == !has_errors(problems));
  if (!read) return;
  if (pack) packs.push_back(std::move(*pack));
  if (file.find("-include-") != std::string::npos) packs.push_back(*parse_pack(bytes_of(test_data() / "base.toml"), "base.toml", problems));
  lexicons.push_back(std::move(*lexicon));
  const bool compiled = RuleSet::compile(std::move(packs), std::move(lexicons), problems).has_value();
  CHECK(compiled == !has_errors(problems));
}

/// Catalogues, held against base.toml.
void check_catalogue(const std::string& text, const std::string& file, Problems& problems) {
  const auto catalogue = parse_catalogue(text, file, problems);
  CHECK(catalogue.has_value() == !has_errors(problems));
  if (!catalogue) return;
  const auto base = parse_pack(bytes_of(test_data() / "base.toml"), "base.toml", problems);
  REQUIRE(base);
  const Problems found = check_catalogues({*base}, {*catalogue});
  problems.insert(problems.end(), found.begin(), found.end());
}

}  // namespace

TEST_CASE("a lexicon is read whole") {
  Problems problems;
  const auto lexicon = parse_lexicon(bytes_of(test_data() / "lexicon.toml"), "lexicon.toml", problems);
  CHECK(to_string(problems) == "");
  REQUIRE(lexicon);
  CHECK(lexicon->file == "lexicon.toml");
  REQUIRE(lexicon->words.contains("we"));
  CHECK(lexicon->words.at("we").text == "(?:we|the council)");
  CHECK(lexicon->words.at("we").at == Position{3, 6});
  REQUIRE(lexicon->cues.size() == 2);
  const Cue& promise = lexicon->cues[0];
  CHECK(promise.name == "promise");
  CHECK(promise.says == "promises");
  CHECK(promise.file == "lexicon.toml");
  CHECK(promise.at.line == 5);
  CHECK(promise.unless.size() == 2);
  CHECK(promise.matches.size() == 1);
  CHECK(promise.passes.size() == 2);
  REQUIRE(promise.forms.size() == 1);
  CHECK(promise.forms[0].all.size() == 2);
  CHECK(promise.forms[0].none.size() == 1);
  CHECK(promise.forms[0].sentences == 1);
  CHECK(lexicon->cues[1].forms[0].sentences == 2);
}

TEST_CASE("`sentences` of a cue is that of its forms, unless they have their own") {
  Problems problems;
  const auto lexicon = parse_lexicon(R"(
[cue.reason]
says = "says why"
sentences = 3
matches = ["a"]
passes = ["b"]
[[cue.reason.form]]
all = "a"
[[cue.reason.form]]
all = ["b"]
sentences = 2
)",
                                     "lexicon.toml", problems);
  REQUIRE(lexicon);
  CHECK(lexicon->cues[0].forms[0].sentences == 3);
  CHECK(lexicon->cues[0].forms[1].sentences == 2);
}

TEST_CASE("every mistake in packs, lexicons and catalogues is told with its place (broken/*)") {
  const bool update = std::getenv("BEADLE_UPDATE") != nullptr;
  std::size_t count = 0;
  for (const fs::path& path : toml_files(test_data() / "broken")) {
    ++count;
    const std::string file = path.filename().string();
    INFO(file);
    Problems problems;
    if (file.find("-catalogue-") != std::string::npos) {
      check_catalogue(bytes_of(path), file, problems);
    } else {
      check_rules(bytes_of(path), file, problems);
    }
    CHECK(!problems.empty());
    fs::path expectation = path;
    expectation.replace_extension(".error");
    if (update) std::ofstream(expectation, std::ios::binary) << to_string(problems);
    CHECK(to_string(problems) == bytes_of(expectation));
  }
  CHECK(count >= 40);
}

TEST_CASE("patterns match whole words, except where they say otherwise") {
  CHECK(whole_words("gate") == "\\b(?:gate)\\b");
  CHECK(whole_words("gate|fence") == "\\b(?:gate|fence)\\b");
  CHECK(whole_words("^gate$") == "(?:^gate$)");
  CHECK(whole_words("\\?$") == "(?:\\?$)");
  CHECK(whole_words(".*gate") == "(?:.*gate)\\b");
  CHECK(whole_words("£5") == "(?:£5)\\b");
  CHECK(whole_words("if\\b") == "\\b(?:if\\b)");
  CHECK(whole_words("web") == "\\b(?:web)\\b");
  CHECK(whole_words("b") == "\\b(?:b)\\b");
  CHECK(whole_words("gate.*") == "\\b(?:gate.*)");
  CHECK(whole_words("gate\\w+") == "\\b(?:gate\\w+)");
  CHECK(whole_words("gate.") == "\\b(?:gate.)");
}

TEST_CASE("names in patterns are told from repetitions and classes") {
  const auto names = [](std::string_view pattern) {
    std::string out;
    for (const NameUse& use : name_uses(pattern)) out += std::string(use.name) + ",";
    return out;
  };
  CHECK(names("{we} ?{will}") == "we,will,");
  CHECK(names("a{2}b{2,}c{2,5}") == "");
  CHECK(names("\\p{Greek}\\x{41}\\{we}") == "");
  CHECK(names("[{we}]{we}") == "we,");
  CHECK(names("[]{we}]{will}") == "will,");
  CHECK(names("[^]{we}]{will}") == "will,");
  CHECK(names("\\Q{we}\\E{will}") == "will,");
  CHECK(names("{we") == "");
  CHECK(names("{}") == "");
  CHECK(names("{we-all}x{a_b}") == "we-all,a_b,");
}

TEST_CASE("a name stands for the words of its own file first, then of any other") {
  const std::string own = R"(
[words]
we = 'ourselves'
[cue.own]
says = "a"
matches = ["ourselves pay"]
passes = ["we pay"]
[[cue.own.form]]
all = ['{we} {do}']
)";
  const std::string other = R"(
[words]
do = '(?:pay|fund)'
we = '{who}'
who = 'we|us'
[cue.other]
says = "b"
matches = ["we pay"]
passes = ["ourselves pay"]
[[cue.other.form]]
all = ['{we} {do}']
)";
  Problems problems;
  const auto rules = compile({}, {own, other}, problems);
  CHECK(to_string(problems) ==
        "lexicon2.toml:4:6: odd: {we} has another meaning in lexicon1.toml:3 (each file uses its own; a third uses the first)\n");
  REQUIRE(rules);
  const auto cue_of = [&](std::string_view text) {
    const auto hits = rules->find_cues(text);
    REQUIRE(hits);
    std::string out;
    for (const CueHit& hit : *hits) out += rules->cues()[hit.cue].name + " ";
    return out;
  };
  CHECK(cue_of("ourselves pay") == "own ");
  CHECK(cue_of("we pay") == "other ");
  // A group of alternatives stays one group.
  CHECK(cue_of("us fund") == "other ");
  CHECK(cue_of("we") == "");
}

}  // namespace beadle::rules
