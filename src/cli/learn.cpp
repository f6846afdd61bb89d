// beadle rules learn, beadle rules cues: weights from labelled sentences, and what lexicons are worth on such sentences.
#include <algorithm>
#include <cstdio>
#include <deque>
#include <filesystem>
#include <future>
#include <iterator>
#include <map>
#include <set>
#include <sstream>
#include <thread>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "mail/message.h"
#include "rules/learn.h"
#include "rules/sentences.h"

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
    LabelledSentence row;
    row.cue = cue.name;
    row.does = does;
    row.sentence = example.text;
    for (int i = 0; i < times; ++i) sentences.push_back(row);
  };
  for (const rules::Lexicon& lexicon : lexicons) {
    for (const rules::Cue& cue : lexicon.cues) {
      if (!cue.weights_of.empty()) continue;  // they belong to another cue's table
      for (const rules::LabelledText& example : cue.matches) teach(cue, example, true);
      for (const rules::LabelledText& example : cue.passes) teach(cue, example, false);
    }
  }
}

void print_worth(const std::string& label, const std::string& cue, const std::vector<rules::Judged>& judged, int least, std::size_t features) {
  const Tally tally = tally_at(judged, cue, least);
  const auto [alarms, all] = everyday_at(judged, least);
  std::printf("%-24s %6zu %6zu %7d %9.1f %% %9.1f %% %9.2f %% %8zu\n", label.c_str(), tally.yes, tally.no, least, share(tally.found, tally.yes),
              share(tally.alarms, tally.no), share(alarms, all), features);
}

struct Lesson {
  rules::Weights weights;
  std::vector<rules::Judged> judged;  // empty unless measured
};

Lesson learned(const rules::Cue& cue, const rules::Lessons& lessons, bool measure) {
  const rules::Subject subject{cue.name, cue.kin, cue.sentences > 1};
  return {rules::learn(subject, lessons), measure ? rules::cross_validate(subject, lessons, folds) : std::vector<rules::Judged>()};
}

std::vector<std::string> words_of(std::string_view text) {
  std::istringstream in{std::string(text)};
  return {std::istream_iterator<std::string>(in), {}};
}

}  // namespace

int rules_learn(const RulesOptions& options) {
  const std::string folder = rules_folder(options);
  Problems problems;
  const auto lexicons = config::load_lexicons(folder, problems);
  auto sentences = config::load_sentences(options.sentences.empty() ? folder + "/sentences" : options.sentences, problems);
  const auto vectors = config::load_vectors(folder, problems);
  if (!lexicons || !sentences || !vectors) return report(problems), exit_config;
  teach_examples(*lexicons, *sentences);
  const rules::Lessons lessons(*sentences, vectors->get());
  const fs::path out = options.weights.empty() ? fs::path(folder) / "weights" : fs::path(options.weights);
  std::error_code error;
  fs::create_directories(out, error);
  const bool measure = options.measure || !options.cues.empty();
  if (measure) std::printf("On sentences that the weights have not seen (%zu parts in turn):\n%-24s %6s %6s %7s %11s %11s %11s %8s\n", folds, "cue", "yes", "no",
              "points", "found", "false", "everyday", "weights");
  std::vector<const rules::Cue*> cues;
  for (const rules::Lexicon& lexicon : *lexicons) {
    for (const rules::Cue& cue : lexicon.cues) {
      if (cue.points && cue.weights_of.empty() && wanted(options, cue.name)) cues.push_back(&cue);
    }
  }
  // Each cue by itself, as many at a time as the machine has processors; told in order.
  const auto start = [&](const rules::Cue* cue) { return std::async(std::launch::async, [cue, measure, &lessons] { return learned(*cue, lessons, measure); }); };
  const std::size_t at_a_time = std::max(1u, std::thread::hardware_concurrency());
  std::deque<std::future<Lesson>> running;
  for (std::size_t i = 0, begun = 0; i < cues.size(); ++i) {
    while (begun < cues.size() && running.size() < at_a_time) running.push_back(start(cues[begun++]));
    const Lesson lesson = running.front().get();
    running.pop_front();
    const rules::Cue& cue = *cues[i];
    const std::size_t count = lesson.weights.weights.size();
    if (count == 0) return fail({ErrorKind::bad_data, "cue " + cue.name + " has points, and no labelled sentences both ways"});
    if (const auto written = write_file(out / (cue.name + ".tsv"), rules::to_text(lesson.weights)); !written) return fail(written.error());
    if (!measure) {
      std::printf("%-24s %zu weights\n", cue.name.c_str(), count);
    } else {
      print_worth(cue.name, cue.name, lesson.judged, *cue.points, count);
      // For one cue by itself also what other thresholds would give.
      for (int least = -90; !options.cues.empty() && least <= 30; least += 5) print_worth("  at", cue.name, lesson.judged, least, count);
    }
    std::fflush(stdout);
  }
  return exit_ok;
}

int rules_sentences(const RulesOptions& options) {
  std::printf("cue\tlabel\twriter\tsentence\tnote\n");
  const auto print = [](std::string_view words, const std::string& where) {
    for (const rules::Span& span : rules::fold(words).sentences) {
      const std::string sentence = printable(joined(words_of(words.substr(span.begin, span.end - span.begin)), " "));
      if (!sentence.empty()) std::printf("none\tonly\tany\t%s\t%s\n", sentence.c_str(), where.c_str());
    }
  };
  for (const std::string& file : options.messages) {
    auto bytes = read_message(file);
    if (!bytes) return fail(bytes.error());
    const mail::Message message = mail::parse_message(std::move(*bytes));
    const std::string name = printable(fs::path(file).filename().string());
    print(message.subject, name + " subject");
    std::set<std::string> printed;  // alternatives hold the same words
    for (const mail::Text& text : message.texts) {
      for (const mail::Zone& zone : text.zones) {
        const std::string words(mail::slice(text.utf8, zone.range));
        if (printed.insert(joined(words_of(words), " ")).second) print(words, name + " " + std::string(mail::to_string(zone.kind)));
      }
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
    const bool found = std::any_of(hits->begin(), hits->end(), [&](const rules::CueHit& hit) { return hit.cue == *cue && hit.short_by == 0; });
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
