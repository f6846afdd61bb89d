// Names and text made comparable: lower case, without accents, apostrophes or possessive 's, all hyphens alike; as words.
// Knows nothing of persons. Linear in the text.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace beadle::people {

/// One word, and what stands between it and the word before.
struct Word {
  enum class Gap { blank, dot, comma, other };
  std::string text;
  Gap before = Gap::blank;
};

/// Words of `text` (UTF-8, broken bytes are separators): letters, digits and hyphens between them. "O’Dwyer's" gives "odwyer".
std::vector<Word> fold_words(std::string_view text);
/// The words with one blank between them.
std::string fold_phrase(std::string_view text);

}  // namespace beadle::people
