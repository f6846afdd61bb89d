// Recognises where another's letter begins within a text: separators, header blocks and attributions, as mail clients write them
// (Outlook, Gmail, Apple Mail, Thunderbird, Yahoo, telephones), and reads who wrote it to whom.
// Leaves how far the letter reaches to zones.cpp.
#pragma once

#include <optional>
#include <vector>

#include "mail/lines.h"
#include "mail/message.h"

namespace beadle::mail {

/// The lines that open a letter.
struct Opener {
  std::size_t end = 0;       // first line behind them
  Original original;         // from, to, cc, subject, date; not yet where it is
  bool attribution = false;  // "On … wrote:": the letter may stand one quote mark deeper
  bool forward = false;      // the client says that it is forwarded
};

/// The opener that begins at line `at`, if there is one. Looks at a bounded number of lines.
std::optional<Opener> read_opener(const std::vector<Line>& lines, std::size_t at);

/// Mailboxes as header blocks show them: "Name <a@b>; Name", "Surname, First <a@b>", "Name [mailto:a@b]", names alone.
std::vector<Mailbox> shown_mailboxes(std::string_view value);

}  // namespace beadle::mail
