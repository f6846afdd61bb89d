// Weights: how much each word speaks for or against a cue, in points, learned from labelled sentences (rules/sentences) by
// `beadle rules learn`. A file of rules/weights is a table that a person can read: a feature, a tab, its points.
//
// A sentence scores the sum of the points of its features over the root of their number (so that long sentences weigh no more
// than short ones), what its place among the word vectors tells (vectors.h; rows "~0" to "~99", one for each dimension), and the base.
// Whatever a table does not know counts nothing.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"
#include "rules/vectors.h"

namespace beadle::rules {

struct Weight {
  std::string feature;
  int points = 0;
};

/// "~17" → 17; nullopt for what is no dimension.
std::optional<std::size_t> dimension_of(std::string_view feature);
std::string dimension_name(std::size_t dimension);

struct Weights {
  std::string cue;  // the file's name without its ending
  std::string file;
  int base = 0;  // points of every sentence
  std::vector<Weight> weights;
  std::string digest{};  // SHA-256 of the file; "" of what was never one
};

/// nullopt where something is wrong; every mistake is in `problems` with its line.
std::optional<Weights> parse_weights(std::string_view text, std::string_view file, Problems& problems);
/// The file of these weights.
std::string to_text(const Weights& weights);

/// The points of one sentence for one cue, taken apart: base and words add up to them, but for rounding.
struct Weighing {
  int base = 0;               // every sentence has these
  std::vector<Weight> words;  // words and pairs as features_of names them, the one with most points for or against first; none with nought
};

/// The tables of several cues put together, so that a sentence is looked up once.
class Scales {
 public:
  /// Without vectors, rows of dimensions count nothing.
  explicit Scales(std::shared_ptr<const WordVectors> vectors = nullptr) : vectors_(std::move(vectors)) {}
  /// The next cue; its index is given back.
  std::size_t add(const Weights& weights);
  /// Once, when all cues are there.
  void build();
  std::size_t size() const { return bases_.size(); }
  /// Points of a folded sentence for each cue.
  std::vector<int> weigh(std::string_view folded) const;
  std::vector<int> weigh(const std::vector<Word>& words) const;
  /// A word has the points of its own row, of how it begins, and of its place among the word vectors.
  Weighing take_apart(std::size_t cue, const std::vector<Word>& words) const;

 private:
  /// In one number, because they are many and lie far apart.
  class Entry {
   public:
    static constexpr int cue_bits = 11;
    Entry() = default;
    Entry(std::size_t cue, std::int32_t points) : packed_(points * (1 << cue_bits) + static_cast<std::int32_t>(cue)) {}
    std::size_t cue() const { return static_cast<std::size_t>(packed_ & ((1 << cue_bits) - 1)); }
    std::int32_t points() const { return packed_ >> cue_bits; }

   private:
    std::int32_t packed_ = 0;
  };
  /// A feature and its entries: entries_[begin, begin + count). Free where count is 0.
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t begin = 0;
    std::uint32_t count = 0;
  };
  struct Added {
    std::uint64_t hash = 0;
    Entry entry;
  };
  /// Of the slot that has this hash, or of the free one where it would be.
  std::size_t place_of(std::uint64_t hash) const;
  std::int32_t points_of(std::size_t cue, std::uint64_t hash) const;
  std::size_t first_place_of(std::uint64_t hash) const { return hash >> slots_shift_; }

  static std::size_t mark_of(std::uint64_t hash) { return hash >> (64 - marks_log2); }
  static constexpr int marks_log2 = 22;

  std::shared_ptr<const WordVectors> vectors_;
  std::vector<Place> directions_;  // of each cue: points for a step in each dimension
  std::vector<int> bases_;
  std::vector<Added> added_;  // until all are there
  // Nearly all pairs of words are in no table. A bit for each that is stays in the processor's cache, the slots do not.
  std::vector<bool> marks_ = std::vector<bool>(std::size_t{1} << marks_log2);
  // Most words that are looked up are in no table, and each sentence looks up some dozens: one look into one array tells.
  std::vector<Slot> slots_{2};  // by open addressing; a power of two, at most half of them taken
  int slots_shift_ = 63;
  std::vector<Entry> entries_;
};

}  // namespace beadle::rules
