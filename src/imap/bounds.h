// How much a mail server may say, each with its reason. What is over a bound ends the conversation with an error; nothing is cut silently.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/limits.h"

namespace beadle::imap {

// A line of a response without its literals: names of folders and flags are short, and a server with hundreds of extensions says them in 4 kB.
inline constexpr std::size_t line_bytes_max = 64u << 10;
// UIDs that one search may find, ten digits and a blank each. Larger folders are searched piece by piece.
inline constexpr std::size_t search_uids_max = 100'000;
inline constexpr std::size_t search_line_bytes_max = search_uids_max * 11 + 100;
// Literals of a response together, where no message was asked for: a name of a folder, at most.
inline constexpr std::size_t literal_bytes_max = 64u << 10;
// Of a message, one byte more than is inspected, so that a larger one is known by it.
inline constexpr std::size_t body_bytes_max = limits::message_bytes_max + 1;
// Of Message-ID fields: RFC 5322 §2.1.1 lets a line have 998 bytes.
inline constexpr std::size_t message_id_field_bytes_max = 2'000;
inline constexpr std::size_t literals_max = 100;
// Lists within lists: ENVELOPE has three; and values of one response, which are UIDs for the most part.
inline constexpr int list_depth_max = 20;
inline constexpr std::size_t values_max = search_uids_max + 1'000;
// Folders of one mailbox; people have some hundred.
inline constexpr std::size_t folders_max = 10'000;
// Untagged responses to one command besides those that were asked for: flags that others change meanwhile.
inline constexpr std::size_t unasked_responses_max = 20'000;
// UIDs of one FETCH, and bytes of its messages: a batch that a slow line brings within the time for one command.
inline constexpr std::size_t fetch_uids_max = 200;
inline constexpr std::size_t fetch_bytes_max = 16u << 20;
// Of a server's words, what is shown or logged.
inline constexpr std::size_t words_bytes_max = 300;
inline constexpr std::int64_t login_timeout_ms = 60'000;
inline constexpr std::int64_t command_timeout_ms = 120'000;
inline constexpr std::int64_t fetch_timeout_ms = 600'000;
inline constexpr std::int64_t logout_timeout_ms = 5'000;  // nothing depends on it

}  // namespace beadle::imap
