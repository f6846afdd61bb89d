// Which folders are meant by a name, or by what they are for: "\Sent" (RFC 6154), "Sent Items".
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "imap/client.h"

namespace beadle::imap {

/// `known` are the folders that the server names; asked for when they are first needed. error: not_found where none is for that, else as of the client.
Result<std::vector<std::string>> folders_for(const std::string& wanted, Client& client, std::optional<std::vector<Folder>>& known);
/// A folder and those below it; all that there are where `above` is "".
Result<std::vector<std::string>> folders_below(const std::string& above, Client& client);

}  // namespace beadle::imap
