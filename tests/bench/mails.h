// The mail that speed is measured with: real mail where there is some, else mail made up in the same sizes.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace beadle::bench {

struct Mails {
  std::string source;  // for the heading
  std::vector<std::string> bytes;
  std::size_t total() const;
};

/// Every file below `<corpus>/mail`; empty where there is none.
Mails corpus_mails();

/// `count` different mails, the same ones each time. Sizes are log-normal, with a median of 12 kB and a mean of 37 kB.
Mails made_mails(std::size_t count);

/// One sentence after the other, all different, until there are `size` bytes; lines end with `line_end`.
std::string made_words(std::size_t size, unsigned seed, const char* line_end);
/// `size` bytes of base64 in lines of 76, CRLF.
std::string made_base64(std::size_t size, unsigned seed);

}  // namespace beadle::bench
