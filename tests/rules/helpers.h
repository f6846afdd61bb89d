// Files of the test data, and rules made from them.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "rules/rule_set.h"

namespace beadle::rules {

namespace fs = std::filesystem;

inline std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline std::vector<fs::path> toml_files(const fs::path& folder) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() == ".toml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

inline const fs::path& test_data() {
  static const fs::path folder = fs::path(BEADLE_TEST_DATA) / "rules";
  return folder;
}

/// Packs and lexicons, some of them with mistakes, as far as they go.
inline std::optional<RuleSet> compile(const std::vector<std::string>& packs, const std::vector<std::string>& lexicons,
                                      Problems& problems) {
  std::vector<Pack> read_packs;
  std::vector<Lexicon> read_lexicons;
  for (std::size_t i = 0; i < packs.size(); ++i) {
    auto pack = parse_pack(packs[i], "pack" + std::to_string(i + 1) + ".toml", problems);
    if (pack) read_packs.push_back(std::move(*pack));
  }
  for (std::size_t i = 0; i < lexicons.size(); ++i) {
    auto lexicon = parse_lexicon(lexicons[i], "lexicon" + std::to_string(i + 1) + ".toml", problems);
    if (lexicon) read_lexicons.push_back(std::move(*lexicon));
  }
  if (has_errors(problems)) return std::nullopt;
  return RuleSet::compile(std::move(read_packs), std::move(read_lexicons), problems);
}

}  // namespace beadle::rules
