// Properties: a footer that is planned is either refused, or proved; and what was inserted, taken out again, gives the original. The
// same holds when the message comes by again, marked, with another disclosure; with the same one nothing is done.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "mail/edit.h"
#include "mail/footer_mark.h"
#include "mail/message.h"

namespace {

using namespace beadle::mail;

void demand(bool holds) {
  if (!holds) std::abort();
}

// The edited bytes; "" where refused.
std::string edited(const Message& message, const Disclosure& disclosure) {
  const FooterPlan plan = plan_footer(message, disclosure);
  const FooterResult result = add_footer(message, disclosure);
  if (!plan.refusal.empty()) {
    demand(plan.edits.empty() && result.bytes.empty() && result.refusal == plan.refusal);
    return "";
  }
  const std::string after = apply_edits(message.bytes, plan.edits);
  std::string back = after;  // from the front: what stands before an edit is the original again
  for (const Edit& edit : plan.edits) back.replace(edit.offset, edit.insert.size(), message.bytes, edit.offset, edit.remove);
  demand(back == message.bytes);
  demand(result.refusal.empty() ? result.bytes == after : result.bytes.empty());
  return result.bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string key = "key";
  const Message message = parse_message(std::string(reinterpret_cast<const char*>(data), size));
  for (const std::string line : {"CC Councillor Jane Holt", "CC Councillor Si\xC3\xA2n \xC3\x93 Briain"}) {
    for (const bool eight_bit : {false, true}) {
      const std::string once = edited(message, {.line = line, .key = key, .eight_bit = eight_bit});
      const std::string mark = footer_mark(message, line, key);
      if (once.empty() || mark.empty()) continue;
      const Message again = parse_message(std::string(footer_field) + ": " + mark + "\r\n" + once);
      const std::string same = edited(again, {.line = line, .key = key, .eight_bit = eight_bit});
      demand(same.empty() || same == again.bytes);
      edited(again, {.line = "CC Councillor Ian Day", .key = key, .eight_bit = eight_bit});
    }
  }
  return 0;
}
