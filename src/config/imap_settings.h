// [imap.audit] and [imap.review] of the settings: whose Sent folders and which journals are looked at, and in whose mailboxes held mail is shown.
// Passwords stay in their files.
#pragma once

#include <string>

#include "base/document.h"
#include "base/problem.h"
#include "config/settings.h"

namespace beadle::config {

/// Of the table [imap]; mistakes are noted in `problems`. `file`: of the settings, whose folder relative paths are relative to.
Settings::Imap read_imap(TableReader& imap, const std::string& file, Problems& problems);

}  // namespace beadle::config
