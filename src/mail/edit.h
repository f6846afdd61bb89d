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

struct FooterPlan {
  std::vector<Edit> edits;  // sorted; empty where `refusal` is not, or where nothing has to be done
  std::string refusal;      // why the message must not be edited, "" where it may
  std::vector<std::string> remarks;  // for the log: "transliterated", …
};

/// Where `line` (UTF-8, one line without line end: "CC Councillor Jane Holt") is to stand in each displayed alternative.
FooterPlan plan_footer(const Message& message, std::string_view line);

/// `bytes` with the edits made. CHECKs that they are sorted, do not overlap and lie within.
std::string apply_edits(std::string_view bytes, const std::vector<Edit>& edits);

/// "" if `after` is `before` with the footer and nothing else changed: same tree, same other parts, edited parts = old text + line.
std::string prove_footer(const Message& before, const Message& after, const FooterPlan& plan, std::string_view line);

/// Plan, apply, prove in one step: the edited bytes, or the refusal.
struct FooterResult {
  std::string bytes;    // edited message; empty where refused
  std::string refusal;
  std::vector<std::string> remarks;
};
FooterResult add_footer(const Message& message, std::string_view line);

}  // namespace beadle::mail
