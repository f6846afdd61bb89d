// What makes a message in a reviewer's mailbox one of ours: a header field with the id of the held message, and one with a keyed
// digest of that id, of the account whose mailbox it was put into, and of what it shows. Anybody can write a mail with such
// fields; nobody else can make the digest, and that of one mailbox is worth nothing in another. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beadle::mailbox {

/// What a message in a mailbox shows of the held one.
enum class Shape {
  original,  // the words that were found, and the message itself attached
  facts,     // neither: the council wants no content in mailboxes
  conflict,  // neither: its reader has a part in it, and another reviewer has to decide
};
std::string_view to_string(Shape shape);

struct Mark {
  std::string id;  // of the held message
  Shape shape = Shape::original;
  bool operator==(const Mark&) const = default;
};

/// Names of the two fields, as FETCH asks for them.
inline constexpr std::string_view mark_field_names = "BEADLE-HELD-ID BEADLE-HELD-MARK";

/// The two fields for a message that is put into the mailbox of `account`.
std::vector<std::pair<std::string, std::string>> mark_fields(const Mark& mark, std::string_view key, std::string_view account);

struct ReadMark {
  bool claimed = false;      // there is such a field, whoever wrote it
  std::optional<Mark> mark;  // of ours, for this account
  bool operator==(const ReadMark&) const = default;
};
/// `header`: a header, or those fields of it. What stands there twice is nobody's.
ReadMark read_mark(std::string_view header, std::string_view key, std::string_view account);

}  // namespace beadle::mailbox
