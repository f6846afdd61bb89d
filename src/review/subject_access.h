// Everything that is kept about one person, as a folder with an index: for a request under UK GDPR Art 15. Held mail sent by, to or naming the person,
// notes on it, reminders, rows of the register, notices that wait, the account. Other people stand in all of it: before it is handed over, somebody has
// to read it and take out what is theirs. What cannot be looked up by a person is said in the index, never left out in silence.
// What can go wrong: the folder is there already (refused), the disk is full (try_later), a message is damaged (listed as such).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "mail/message.h"
#include "people/directory.h"
#include "store/store.h"

namespace beadle::review {

/// One thing that is kept.
struct SubjectItem {
  std::string kind;  // "held mail" "note" "reminder" "register" "notice" "account"
  std::string reference;  // id or number
  Time at{};
  std::string why;   // "sent by the person"
  std::string what;  // subject, words, act
  std::string file;  // within the folder; "" for none
};

struct SubjectAccess {
  std::string name;                    // as asked, or of the roster
  std::vector<std::string> addresses;  // by which it was looked for
  std::vector<SubjectItem> items;
  std::vector<std::string> not_searched;  // in sentences
};

/// `person`: a name of the roster, or any address. `folder` is made, readable by its owner only. Reads all mail that is kept, so it takes minutes where
/// there is much. `documents` reads attached documents; may be nullptr. An audit row says who gathered what about whom.
/// error: usage, where `person` is neither in the roster nor an address.
Result<SubjectAccess> gather_subject(store::Store& store, const people::Directory& people, std::string_view person, const std::string& folder,
                                     std::string_view who, const std::function<void(mail::Message&)>& documents, Time now);

/// The index for people and the one for machines (RFC 4180); pure.
std::string index_html(const SubjectAccess& access, Time now);
std::string index_csv(const SubjectAccess& access);

}  // namespace beadle::review
