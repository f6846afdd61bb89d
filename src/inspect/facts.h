// Everything that conditions can ask about one message, gathered once: parties, letters in it, cues by zone, markings, traits.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inspect/history.h"
#include "inspect/recipients.h"
#include "inspect/verdict.h"
#include "rules/rule_set.h"

namespace beadle::inspect {

/// One cue found in one zone of one part.
struct CueFact {
  std::size_t cue = 0;  // index into RuleSet::cues()
  Evidence evidence;
  int original = -1;  // index into Message::originals where the zone is another's letter
  int short_by = 0;   // as of rules::CueHit: counts only beside other such sentences
  bool opening = false;  // in the subject or the first lines of the own words
  int form = -1, points = 0, needed = 0;  // as of rules::CueHit: how it was found
};

/// A deliberate confidential marking, and where it stands.
struct Marking {
  std::string place;  // subject header own quoted forwarded attached attachment document (in its midst, which marks no letter)
  Evidence evidence;
  int original = -1;
};

/// A letter: this message, one that it holds, or one on record.
struct Letter {
  std::string where;  // message quoted forwarded attached record passage document
  std::vector<Party> from, to, cc;
  bool individual = false;
  bool weak = false;            // too little of it is here to hold a mail for
  std::vector<Evidence> marks;  // empty: not marked
  Evidence evidence;            // how the letter shows itself
  int original = -1;            // index into Message::originals, -1 for this message and those on record
  std::string part;             // of a document

  bool has_party(const Party& party) const;      // in From, To (of an individual letter: its two sides)
  bool was_circulated_to(const Party& party) const;  // in From, To or Cc
};

struct Facts {
  std::vector<Party> senders;  // From first; then Sender, login, envelope sender where they are other persons
  std::vector<Party> names;    // in whose name
  std::vector<Evidence> name_evidence;  // of each of `names`
  std::vector<Recipient> recipients;
  std::vector<Recipient> elsewhere;  // stand in To or Cc, or had the same message in another transaction, but not in this envelope
  bool newly_sent = true;  // somebody in this envelope has not had the message in an earlier transaction
  std::set<std::string, std::less<>> groups;  // political groups that the message names outside signatures; read where it goes to another councillor
  std::vector<Letter> letters;
  std::vector<CueFact> cues;
  std::vector<Marking> markings;
  std::set<std::string, std::less<>> traits;
};

/// The cue by which a councillor agrees to copying, or the clerk has approved (rules/lexicon).
inline constexpr std::string_view consent_cue = "consent";
/// The cue that a deliberate confidential marking is found by (rules/lexicon).
inline constexpr std::string_view marking_cue = "confidential-marking";

/// The cue by which a text speaks of the council, its members or its staff (rules/lexicon).
inline constexpr std::string_view council_cue = "council-spoken-of";

Result<Facts> gather_facts(const mail::Message& message, const Envelope& envelope, const people::Directory& people,
                           const rules::RuleSet& rules, const History& history);

/// The attached message (RFC 2046 §5.2.1) that the part of this number lies in, the innermost one: index into Message::originals; -1 where it
/// lies in none.
int attached_original_of(const mail::Message& message, std::string_view part);

/// Subject, own words, … → cues and markings.
Result<void> gather_cues(const mail::Message& message, const rules::RuleSet& rules, Facts& facts);
/// Needs senders, cues and markings.
void gather_letters(const mail::Message& message, const people::Directory& people, const History& history, Facts& facts);

}  // namespace beadle::inspect
