// One pass over a reviewer's mailbox: reads the three folders and the store, makes a plan (plan.h) and does it. Decisions go by
// review/acts.h with the account that the mailbox belongs to; what came of each move is put into the mailbox as a reply. Keeps no
// books of its own: a pass that is broken off anywhere is made good by the next one. Failures: those of imap/client.h;
// bad_settings (no such account); refused (the server can take nothing out of a folder, or a folder is too full).
#pragma once

#include <cstddef>
#include <string>

#include "imap/client.h"
#include "mailbox/desk.h"
#include "review/conflict.h"
#include "store/accounts.h"

namespace beadle::mailbox {

struct PassOutcome {
  std::size_t placed = 0, removed = 0;  // messages in Held
  std::size_t released = 0, returned = 0,
              refused = 0;    // moves; refused: by the rules, because somebody was first, or as no message of ours
  std::int64_t left_out = 0;  // wait, and are not shown: more than shown_most
  bool more = false;          // there is more to put there at once
  std::string problem;        // why not everything is shown; "": it is
  bool did_something() const { return placed + removed + released + returned + refused > 0; }
};

/// The account that `name` names, by its name or its address. bad_settings, in words for people: none, or several.
Result<store::Account> account_of(store::Store& store, const std::string& name);
/// Why it shows nobody any mail: it is disabled, or may not decide. "": it may.
std::string obstacle_of(const store::Account& account);

/// Behind Client::begin(). Leaves Held open, for IDLE. What was done before a failure stands in `outcome`.
Result<void> run_pass(imap::Client& client, const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools,
                      PassOutcome& outcome);

}  // namespace beadle::mailbox
