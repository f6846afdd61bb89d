// Mailboxes of a replay: which the user means, and how they are logged in to.
#pragma once

#include <memory>
#include <vector>

#include "cli/commands.h"
#include "net/stream.h"
#include "replay/source.h"

namespace beadle::cli {

/// Connects to each, and adds a source for every folder. error: usage, bad_settings (password file), else as of replay/mailbox.h
Result<void> add_mailboxes(const ReplayOptions& options, const config::Settings& settings, const net::StopSwitch& stop,
                           std::vector<std::unique_ptr<replay::Source>>& sources);

}  // namespace beadle::cli
