// What a replay found of one message, as a value that is kept in the journal, counted and shown. Holds subjects, addresses and matched words of messages with
// findings: confidential. Of mail to protected addresses only that there was one; of mail without findings only what later mail may turn on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "inspect/verdict.h"
#include "replay/record.h"

namespace beadle::replay {

struct Found {
  std::string clause;
  std::string family;
  std::string says;
  rules::Action action = rules::Action::flag;
  bool observed = false;  // its rule is in observe mode: recorded, nothing done
  std::vector<inspect::Evidence> evidence;  // at most evidence_kept
  bool operator==(const Found&) const = default;
};
inline constexpr std::size_t evidence_kept = 3;

/// What one set of rules makes of it.
struct Judgement {
  rules::Action action = rules::Action::pass;  // what would have been done
  std::vector<Found> findings;
  bool operator==(const Judgement&) const = default;
};

struct Outcome {
  std::string digest;  // 32 hexadecimal digits, by which it is known again
  std::string name;    // where it is
  std::optional<Time> at;
  bool copy = false;   // the same message was inspected before, with these recipients: it counts for nothing
  bool protected_only = false;
  bool records_blind = false;
  std::size_t unread = 0;  // parts that were not inspected
  std::string role;    // councillor officer other
  std::string from;
  std::string subject;
  std::size_t recipients = 0;
  std::string content;                  // where there are several of its Message-ID: 32 digits of what it says,
  std::vector<std::string> went_to;     // and to whom it went
  Judgement judgement;
  std::optional<Judgement> against;  // of the second set of rules
  std::optional<Remembered> remembered;
  bool operator==(const Outcome&) const = default;
};

/// One line of JSON without its line end.
std::string to_line(const Outcome& outcome);
/// nullopt where it is not such a line.
std::optional<Outcome> outcome_from(std::string_view line);

}  // namespace beadle::replay
