// English words that decide where sentences end: abbreviations, words that begin sentences, words that cannot end a line of their
// own.
#pragma once

#include <string_view>

namespace beadle::rules {

enum class Abbreviation {
  none,
  never_last,     // Mr Cllr e.g: something always follows
  before_number,  // No p para: an abbreviation only before a number
  maybe_last,     // St Rd Ltd etc: ends the sentence if a new one plainly begins
};

/// `token` without its last dot, in any case.
Abbreviation abbreviation_kind(std::string_view token);
/// "The", "We", "Please": with a capital these begin a sentence; other capitals may be names.
bool begins_sentences(std::string_view word);
/// "the", "of", "will", "Cllr": a line that ends so goes on in the next.
bool cannot_end_line(std::string_view word);
/// "thanks", "regards", "cheers": what a line below a letter begins with.
bool closes_letters(std::string_view word);

}  // namespace beadle::rules
