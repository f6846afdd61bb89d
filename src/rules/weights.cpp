#include "rules/weights.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <map>
#include <set>

#include "base/check.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "rules/features.h"

namespace beadle::rules {
namespace {

constexpr std::string_view base_name = "(base)";
constexpr char dimension_mark = '~';

void prefetch(const void* at) {
#if defined(__GNUC__)
  __builtin_prefetch(at);
#else
  (void)at;
#endif
}

std::string cue_of(std::string_view file) {
  const std::size_t slash = file.rfind('/');
  if (slash != std::string_view::npos) file.remove_prefix(slash + 1);
  return std::string(file.substr(0, file.rfind('.')));
}

std::optional<int> points_of(std::string_view text) {
  int points = 0;
  if (text.starts_with('+')) text.remove_prefix(1);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), points);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  if (!whole || points < -limits::weight_points_most || points > limits::weight_points_most) return std::nullopt;
  return points;
}

}  // namespace

std::optional<std::size_t> dimension_of(std::string_view feature) {
  if (!feature.starts_with(dimension_mark)) return std::nullopt;
  std::size_t dimension = 0;
  const auto [end, error] = std::from_chars(feature.data() + 1, feature.data() + feature.size(), dimension);
  if (error != std::errc() || end != feature.data() + feature.size() || dimension >= dimensions) return std::nullopt;
  return dimension;
}

std::string dimension_name(std::size_t dimension) { return dimension_mark + std::to_string(dimension); }

std::optional<Weights> parse_weights(std::string_view text, std::string_view file, Problems& problems) {
  Weights out{.cue = cue_of(file), .file = std::string(file), .base = 0, .weights = {}, .digest = sha256_hex(text)};
  out.weights.reserve(std::min<std::size_t>(static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n')) + 1, limits::weights_max));
  bool good = true;
  const auto wrong = [&](int line, int column, std::string what, std::string hint) {
    problems.push_back({Problem::Severity::error, std::string(file), {line, column}, std::move(what), std::move(hint)});
    good = false;
  };
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || line.starts_with("#")) continue;
    if (!good) break;  // one mistake is enough to know that it is no such file
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || tab == 0) {
      wrong(number, 1, "no feature and points with a tab between", "write the file with `beadle rules learn`");
      continue;
    }
    const auto points = points_of(line.substr(tab + 1));
    if (!points) {
      wrong(number, static_cast<int>(tab) + 2, "no points: " + shortened(printable(line.substr(tab + 1)), 40), "a whole number");
      continue;
    }
    if (line.substr(0, tab) == base_name) {
      out.base = *points;
    } else if (out.weights.size() == limits::weights_max) {
      wrong(number, 1, "more than " + std::to_string(limits::weights_max) + " weights", "");
    } else {
      out.weights.push_back({std::string(line.substr(0, tab)), *points});
    }
  }
  if (!good) return std::nullopt;
  return out;
}

std::string to_text(const Weights& weights) {
  std::string out = "# " + weights.cue + ": points that words speak for it (+) or against it (-). Learned from rules/sentences by `beadle rules learn`.\n";
  const auto add = [&](std::string_view feature, int points) {
    out += std::string(feature) + "\t" + (points > 0 ? "+" : "") + std::to_string(points) + "\n";
  };
  add(base_name, weights.base);
  for (const Weight& weight : weights.weights) add(weight.feature, weight.points);
  return out;
}

std::size_t Scales::add(const Weights& weights) {
  // Each cue has a file of weights of its own.
  constexpr std::size_t cues_most = 1 << Entry::cue_bits;
  static_assert(limits::rule_files_max < cues_most && limits::weight_points_most < 1 << (31 - Entry::cue_bits), "an entry has room for them");
  CHECK(bases_.size() < cues_most);
  const std::size_t cue = bases_.size();
  bases_.push_back(weights.base);
  Place& direction = directions_.emplace_back();
  for (const Weight& weight : weights.weights) {
    if (const auto dimension = dimension_of(weight.feature)) {
      direction[*dimension] = static_cast<float>(weight.points);
    } else {
      added_.push_back({feature_hash(weight.feature), Entry(cue, weight.points)});
    }
  }
  return cue;
}

std::size_t Scales::place_of(std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = first_place_of(hash);
  while (slots_[at].count != 0 && slots_[at].hash != hash) at = (at + 1) & mask;
  return at;
}

void Scales::build() {
  // Entries of a feature stand together, and features nearly in the order of their places.
  std::sort(added_.begin(), added_.end(), [](const Added& a, const Added& b) { return a.hash < b.hash; });
  std::size_t features = 0;
  for (std::size_t i = 0; i < added_.size(); ++i) features += i == 0 || added_[i].hash != added_[i - 1].hash ? 1 : 0;
  slots_ = std::vector<Slot>(std::bit_ceil(2 * features + 2));
  slots_shift_ = 64 - std::countr_zero(slots_.size());
  entries_.reserve(added_.size());
  for (const Added& added : added_) {
    Slot& slot = slots_[place_of(added.hash)];
    if (slot.count == 0) slot = {added.hash, static_cast<std::uint32_t>(entries_.size()), 0};
    ++slot.count;
    marks_[mark_of(added.hash)] = true;
    entries_.push_back(added.entry);
  }
  added_ = {};
}

std::vector<int> Scales::weigh(std::string_view folded) const { return weigh(SentenceWords(folded).words()); }

std::vector<int> Scales::weigh(const std::vector<Word>& words) const {
  std::vector<std::uint64_t> features = feature_hashes(words);
  const double root = feature_root(features.size());
  // Most are in no table; of those that are each counts once.
  std::erase_if(features, [&](std::uint64_t feature) { return !marks_[mark_of(feature)]; });
  std::sort(features.begin(), features.end());
  features.erase(std::unique(features.begin(), features.end()), features.end());
  // The tables are larger than the processor's cache: what is going to be read is asked for first, all at once, so that it comes while the
  // rest is waited for.
  for (const std::uint64_t feature : features) prefetch(&slots_[first_place_of(feature)]);
  const Place place = vectors_ ? vectors_->place_of(words) : Place{};
  std::vector<const Slot*> known;
  known.reserve(features.size());
  for (const std::uint64_t feature : features) {
    const Slot& slot = slots_[place_of(feature)];
    if (slot.count == 0) continue;
    prefetch(&entries_[slot.begin]);
    known.push_back(&slot);
  }
  std::vector<std::int32_t> sums(bases_.size(), 0);
  for (const Slot* slot : known) {
    for (std::size_t i = 0; i < slot->count; ++i) sums[entries_[slot->begin + i].cue()] += entries_[slot->begin + i].points();
  }
  std::vector<int> points(bases_.size());
  for (std::size_t i = 0; i < sums.size(); ++i) {
    points[i] = bases_[i] + static_cast<int>(std::lround(static_cast<double>(sums[i]) / root + along(place, directions_[i])));
  }
  return points;
}

std::int32_t Scales::points_of(std::size_t cue, std::uint64_t hash) const {
  const Slot& slot = slots_[place_of(hash)];
  std::int32_t points = 0;
  for (std::size_t i = 0; i < slot.count; ++i) {
    if (entries_[slot.begin + i].cue() == cue) points += entries_[slot.begin + i].points();
  }
  return points;
}

Weighing Scales::take_apart(std::size_t cue, const std::vector<Word>& words) const {
  const std::vector<Feature> features = features_of(words);
  const double root = feature_root(features.size());
  std::map<std::string, double> points;
  std::set<std::uint64_t> counted;
  // How a word begins stands behind the word.
  std::string last_word;
  for (const Feature& feature : features) {
    const bool is_beginning = feature.name.size() > 1 && feature.name.ends_with('*');
    if (!is_beginning && feature.name.find(' ') == std::string::npos) last_word = feature.name;
    if (!counted.insert(feature.hash).second) continue;
    points[is_beginning ? last_word : feature.name] += points_of(cue, feature.hash) / root;
  }
  const std::vector<double> shares = vectors_ ? vectors_->along_each(words, directions_[cue]) : std::vector<double>();
  for (std::size_t i = 0; i < shares.size(); ++i) points[std::string(words[i].text)] += shares[i];
  Weighing out{.base = bases_[cue], .words = {}};
  for (const auto& [name, sum] : points) {
    if (const auto rounded = static_cast<int>(std::lround(sum)); rounded != 0) out.words.push_back({name, rounded});
  }
  std::stable_sort(out.words.begin(), out.words.end(), [](const Weight& a, const Weight& b) { return std::abs(a.points) > std::abs(b.points); });
  return out;
}

}  // namespace beadle::rules
