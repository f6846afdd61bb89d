// The words of notices: one text file a kind, with {{name}} fields, that a council may put into its own words.
// Which fields a kind has is a closed list: a notice to reviewers has none that holds content of the mail, so no template can leak it.
// Leaves what the fields hold to notices.h. Every mistake in a file is a Problem with its place.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/problem.h"

namespace beadle::deliver {

/// What a kind of notice is made of. Each may use every one of `fields` and ought to use every one of `needed`.
struct NoticeKind {
  std::string_view name;
  std::vector<std::string_view> fields;
  std::vector<std::string_view> needed;  // without them the notice does not say what it is for: reported as odd
};
/// held-sender held-reviewer released-sender returned-sender withdrawn-sender refused-sender refused-reviewer due-asked due-reviewer digest-reviewer
/// escalate-reviewer explained-reviewer audit-head mailbox-held mailbox-conflict mailbox-outcome disclosure.
const std::vector<NoticeKind>& notice_kinds();

/// Template text with {{name}} fields; a line whose field is empty is left out where it holds nothing else.
/// Each text was checked: its first line is "Subject: …", the rest the body; without comment lines.
struct Templates {
  std::map<std::string, std::string> by_kind;
};

/// Where an installation has the templates that came with it.
inline constexpr std::string_view templates_folder_shipped = "/usr/share/beadle/config/notices";

/// Reads <dir>/<kind>.txt for every kind. Lines that begin with # at the head of a file are comments, then comes "Subject: …".
/// A kind that `directory` does not have (it is older than this version) is taken from `shipped`, and reported as odd.
/// nullopt where a file is wrong, or missing in both; unknown {{fields}} are problems with file and line.
std::optional<Templates> load_templates(const std::string& directory, Problems& problems, std::string_view shipped = templates_folder_shipped);

/// One template; nullopt where something is wrong. `file` is for the problems.
std::optional<std::string> parse_template(std::string_view text, std::string_view file, const NoticeKind& kind, Problems& problems);

using Fields = std::map<std::string, std::string, std::less<>>;

struct FilledTemplate {
  std::string subject;  // one line
  std::string text;     // LF line ends
};
/// Puts the fields in. What a field holds is never looked at for fields again, and in the subject its line ends become blanks.
FilledTemplate fill_template(std::string_view text, const Fields& fields);

}  // namespace beadle::deliver
