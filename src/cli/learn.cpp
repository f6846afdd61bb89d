// beadle rules learn, beadle rules cues: weights from labelled sentences, and what lexicons are worth on such sentences.
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "rules/learn.h"

namespace beadle::cli {
namespace {

namespace fs = std::filesystem;
using rules::LabelledSentence;

constexpr std::size_t folds = 5;

struct Tally {
  std::size_t yes = 0, found = 0, no = 0, alarms = 0;
};

double share(std::size_t part, std::size_t whole) { return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole); }

bool wanted(const RulesOptions& options, const std::string& cue) {
  return options.cues.empty() || std::find(options.cues.begin(), options.cues.end(), cue) != options.cues.end();
}

Tally tally_at(const std::vector<rules::Judged>& judged, std::string_view cue, int least) {
  Tally tally;
  for (const rules::Judged& one : judged) {
    if (one.row->cue != cue) continue;
    const bool found = one.points >= least;
    (one.row->does ? tally.yes : tally.no) += 1;
    if (found) (one.row->does ? tally.found : tally.alarms) += 1;
  }
  return tally;
}

std::pair<std::size_t, std::size_t> everyday_at(const std::vector<rules::Judged>& judged, int least) {
  std::size_t all = 0, alarms = 0;
  for (const rules::Judged& one : judged) {
    if (one.row->cue != "none") continue;
    ++all;
    alarms += one.points >= least ? 1 : 0;
  }
  return {alarms, all};
}

// A lexicon promises its examples, so they are learned more than once.
void teach_examples(const std::vector<rules::Lexicon>& lexicons, std::vector<LabelledSentence>& sentences) {
  constexpr int times = 4;
  const auto teach = [&](const rules::Cue& cue, const rules::LabelledText& example, bool does) {
    for (int i = 0; i < times; ++i) sentences.push_back({cue.name, does, "any", example.text, "", example.at.line});
  };
  for (const rules::Lexicon& lexicon : lexicons) {
    for (const rules::Cue& cue : lexicon.cues) {
      for (const rules::LabelledText& example : cue.matches) teach(cue, example, true);
      for (const rules::LabelledText& example : cue.passes) teach(cue, example, false);
    }
  }
}

Result<void> write_file(const fs::path& path, const std::string& text) {
  const fs::path temporary = path.string() + ".new";
  std::ofstream out(temporary, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  std::error_code error;
  if (out) fs::rename(temporary, path, error);
  if (!out || error) return Error{ErrorKind::try_later, path.string() + ": cannot be written"};
  return {};
}

void print_worth(const std::string& label, const std::string& cue, const std::vector<rules::Judged>& judged, int least, std::size_t features) {
  const Tally tally = tally_at(judged, cue, least);
  const auto [alarms, all] = everyday_at(judged, least);
  std::printf("%-24s %6zu %6zu %7d %9.1f %% %9.1f %% %9.2f %% %8zu\n", label.c_str(), tally.yes, tally.no, least, share(tally.found, tally.yes),
              share(tally.alarms, tally.no), share(alarms, all), features);
}

}  // namespace

int rules_learn(const RulesOptions& options) {
  const std::string folder = rules_folder(options);
  Problems problems;
  const auto lexicons = config::load_lexicons(folder, problems);
  auto sentences = config::load_sentences(options.sentences.empty() ? folder + "/sentences" : options.sentences, problems);
  if (!lexicons || !sentences) return report(problems), exit_config;
  teach_examples(*lexicons, *sentences);
  const fs::path out = options.weights.empty() ? fs::path(folder) / "weights" : fs::path(options.weights);
  std::error_code error;
  fs::create_directories(out, error);
  const bool measure = options.measure || !options.cues.empty();
  if (measure) std::printf("On sentences that the weights have not seen (%zu parts in turn):\n%-24s %6s %6s %7s %11s %11s %11s %8s\n", folds, "cue", "yes", "no",
              "points", "found", "false", "everyday", "weights");
  for (const rules::Lexicon& lexicon : *lexicons) {
    for (const rules::Cue& cue : lexicon.cues) {
      if (!cue.points || !wanted(options, cue.name)) continue;
      const rules::Weights weights = rules::learn({cue.name, cue.kin}, *sentences);
      if (weights.weights.empty()) return fail({ErrorKind::bad_data, "cue " + cue.name + " has points, and no labelled sentences both ways"});
      if (const auto written = write_file(out / (cue.name + ".tsv"), rules::to_text(weights)); !written) return fail(written.error());
      if (!measure) {
        std::printf("%-24s %zu weights\n", cue.name.c_str(), weights.weights.size());
        std::fflush(stdout);
        continue;
      }
      const auto judged = rules::cross_validate({cue.name, cue.kin}, *sentences, folds);
      print_worth(cue.name, cue.name, judged, *cue.points, weights.weights.size());
      // For one cue by itself also what other thresholds would give.
      for (int least = -90; !options.cues.empty() && least <= 30; least += 5) print_worth("  at", cue.name, judged, least, weights.weights.size());
      std::fflush(stdout);
    }
  }
  return exit_ok;
}

int rules_cues(const RulesOptions& options) {
  Problems problems;
  const auto rules = config::load_rules(rules_folder(options), problems);
  const auto sentences = config::load_sentences(options.sentences, problems);
  if (const int code = report(problems); !rules || !sentences) return code == exit_ok ? static_cast<int>(exit_config) : code;
  std::map<std::string, Tally> tallies;
  std::map<std::string, std::size_t> unknown;
  for (const LabelledSentence& row : *sentences) {
    const auto cue = rules->cue_index(row.cue);
    if (!wanted(options, row.cue)) continue;
    if (!cue) {
      ++unknown[row.cue];
      continue;
    }
    const auto hits = rules->find_cues(row.sentence);
    if (!hits) return fail(hits.error());
    const bool found = std::any_of(hits->begin(), hits->end(), [&](const rules::CueHit& hit) { return hit.cue == *cue && !hit.nearly; });
    Tally& tally = tallies[row.cue];
    (row.does ? tally.yes : tally.no) += 1;
    if (found) (row.does ? tally.found : tally.alarms) += 1;
    if (options.misses && found != row.does) {
      std::printf("%s:%d: %s %s: %s\n", options.sentences.c_str(), row.line, row.does ? "missed" : "false alarm", row.cue.c_str(), printable(row.sentence).c_str());
    }
  }
  if (options.json) {
    nlohmann::ordered_json out = nlohmann::ordered_json::object();
    for (const auto& [cue, tally] : tallies) out[cue] = {{"yes", tally.yes}, {"found", tally.found}, {"no", tally.no}, {"false", tally.alarms}};
    std::printf("%s\n", out.dump(2).c_str());
    return exit_ok;
  }
  std::printf("%-24s %14s %9s %14s %9s\n", "cue", "found", "", "false alarms", "");
  for (const auto& [cue, tally] : tallies) {
    std::printf("%-24s %6zu of %4zu %7.1f %% %6zu of %4zu %7.1f %%\n", cue.c_str(), tally.found, tally.yes, share(tally.found, tally.yes), tally.alarms, tally.no,
                share(tally.alarms, tally.no));
  }
  for (const auto& [cue, rows] : unknown) std::printf("%-24s no lexicon has this cue (%zu sentences)\n", cue.c_str(), rows);
  return exit_ok;
}

}  // namespace beadle::cli
