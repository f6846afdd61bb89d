// Passes over the mailboxes of reviewers as long as the program runs: one thread and one connection a mailbox, so that one that
// is away holds up no other. A pass is made when the server says that something changed (IDLE, RFC 2177), when something happened
// in the store, and every so often anyway. A failure is one line of the log, and is tried again later and later.
#pragma once

#include <functional>

#include "mailbox/desk.h"
#include "mailbox/pass.h"

namespace beadle::mailbox {

/// Connects and passes until nothing is left to do: `beadle imap review`.
PassOutcome review_once(const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools, const net::StopSwitch* stop);

/// Until a stop. `settings` is asked again and again; when it has changed, all begin anew.
void run_desk_loop(const std::function<DeskSettings()>& settings, const Tools& tools, const net::StopSwitch& stop);

}  // namespace beadle::mailbox
