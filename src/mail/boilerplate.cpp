#include "mail/boilerplate.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string>

#include "base/text.h"

namespace beadle::mail {
namespace {

enum Feature : std::uint32_t {
  intended = 1u << 0,
  recipient = 1u << 1,
  solely = 1u << 2,
  error = 1u << 3,
  received = 1u << 4,
  confidential = 1u << 5,
  disclose = 1u << 6,
  prohibited = 1u << 7,
  request = 1u << 8,
  virus = 1u << 9,
  monitored = 1u << 10,
  views = 1u << 11,
  author = 1u << 12,
  environment = 1u << 13,
  print = 1u << 14,
  liability = 1u << 15,
  law = 1u << 16,
  mail_word = 1u << 17,
  personal = 1u << 18,
  reason = 1u << 19,
  if_word = 1u << 20,
  not_word = 1u << 21,
  erase = 1u << 22,
};

struct Stem {
  std::string_view text;  // a word that begins so; with a blank at its end the word must be that
  std::uint32_t feature;
};

// Sorted by their first two letters, so that a word is compared with few of them.
constexpr std::array<Stem, 90> stems{{
    {"addressed ", recipient},
    {"addressee", recipient},
    {"attachment", mail_word},
    {"author ", author},
    {"authors ", author},
    {"because ", reason},
    {"bind ", liability},
    {"binding ", liability},
    {"communication", mail_word},
    {"confidential", confidential},
    {"content ", mail_word},
    {"contents ", mail_word},
    {"contract", liability},
    {"copied ", disclose},
    {"copy ", disclose},
    {"copying ", disclose},
    {"defamatory ", author},
    {"delete", request | erase},
    {"destroy", request | erase},
    {"disclos", disclose},
    {"disseminat", disclose},
    {"distribut", disclose},
    {"email", mail_word},
    {"entity ", recipient},
    {"environment ", environment},
    {"error ", error},
    {"exclusively ", solely},
    {"expressed ", author},
    {"files ", mail_word},
    {"foi ", law},
    {"freedom ", law},
    {"gdpr ", law},
    {"had ", received},
    {"i ", personal},
    {"i'd ", personal},
    {"i'll ", personal},
    {"i'm ", personal},
    {"i've ", personal},
    {"if ", if_word},
    {"inform ", request},
    {"intended ", intended},
    {"intercept", monitored},
    {"isn't ", not_word},
    {"kindly ", request},
    {"liability ", liability},
    {"liable ", liability},
    {"mail ", mail_word},
    {"mails ", mail_word},
    {"malicious ", virus},
    {"malware ", virus},
    {"me ", personal},
    {"meant ", intended},
    {"message", mail_word},
    {"misdirected ", error},
    {"mistake", error},
    {"monitor", monitored},
    {"my ", personal},
    {"named ", intended},
    {"necessarily ", author},
    {"nobody ", solely},
    {"not ", not_word},
    {"notify ", request},
    {"only ", solely},
    {"opinions ", views},
    {"permission", prohibited},
    {"person ", recipient},
    {"persons ", recipient},
    {"postmaster ", request},
    {"print", print},
    {"privilege", confidential},
    {"prohibited ", prohibited},
    {"reached ", received},
    {"receive", received},
    {"recipient", recipient},
    {"recorded ", monitored},
    {"regulations ", law},
    {"scanned ", virus},
    {"should ", if_word},
    {"solely ", solely},
    {"strictly ", solely},
    {"swept ", virus},
    {"tell ", request},
    {"transmission", mail_word},
    {"unauthori", prohibited},
    {"unlawful ", prohibited},
    {"views ", views},
    {"virus", virus},
    {"wasn't ", not_word},
    {"writer ", author},
    {"wrongly ", error},
}};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

// First two letters of a word as a number; a second one that is no letter counts as 0, before all letters.
constexpr std::size_t pair_count = 26 * 27;
constexpr std::size_t pair_of(char first, char second) {
  const std::size_t behind = second >= 'a' && second <= 'z' ? static_cast<std::size_t>(second - 'a') + 1 : 0;
  return static_cast<std::size_t>(first - 'a') * 27 + behind;
}

// Where the stems of each pair of letters begin: most words of a text meet none at all.
constexpr std::array<std::uint8_t, pair_count + 1> starts = [] {
  std::array<std::uint8_t, pair_count + 1> out{};
  std::size_t at = 0;
  for (std::size_t pair = 0; pair < pair_count; ++pair) {
    out[pair] = static_cast<std::uint8_t>(at);
    while (at < stems.size() && pair_of(stems[at].text[0], stems[at].text[1]) == pair) ++at;
  }
  out[pair_count] = static_cast<std::uint8_t>(at);
  return out;
}();
static_assert(starts[pair_count] == stems.size(), "stems stand in the order of their first two letters");

bool matches(std::string_view word, std::string_view stem) {
  const bool whole = stem.ends_with(' ');
  if (whole) stem.remove_suffix(1);
  if (whole ? word.size() != stem.size() : word.size() < stem.size()) return false;
  for (std::size_t i = 1; i < stem.size(); ++i) {  // the first letter is the same
    if (lower(word[i]) != stem[i]) return false;
  }
  return true;
}

std::uint32_t feature_of(std::string_view word) {
  const char first = lower(word[0]);
  if (first < 'a' || first > 'z') return 0;
  const std::size_t pair = pair_of(first, word.size() > 1 ? lower(word[1]) : ' ');
  for (std::size_t i = starts[pair]; i < starts[pair + 1]; ++i) {
    if (matches(word, stems[i].text)) return stems[i].feature;
  }
  return 0;
}

// Every byte of a mail comes by here: a table, not comparisons.
constexpr std::array<bool, 256> word_bytes = [] {
  std::array<bool, 256> out{};
  for (std::size_t i = 0; i < 256; ++i) {
    const bool letter = (i >= 'a' && i <= 'z') || (i >= 'A' && i <= 'Z');
    out[i] = letter || (i >= '0' && i <= '9') || i == '\'' || i >= 0x80;
  }
  return out;
}();

bool is_word_byte(char c) { return word_bytes[static_cast<unsigned char>(c)]; }

constexpr std::uint32_t core_not_recipient = 1, core_in_error = 2, core_named = 4, core_virus = 8, core_monitored = 16,
                        core_views = 32, core_erase = 64;

// What one sentence says that people hardly write themselves.
std::uint32_t cores_of(std::uint32_t sentence) {
  const auto has = [&](std::uint32_t all) { return (sentence & all) == all; };
  std::uint32_t cores = 0;
  if (has(intended | recipient) && (has(solely) || has(if_word | not_word) || has(confidential | mail_word)))
    cores |= core_not_recipient;
  if (has(error | received) && (has(if_word) || has(request))) cores |= core_in_error;
  if (has(recipient | if_word | not_word) && (sentence & (disclose | prohibited | request)) != 0) cores |= core_named;
  if (has(if_word | not_word | erase)) cores |= core_erase;
  if (has(virus | mail_word) || has(virus | liability)) cores |= core_virus;
  if (has(monitored | mail_word)) cores |= core_monitored;
  if (has(views | author)) cores |= core_views;
  return cores;
}

// A paragraph as it is read word by word.
class Reader {
 public:
  void word(std::uint32_t feature, std::size_t offset) {
    if (!open_) {
      open_ = true;
      begin_ = offset;
    }
    sentence_ |= feature;
  }
  void end_sentence() {
    const std::uint32_t cores = cores_of(sentence_);
    const std::uint32_t said = sentence_ & (confidential | disclose | prohibited | request | virus | monitored | environment |
                                            print | liability | law | mail_word);
    // Until a sentence shows it, what stands before may be the sender's own.
    if (!found_ && (cores != 0 || std::popcount(said) >= 2)) {
      found_ = true;
      text_begin_ = begin_;
    }
    cores_ |= cores;
    all_ |= sentence_;
    if ((sentence_ & (environment | print)) == (environment | print)) print_hint_ = true;
    sentence_ = 0;
    open_ = false;
  }
  StandingText result() const {
    constexpr std::array<std::uint32_t, 7> counted{confidential, disclose, prohibited, request, liability, law, mail_word};
    StandingText out;
    // "If this is not for you please delete it": of a mail that says it is confidential; of a list it may be an order.
    constexpr std::uint32_t confidential_mail = confidential | mail_word;
    const std::uint32_t told = (all_ & confidential_mail) == confidential_mail ? cores_ : cores_ & ~core_erase;
    out.cores = std::popcount(told);
    out.score = out.cores +
                static_cast<int>(std::count_if(counted.begin(), counted.end(), [&](std::uint32_t f) { return (all_ & f) != 0; }));
    out.personal = (all_ & (personal | reason)) != 0;
    out.print_hint = print_hint_;
    out.begin = text_begin_;
    return out;
  }

 private:
  bool open_ = false, found_ = false, print_hint_ = false;
  std::size_t begin_ = 0, text_begin_ = 0;
  std::uint32_t sentence_ = 0, all_ = 0, cores_ = 0;
};

bool contains_any(std::string_view text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return memmem(text.data(), text.size(), word.data(), word.size()) != nullptr; });
}

}  // namespace

StandingText standing_text(std::string_view utf8, const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  Reader reader;
  for (std::size_t i = first; i < last; ++i) {
    const std::string_view text = lines[i].text;
    std::size_t at = 0;
    while (at < text.size()) {
      if (is_word_byte(text[at])) {
        const std::size_t begin = at;
        while (at < text.size() && is_word_byte(text[at])) ++at;
        reader.word(feature_of(text.substr(begin, at - begin)), static_cast<std::size_t>(text.data() - utf8.data()) + begin);
        continue;
      }
      const bool stop = text[at] == '.' || text[at] == '!' || text[at] == '?';
      ++at;
      if (stop && (at == text.size() || text[at] == ' ')) reader.end_sentence();
    }
    // A short line was not wrapped: what follows begins anew.
    if (text.size() < 50) reader.end_sentence();
  }
  reader.end_sentence();
  return reader.result();
}

Standing grade(const StandingText& text) {
  if (text.print_hint && text.score <= 2 && !text.personal) return Standing::alone;
  if (text.cores == 0) return Standing::no;
  const int score = text.score - (text.personal ? 2 : 0);
  if (score >= 5) return Standing::anywhere;
  if (score >= 3) return Standing::alone;
  return score >= 2 ? Standing::near : Standing::no;
}

bool is_disclaimer_heading(std::string_view line) {
  if (line.size() > 60) return false;
  if (line.size() >= 5 && std::string_view("*_=-#").find(line.front()) != std::string_view::npos &&
      line.find_first_not_of(line.front()) == std::string_view::npos) {
    return true;
  }
  while (!line.empty() && !is_word_byte(line.front())) line.remove_prefix(1);
  while (!line.empty() && !is_word_byte(line.back())) line.remove_suffix(1);
  constexpr std::array<std::string_view, 9> headings{
      "disclaimer",       "confidentiality notice",    "confidentiality",        "email disclaimer", "e-mail disclaimer",
      "important notice", "confidentiality statement", "privacy and monitoring", "legal notice"};
  return std::any_of(headings.begin(), headings.end(), [&](std::string_view heading) { return ascii_iequals(line, heading); });
}

bool hints_at_banner(std::string_view lower_text) { return contains_any(lower_text, {"outside", "external", "often"}); }

bool is_banner(std::string_view text) {
  const bool warns =
      contains_any(text, {"caution", "warning", "external", "attention", "be careful", "this message came from", "[ext"});
  const bool outside =
      contains_any(text, {"originated outside", "originated from outside", "outside of the org", "outside the org",
                          "outside of your org", "outside your org", "external sender", "external email", "external source",
                          "from outside", "outside the council", "outside of the council", "outside our", "don't often get email",
                          "do not often get email", "don\xE2\x80\x99t often get email"});
  const bool advises = contains_any(text, {"click", "links", "attachment", "recogni", "learn why", "important", "trust"});
  const bool short_tag = text.size() <= 60 && contains_any(text, {"external email", "external sender", "external message"});
  return (warns && outside && advises) || (outside && advises && contains_any(text, {"often get email"})) || short_tag;
}

}  // namespace beadle::mail
