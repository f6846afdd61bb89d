// Mail that is put into a reviewer's mailbox: as its reader sees it, in tests/data/deliver/notices/mailbox.txt.
#include "base/limits.h"
#include "deliver/notices.h"
#include "helpers.h"

namespace beadle::deliver {
namespace {

const ForMailbox where{
    "sam.reed@marram.example", "aa@gate.marram.example", "", {{"Beadle-Held-Id", "01k4vwqf7nc2r8m0d5t3xyz9ab"}},
    "Beadle/Release",          "Beadle/Return"};

std::string shown(const std::string& name, const std::string& bytes) {
  const mail::Message message = mail::parse_message(bytes);
  std::string out = "== " + name + "\n";
  for (const char* field :
       {"Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "Beadle-Held-Id"}) {
    if (const std::string value = message.header(field); !value.empty()) out += std::string(field) + ": " + value + "\n";
  }
  for (const mail::Text& text : message.texts) {
    if (!message.parts[static_cast<std::size_t>(text.part)].inside_original)
      out += "\n" + std::string(trimmed(without_cr(text.utf8))) + "\n";
  }
  if (bytes.find(order_mail) != std::string::npos) out += "\n[the original is attached, as it came]\n";
  CHECK(message.defects.empty());
  return out + "\n";
}

}  // namespace

TEST_CASE("a held message in a mailbox, and what became of a move") {
  const NoticeWriter notices = writer();
  const store::Held held = a_held();
  store::Held large = held;
  large.bytes += std::string(limits::notice_attachment_bytes_max, 'x');
  ForMailbox reply = where;
  reply.in_reply_to = "aa@gate.marram.example";
  reply.message_id = "bb@gate.marram.example";
  std::string all = shown("with its content", notices.for_mailbox(held, a_hold(), true, true, where));
  all += shown("too large", notices.for_mailbox(large, a_hold(), true, true, where));
  all += shown("refused with the original", notices.for_mailbox(held, a_hold(), true, false, where));
  const std::string bare = notices.for_mailbox(held, a_hold(), false, true, where);
  const std::string conflict = notices.for_mailbox_of_conflicted(held, a_hold(), "You are a recipient of this message.", where);
  all += shown("without content", bare) + shown("with a part in it", conflict);
  all += shown("released", notices.on_moved(held.id, "Released: " + held.id, "The message is released.", reply, at(60)));
  all += shown("no message of ours", notices.on_moved("", "Nothing decided", "It is no message of ours.", where, at(60)));
  check_against(data_directory + "/notices/mailbox.txt", all);
  for (const char* secret : {"fence", "Fence", "Gull Lane", "go ahead", "quay.example", "fence-1", "Pike"}) {
    INFO(secret);
    CHECK(bare.find(secret) == std::string::npos);
    CHECK(conflict.find(secret) == std::string::npos);
  }
  CHECK(conflict.find("arrow") == std::string::npos);
}

}  // namespace beadle::deliver
