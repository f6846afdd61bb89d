// What is put into a reviewer's mailbox, as bytes: held messages with their mark, and what is said of moves. Message-IDs are
// keyed digests of what a letter is about, so that one that was put there before is found again, and nobody learns anything by
// them.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "deliver/notices.h"
#include "mailbox/desk.h"
#include "mailbox/mark.h"
#include "mailbox/plan.h"
#include "store/accounts.h"
#include "store/desk.h"

namespace beadle::mailbox {

struct Letter {
  std::string message_id;  // without angle brackets
  std::string bytes;
};

class Letters {
 public:
  Letters(std::shared_ptr<const deliver::NoticeWriter> notices, const DeskSettings& settings, store::Account account,
          std::string key)
      : notices_(std::move(notices)), settings_(settings), account_(std::move(account)), key_(std::move(key)) {}

  /// For Held. `conflict`: its reader's part in it, for Shape::conflict. Without `attach`, the server did not take it with the
  /// original.
  std::string held(const store::Held& held, const Mark& mark, const std::string& conflict, bool attach) const;

  /// What came of a move. `place`: Folders::place of what was moved; `shape` what it showed. `by`: who was first, by name; `why`:
  /// of a refusal.
  Letter ending(Ending ending, const store::HeldSummary& held, const std::string& place, Shape shape, bool is_shown,
                const std::string& by, const std::string& why, Time now) const;
  /// Of a message in a folder that decides nothing.
  Letter stray(Box box, Stray stray, const std::string& place, Time now) const;

  std::string_view name_of(Box box) const {
    return box == Box::held ? settings_.held : box == Box::release ? settings_.release : settings_.give_back;
  }

 private:
  deliver::ForMailbox address(std::string id) const;
  std::string held_id(const std::string& id, Shape shape) const;
  std::string message_id(const std::string& what) const;

  std::shared_ptr<const deliver::NoticeWriter> notices_;
  const DeskSettings& settings_;
  store::Account account_;
  std::string key_;
};

}  // namespace beadle::mailbox
