#include "inspect/envelope.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::inspect {

void add_dsn(std::string& dsn, std::string_view parameter) {
  constexpr std::string_view keywords[] = {"RET=", "ENVID=", "NOTIFY=", "ORCPT="};
  const bool known = std::any_of(std::begin(keywords), std::end(keywords), [&](std::string_view keyword) { return ascii_istarts_with(parameter, keyword); });
  const bool one_word = std::none_of(parameter.begin(), parameter.end(), [](char c) { return static_cast<unsigned char>(c) <= ' ' || c == 0x7F; });
  if (!known || !one_word) return;
  if (!dsn.empty()) dsn += ' ';
  dsn += parameter;
}

std::string_view dsn_of_recipient(const Envelope& envelope, std::size_t index) {
  return index < envelope.recipient_dsn.size() ? std::string_view(envelope.recipient_dsn[index]) : "";
}

}  // namespace beadle::inspect
