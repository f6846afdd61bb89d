// The named character references of HTML (WHATWG HTML §13.5): a table, and nothing else.
#pragma once

#include <cstddef>
#include <string_view>

namespace beadle::mail {

struct HtmlEntity {
  std::string_view name;  // without "&" and ";"
  char32_t first = 0;
  char32_t second = 0;  // 0 where the name stands for one character
  bool bare = false;    // also known without ";"
};

inline constexpr std::size_t html_entity_name_max = 31;
inline constexpr std::size_t html_bare_entity_name_max = 6;

/// nullptr where nothing has that name; names are told apart by case.
const HtmlEntity* find_html_entity(std::string_view name);

}  // namespace beadle::mail
