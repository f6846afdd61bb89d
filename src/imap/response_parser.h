// A whole response of an IMAP server → values. The reader (response_reader.h) has put its lines together and taken its literals out.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "imap/response.h"

namespace beadle::imap {

/// Bytes of literals by their place in the text: behind their "{n}".
using Literals = std::vector<std::pair<std::size_t, std::string>>;

/// Whether a response has human words, in which a "{5}" at the end announces nothing.
bool has_words(std::string_view text);

/// Takes the literals' bytes. "" on success, else what is wrong, without quoting the server.
std::string parse_response(std::string_view text, Literals& literals, Response& response);

}  // namespace beadle::imap
