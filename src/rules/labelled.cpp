#include "rules/labelled.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::rules {
namespace {

constexpr std::array<std::string_view, 5> columns{"cue", "label", "writer", "sentence", "note"};

std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size() && text[i + 1] == 'n') {
      out += '\n';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

void add_complete(const LabelledSentence& row, std::vector<LabelledSentence>& out) {
  std::vector<std::string> cues, perhaps;
  for (std::string_view cue : split(row.cue, ' ')) {
    std::vector<std::string>& names = cue.ends_with('?') ? perhaps : cues;
    if (cue.ends_with('?')) cue.remove_suffix(1);
    if (!cue.empty() && std::find(names.begin(), names.end(), cue) == names.end()) names.emplace_back(cue);
  }
  if (cues.empty()) cues.emplace_back("none");
  for (std::size_t i = 0; i < cues.size(); ++i) {
    LabelledSentence one = row;
    one.cue = cues[i];
    one.does = cues[i] != "none";
    one.again = i > 0;
    one.also = one.perhaps = perhaps;
    for (const std::string& other : cues) {
      if (other != one.cue) one.also.push_back(other);
    }
    out.push_back(std::move(one));
  }
}

}  // namespace

std::optional<std::vector<LabelledSentence>> parse_labelled(std::string_view text, std::string_view file, Problems& problems) {
  std::vector<LabelledSentence> out;
  const std::size_t before = problems.size();
  const auto wrong = [&](int line, std::string what, std::string hint) {
    problems.push_back({Problem::Severity::error, std::string(file), {line, 1}, std::move(what), std::move(hint)});
  };
  int number = 0;
  for (std::string_view line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty() || number == 1) continue;  // the heading
    const auto fields = split(line, '\t');
    if (fields.size() < 4 || fields.size() > columns.size()) {
      wrong(number, std::to_string(fields.size()) + " columns", "cue, label, writer, sentence, note, with tabs between");
    } else if (fields[1] != "yes" && fields[1] != "no" && fields[1] != "only") {
      wrong(number, "label " + shortened(printable(fields[1]), 40), "yes, no or only");
    } else if (trimmed(fields[3]).empty()) {
      wrong(number, "no sentence", "");
    } else if (out.size() == limits::labelled_sentences_max) {
      wrong(number, "more than " + std::to_string(limits::labelled_sentences_max) + " sentences", "");
      break;
    } else {
      LabelledSentence row{.cue = std::string(fields[0]), .does = fields[1] == "yes", .writer = std::string(fields[2]), .sentence = unescaped(fields[3]),
                           .note = std::string(fields.size() > 4 ? fields[4] : ""), .line = number, .complete = fields[1] == "only", .also = {}};
      if (row.complete) {
        add_complete(row, out);
      } else {
        out.push_back(std::move(row));
      }
    }
    if (problems.size() - before >= 20) break;
  }
  if (problems.size() > before) return std::nullopt;
  return out;
}

}  // namespace beadle::rules
