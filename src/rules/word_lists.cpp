#include "rules/word_lists.h"

#include <unordered_map>
#include <unordered_set>

#include "base/text.h"

namespace beadle::rules {
namespace {

constexpr std::size_t word_bytes_max = 12;

using Words = std::unordered_set<std::string_view>;

const std::unordered_map<std::string_view, Abbreviation>& abbreviations() {
  static const auto table = [] {
    std::unordered_map<std::string_view, Abbreviation> all;
    for (const std::string_view word :
         {"mr",   "mrs",  "ms", "messrs", "mx",   "dr",  "prof", "cllr", "cllrs", "cncllr", "cncllrs", "coun", "ald",
          "rev",  "revd", "fr", "hon",    "capt", "col", "maj",  "lt",   "sgt",   "insp",   "supt",    "gen",  "brig",
          "pres", "e.g",  "eg", "i.e",    "ie",   "viz", "cf",   "vs",   "c.f",   "approx", "incl",    "esp",  "attn"}) {
      all[word] = Abbreviation::never_last;
    }
    for (const std::string_view word :
         {"no",   "nos", "p",  "pp",  "pg",  "pt",  "para", "paras", "ref",  "refs",  "vol", "art",  "sec", "sect", "fig",
          "figs", "ch",  "cl", "app", "tel", "ext", "item", "min",   "mins", "sched", "reg", "regs", "ver", "v"}) {
      all[word] = Abbreviation::before_number;
    }
    for (const std::string_view word :
         {"st",  "rd",   "ave", "av",   "ln",  "cres", "cl",   "pl",    "sq",  "gdns", "terr", "ct",   "hse",   "ltd",
          "plc", "co",   "inc", "bros", "etc", "jr",   "sr",   "snr",   "jnr", "esq",  "dept", "govt", "cttee", "ctte",
          "mtg", "asst", "hon", "jan",  "feb", "mar",  "apr",  "jun",   "jul", "aug",  "sep",  "sept", "oct",   "nov",
          "dec", "mon",  "tue", "tues", "wed", "thu",  "thur", "thurs", "fri", "sat",  "sun",  "am",   "pm",    "hrs",
          "hr",  "tel",  "cc",  "al",   "op",  "ed",   "eds",  "misc",  "est", "max",  "temp", "tbc"}) {
      all.emplace(word, Abbreviation::maybe_last);
    }
    return all;
  }();
  return table;
}

const Words& beginners() {
  static const Words words{"a",
                           "about",
                           "after",
                           "all",
                           "also",
                           "although",
                           "an",
                           "and",
                           "any",
                           "anyway",
                           "are",
                           "as",
                           "at",
                           "before",
                           "best",
                           "but",
                           "by",
                           "can",
                           "could",
                           "did",
                           "do",
                           "does",
                           "don",
                           "during",
                           "each",
                           "either",
                           "every",
                           "everyone",
                           "finally",
                           "first",
                           "following",
                           "for",
                           "from",
                           "further",
                           "given",
                           "go",
                           "has",
                           "have",
                           "he",
                           "hello",
                           "her",
                           "here",
                           "hi",
                           "his",
                           "how",
                           "however",
                           "i",
                           "if",
                           "in",
                           "instead",
                           "is",
                           "it",
                           "its",
                           "just",
                           "kind",
                           "last",
                           "let",
                           "many",
                           "may",
                           "meanwhile",
                           "members",
                           "most",
                           "my",
                           "never",
                           "next",
                           "no",
                           "nobody",
                           "not",
                           "nothing",
                           "now",
                           "ok",
                           "okay",
                           "on",
                           "once",
                           "one",
                           "only",
                           "or",
                           "our",
                           "over",
                           "perhaps",
                           "please",
                           "regards",
                           "residents",
                           "she",
                           "should",
                           "since",
                           "sincerely",
                           "so",
                           "some",
                           "someone",
                           "sorry",
                           "still",
                           "subject",
                           "take",
                           "thank",
                           "thanks",
                           "that",
                           "the",
                           "their",
                           "then",
                           "there",
                           "these",
                           "they",
                           "this",
                           "those",
                           "though",
                           "thus",
                           "to",
                           "today",
                           "tomorrow",
                           "two",
                           "under",
                           "unfortunately",
                           "unless",
                           "until",
                           "we",
                           "were",
                           "what",
                           "when",
                           "where",
                           "whether",
                           "which",
                           "while",
                           "who",
                           "why",
                           "will",
                           "with",
                           "would",
                           "yes",
                           "yesterday",
                           "yet",
                           "you",
                           "your",
                           "yours"};
  return words;
}

const Words& line_openers() {
  static const Words words{
      "a",     "an",   "the",   "this",    "that",    "these",  "those", "my",         "your", "our",  "their", "his",  "its",
      "of",    "to",   "in",    "on",      "at",      "by",     "for",   "from",       "with", "into", "and",   "or",   "but",
      "nor",   "as",   "if",    "than",    "we",      "i",      "he",    "she",        "they", "is",   "are",   "was",  "were",
      "be",    "been", "will",  "shall",   "would",   "should", "could", "can",        "may",  "must", "has",   "have", "had",
      "not",   "cllr", "cllr.", "mr",      "mrs",     "ms",     "dr",    "councillor", "mr.",  "mrs.", "ms.",   "dr.",  "about",
      "which", "who",  "whose", "because", "between", "per",    "via",   "&",          "£"};
  return words;
}

const Words& closers() {
  static const Words words{"thanks", "thank", "cheers",    "regards", "best", "kind", "kindest",
                           "warm",   "yours", "sincerely", "many",    "ta",   "love", "xx"};
  return words;
}

bool stands_in(const Words& words, std::string_view word) {
  if (word.size() > word_bytes_max) return words.contains(ascii_lower(word));
  char lower[word_bytes_max];
  for (std::size_t i = 0; i < word.size(); ++i)
    lower[i] = word[i] >= 'A' && word[i] <= 'Z' ? static_cast<char>(word[i] + 32) : word[i];
  return words.contains(std::string_view(lower, word.size()));
}

}  // namespace

Abbreviation abbreviation_kind(std::string_view token) {
  if (token.empty() || token.size() > word_bytes_max) return Abbreviation::none;
  const auto found = abbreviations().find(ascii_lower(token));
  return found == abbreviations().end() ? Abbreviation::none : found->second;
}

bool begins_sentences(std::string_view word) { return stands_in(beginners(), word); }
bool cannot_end_line(std::string_view word) { return stands_in(line_openers(), word); }
bool closes_letters(std::string_view word) { return stands_in(closers(), word); }

}  // namespace beadle::rules
