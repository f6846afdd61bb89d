#include "rules/learn.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <unordered_map>

#include "rules/features.h"
#include "rules/sentences.h"

namespace beadle::rules {
namespace {

// What a sentence on the wrong side costs; more fits the rows closer, and other sentences worse. Rows of other cues count less:
// now and then one of them does what this cue says, and nobody has labelled it so.
// There are many more sentences that do nothing than such that do something: these count more.
constexpr double cost = 4.0, cost_of_yes = 12.0, cost_of_others = 0.8;
constexpr double cost_of_pairs = 0.5;  // times what a single sentence costs: each sentence stands in two
constexpr int rounds = 150;        // at most
constexpr double step_least = 0.02;  // in units: where no row teaches more than this in a round over all, the weights no longer change by a point
constexpr int rounds_between = 10;        // rounds over the rows that still teach, to one over all
constexpr double margin_left_out = 0.05;  // a row further on its side than this teaches nothing for now
constexpr double points_per_unit = 100.0;
constexpr int points_least = 20;   // lighter words are left out: no sentence turns on them, and people have to read the table
constexpr std::string_view everyday = "none";

using Example = Lessons::Example;

struct Row {
  const Example* example = nullptr;
  double label = 0;  // +1 or -1
  double cost = 0;
};

bool among(const std::vector<std::string>& names, const std::string& name) { return std::find(names.begin(), names.end(), name) != names.end(); }

/// Of a complete row.
bool in_doubt(const LabelledSentence& sentence, const std::string& cue) { return sentence.cue != cue && among(sentence.perhaps, cue); }
bool says(const LabelledSentence& sentence, const std::string& cue) { return sentence.cue == cue ? sentence.does : among(sentence.also, cue); }

/// The sentences that teach one cue.
std::vector<Row> rows_for(const Subject& subject, const Lessons& lessons) {
  std::vector<Row> rows;
  for (const Example& example : lessons.examples()) {
    const LabelledSentence& sentence = *example.sentence;
    const bool own = sentence.cue == subject.cue, does = own && sentence.does;
    if (!own && (sentence.complete ? sentence.again || among(sentence.also, subject.cue) : among(subject.kin, sentence.cue))) continue;
    rows.push_back({&example, does ? 1.0 : -1.0, does ? cost_of_yes : own || sentence.complete || sentence.cue == everyday ? cost : cost_of_others});
  }
  return rows;
}

/// Pairs of neighbours: what two sentences say together is less than one plain word, and more than nothing.
void add_pairs(const Subject& subject, const Lessons& lessons, std::vector<Row>& rows) {
  if (!subject.together) return;
  for (const Lessons::Pair& pair : lessons.pairs()) {
    if (in_doubt(*pair.first, subject.cue) || in_doubt(*pair.second, subject.cue)) continue;
    const bool does = says(*pair.first, subject.cue) || says(*pair.second, subject.cue);
    rows.push_back({&pair.both, does ? 1.0 : -1.0, cost_of_pairs * (does ? cost_of_yes : cost)});
  }
}

struct Line {
  std::vector<double> weights;
  Place direction{};
  double base = 0;
};

/// A fixed sequence: learning must not hang on a random generator of the library.
class Shuffle {
 public:
  std::size_t below(std::size_t count) {
    state_ = state_ * 6364136223846793005u + 1442695040888963407u;
    return static_cast<std::size_t>((state_ >> 33) % count);
  }
  void operator()(std::vector<std::size_t>& order) {
    for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[below(i)]);
  }

 private:
  std::uint64_t state_ = 20260105;
};

double score(const Line& line, const Example& row) {
  double sum = 0;
  for (const std::uint32_t feature : row.features) sum += line.weights[feature];
  return sum * row.value + along(row.place, line.direction) + line.base;
}

// Minimises |w|²/2 + Σ cost · max(0, 1 - y·(w·x))² by its dual, one row at a time. The base is one more number of each row, 1.
Line train(const std::vector<Row>& rows, std::vector<std::size_t> order, std::size_t features) {
  Line line{std::vector<double>(features, 0), {}, 0};
  std::vector<double> alpha(rows.size(), 0);
  Shuffle shuffle;
  // Most rows are far on their side and teach nothing more: in between they are left out, and looked at again every few rounds.
  std::vector<std::size_t> active;
  for (int round = 0; round < rounds && !order.empty(); ++round) {
    const bool all = round % rounds_between == 0 || round + rounds_between > rounds;
    shuffle(all ? order : active);
    if (all) active.clear();
    double longest = 0;
    for (const std::size_t i : all ? order : active) {
      const Row& row = rows[i];
      const Example& example = *row.example;
      const double diagonal = 1 / (2 * row.cost), curvature = example.length + 1 + diagonal;
      const double gradient = row.label * score(line, example) - 1 + diagonal * alpha[i];
      const double before = alpha[i];
      if (all && (before > 0 || gradient < margin_left_out)) active.push_back(i);
      alpha[i] = std::max(0.0, before - gradient / curvature);
      const double step = (alpha[i] - before) * row.label;
      if (step == 0) continue;
      longest = std::max(longest, std::abs(step));
      for (const std::uint32_t feature : example.features) line.weights[feature] += step * example.value;
      for (std::size_t k = 0; k < dimensions; ++k) line.direction[k] += static_cast<float>(step) * example.place[k];
      line.base += step;
    }
    if (all && longest < step_least) break;
  }
  return line;
}

int in_points(double units) { return static_cast<int>(std::lround(units * points_per_unit)); }

}  // namespace

Lessons::Example Lessons::example_of(const LabelledSentence& sentence, const std::vector<Word>& words) {
  Example example;
  example.sentence = &sentence;
  std::vector<Feature> features = features_of(words);
  example.value = 1 / feature_root(features.size());
  for (Feature& feature : features) {
    const auto [place, is_new] = numbers_.try_emplace(feature.hash, static_cast<std::uint32_t>(names_.size()));
    if (is_new) names_.push_back(std::move(feature.name));
    example.features.push_back(place->second);
  }
  // Each counts once, however often it stands there.
  std::sort(example.features.begin(), example.features.end());
  example.features.erase(std::unique(example.features.begin(), example.features.end()), example.features.end());
  if (vectors_ != nullptr) example.place = vectors_->place_of(words);
  example.length = static_cast<double>(example.features.size()) * example.value * example.value + along(example.place, example.place);
  return example;
}

Lessons::Lessons(const std::vector<LabelledSentence>& sentences, const WordVectors* vectors) : vectors_(vectors) {
  examples_.reserve(sentences.size());
  const LabelledSentence* before = nullptr;
  SentenceWords words_before;
  for (const LabelledSentence& sentence : sentences) {
    std::string folded = fold(sentence.sentence).text;
    std::replace(folded.begin(), folded.end(), '\n', ' ');
    SentenceWords words(folded);
    examples_.push_back(example_of(sentence, words.words()));
    if (!sentence.complete || sentence.again) continue;
    // Where one letter ends and another begins nobody has said; a greeting behind a last sentence does no harm.
    if (before != nullptr && sentence.line == before->line + 1 && sentence.writer == before->writer) {
      const std::vector<Word> both = as_one(words_before.words(), words.words());
      if (both.size() <= together_words_max) pairs_.push_back({example_of(*before, both), before, &sentence});
    }
    before = &sentence;
    words_before = std::move(words);
  }
}

Weights learn(const Subject& subject, const Lessons& lessons) {
  std::vector<Row> rows = rows_for(subject, lessons);
  Weights out;
  out.cue = subject.cue;
  const auto has = [&](double label) {
    return std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return row.label == label; });
  };
  if (!has(1) || !has(-1)) return out;
  add_pairs(subject, lessons, rows);
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  const Line line = train(rows, std::move(order), lessons.names().size());
  out.base = in_points(line.base);
  for (std::size_t i = 0; i < line.weights.size(); ++i) {
    if (const int points = in_points(line.weights[i]); std::abs(points) >= points_least) out.weights.push_back({lessons.names()[i], points});
  }
  std::sort(out.weights.begin(), out.weights.end(), [](const Weight& a, const Weight& b) {
    return std::pair(-a.points, std::string_view(a.feature)) < std::pair(-b.points, std::string_view(b.feature));
  });
  for (std::size_t i = 0; lessons.has_vectors() && i < dimensions; ++i) out.weights.push_back({dimension_name(i), in_points(line.direction[i])});
  return out;
}

std::vector<Judged> cross_validate(const Subject& subject, const Lessons& lessons, std::size_t folds) {
  const std::vector<Row> rows = rows_for(subject, lessons);
  const std::size_t count = rows.size();
  std::vector<Judged> out(count);
  std::vector<std::size_t> part(count);
  // Neighbours in a file are written alike (a sentence and its look-alike): they stand in one part.
  constexpr std::size_t neighbours = 8;
  for (std::size_t i = 0; i < count; ++i) part[i] = i / neighbours % folds;
  for (std::size_t fold = 0; fold < folds; ++fold) {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < count; ++i) {
      if (part[i] != fold) order.push_back(i);
    }
    const Line line = train(rows, std::move(order), lessons.names().size());
    for (std::size_t i = 0; i < count; ++i) {
      if (part[i] == fold) out[i] = {rows[i].example->sentence, in_points(score(line, *rows[i].example))};
    }
  }
  return out;
}

}  // namespace beadle::rules
