#include "rules/pack.h"

#include "rules/condition.h"
#include "rules/reading.h"
#include "rules/vocabulary.h"

namespace beadle::rules {
namespace {

/// 2024, 2024-05 or 2024-05-13.
bool is_date(std::string_view text) {
  if (text.size() != 4 && text.size() != 7 && text.size() != 10) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 4 || i == 7;
    if (hyphen ? text[i] != '-' : (text[i] < '0' || text[i] > '9')) return false;
  }
  const auto number = [&](std::size_t at) { return (text[at] - '0') * 10 + (text[at + 1] - '0'); };
  if (text.size() >= 7 && (number(5) < 1 || number(5) > 12)) return false;
  return text.size() < 10 || (number(8) >= 1 && number(8) <= 31);
}

class PackReader {
 public:
  PackReader(std::string_view file, Problems& problems) : file_(file), problems_(problems) { pack_.file = file; }

  std::optional<Pack> read(std::string_view text) {
    const std::size_t before = problems_.size();
    const auto document = parse_document(text, file_, problems_);
    if (!document) return std::nullopt;
    TableReader reader(*document, file_, "the pack", problems_);
    read_protocol(reader);
    const auto rules = reader.tables("rule");
    const auto reminders = reader.tables("reminder");
    const auto changes = reader.tables("change");
    if (!reader.has("rule") && pack_.includes.empty()) reader.error({}, "the pack has no rules", "[[rule]]");
    if (!changes.empty() && pack_.includes.empty()) {
      reader.error(changes.front()->at, "[[change]] in a pack that includes none", "include = \"…\" under [protocol] names the pack whose rules are changed");
    }
    reader.finish();
    for (const Value* change : changes) read_change(*change);
    for (const Value* rule : rules) read_rule(*rule);
    for (const Value* reminder : reminders) read_reminder(*reminder);
    if (has_errors_since(problems_, before)) return std::nullopt;
    return std::move(pack_);
  }

 private:
  void read_protocol(TableReader& pack) {
    const Value* table = pack.table("protocol");
    if (table == nullptr) {
      if (!pack.has("protocol")) pack.error({}, "[protocol] is missing", "it has name, title and council");
      return;
    }
    TableReader reader(*table, file_, "[protocol]", problems_);
    Protocol& protocol = pack_.protocol;
    protocol.name = reader.required_text("name");
    if (!trimmed(protocol.name).empty() && !is_name(protocol.name, "-")) {
      reader.error(reader.place("name"), shown(protocol.name) + " is no name of a protocol", "small letters, digits and hyphens");
    }
    protocol.title = reader.required_text("title");
    protocol.council = reader.required_text("council");
    protocol.adopted = reader.text("adopted").value_or("");
    if (reader.has("adopted") && !is_date(protocol.adopted)) {
      reader.error(reader.place("adopted"), shown(protocol.adopted) + " is no date",
                   "as in 2024-05-13; leave it out where it is not known");
    }
    protocol.source = reader.text("source").value_or("");
    if (reader.has("include")) {
      for (PlacedText& text : placed_texts(reader, "include")) pack_.includes.push_back({std::move(text.text), text.at});
    }
    reader.finish();
  }

  void read_change(const Value& table) {
    TableReader reader(table, file_, "change", problems_);
    Change change;
    change.clause = reader.required_text("clause");
    change.at = reader.place("clause");
    if (const auto action = reader.text("action")) change.action = read_word(reader, "action", *action, &action_from, {"pass", "flag", "annotate", "hold"});
    if (const auto mode = reader.text("mode")) change.mode = read_word(reader, "mode", *mode, &mode_from, {"off", "observe", "enforce"});
    if (!reader.has("action") && !reader.has("mode")) reader.error(table.at, "a change that changes nothing", "action = \"flag\" or mode = \"off\"");
    reader.finish();
    if (!trimmed(change.clause).empty()) pack_.changes.push_back(std::move(change));
  }

  void read_rule(const Value& table) {
    TableReader reader(table, file_, "rule", problems_);
    Rule rule;
    rule.at = table.at;
    rule.file = file_;
    rule.clause = read_clause(reader);
    rule.family = read_family(reader);
    rule.says = reader.required_text("says");
    rule.cure = reader.text("cure").value_or("");
    rule.action = read_word(reader, "action", reader.required_text("action"), &action_from, {"pass", "flag", "annotate", "hold"})
                      .value_or(Action::flag);
    rule.discloses = rule.action == Action::annotate;
    rule.mode = read_mode(reader);
    rule.when = read_conditions(reader, "when");
    rule.unless = read_conditions(reader, "unless");
    rule.matches = read_examples(reader, "matches");
    rule.passes = read_examples(reader, "passes");
    reader.finish();
    check_whole(reader, rule);
    pack_.rules.push_back(std::move(rule));
  }

  void read_reminder(const Value& table) {
    TableReader reader(table, file_, "reminder", problems_);
    Reminder reminder;
    reminder.at = table.at;
    reminder.file = file_;
    reminder.clause = read_clause(reader);
    reminder.family = read_family(reader);
    reminder.says = reader.required_text("says");
    reminder.cure = reader.text("cure").value_or("");
    // The mail has gone when its time is up: there is nothing left to hold.
    read_word(reader, "action", reader.required_text("action"), &action_from, {"flag"});
    if (const auto action = reader.text("action"); action && action_from(*action) && *action != "flag") {
      reader.error(reader.place("action"), "the action of a reminder is flag", "it tells people, and stops no mail");
    }
    reminder.mode = read_mode(reader);
    read_within(reader, reminder);
    read_tell(reader, reminder);
    reminder.opens = read_conditions(reader, "opens");
    reminder.answered = read_conditions(reader, "answered");
    const std::pair<const char*, std::vector<Example>*> lists[] = {
        {"matches", &reminder.matches}, {"passes", &reminder.passes}, {"closes", &reminder.closes}, {"waits", &reminder.waits}};
    for (const auto& [key, examples] : lists) {
      *examples = read_examples(reader, key);
      if (!examples->empty()) continue;
      reader.error(reminder.at, "reminder " + reminder.clause + " has no examples in [[reminder." + key + "]]",
                   "every reminder has examples both ways: matches and passes, closes and waits");
    }
    for (const auto& [key, conditions] : {std::pair{"opens", &reminder.opens}, {"answered", &reminder.answered}}) {
      if (conditions->empty()) reader.error(reminder.at, "reminder " + reminder.clause + " has no " + key, "[[reminder." + std::string(key) + "]] says which mail it is");
    }
    reader.finish();
    pack_.reminders.push_back(std::move(reminder));
  }

  static void read_within(TableReader& reader, Reminder& reminder) {
    const std::string text = reader.required_text("within");
    if (const auto period = period_from(text)) {
      reminder.within = *period;
    } else if (!trimmed(text).empty()) {
      reader.error(reader.place("within"), shown(text) + " is no period", "as in 10 working days, or 5 days");
    }
  }

  static void read_tell(TableReader& reader, Reminder& reminder) {
    const std::string text = reader.text("tell").value_or("writer");
    if (text == "other-groups") {
      reminder.tell = Reminder::Tell::other_groups;
    } else if (text != "writer") {
      reader.error(reader.place("tell"), "unknown tell " + shown(text), "writer or other-groups: who has to hear before the period ends");
    }
  }

  static std::string read_family(TableReader& reader) {
    std::string family = reader.required_text("family");
    if (!trimmed(family).empty() && !contains(families, family)) {
      reader.error(reader.place("family"), "unknown family " + shown(family), known_hint(family, as_strings(families)));
    }
    return family;
  }

  static Mode read_mode(TableReader& reader) {
    const auto mode = reader.text("mode");
    if (!mode) return Mode::enforce;
    return read_word(reader, "mode", *mode, &mode_from, {"off", "observe", "enforce"}).value_or(Mode::enforce);
  }

  std::vector<Condition> read_conditions(TableReader& reader, std::string_view key) {
    std::vector<Condition> conditions;
    for (const Value* table : reader.tables(key)) conditions.push_back(read_condition(*table, file_, key, problems_));
    return conditions;
  }

  std::string read_clause(TableReader& reader) {
    const std::string clause = reader.required_text("clause");
    if (trimmed(clause).empty()) return "";
    if (is_name(clause, ".-")) return pack_.protocol.name + "/" + clause;
    reader.error(reader.place("clause"), shown(clause) + " is no id of a clause",
                 clause.find('/') != std::string::npos ? "without the protocol's name, which is put before it"
                                                       : "small letters, digits, hyphens and dots");
    return clause;
  }

  template <class Value>
  static std::optional<Value> read_word(TableReader& reader, std::string_view key, const std::string& word,
                                        std::optional<Value> (*from)(std::string_view), const std::vector<std::string>& known) {
    const auto value = from(word);
    if (!value && !trimmed(word).empty())
      reader.error(reader.place(key), "unknown " + std::string(key) + " " + shown(word), known_hint(word, known));
    return value;
  }

  static void check_whole(TableReader& reader, const Rule& rule) {
    const std::string label = rule.clause.empty() ? "the rule" : "rule " + rule.clause;
    if (rule.when.empty()) reader.error(rule.at, label + " has no when", "[[rule.when]] says what it looks for");
    for (const char* key : {"matches", "passes"}) {
      const bool some = key == std::string_view("matches") ? !rule.matches.empty() : !rule.passes.empty();
      if (some) continue;
      reader.error(rule.at, label + " has no examples in [[rule." + key + "]]",
                   "every rule has examples both ways: matches and passes");
    }
    for (const Condition& when : rule.when) {
      if (rule.action != Action::annotate || !when.recipients_any.empty()) continue;
      reader.error(when.at, "an annotate rule needs recipients-any: the footer names whom it finds");
    }
  }

  std::vector<Example> read_examples(TableReader& rule, std::string_view key) {
    std::vector<Example> examples;
    for (const Value* table : rule.tables(key)) examples.push_back(read_example(*table, key));
    return examples;
  }

  Example read_example(const Value& table, std::string_view what) {
    TableReader reader(table, file_, what, problems_);
    Example example;
    example.at = table.at;
    const auto from = read_people(reader, "from");
    if (!from.empty()) example.from = from.front();
    if (from.size() > 1)
      reader.error(reader.place("from"), "from names more than one", "an example has one sender; write others in raw");
    example.to = read_people(reader, "to");
    example.cc = read_people(reader, "cc");
    example.bcc = read_people(reader, "bcc");
    example.subject = reader.text("subject").value_or("");
    example.text = reader.text("text").value_or("");
    example.raw = reader.text("raw").value_or("");
    example.headers = read_headers(reader);
    example.why = reader.text("why").value_or("");
    reader.finish();
    check_content(reader);
    return example;
  }

  static void check_content(TableReader& reader) {
    if (!reader.has("text") && !reader.has("raw")) reader.error(reader.place(), "an example without text or raw");
    if (!reader.has("raw")) return;
    for (const char* key : {"text", "from", "to", "cc", "subject", "headers"}) {
      if (reader.has(key))
        reader.error(reader.place(key), std::string(key) + " beside raw",
                     "raw is the whole message with its header; only bcc may be added");
    }
  }

  static std::vector<std::string> read_people(TableReader& reader, std::string_view key) {
    std::vector<std::string> words;
    for (PlacedText& text : placed_people(reader, key)) {
      if (text.text.find('@') == std::string::npos && !contains(example_words, text.text)) {
        reader.error(text.at, std::string(key) + ": nobody in the example roster is " + shown(text.text),
                     known_hint(text.text, as_strings(example_words)));
      }
      words.push_back(std::move(text.text));
    }
    return words;
  }

  /// `to = []` is meant: a message to nobody but those in bcc.
  static std::vector<PlacedText> placed_people(TableReader& reader, std::string_view key) {
    const Value* value = reader.any(key);
    if (value != nullptr && value->array() != nullptr && value->array()->empty()) return {};
    return placed_texts(reader, key);
  }

  static std::vector<std::string> read_headers(TableReader& reader) {
    std::vector<std::string> headers;
    for (PlacedText& text : placed_texts(reader, "headers")) {
      const std::size_t colon = text.text.find(": ");
      if (colon == 0 || colon == std::string::npos || text.text.find_first_of(" \t") < colon) {
        reader.error(text.at, shown(text.text) + " is no header field", "as in \"Sensitivity: private\"");
      }
      headers.push_back(std::move(text.text));
    }
    return headers;
  }

  std::string file_;
  Problems& problems_;
  Pack pack_;
};

}  // namespace

std::optional<Pack> parse_pack(std::string_view text, std::string_view file, Problems& problems) {
  return PackReader(file, problems).read(text);
}

}  // namespace beadle::rules
