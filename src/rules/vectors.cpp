#include "rules/vectors.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::rules {
namespace {

// A step of one digit, with words of length 1: the largest number of nearly all words is 0.35. The rest is how much vectors count beside words:
// chosen by sentences of other writers than those that were learned.
constexpr float step = 0.05f, share = 0.6f;
// A place made of one or two words tells little.
constexpr float words_least = 3;

std::optional<std::int8_t> number_of(char digit) {
  if (digit >= '1' && digit <= '9') return static_cast<std::int8_t>(digit - '8');
  if (digit >= 'a' && digit <= 'f') return static_cast<std::int8_t>(digit - 'a' + 2);
  return std::nullopt;
}

}  // namespace

double along(const Place& place, const Place& direction) {
  // Four sums side by side: one alone would have to be added up in order.
  std::array<float, 4> sums{};
  static_assert(dimensions % sums.size() == 0);
  for (std::size_t i = 0; i < dimensions; i += sums.size()) {
    for (std::size_t k = 0; k < sums.size(); ++k) sums[k] += place[i + k] * direction[i + k];
  }
  return (sums[0] + sums[1]) + (sums[2] + sums[3]);
}

WordVectors::Slot& WordVectors::slot_of(std::uint64_t hash) {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].number != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return slots_[at];
}

bool WordVectors::add(std::string_view word, std::string_view digits) {
  const std::uint64_t hash = feature_hash(word);
  Slot& slot = slot_of(hash);
  if (slot.number != 0 || digits.size() != dimensions) return false;
  for (const char digit : digits) {
    const auto number = number_of(digit);
    if (!number) return false;
    numbers_.push_back(*number);
  }
  slot = {hash, static_cast<std::uint32_t>(size())};
  return true;
}

const std::int8_t* WordVectors::find(const Word& word) const {
  if (slots_.empty()) return nullptr;
  const std::uint64_t hash = word.hash;
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].number != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return slots_[at].number == 0 ? nullptr : numbers_.data() + (slots_[at].number - 1) * dimensions;
}

Place WordVectors::place_of(const std::vector<Word>& words) const {
  // A short number, because many of them are added at once.
  static_assert(limits::sentence_words_max * 8 < std::numeric_limits<std::int16_t>::max(), "a sum of vectors has room in it");
  std::vector<const std::int8_t*> found;
  found.reserve(words.size());
  for (const Word& word : words) {
    if (word.bare) continue;
    if (const std::int8_t* vector = find(word)) found.push_back(vector);
  }
  std::array<std::int16_t, dimensions> sum{};
  for (const std::int8_t* vector : found) {
    for (std::size_t i = 0; i < dimensions; ++i) sum[i] = static_cast<std::int16_t>(sum[i] + vector[i]);
  }
  const float unit = share * step / std::sqrt(static_cast<float>(found.size()) + words_least);
  Place place{};
  for (std::size_t i = 0; i < dimensions; ++i) place[i] = static_cast<float>(sum[i]) * unit;
  return place;
}

std::vector<double> WordVectors::along_each(const std::vector<Word>& words, const Place& direction) const {
  std::vector<double> shares(words.size());
  std::size_t found = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::int8_t* vector = words[i].bare ? nullptr : find(words[i]);
    if (vector == nullptr) continue;
    ++found;
    for (std::size_t k = 0; k < dimensions; ++k) shares[i] += vector[k] * static_cast<double>(direction[k]);
  }
  const double unit = static_cast<double>(share) * static_cast<double>(step) / std::sqrt(static_cast<double>(found) + static_cast<double>(words_least));
  for (double& one : shares) one *= unit;
  return shares;
}

std::shared_ptr<const WordVectors> parse_vectors(std::string_view text, std::string_view file, Problems& problems) {
  auto out = std::make_shared<WordVectors>();
  const std::vector<std::string_view> lines = split(text, '\n');
  const auto wrong = [&](std::size_t line, int column, std::string what, std::string hint) {
    problems.push_back({Problem::Severity::error, std::string(file), {static_cast<int>(line) + 1, column}, std::move(what), std::move(hint)});
    return nullptr;
  };
  if (lines.size() > limits::vectors_max) return wrong(limits::vectors_max, 1, "more than " + std::to_string(limits::vectors_max) + " words", "");
  out->slots_.resize(std::bit_ceil(2 * lines.size() + 2));
  out->numbers_.reserve(lines.size() * dimensions);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    std::string_view line = lines[i];
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("# ")) continue;
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || tab == 0) return wrong(i, 1, "no word and vector with a tab between", "");
    if (!out->add(line.substr(0, tab), line.substr(tab + 1))) {
      return wrong(i, static_cast<int>(tab) + 2, "not " + std::to_string(dimensions) + " digits of 1 to 9 and a to f, or a word that stands twice",
                   "one hexadecimal digit for each dimension, 8 for nought");
    }
  }
  out->digest_ = sha256_hex(text);
  return out;
}

}  // namespace beadle::rules
