#include "mailbox/folders.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::mailbox {

std::string name_within(const imap::Namespace& own, const std::string& name) {
  if (ascii_iequals(name, "INBOX")) return "INBOX";
  std::string written = name;
  if (own.separator != '\0') std::replace(written.begin(), written.end(), '/', own.separator);
  return ascii_istarts_with(written, own.prefix) ? written : own.prefix + written;
}

Result<FolderNames> find_folders(imap::Client& client, const DeskSettings& settings) {
  imap::Namespace own = TRY(client.own_namespace());
  const std::vector<imap::Folder> folders = TRY(client.folders());
  if (own.separator == '\0' && !folders.empty()) own.separator = folders.front().separator;
  FolderNames names{name_within(own, settings.held), name_within(own, settings.release), name_within(own, settings.give_back),
                    name_within(own, settings.replies)};
  for (const std::string* name : {&names.held, &names.release, &names.give_back, &names.replies}) {
    const bool there = std::any_of(folders.begin(), folders.end(), [&](const imap::Folder& folder) {
      return (folder.name == *name || (*name == "INBOX" && ascii_iequals(folder.name, "INBOX"))) &&
             !folder.has("\\NonExistent") && !folder.has("\\Noselect");
    });
    if (!there && *name != "INBOX") TRY(client.create(*name));
  }
  return names;
}

}  // namespace beadle::mailbox
