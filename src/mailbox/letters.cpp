#include "mailbox/letters.h"

#include "base/digest.h"
#include "deliver/wording.h"
#include "review/verdict_of.h"

namespace beadle::mailbox {
namespace {

std::string_view words_of(Stray stray) {
  switch (stray) {
    case Stray::other:
      return "It is no message that Beadle put into the folder of held mail.";
    case Stray::forged:
      return "It says that it is held mail, but it is not the message that was put into this mailbox: it was made or changed by "
             "somebody else.";
    case Stray::unknown:
      break;
  }
  return "The message that it stands for is not in the database any more.";
}

std::string_view heading_of(Ending ending) {
  switch (ending) {
    case Ending::released:
      return "Released: ";
    case Ending::returned:
      return "Returned: ";
    case Ending::put_back:
      return "Not decided: ";
    case Ending::overtaken:
      break;
  }
  return "Decided already: ";
}

std::string who_was_first(const store::HeldSummary& held, const std::string& by) {
  const std::string state = held.state == store::HeldState::releasing ? "released" : std::string(store::to_string(held.state));
  return "Somebody was first: the message was " + state + " by " + by +
         (held.decided ? ", " + deliver::shown_time(*held.decided) : "") + ".";
}

}  // namespace

std::string Letters::held(const store::Held& held, const Mark& mark, const std::string& conflict, bool attach) const {
  deliver::ForMailbox where = address(held_id(held.id, mark.shape));
  where.extra_fields = mark_fields(mark, key_, account_.name);
  const inspect::Verdict verdict = review::verdict_of(held.verdict_json);
  if (mark.shape == Shape::conflict) return notices_->for_mailbox_of_conflicted(held, verdict, conflict, where);
  return notices_->for_mailbox(held, verdict, mark.shape == Shape::original, attach, where);
}

Letter Letters::ending(Ending ending, const store::HeldSummary& held, const std::string& place, Shape shape, bool is_shown,
                       const std::string& by, const std::string& why, Time now) const {
  std::string says;
  switch (ending) {
    case Ending::released:
      says = "The message is released: it goes to everybody it was addressed to.";
      break;
    case Ending::returned:
      says = "The message goes back to its sender, who reads:\n\n" + settings_.return_words;
      break;
    case Ending::put_back:
      says =
          (is_shown ? "Nothing was decided, and the message is back in " + settings_.held + ". " : "Nothing was decided. ") + why;
      break;
    case Ending::overtaken:
      says = who_was_first(held, by);
  }
  deliver::ForMailbox where = address(message_id("reply\n" + place + "\n" + std::string(to_string(ending))));
  where.in_reply_to = held_id(held.id, shape);
  return {where.message_id, notices_->on_moved(held.id, std::string(heading_of(ending)) + held.id, says, where, now)};
}

Letter Letters::stray(Box box, Stray stray, const std::string& place, Time now) const {
  const std::string folder(name_of(box));
  const std::string says =
      "A message that you moved to " + folder + " decides nothing, and was left there. " + std::string(words_of(stray));
  const deliver::ForMailbox where = address(message_id("reply\n" + place + "\nstray"));
  return {where.message_id, notices_->on_moved("", "Nothing decided: a message in " + folder, says, where, now)};
}

deliver::ForMailbox Letters::address(std::string id) const {
  return {.recipient = account_.address,
          .message_id = std::move(id),
          .in_reply_to = "",
          .extra_fields = {},
          .release_folder = settings_.release,
          .return_folder = settings_.give_back};
}

std::string Letters::held_id(const std::string& id, Shape shape) const {
  return message_id("held\n" + id + "\n" + std::string(to_string(shape)));
}

std::string Letters::message_id(const std::string& what) const {
  return hmac_sha256_hex(key_, "message-id\n" + account_.name + "\n" + what).substr(0, 32) + "@" + notices_->host();
}

}  // namespace beadle::mailbox
