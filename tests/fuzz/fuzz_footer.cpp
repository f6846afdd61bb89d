// Property: a footer that is planned is either refused, or proved; and what was inserted, taken out again, gives the original.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "mail/edit.h"
#include "mail/message.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle::mail;
  const std::string line = "CC Councillor Jane Holt";
  const Message message = parse_message(std::string(reinterpret_cast<const char*>(data), size));
  const FooterPlan plan = plan_footer(message, line);
  if (!plan.refusal.empty()) {
    if (!plan.edits.empty()) std::abort();
    return 0;
  }
  const std::string after = apply_edits(message.bytes, plan.edits);
  std::string back = after;
  for (const Edit& edit : plan.edits) back.replace(edit.offset, edit.insert.size(), message.bytes, edit.offset, edit.remove);
  if (back != message.bytes) std::abort();
  const FooterResult result = add_footer(message, line);
  if (result.refusal.empty() && result.bytes != after) std::abort();
  if (!result.refusal.empty() && !result.bytes.empty()) std::abort();
  return 0;
}
