// Any bytes as a notice template: never a crash; what is taken can be filled with anything and gives one line of subject.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "deliver/templates.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace beadle;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const deliver::NoticeKind& kind : deliver::notice_kinds()) {
    Problems problems;
    const auto parsed = deliver::parse_template(text, "template.txt", kind, problems);
    if (parsed.has_value() == has_errors(problems)) std::abort();
    if (!parsed) continue;
    deliver::Fields fields;
    for (const std::string_view name : kind.fields) fields[std::string(name)] = std::string(text.substr(0, 200));
    const deliver::FilledTemplate filled = deliver::fill_template(*parsed, fields);
    if (filled.subject.find_first_of("\r\n") != std::string::npos) std::abort();
    // Fields that are all empty leave no braces of theirs behind.
    const deliver::FilledTemplate empty = deliver::fill_template(*parsed, {});
    if (empty.text.find("{{id}}") != std::string::npos || empty.subject.find("{{id}}") != std::string::npos) std::abort();
  }
  return 0;
}
