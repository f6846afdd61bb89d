// Percent-encoding, for paths, queries and forms (RFC 3986 §2.1). parse_form() and url_encoded() are declared in web/http.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace beadle::web {

enum class Plus { is_plus, is_blank };  // in paths; in queries and forms

/// The bytes that `text` stands for; nullopt where a "%" is not followed by two hexadecimal digits.
std::optional<std::string> percent_decoded(std::string_view text, Plus plus);

}  // namespace beadle::web
