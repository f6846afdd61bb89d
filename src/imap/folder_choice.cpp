#include "imap/folder_choice.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"

namespace beadle::imap {
namespace {

// Folders of sent mail where a server does not say which one it is: Exchange, Dovecot and Courier, Apple, Gmail.
constexpr std::array<std::string_view, 4> sent_names = {"Sent Items", "Sent", "Sent Messages", "[Gmail]/Sent Mail"};

bool can_be_opened(const Folder& folder) { return !folder.has("\\Noselect") && !folder.has("\\NonExistent"); }

/// Its last level, and the whole: "INBOX.Sent" is "Sent".
bool is_called(const Folder& folder, std::string_view name) {
  if (ascii_iequals(folder.name, name)) return true;
  const std::size_t level = folder.separator == '\0' ? std::string::npos : folder.name.rfind(folder.separator);
  return level != std::string::npos && ascii_iequals(folder.name.substr(0, level), "INBOX") && ascii_iequals(folder.name.substr(level + 1), name);
}

}  // namespace

Result<std::vector<std::string>> folders_for(const std::string& wanted, Client& client, std::optional<std::vector<Folder>>& known) {
  if (!wanted.starts_with('\\')) return std::vector<std::string>{wanted};
  if (!known) known = TRY(client.folders());
  std::vector<std::string> found;
  for (const Folder& folder : *known) {
    if (folder.has(wanted) && can_be_opened(folder)) found.push_back(folder.name);
  }
  if (found.empty() && ascii_iequals(wanted, "\\Sent")) {
    for (const std::string_view name : sent_names) {
      const auto folder = std::find_if(known->begin(), known->end(), [&](const Folder& one) { return is_called(one, name) && can_be_opened(one); });
      if (folder != known->end()) found.push_back(folder->name);
    }
  }
  if (found.empty()) return Error{ErrorKind::not_found, "no folder that is " + wanted + ": name one in folders"};
  return found;
}

Result<std::vector<std::string>> folders_below(const std::string& above, Client& client) {
  std::vector<std::string> found;
  for (const Folder& folder : TRY(client.folders())) {
    const bool below = above.empty() || folder.name == above || (folder.separator != '\0' && folder.name.starts_with(above + folder.separator));
    if (below && can_be_opened(folder)) found.push_back(folder.name);
  }
  if (found.empty()) return Error{ErrorKind::not_found, "no folder " + above};
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace beadle::imap
