#include "mail/signature.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace beadle::mail {
namespace {

constexpr std::size_t signature_lines_max = 25;  // council signatures with address, links and pronouns reach twenty
constexpr std::size_t signature_line_bytes_max = 120;

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

constexpr std::array<std::string_view, 68> verbs{
    "is",      "are",    "was",   "were",  "be",     "been", "has",    "have",  "had",   "will",   "would",   "shall",
    "should",  "can",    "could", "may",   "must",   "do",   "does",   "did",   "agree", "agreed", "approve", "approved",
    "confirm", "let",    "send",  "sent",  "keep",   "make", "please", "don't", "won't", "isn't",  "i'm",     "i'll",
    "i've",    "we'll",  "we've", "we're", "you'll", "it's", "that's", "can't", "think", "know",   "want",    "need",
    "hope",    "see",    "get",   "got",   "give",   "gave", "take",   "told",  "said",  "says",   "came",    "call",
    "ring",    "cannot", "i",     "you",   "my",     "our",  "we",     "your"};

// Words that stand in markings and other lines with a meaning of their own.
constexpr std::array<std::string_view, 26> markings{
    "confidential", "confidentiality", "confidence", "private", "restricted", "sensitive", "official",
    "privileged",   "protect",         "secret",     "embargo", "embargoed",  "exempt",    "ends",
    "release",      "draft",           "urgent",     "not",     "cc",         "bcc",       "copy",
    "copied",       "attached",        "enc",        "encl",    "prejudice"};

// Capitalised words that begin a line without being a name.
constexpr std::array<std::string_view, 54> not_names{
    "thanks",  "thank",    "regards",  "dear",    "hi",        "hello",    "hey",    "yes",      "no",
    "ok",      "okay",     "monday",   "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
    "january", "february", "march",    "april",   "may",       "june",     "july",   "august",   "september",
    "october", "november", "december", "please",  "agenda",    "minutes",  "best",   "kind",     "many",
    "yours",   "cheers",   "sorry",    "noted",   "done",      "agreed",   "the",    "a",        "an",
    "if",      "and",      "sent",     "morning", "afternoon", "evening",  "good",   "great",    "lovely"};

constexpr std::array<std::string_view, 36> closing_words{
    "kind",  "kindest", "best",   "warm",  "warmest", "regards", "regard",    "many",         "thanks",
    "thank", "you",     "wishes", "all",   "the",     "yours",   "sincerely", "faithfully",   "truly",
    "ever",  "cheers",  "with",   "again", "and",     "in",      "advance",   "rgds",         "kr",
    "bw",    "take",    "care",   "love",  "ta",      "very",    "greetings", "respectfully", "my"};
constexpr std::array<std::string_view, 17> closing_keys{"regards", "regard",    "thanks",     "thank",  "wishes",      "best",
                                                        "yours",   "sincerely", "faithfully", "cheers", "rgds",        "kr",
                                                        "bw",      "care",      "love",       "ta",     "respectfully"};

constexpr std::array<std::string_view, 12> titles{"cllr", "councillor", "mr",   "mrs", "ms",   "miss",
                                                  "dr",   "sir",        "lady", "rev", "revd", "prof"};
constexpr std::array<std::string_view, 12> particles{"de", "van", "von", "der", "of", "o", "mac", "al", "bin", "la", "le", "and"};

constexpr std::array<std::string_view, 60> role_words{
    "clerk",     "officer",   "councillor", "cllr",       "mayor",    "chair",   "chairman",  "chairwoman", "chairperson",
    "leader",    "deputy",    "assistant",  "manager",    "director", "head",    "secretary", "member",     "ward",
    "team",      "council",   "committee",  "department", "services", "service", "tel",       "telephone",  "mobile",
    "mob",       "phone",     "email",      "mail",       "web",      "www",     "http",      "https",      "fax",
    "road",      "street",    "avenue",     "lane",       "house",    "hall",    "office",    "offices",    "square",
    "close",     "buildings", "ext",        "direct",     "he",       "she",     "they",      "editor",     "reporter",
    "solicitor", "surveyor",  "engineer",   "adviser",    "advisor",  "ltd"};

bool is_closing_line(std::string_view line) {
  if (line.empty() || line.size() > 60) return false;
  const auto words = words_of(line, 8);
  if (words.empty() || words.size() > 6) return false;
  const auto is_key = [](const std::string& word) { return contains(closing_keys, word); };
  return std::all_of(words.begin(), words.end(), [](const std::string& word) { return contains(closing_words, word); }) &&
         std::any_of(words.begin(), words.end(), is_key);
}

bool has_verb(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) {
    return contains(verbs, word) || word.ends_with("n't") || word.ends_with("'ll") || word.ends_with("'ve") ||
           word.ends_with("'re");
  });
}

bool ends_sentence(std::string_view line) {
  if (line.empty()) return false;
  const char last = line.back();
  if (last == '?' || last == '!' || last == ':' || last == ';') return true;
  if (last != '.') return false;
  // "Ltd." and "Cllr." and initials do not end a sentence.
  const auto words = words_of(line, 40);
  return words.size() > 4 || (!words.empty() && words.back().size() > 4);
}

bool is_contact(std::string_view line) {
  if (line.size() > signature_line_bytes_max) return false;
  const auto digits = std::count_if(line.begin(), line.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto words = words_of(line, 30);
  if (has_verb(words)) return false;
  return digits >= 7 || line.find('@') != std::string_view::npos || line.find("www.") != std::string_view::npos ||
         line.find("http") != std::string_view::npos;
}

bool is_role(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return contains(role_words, word); });
}

bool may_be_marking(const std::vector<std::string>& words) {
  return std::any_of(words.begin(), words.end(), [](const std::string& word) { return contains(markings, word); });
}

// A line that can stand in a signature.
bool fits(std::string_view line) {
  if (is_device_line(line)) return true;
  if (line.size() > signature_line_bytes_max) return false;
  const auto words = words_of(line, 30);
  if (words.empty()) return line.size() <= 40;
  if (is_contact(line)) return !may_be_marking(words);
  return words.size() <= 14 && !has_verb(words) && !ends_sentence(line) && !may_be_marking(words);
}

bool is_upper_start(std::string_view word) {
  if (word.empty()) return false;
  const auto first = static_cast<unsigned char>(word[0]);
  if (first >= 'A' && first <= 'Z') return true;
  if (first != 0xC3 || word.size() < 2) return first > 0xC3;
  return static_cast<unsigned char>(word[1]) < 0x9F;  // U+00C0 to U+00DE
}

// "Jane Holt", "Cllr Jane Holt MBE", "G. Mudd", "Jill"; what stands behind a comma or bracket may be a role.
bool is_name(std::string_view line) {
  const std::size_t cut = line.find_first_of(",(|/");
  std::string_view name = trimmed_wide(line.substr(0, cut));
  if (const std::size_t dash = name.find(" - "); dash != std::string_view::npos) name = name.substr(0, dash);
  while (name.starts_with('*') || name.starts_with('~') || name.starts_with('-')) name.remove_prefix(1);
  while (name.ends_with('*')) name.remove_suffix(1);
  if (name.empty() || name.size() > 60 || has_digit(name) || name.find_first_of("@:;?!=<>") != std::string_view::npos)
    return false;
  int words = 0;
  bool lower_seen = false;
  for (std::string_view word : split(name, ' ')) {
    if (word.empty()) continue;
    while (!word.empty() && word.back() == '.') word.remove_suffix(1);
    if (word.empty()) return false;
    const std::string low = ascii_lower(word);
    if (contains(not_names, low) || contains(markings, low)) return false;
    if (contains(titles, low) || contains(particles, low) || (words > 0 && low.find_first_not_of('x') == std::string::npos))
      continue;
    if (!is_upper_start(word)) return false;
    lower_seen = lower_seen || std::any_of(word.begin(), word.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    ++words;
  }
  // An upper-case line is a heading or a marking as likely as a name; one or two letters are initials.
  return words >= 1 && words <= 5 && (lower_seen || name.size() <= 3);
}

bool names_sender(std::string_view line, const std::vector<Mailbox>& senders) {
  const auto words = words_of(line, 8);
  for (const Mailbox& sender : senders) {
    auto known = words_of(sender.name, 8);
    const auto local = words_of(sender.address.substr(0, sender.address.find('@')), 8);
    known.insert(known.end(), local.begin(), local.end());
    for (const std::string& word : words) {
      if (word.size() > 1 && !contains(titles, word) && std::find(known.begin(), known.end(), word) != known.end()) return true;
    }
  }
  return false;
}

// The lines from `at` on that fit, blank ones between them included.
std::size_t end_of_fitting(const std::vector<Line>& lines, std::size_t at, std::size_t last) {
  std::size_t end = at;
  const std::size_t most = std::min(last, at + 2 * signature_lines_max);
  for (std::size_t i = at; i < most; ++i) {
    if (lines[i].flat()) continue;
    if (!fits(lines[i].text)) break;
    end = i + 1;
  }
  return end;
}

bool is_delimiter(const Line& line) { return line.text == "--" || line.text == "\xE2\x80\x94"; }

std::optional<Signature> below_delimiter(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  const std::size_t from = last - first > 2 * signature_lines_max ? last - 2 * signature_lines_max : first;
  for (std::size_t i = from; i < last; ++i) {
    if (!is_delimiter(lines[i])) continue;
    const std::size_t end = end_of_fitting(lines, i + 1, last);
    if (end > i + 1) return Signature{i, end, next_with_text(lines, end) >= last};
  }
  return std::nullopt;
}

std::optional<Signature> below_closing(const std::vector<Line>& lines, std::size_t first, std::size_t last) {
  const std::size_t from = last - first > 2 * signature_lines_max ? last - 2 * signature_lines_max : first;
  for (std::size_t i = last; i-- > from;) {
    if (!is_closing_line(lines[i].text)) continue;
    const std::size_t name = next_with_text(lines, i + 1);
    if (name >= last || name - i > 4) return std::nullopt;
    const auto words = words_of(lines[name].text, 20);
    if (!fits(lines[name].text) || words.empty()) return std::nullopt;
    // Thanks in passing, with a list behind: only a name, or what tells of a person, signs.
    if (!is_name(lines[name].text) && !is_role(words) && !is_device_line(lines[name].text)) return std::nullopt;
    return Signature{name, end_of_fitting(lines, name, last), true};
  }
  return std::nullopt;
}

// Without words of closing: the last paragraph or two, if they begin with a name.
std::optional<Signature> bare(const std::vector<Line>& lines, std::size_t first, std::size_t last,
                              const std::vector<Mailbox>& senders) {
  std::size_t top = last;
  std::size_t with_text = 0;
  for (std::size_t i = last; i-- > first && with_text < signature_lines_max;) {
    if (lines[i].flat()) continue;
    if (!fits(lines[i].text) || is_closing_line(lines[i].text)) break;
    top = i;
    ++with_text;
  }
  // Greeting and nothing more is no signature: some words must stand above.
  for (std::size_t i = top; i < last; ++i) {
    if (lines[i].flat() || i == first || !is_name(lines[i].text)) continue;
    const std::string_view above = lines[i - 1].text;
    const bool set_off = above.empty() || ends_sentence(above) || !fits(above);
    if (!set_off) continue;
    if (names_sender(lines[i].text, senders)) return Signature{i, end_of_fitting(lines, i, last), true};
    std::size_t names = 0, told = 0;
    for (std::size_t k = i; k < last; ++k) {
      if (lines[k].flat() || words_of(lines[k].text, 1).empty()) continue;
      const bool tells = is_contact(lines[k].text) || is_role(words_of(lines[k].text, 20)) || is_device_line(lines[k].text);
      if (tells)
        ++told;
      else
        ++names;
    }
    if (told > 0 && names <= 3) return Signature{i, end_of_fitting(lines, i, last), true};
    if (names == 1 && senders.empty()) return Signature{i, last, false};
    if (names == 1 && words_of(lines[i].text, 5).size() <= 3) return Signature{i, last, false};
  }
  return std::nullopt;
}

// A remark below the name ("I work on Mondays only.") is the sender's own; the name above it signs all the same.
std::optional<Signature> above_last_remark(const std::vector<Line>& lines, std::size_t first, std::size_t last,
                                           const std::vector<Mailbox>& senders) {
  constexpr std::size_t remark_bytes_max = 80;
  if (last < first + 2 || fits(lines[last - 1].text) || lines[last - 1].text.size() > remark_bytes_max) return std::nullopt;
  std::size_t end = last - 1;
  while (end > first && lines[end - 1].flat()) --end;
  auto found = bare(lines, first, end, senders);
  return found && names_sender(lines[found->first].text, senders) ? found : std::nullopt;
}

// "Thanks, Joanne" as a line of its own.
bool is_closing_with_name(std::string_view line) {
  const std::size_t comma = line.find_first_of(",-");
  if (comma == std::string_view::npos || line.size() > 60) return false;
  return is_closing_line(line.substr(0, comma)) && is_name(trimmed_wide(line.substr(comma + 1)));
}

}  // namespace

bool is_device_line(std::string_view line) {
  if (line.size() > 90) return false;
  constexpr std::array<std::string_view, 14> devices{"iphone",     "ipad",  "android", "samsung", "outlook", "mobile", "phone",
                                                     "blackberry", "yahoo", "windows", "galaxy",  "mail",    "huawei", "device"};
  const bool sent = ascii_istarts_with(line, "sent from ") || ascii_istarts_with(line, "sent via ") ||
                    ascii_istarts_with(line, "get outlook for ") || ascii_istarts_with(line, "sent with ");
  if (!sent) return false;
  const auto words = words_of(line, 16);
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) { return contains(devices, word); });
}

bool is_footer_line(std::string_view line) {
  if (!line.starts_with("CC Councillor ") || line.size() > 1000) return false;
  for (std::string_view piece : split(line.substr(3), ',')) {
    piece = trimmed(piece);
    if (!piece.starts_with("Councillor ")) return false;
    piece.remove_prefix(11);
    // Whoever goes on after the name ("… and the contractor") writes a sentence of one's own.
    if (!is_name(piece) || piece.find(" and ") != std::string_view::npos) return false;
  }
  return true;
}

std::optional<Signature> find_signature(const std::vector<Line>& lines, std::size_t first, std::size_t last,
                                        const std::vector<Mailbox>& senders) {
  while (last > first && lines[last - 1].flat()) --last;
  if (first >= last) return std::nullopt;
  if (auto found = below_delimiter(lines, first, last)) return found;
  std::size_t bottom = last;  // device lines stand below everything else
  while (bottom > first && (lines[bottom - 1].flat() || is_device_line(lines[bottom - 1].text))) --bottom;
  std::size_t device = bottom;
  while (device < last && lines[device].flat()) ++device;
  if (bottom == first) return device < last ? std::optional<Signature>({device, last, true}) : std::nullopt;
  auto found = below_closing(lines, first, bottom);
  if (!found && is_closing_with_name(lines[bottom - 1].text)) found = Signature{bottom - 1, bottom, true};
  if (!found) found = bare(lines, first, bottom, senders);
  if (!found) found = above_last_remark(lines, first, bottom, senders);
  if (device >= last) return found;
  if (found && next_with_text(lines, found->last) >= bottom)
    found->last = last;
  else if (!found)
    found = Signature{device, last, true};
  return found;
}

}  // namespace beadle::mail
