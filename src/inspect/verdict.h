// What Beadle makes of a message: findings with evidence, and one action.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"
#include "rules/action.h"

namespace beadle::inspect {

using rules::Action;
using rules::Mode;

struct Evidence {
  std::string part;  // section number, "" for header and envelope
  std::string zone;  // own quoted forwarded attached signature subject header envelope record
  std::string text;  // the words, at most limits::evidence_bytes_max bytes
  bool operator==(const Evidence&) const = default;
};

struct Finding {
  std::string clause;
  std::string family;
  Action action = Action::flag;
  Mode mode = Mode::enforce;  // observe: recorded only
  std::string says;
  std::string cure;
  std::vector<Evidence> evidence;
  std::vector<std::string> persons;  // of a silent copy: who was copied
};

struct Verdict {
  Action action = Action::pass;    // strongest of the findings, modes left aside: what the rules say
  Action enforced = Action::pass;  // what is done: findings in observe mode do not count
  std::vector<std::string> footer;  // councillors whom the appended line names, in roster order
  std::vector<Finding> findings;
  std::vector<std::string> defects;  // "part: kind: detail"
  std::vector<mail::NotInspected> not_inspected;
  std::string uneditable;           // a disclosure was required and cannot be made: why (then action is hold)
  std::vector<std::string> remarks;  // of the edit
  bool protected_only = false;      // went to protected addresses only: nothing is kept but a count
  bool marked = false;              // for the record
  bool consent = false;             // for the record: the own words agree to copying
};

/// "CC Councillor Jane Holt, Councillor Ian Day"
std::string footer_line(const std::vector<std::string>& names);
/// The names of such a line, in its order.
std::vector<std::string> footer_names(std::string_view line);

/// One JSON object, as `beadle check --json` prints it.
std::string to_json(const Verdict& verdict);

}  // namespace beadle::inspect
