// Header fields as the mail server knows them (the n-th of a name), and the packets that edit them. The mail server edits its own
// copy: whatever cannot be said exactly is refused here, and the message is deferred.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::milter {

struct HeaderField {
  std::string_view name;   // without blanks before the colon
  std::string_view value;  // everything after the colon, without the last CRLF
  bool operator==(const HeaderField&) const = default;
};

/// Fields of a header block with CRLF line ends; nullopt where a line belongs to none.
std::optional<std::vector<HeaderField>> header_fields(std::string_view block);

/// Whether the mail server was asked to send values with the space that follows the colon (milter v6 SMFIP_HDR_LEADSPC): then we
/// do too.
enum class LeadingSpace { kept, left_out };

/// Deletes every field that has one of the names, the last of a name first, because indexes move.
void append_deletions(std::string& out, const std::vector<HeaderField>& came, const std::vector<std::string>& names);
/// Puts a field above all others.
void append_insertion(std::string& out, std::string_view name, std::string_view value, LeadingSpace space);
/// Turns the fields that came into those of an edited message. False where others differ than those that describe the body
/// (Content-*, MIME-Version); fields named in `removed` are not looked at.
bool append_changes(std::string& out, const std::vector<HeaderField>& came, const std::vector<HeaderField>& edited,
                    const std::vector<std::string>& removed, LeadingSpace space);

}  // namespace beadle::milter
