// Word vectors: words as places in a space where words that are used alike stand near each other, so that what is learned about
// "waive" and "forgo" tells something about "remit", which no labelled sentence has. From GloVe (Pennington, Socher, Manning 2014; public domain).
//
// rules/vectors.tsv has a word a line, a tab, and a hexadecimal digit for each dimension: 8 is nought, 1 to f are -7 to 7.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "rules/features.h"

namespace beadle::rules {

inline constexpr std::size_t dimensions = 100;

/// Where a sentence stands: the sum of its words' vectors over the root of their number, in units in which a word has about length 1.
using Place = std::array<float, dimensions>;

/// How far a place lies in a direction: the sum of the products.
double along(const Place& place, const Place& direction);

class WordVectors {
 public:
  /// nullptr for a word that has none. shape: `dimensions` numbers, -7 to 7.
  const std::int8_t* find(const Word& word) const;
  std::size_t size() const { return numbers_.size() / dimensions; }
  /// SHA-256 of what was read.
  const std::string& digest() const { return digest_; }
  Place place_of(const std::vector<Word>& words) const;
  /// What each word adds to `along(place_of(words), direction)`.
  std::vector<double> along_each(const std::vector<Word>& words, const Place& direction) const;

 private:
  friend std::shared_ptr<const WordVectors> parse_vectors(std::string_view text, std::string_view file, Problems& problems);
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = 0;  // of the vector, from 1; 0: free
  };
  Slot& slot_of(std::uint64_t hash);
  bool add(std::string_view word, std::string_view digits);

  std::vector<Slot> slots_;  // by open addressing; a power of two, at most half of them taken
  std::vector<std::int8_t> numbers_;
  std::string digest_;
};

/// nullptr where something is wrong; the first mistake is in `problems` with its line.
std::shared_ptr<const WordVectors> parse_vectors(std::string_view text, std::string_view file, Problems& problems);

}  // namespace beadle::rules
