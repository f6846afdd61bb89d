// What a document is, told by its bytes: names are chosen by the sender and prove nothing.
#pragma once

#include <string_view>

namespace beadle::extract {

enum class Kind {
  empty,
  zip,  // also docx, odt …: told apart by their members
  archive,
  compressed,  // one file in gzip, bzip2, xz, zstd (perhaps a tar)
  pdf,
  rtf,
  ole,  // compound file: doc, xls, ppt, msg, encrypted docx …
  tnef,
  html,
  message,
  text,
  image,
  sound,  // and film
  unknown,
};

Kind kind_of(std::string_view bytes);
/// For reports: `zip`, `pdf` …
std::string_view to_string(Kind kind);

}  // namespace beadle::extract
