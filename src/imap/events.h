// What an IMAP server tells, as values: what machine.h hands out one at a time, so that no more than one message is in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"

namespace beadle::imap {

struct Capabilities {
  std::vector<std::string> names;  // upper case
  bool has(std::string_view name) const;
};

struct Folder {
  std::string name;                     // UTF-8
  std::string wire;                     // as the server writes it
  char separator = '\0';                // between levels; NUL: there are none
  std::vector<std::string> attributes;  // "\Sent" (RFC 6154), "\Noselect" …
  bool has(std::string_view attribute) const;
};

struct Namespace {
  std::string prefix;  // UTF-8
  char separator = '\0';
};
/// RFC 2342: one's own folders, those of other people, and those that are shared.
struct Namespaces {
  std::vector<Namespace> own, others, shared;
};

/// Of the folder that was opened.
struct FolderState {
  std::uint32_t exists = 0;
  std::uint32_t uid_validity = 0;  // 0: the server says none
  std::uint32_t uid_next = 0;      // 0: the server says none
  bool read_only = false;
};

struct Found {
  std::vector<std::uint32_t> uids;  // rising
};

/// A message, or what was asked of it.
struct Item {
  std::uint32_t uid = 0;
  std::uint64_t size = 0;
  std::optional<Time> received;  // INTERNALDATE
  std::vector<std::string> flags;
  std::optional<std::string> header;  // its Message-ID fields
  std::optional<std::string> body;    // the whole message
};

/// The number of messages has changed, by what the server says unasked: an IDLE has something to tell.
struct Changed {
  std::uint32_t exists = 0;
};
/// The server waits for end_idle().
struct Idling {};

struct Completed {
  enum class Status { ok, no, bad };
  Status status = Status::ok;
  std::string code, words;  // "TRYCREATE"; printable, shortened
};

/// The server ends the conversation.
struct Bye {
  std::string words;
};

using Event = std::variant<Capabilities, Folder, Namespaces, Found, Item, Changed, Idling, Completed, Bye>;

/// "17-Jul-1996 02:44:25 -0700" (RFC 3501 §9 date-time); nullopt where it is none.
std::optional<Time> internal_date_from(std::string_view text);
std::string to_internal_date(Time time);

}  // namespace beadle::imap
