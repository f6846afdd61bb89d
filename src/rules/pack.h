// A rule pack as data: the protocol, its rules with conditions, exceptions and examples. Read from rules/<council>.toml.
// A pack decides nothing: inspect/ evaluates the conditions over the facts of one message. How to write one: rules/README.md.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/problem.h"
#include "rules/action.h"

namespace beadle::rules {

/// One word of a selector: a kind, role, contact kind or trait ("councillor", "chair", "press", "blind"), or not that.
struct Term {
  std::string word;
  bool negated = false;
  bool operator==(const Term&) const = default;
};
/// Terms that must all hold for one person or recipient: "councillor blind not-correspondent".
using Selector = std::vector<Term>;
/// Any of these.
using Selectors = std::vector<Selector>;

/// "There is a letter from … to … in this mail": this message itself, one quoted, forwarded or attached, or one on record.
struct LetterCondition {
  Selectors from;                  // empty: anybody
  Selectors to;                    // some addressee; empty: anybody
  std::vector<std::string> where;  // message quoted forwarded attached record passage document; empty: anywhere
  std::optional<bool> marked;      // marked confidential
  std::optional<bool> individual;  // between one officer and one councillor
  std::vector<std::string> cues;   // some of these stand in its words
};

/// Keys that must all hold. Absent keys (empty lists) ask nothing.
struct Condition {
  Selectors sender;
  Selectors name;             // some person in whose name the message goes out
  Selectors recipients_any;   // some recipient; those that match are evidence, and named by the footer of an annotation
  Selectors recipients_all;   // every recipient (and there is one)
  Selectors recipients_none;  // no recipient
  std::optional<LetterCondition> letter;
  std::vector<std::string> marking;    // some marking stands in: subject header own quoted forwarded attached attachment any
  std::vector<std::string> cues;       // some of these in `zones`
  std::vector<std::string> cues_all;   // each of these in `zones`
  std::vector<std::string> cues_none;  // none of these in `zones`
  std::vector<std::string> zones;      // own (default), opening, subject … : zone_words in vocabulary.h
  std::vector<Term> traits;            // all of: reply forward auto-reply list-mail null-sender calendar signed …
  std::map<std::string, Position> cue_places;  // where each cue is first named
  Position at;
};

/// A small message with its verdict for one rule. Missing fields are filled with everyday ones.
struct Example {
  std::string from;  // a role of the example roster ("councillor", "clerk") or an address of it
  std::vector<std::string> to, cc, bcc;
  std::string subject;
  std::string text;
  std::string raw;                   // instead of text: a whole message with header
  std::vector<std::string> headers;  // further fields, "Name: value"
  std::string why;
  Position at;
};

struct Rule {
  std::string clause;  // "exmouth/correspondence-3-obligation"
  std::string family;
  std::string says;  // for the sender and the reviewer: what the clause asks, in our words
  std::string cure;  // what the sender can do about it; may be empty
  Action action = Action::flag;
  Mode mode = Mode::enforce;      // as shipped; off for rules that a council must switch on
  bool discloses = false;         // written as annotate: the footer names whom recipients-any finds, whatever a council changed
  std::vector<Condition> when;    // any of these
  std::vector<Condition> unless;  // none of these
  std::vector<Example> matches;
  std::vector<Example> passes;
  std::string file;  // where it stands; another's than the pack's where it was included
  Position at;
};

/// `include = "exmouth"`: the rules of that pack count in this one too.
struct Include {
  std::string protocol;
  Position at;
};

/// [[change]]: what this pack does differently with a clause that it includes.
struct Change {
  std::string clause;  // whole: "exmouth/press-chair"
  std::optional<Action> action;
  std::optional<Mode> mode;
  Position at;         // of its clause
};

/// A clause that needs time: a mail opens it, another one closes it, and if none has by the end of the period, people are told.
struct Reminder {
  /// Who has to hear before the period ends: the writer of the mail that opened it, or every political group that it did not go to.
  enum class Tell { writer, other_groups };

  std::string clause;
  std::string family;
  std::string says;
  std::string cure;
  Mode mode = Mode::enforce;
  Period within;
  Tell tell = Tell::writer;
  std::vector<Condition> opens;     // any of these, of the mail that opens it
  std::vector<Condition> answered;  // any of these, of a later mail that belongs to it
  std::vector<Example> matches;     // open it
  std::vector<Example> passes;      // do not
  std::vector<Example> closes;      // answers to the first of `matches` that close it
  std::vector<Example> waits;       // answers that leave it open
  std::string file;  // of the pack that it stands in
  Position at;
};

struct Protocol {
  std::string name;  // "exmouth"
  std::string title;
  std::string council;
  std::string adopted;  // date, "" where it is not known
  std::string source;
};

struct Pack {
  std::string file;
  Protocol protocol;
  std::vector<Rule> rules;  // once includes are resolved (include.h), included ones first
  std::vector<Include> includes;
  std::vector<Change> changes;
  std::vector<Reminder> reminders;
};

inline constexpr std::string_view families[] = {"silent-copy",   "cc-footer",       "member-obligation",
                                                "official-name", "confidential",    "confidential-reason",
                                                "press",         "neutrality",      "chain",
                                                "criticism",     "pressure",        "group-confidence",
                                                "required-copy", "personal-matter", "response-time",
                                                "heading"};

/// nullopt where something is wrong; every mistake is in `problems` with its place. A rule without examples both ways is refused.
std::optional<Pack> parse_pack(std::string_view text, std::string_view file, Problems& problems);

/// "councillor blind not-chair" → terms; nullopt with a message for words nobody knows, and for what nobody can be.
std::optional<Selector> parse_selector(std::string_view text, std::string& message);

}  // namespace beadle::rules
