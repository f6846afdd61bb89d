// What `beadle serve` makes of the settings and of the files that they name before it opens a socket, so that `beadle config check` says the same.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/network.h"
#include "base/result.h"
#include "config/settings.h"
#include "deliver/loop.h"
#include "smtp/door.h"

namespace beadle::cli {

/// Where mail goes, and how it comes in by the SMTP door: what [smtp] and [release] say, with the files that they name.
struct Routes {
  std::optional<smtp::DoorSettings> door;
  deliver::DeliverSettings delivery;
};

/// Of texts that the reader of the settings has found good.
std::vector<Network> networks_of(const std::vector<std::string>& texts);

/// error: bad_settings, not_found: a file that is not there or cannot be used, with its path.
Result<Routes> routes_of(const config::Settings& settings, bool with_door);

/// Everything that would keep `serve` from starting, or is odd, as far as it can be told without opening a socket or the database: roster, rules,
/// templates, folders, keys. The policy; nullopt where there is none.
std::optional<inspect::Policy> check_start(const config::Settings& settings, Problems& problems);

}  // namespace beadle::cli
