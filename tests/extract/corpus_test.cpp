// Documents that nobody here wrote, where they are at hand: text of each that is not encrypted or damaged, an outcome of each
// that is, and none that the child fails at. What each gives stands in tests/data/extract/corpus.tsv.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "base/text.h"
#include "catch.h"
#include "corpus.h"
#include "extract/text_of.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::extract;

namespace {

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Expected {
  std::string outcome, words;
};

std::map<std::string, Expected> expectations() {
  std::map<std::string, Expected> out;
  std::ifstream file(BEADLE_TEST_DATA "/extract/corpus.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const auto cells = split(line, '\t');
    REQUIRE(cells.size() >= 2);
    out[std::string(cells[0])] = {std::string(cells[1]), std::string(cells.size() > 2 ? cells[2] : "")};
  }
  return out;
}

std::string all_text(const Extraction& read) {
  std::string all;
  for (const Passage& each : read.passages) all += each.place == Place::file_name ? "" : each.text + "\n";
  return all;
}

}  // namespace

TEST_CASE("documents of others") {
  const auto files = tests::corpus_files("documents");
  if (files.empty()) {
    WARN("skipped: no documents of others at hand");
    return;
  }
  const auto expected = expectations();
  std::size_t seen = 0;
  for (const fs::path& file : files) {
    const std::string name = file.filename();
    const Extraction read = extract_text(bytes_of(file), name);
    INFO(name << "\n" << shown(read));
    CHECK(read.outcome != Outcome::crashed);
    CHECK((read.outcome == Outcome::ok) == read.unread.empty());
    for (const Unread& each : read.unread) CHECK_FALSE(each.detail.empty());
    const auto want = expected.find(name);
    if (want == expected.end()) {
      FAIL_CHECK("has no row in corpus.tsv");
      continue;
    }
    ++seen;
    CHECK(to_string(read.outcome) == want->second.outcome);
    CHECK(has(all_text(read), want->second.words));
  }
  CHECK(seen == expected.size());
}
