// Edits of a message as splices of bytes: everything outside the inserted lines stays as it was.
// `plan_footer` says where the disclosure goes, or why this message must not be edited; `prove_footer` reads the result
// again and compares. Any doubt means no edit.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "mail/message.h"

namespace beadle::mail {

/// Replaces `remove` bytes at `offset` (into Message::bytes) by `insert`.
struct Edit {
  std::size_t offset = 0;
  std::size_t remove = 0;
  std::string insert;
  bool operator==(const Edit&) const = default;
};

/// What is to be said, and what the message may become on its way.
struct Disclosure {
  std::string line{};      // UTF-8, one line without line end: "CC Councillor Jane Holt"
  std::string key{};       // of the marks on Beadle's own lines (footer_mark.h); "": none is believed
  bool eight_bit = false;  // the mail server was told to expect bytes over 127 (RFC 6152), so a charset may become UTF-8
};

struct FooterPlan {
  std::vector<Edit> edits;  // sorted; empty where `refusal` is not, or where nothing has to be done
  std::string refusal;      // why the message must not be edited, "" where it may
  std::vector<std::string> remarks;  // for the log: "transliterated", …
  enum class Shape {
    same,     // the line goes into the texts that are there
    added,    // … into a new first part of the multipart/mixed that is there
    wrapped,  // … into a new first part, before what was the whole body
  } shape = Shape::same;
  std::vector<std::string> replaced;    // earlier lines of ours that go, as they stand in decoded texts
  std::vector<std::size_t> relabelled;  // parts that become UTF-8, in 8bit where they had no encoding
};

/// Where the line is to stand in each displayed alternative: below the sender's newest words where it is certain in all of them that
/// they end there, else at the end. A line of ours from an earlier pass stays where it says the same, and is replaced where not.
FooterPlan plan_footer(const Message& message, const Disclosure& disclosure);

/// The line that Beadle appended when this message came by before, as its reader sees it; "" where there is none.
std::string earlier_footer(const Message& message, std::string_view key);

/// `bytes` with the edits made. CHECKs that they are sorted, do not overlap and lie within.
std::string apply_edits(std::string_view bytes, const std::vector<Edit>& edits);

/// "" if `after` is `before` with the footer and nothing else changed: same tree, same other parts, edited parts = old text + line,
/// and the line shown once more than before (RFC 2046 §5.1: or the old body as the second part of a new multipart/mixed).
std::string prove_footer(const Message& before, const Message& after, const FooterPlan& plan, std::string_view line);

/// Plan, apply, prove in one step: the edited bytes, or the refusal.
struct FooterResult {
  std::string bytes;    // edited message; empty where refused
  std::string refusal;
  std::vector<std::string> remarks;
};
FooterResult add_footer(const Message& message, const Disclosure& disclosure);

}  // namespace beadle::mail
