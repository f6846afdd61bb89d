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

Result<void> Folders::find(const DeskSettings& settings) {
  // Without it, others' messages that are flagged as deleted would go with ours.
  if (!client_.can_remove()) {
    return Error{
        ErrorKind::refused,
        "the mail server offers no UIDPLUS (RFC 4315): nothing can be taken out of a folder by itself, so review by mail "
        "folder is not possible there"};
  }
  imap::Namespace own = TRY(client_.own_namespace());
  const std::vector<imap::Folder> folders = TRY(client_.folders());
  if (own.separator == '\0' && !folders.empty()) own.separator = folders.front().separator;
  names_ = {name_within(own, settings.held), name_within(own, settings.release), name_within(own, settings.give_back)};
  replies_ = name_within(own, settings.replies);
  for (const std::string& name : {names_[0], names_[1], names_[2], replies_}) {
    const bool there = name == "INBOX" || std::any_of(folders.begin(), folders.end(), [&](const imap::Folder& folder) {
                         return folder.name == name && !folder.has("\\NonExistent") && !folder.has("\\Noselect");
                       });
    if (!there) TRY(client_.create(name));
  }
  return {};
}

Result<void> Folders::open(Box box) {
  if (open_ == box) return {};
  open_.reset();
  const imap::FolderState state = TRY(client_.select(name_of(box)));
  auto& validity = validity_[static_cast<std::size_t>(box)];
  if (validity && *validity != state.uid_validity) return Error{ErrorKind::try_later, "a folder was made anew meanwhile"};
  if (state.read_only) return Error{ErrorKind::refused, "the folder " + name_of(box) + " can only be read"};
  validity = state.uid_validity;
  open_ = box;
  exists_ = state.exists;
  return {};
}

Result<std::vector<Copy>> Folders::read(Box box, std::string_view key, std::string_view account) {
  std::vector<Copy> copies;
  TRY(open(box));
  if (exists_ == 0) return copies;
  if (exists_ > folder_messages_max) {
    return Error{ErrorKind::refused, "the folder " + name_of(box) + " holds " + std::to_string(exists_) +
                                         " messages, and at most " + std::to_string(folder_messages_max) +
                                         " are looked at: move what is not held mail elsewhere"};
  }
  for (const auto& batch : imap::batches_of(TRY(client_.search(1, UINT32_MAX)))) {
    TRY(client_.fields(batch, mark_field_names, [&](imap::Item&& item) -> Result<void> {
      const auto has = [&](std::string_view flag) {
        return std::any_of(item.flags.begin(), item.flags.end(), [&](const auto& one) { return ascii_iequals(one, flag); });
      };
      copies.push_back({.box = box,
                        .uid = item.uid,
                        .read = read_mark(item.header.value_or(""), key, account),
                        .deleted = has("\\Deleted"),
                        .answered = has("\\Answered")});
      return {};
    }));
  }
  return copies;
}

Result<void> Folders::add_held(Time received, std::string_view bytes) {
  return client_.append(name_of(Box::held), {}, received, bytes);
}

Result<void> Folders::move_to_held(Box box, std::uint32_t uid) {
  TRY(open(box));
  return client_.move({uid}, name_of(Box::held));
}

Result<void> Folders::remove(Box box, const std::vector<std::uint32_t>& uids) {
  if (uids.empty()) return {};
  TRY(open(box));
  for (const auto& batch : imap::batches_of(uids)) TRY(client_.remove(batch));
  return {};
}

Result<void> Folders::mark_answered(Box box, std::uint32_t uid) {
  TRY(open(box));
  return client_.add_flag({uid}, "\\Answered");
}

Result<void> Folders::add_reply(Time now, std::string_view bytes) { return client_.append(replies_, {}, now, bytes); }

Result<bool> Folders::has_reply(std::string_view message_id) {
  open_.reset();
  TRY(client_.examine(replies_));
  return client_.has_message_id(message_id);
}

std::string Folders::place(Box box, std::uint32_t uid) const {
  const auto& validity = validity_[static_cast<std::size_t>(box)];
  CHECK(validity.has_value());
  return std::string(to_string(box)) + "\n" + std::to_string(*validity) + "\n" + std::to_string(uid);
}

}  // namespace beadle::mailbox
