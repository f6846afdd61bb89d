// Why a rule did or did not find something in a message: of each of its tables what holds or what failed first, in sentences that
// can be read out; and of each sentence that was found by what it was found. Leaves the wording to explain_words.h. Slow: for
// people, not for doors.
#pragma once

#include <string>
#include <vector>

#include "inspect/facts.h"
#include "inspect/inspect.h"

namespace beadle::inspect {

/// By what a sentence was taken for doing what a cue says: by a form of words, or by the points of its words.
struct CueReason {
  std::string cue;                   // "commitment"
  std::string says;                  // what a sentence of this kind does, as the lexicon has it
  std::string place;                 // of the form: "answers.toml:9"; "" where it was weighed
  std::vector<std::string> forms;    // patterns that stand in it together, as written
  int points = 0, needed = 0;        // what it scores, and what a sentence of a text of this length needs
  int usual = 0;                     // what one of a short text needs
  int base = 0;                      // what every sentence begins with
  std::vector<rules::Weight> words;  // those with most points, for or against: "i'll sort", "? (last in the sentence)"
};

struct Proof {
  Evidence evidence;
  std::vector<CueReason> cues;  // none where it is no sentence, or consent on record
};

/// One table of a rule, `when` or `unless`.
struct TableOutcome {
  bool holds = false;
  std::vector<std::string> says;  // what is the case: of one that holds everything it asks, else the first thing that is lacking
  std::vector<Proof> proofs;
};

/// What one rule made of a message. A clause may have several rules.
struct Explanation {
  std::string clause;
  std::string says;                             // what it asks, as the pack has it
  rules::Action action = rules::Action::flag;   // in force: as the council has it
  rules::Action shipped = rules::Action::flag;  // as the pack has it
  rules::Mode mode = rules::Mode::enforce;      // in force
  std::string file;
  Position at;
  bool reminder = false;            // asked is whether the message opens it
  bool weak = false;                // too little of a letter is here to hold a mail for
  bool found = false;               // a `when` table holds, and no `unless`
  std::vector<std::string> failed;  // of each `when` table, in order: the first key that failed, "" where it holds
  int excepted = -1;                // the `unless` table that holds, counted from 0; -1: none, or not asked
  std::size_t tables = 0;           // of `when`, of which those behind one that holds were not asked
  std::vector<TableOutcome> when;   // those that were asked
  TableOutcome exception;           // the `unless` table that holds
};

/// Of every rule of the clause ("exmouth/correspondence-4") in the policy's protocol, or of all its rules where `clause` is
/// empty. error: try_later, where the matcher ran out of memory.
Result<std::vector<Explanation>> explain(const mail::Message& message, const Envelope& envelope, const Policy& policy,
                                         const History& history, std::string_view clause);

}  // namespace beadle::inspect
