// What a person may do with held mail, whichever desk he or she sits at. Each act checks the role, a conflict of interest (or that two people agreed
// to override it), the words, and the state; then does it, with its audit row. Failures: refused, in words for people (who may not, or who was first);
// usage (words missing or too long); else of the store.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/time.h"
#include "deliver/notices.h"
#include "inspect/inspect.h"
#include "review/conflict.h"
#include "review/disclosure.h"
#include "review/role.h"
#include "store/accounts.h"
#include "store/desk.h"
#include "store/store.h"

namespace beadle::review {

Actor actor_of(const store::Account& account);
/// refused, where none of the actor's roles may.
Result<void> check_permission(const Actor& actor, Permission permission);

class Acts {
 public:
  /// `documents` reads attached documents, so that who is named in one does not decide either; nullptr: they are not read.
  Acts(store::Store& store, const inspect::Policy& policy, const deliver::NoticeWriter& notices, std::function<void(mail::Message&)> documents = nullptr)
      : store_(store), desk_(store), policy_(policy), notices_(notices), documents_(std::move(documents)) {}

  /// The content, with an audit row that it was looked at.
  Result<store::Held> open(std::string_view id, const Actor& actor, Time now);

  /// Sends what would leave (Held::release_bytes) to everybody it was addressed to.
  Result<void> release(std::string_view id, const Actor& actor, std::string_view reason, Time now);
  /// Of a release: once more to those who were refused it.
  Result<void> release_again(std::string_view id, const Actor& actor, std::string_view reason, Time now);
  /// Says what was done: the line is in the message, or its readers are told. refused, where there is nothing to disclose.
  Result<Disclosure> release_disclosed(std::string_view id, const Actor& actor, std::string_view reason, Time now);
  /// `words` go to the sender; usage, where there are none.
  Result<void> return_to_sender(std::string_view id, const Actor& actor, std::string_view words, Time now);
  /// Takes it back at the sender's wish: by the sender, who needs no role for it, or for him or her by a reviewer. The sender is told in either case,
  /// so that nobody makes mail vanish unseen.
  Result<void> withdraw(std::string_view id, const Actor& actor, std::string_view reason, Time now);

  /// Whether the actor wrote or sent it, and so may withdraw it.
  Result<bool> is_by(std::string_view id, const Actor& actor);

  Result<void> claim(std::string_view id, const Actor& actor, Time now);
  Result<void> unclaim(std::string_view id, const Actor& actor, Time now);
  /// `to`: name of an account, or "" for whoever is free. refused, where that one may not decide about it. Needs no freedom from conflict.
  Result<void> pass_on(std::string_view id, const Actor& actor, std::string_view to, std::string_view words, Time now);
  Result<void> note(std::string_view id, const Actor& actor, std::string_view words, Time now);
  Result<void> set_legal_hold(std::string_view id, const Actor& actor, bool on, std::string_view reason, Time now);

  /// To decide in spite of a conflict of interest; refused, where there is none, or where it is decided about already.
  Result<void> ask_break_glass(std::string_view id, const Actor& actor, std::string_view reason, Time now);
  /// By a second person, who is not the sender: to the request of the account `asked_by`, or for "" to every one that waits. refused, where it is decided
  /// about already.
  Result<void> agree_break_glass(std::string_view id, const Actor& actor, Time now, std::string_view asked_by = "");

  /// nullopt: this actor may decide, also because two people agreed. For a page that offers only what can be done.
  Result<std::optional<Conflict>> conflict_in_force(const store::Held& held, const Actor& actor);

 private:
  struct ToDecide {
    store::Held held;
    mail::Message message;
  };
  Result<ToDecide> to_decide(std::string_view id, const Actor& actor, Time now);
  mail::Message read(const store::Held& held) const;

  store::Store& store_;
  store::Desk desk_;
  const inspect::Policy& policy_;
  const deliver::NoticeWriter& notices_;
  std::function<void(mail::Message&)> documents_;
};

/// By the link of a notice, once. refused: there is no such link, it was used or has expired, or the message was decided about.
Result<void> withdraw_by_link(store::Store& store, std::string_view token, Time now);
Result<void> explain_by_link(store::Store& store, const deliver::NoticeWriter& notices, std::string_view token, std::string_view words, Time now);

}  // namespace beadle::review
