// What people do around held mail besides deciding: find it, take it on, pass it to a colleague, note something, keep it from being purged; and the
// register of every act. All lists come in pages. Failures as of the Store; `id` may be a unique beginning or end, as there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "store/store.h"

namespace beadle::store {

struct Claim {
  std::string who;  // account
  Time at{};
};

struct Note {
  std::string who;   // account; "sender" for what the sender explained
  std::string kind;  // "note" "explained" "passed-on" "legal-hold"
  std::string words;
  Time at{};
};

/// Somebody asked to decide in spite of a conflict of interest; takes effect when another person has agreed.
struct BreakGlass {
  std::string asked_by, reason;
  Time asked{};
  std::string agreed_by;  // "" while nobody has
  std::optional<Time> agreed;
};

struct InboxQuery {
  std::vector<HeldState> states;  // empty: every state
  std::string words;   // whole words of subject and addresses, or the beginning of an id, all of which must be there; "" for all
  std::string clause;  // "" for all
  std::string claimed_by;         // account; "" for all
  bool unclaimed = false;
  std::optional<Time> from, until;  // received
  bool oldest_first = true;
  std::string after;              // InboxPage::after of the page before; "": the first page
  std::size_t most = 50;
};

struct InboxRow : HeldSummary {
  std::optional<Claim> claim;
  bool opened = false;     // somebody has read it
  bool legal_hold = false;
  bool explained = false;  // by its sender
};

struct InboxPage {
  std::vector<InboxRow> rows;
  bool more = false;
  std::string after;  // where the next page begins: the id of the last row, or further on, where a long search stopped on its way
};

struct RegisterQuery {
  std::string act, who, held;  // exact; "" for all
  std::optional<Time> from, until;
  std::int64_t before = INT64_MAX;  // rows numbered below it, newest first
  std::size_t most = 100;
};

class Desk {
 public:
  explicit Desk(Store& store) : store_(store) {}

  Result<InboxPage> inbox(const InboxQuery& query);
  /// One row of it, without content. not_found.
  Result<InboxRow> row(std::string_view id);
  /// Every one that `part` of an id may stand for, oldest first, for a person to choose from. usage, where it is too short.
  Result<std::vector<InboxRow>> rows_like(std::string_view part, std::size_t most);

  /// refused, where somebody else has it (says who) or it is decided. Again by the same person: nothing happens.
  Result<void> claim(std::string_view id, std::string_view who, Time now);
  /// Gives it up; refused, where somebody else has it.
  Result<void> unclaim(std::string_view id, std::string_view who, Time now);
  /// Holds it for another reviewer, with words for him or her: the claim becomes theirs. "" for `to`: for whoever is free. refused as claim().
  Result<void> pass_on(std::string_view id, std::string_view who, std::string_view to, std::string_view words, Time now);
  /// Of kind "note" or "explained". refused: too many, or its content was purged; usage: too long.
  Result<void> note(std::string_view id, const Note& note);
  /// A note of kind "explained" by the single-use link of `token`, which is used up with it: both or neither. false: the link was used or has expired.
  /// refused also where its message is decided.
  Result<bool> explain_by_link(std::string_view token, const Note& note, const std::vector<Notice>& notices = {});
  /// Oldest first.
  Result<std::vector<Note>> notes(std::string_view id);

  /// Keeps its content from being purged, also when it is decided. The reason becomes a note. refused, where it was purged; the same again:
  /// nothing happens.
  Result<void> set_legal_hold(std::string_view id, bool on, std::string_view who, std::string_view reason, Time now);

  /// Again by the same person: nothing happens.
  Result<void> ask_break_glass(std::string_view id, std::string_view who, std::string_view reason, Time now);
  /// To the open request of `asked_by`, or to every one for "": refused, where there is none, or where `who` asked: two with a conflict cannot agree to
  /// each other's.
  Result<void> agree_break_glass(std::string_view id, std::string_view who, Time now, std::string_view asked_by = "");
  /// Of that person; nullopt where he or she never asked.
  Result<std::optional<BreakGlass>> break_glass(std::string_view id, std::string_view who);
  /// Open requests of everybody with the id of their message, oldest first; "" for `id`: of every message.
  Result<std::vector<std::pair<std::string, BreakGlass>>> break_glass_asked(std::string_view id);

  /// Every act on one message, oldest first.
  Result<std::vector<AuditRow>> history(std::string_view id);
  Result<std::vector<AuditRow>> register_rows(const RegisterQuery& query);
  /// Every act that there is, for a list to choose from.
  Result<std::vector<std::string>> acts();

  /// Earlier mails with the Message-IDs that a mail answers: from whom, to whom, when, and which of them is held here.
  struct ThreadMail {
    std::string message_id, sender, held;  // held: id, "" where it is not
    std::vector<std::string> recipients;
    bool marked = false;
    Time at{};
  };
  Result<std::vector<ThreadMail>> thread(const std::vector<std::string>& message_ids);
  /// Ids of undecided mail that was received before `then`, oldest first; for escalation and the deadline.
  Result<std::vector<std::string>> waiting_since(Time then, std::size_t most);

 private:
  Store& store_;
};

}  // namespace beadle::store
