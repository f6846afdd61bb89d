#include "rules/lexicon.h"

#include "base/limits.h"
#include "rules/pattern.h"
#include "rules/reading.h"

namespace beadle::rules {
namespace {

class LexiconReader {
 public:
  LexiconReader(std::string_view file, Problems& problems) : file_(file), problems_(problems) { lexicon_.file = file; }

  std::optional<Lexicon> read(std::string_view text) {
    const std::size_t before = problems_.size();
    const auto document = parse_document(text, file_, problems_);
    if (!document) return std::nullopt;
    TableReader reader(*document, file_, "the lexicon", problems_);
    read_words(reader);
    read_cues(reader);
    reader.finish();
    if (!has_errors_since(problems_, before) && lexicon_.words.empty() && lexicon_.cues.empty()) {
      reader.error({}, "the lexicon is empty", "it has [words] or [cue.NAME]");
    }
    if (has_errors_since(problems_, before)) return std::nullopt;
    return std::move(lexicon_);
  }

 private:
  void read_words(TableReader& reader) {
    const Value* table = reader.table("words");
    if (table == nullptr) return;
    TableReader words(*table, file_, "[words]", problems_);
    for (const Member& member : *table->table()) {
      const auto text = words.text(member.key);
      if (!is_name(member.key, "-_") || (member.key.front() >= '0' && member.key.front() <= '9')) {
        words.error(member.at, shown(member.key) + " is no name of words", "small letters, digits and hyphens, a letter first");
      }
      if (!text) continue;
      Pattern pattern{*text, member.value.at};
      check(words, pattern);
      lexicon_.words.emplace(member.key, std::move(pattern));
    }
    words.finish();
  }

  void read_cues(TableReader& reader) {
    const Value* table = reader.table("cue");
    if (table == nullptr) return;
    for (const Member& member : *table->table()) {
      if (!is_name(member.key, "-")) {
        reader.error(member.at, shown(member.key) + " is no name of a cue", "small letters, digits and hyphens");
      }
      if (member.value.table() == nullptr) {
        reader.error(member.at, "cue." + member.key + " is no table", "[cue." + member.key + "]");
        continue;
      }
      read_cue(member);
    }
  }

  void read_cue(const Member& member) {
    TableReader reader(member.value, file_, "cue " + member.key, problems_);
    Cue cue;
    cue.name = member.key;
    cue.file = file_;
    cue.at = member.at;
    cue.says = reader.required_text("says");
    const int sentences = read_sentences(reader, 1);
    cue.sentences = sentences;
    if (const auto points = reader.integer("points", -limits::weight_points_most, limits::weight_points_most)) {
      cue.points = static_cast<int>(*points);
    }
    cue.weights_of = reader.text("weights").value_or("");
    if (!cue.weights_of.empty() && !cue.points) reader.error(cue.at, "cue " + cue.name + " has weights and no points", "points = -20");
    cue.kin = reader.texts("kin");
    cue.unless = read_patterns(reader, "unless");
    cue.matches = read_examples(reader, "matches");
    cue.passes = read_examples(reader, "passes");
    const auto forms = reader.tables("form");
    reader.finish();
    if (forms.empty() && !cue.points) {
      reader.error(cue.at, "cue " + cue.name + " has no form", "[[cue." + cue.name + ".form]], or points and a table in weights/");
    }
    for (const Value* form : forms) cue.forms.push_back(read_form(*form, cue.name, sentences));
    lexicon_.cues.push_back(std::move(cue));
  }

  static int read_sentences(TableReader& reader, int otherwise) {
    return static_cast<int>(reader.integer("sentences", 1, limits::form_sentences_most).value_or(otherwise));
  }

  Form read_form(const Value& table, const std::string& cue, int sentences) {
    TableReader reader(table, file_, "form of " + cue, problems_);
    Form form;
    form.at = table.at;
    form.all = read_patterns(reader, "all");
    form.none = read_patterns(reader, "none");
    form.sentences = read_sentences(reader, sentences);
    if (!reader.has("all"))
      reader.error(form.at, "form of " + cue + ": all is missing", "the patterns that must stand in a sentence");
    reader.finish();
    return form;
  }

  std::vector<Pattern> read_patterns(TableReader& reader, std::string_view key) {
    std::vector<Pattern> patterns;
    for (PlacedText& text : placed_texts(reader, key)) {
      Pattern pattern{std::move(text.text), text.at};
      check(reader, pattern);
      patterns.push_back(std::move(pattern));
    }
    return patterns;
  }

  static void check(TableReader& reader, const Pattern& pattern) {
    std::string hint;
    const std::string mistake = pattern_mistake(pattern.text, hint);
    if (!mistake.empty()) reader.error(pattern.at, mistake, hint);
  }

  static std::vector<LabelledText> read_examples(TableReader& reader, std::string_view key) {
    if (!reader.has(key)) {
      reader.error(reader.place(), std::string(key) + " is missing", "every cue has examples both ways: matches and passes");
    }
    std::vector<LabelledText> examples;
    for (PlacedText& text : placed_texts(reader, key)) {
      if (trimmed(text.text).empty()) reader.error(text.at, "an example is empty");
      examples.push_back({std::move(text.text), text.at});
    }
    return examples;
  }

  std::string file_;
  Problems& problems_;
  Lexicon lexicon_;
};

}  // namespace

std::optional<Lexicon> parse_lexicon(std::string_view text, std::string_view file, Problems& problems) {
  return LexiconReader(file, problems).read(text);
}

}  // namespace beadle::rules
