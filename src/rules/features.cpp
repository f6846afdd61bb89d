#include "rules/features.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/limits.h"

namespace beadle::rules {
namespace {

constexpr std::uint64_t fnv_offset = 14695981039346656037u, fnv_prime = 1099511628211u;
constexpr std::string_view begin_mark = "^", end_mark = "$", beside_joint = " ", apart_joint = " .. ", beginning_mark = "*";
constexpr std::size_t beginning_bytes = 5;

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::uint64_t hash_more(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
  return hash;
}

// Features of one kind differ from those of another with the same words.
enum class Kind : std::uint64_t { word = 0, beginning = 0x9E3779B97F4A7C15u, beside = 0xC2B2AE3D27D4EB4Fu, apart = 0x165667B19E3779F9u };

// The finaliser of splitmix64: every bit of a word's hash counts, the upper ones above all, which the tables are read by.
std::uint64_t mixed(std::uint64_t first, Kind kind, std::uint64_t second) {
  std::uint64_t x = first + static_cast<std::uint64_t>(kind) + second * 0xD6E8FEB86659FD93u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

// A word of up to four bytes as one number, so that it is compared at once.
constexpr std::uint32_t packed(std::string_view word) {
  std::uint32_t out = 0;
  for (const char c : word) out = out << 8 | static_cast<unsigned char>(c);
  return out;
}

// Words that every sentence has: alone, or with each other, they tell how long a sentence is, and nothing of what it does.
bool is_bare(std::string_view word) {
  static constexpr std::uint32_t bare[] = {packed("the"), packed("a"),  packed("an"),  packed("and"), packed("of"),   packed("to"),   packed("in"),
                                           packed("on"),  packed("at"), packed("for"), packed("with"), packed("by"),  packed("it"),   packed("is"),
                                           packed("are"), packed("was"), packed("be"), packed("that"), packed("this"), packed("as"),  packed("from"),
                                           packed("."),   packed(","),  packed(":"),   packed(";"),   packed("-"),    packed("^"),    packed("$")};
  if (word.size() > 4) return false;
  bool found = false;
  for (const std::uint32_t one : bare) found |= one == packed(word);
  return found;
}

Word word_of(std::string_view text) {
  Word word{.text = text};
  const std::string_view beginning = text.substr(0, beginning_bytes);
  const std::uint64_t begun = hash_more(fnv_offset, beginning);
  if (text.size() > beginning_bytes) word.beginning = mixed(begun, Kind::beginning, 0);
  word.hash = hash_more(begun, text.substr(beginning.size()));
  word.bare = is_bare(text);
  return word;
}

class Splitter {
 public:
  /// text: in lower case; what is found are views of it.
  explicit Splitter(std::string_view text) : text_(text) { words_.reserve(text.size() / 4 + 4); }

  std::vector<Word> run() {
    while (at_ < text_.size() && words_.size() < limits::sentence_words_max) step();
    return std::move(words_);
  }

 private:
  void step() {
    const char c = text_[at_];
    if (c == '"' && skip_quoted()) return;
    constexpr std::string_view pound = "\xC2\xA3", euro = "\xE2\x82\xAC";
    if (text_.substr(at_).starts_with(pound)) return money(pound.size());
    if (text_.substr(at_).starts_with(euro)) return money(euro.size());
    if (is_digit(c)) return number("0");
    if (is_letter(c)) return word();
    if (std::string_view("?!.,:;-").find(c) != std::string_view::npos) add(text_.substr(at_, 1));
    ++at_;
  }

  // Some words in quotation marks are another's: they stand as one word. One or two are the writer's own, in jest or as a name.
  bool skip_quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    constexpr std::ptrdiff_t blanks_least = 3;
    if (std::count(inside.begin(), inside.end(), ' ') < blanks_least) return false;
    add("\"\"");
    at_ = end + 1;
    return true;
  }

  void money(std::size_t sign) {
    at_ += sign;
    if (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && is_digit(text_[at_])) return number("\xC2\xA3" "0");
    add("\xC2\xA3" "0");
  }

  // "4,500.00", "7.30", "21st", "3k": one mark each.
  void number(std::string_view mark) {
    while (at_ < text_.size() && (is_digit(text_[at_]) || ((text_[at_] == ',' || text_[at_] == '.' || text_[at_] == ':') && at_ + 1 < text_.size() &&
                                                           is_digit(text_[at_ + 1])))) {
      ++at_;
    }
    for (const std::string_view ending : {"st", "nd", "rd", "th", "k"}) {
      const std::string_view rest = text_.substr(at_);
      if (!rest.starts_with(ending) || (rest.size() > ending.size() && is_letter(rest[ending.size()]))) continue;
      at_ += ending.size();
      break;
    }
    add(mark);
  }

  void word() {
    const std::size_t begin = at_;
    while (at_ < text_.size() && at_ - begin < limits::feature_word_bytes_max &&
           (is_letter(text_[at_]) || (text_[at_] == '\'' && at_ + 1 < text_.size() && is_letter(text_[at_ + 1])))) {
      ++at_;
    }
    const std::string_view whole = text_.substr(begin, at_ - begin);
    for (const std::string_view ending : {"n't", "'ll", "'ve", "'re", "'d", "'m", "'s"}) {
      if (whole.size() <= ending.size() || !whole.ends_with(ending)) continue;
      add(whole.substr(0, whole.size() - ending.size()));
      add(whole.substr(whole.size() - ending.size()));
      return;
    }
    add(whole);
  }

  void add(std::string_view text) { words_.push_back(word_of(text)); }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Word> words_;
};

// Calls `each(hash, first, joint, second)`; a single word has an empty joint, the beginning of one has no second.
template <class Each>
void each_feature(const std::vector<Word>& words, const Each& each) {
  static const Word begin = word_of(begin_mark), end = word_of(end_mark);
  const std::size_t count = words.size() + 2;
  const auto at = [&](std::size_t i) -> const Word& { return i == 0 ? begin : i + 1 == count ? end : words[i - 1]; };
  for (std::size_t i = 0; i < count; ++i) {
    const Word& word = at(i);
    if (!word.bare) each(word.hash, word.text, std::string_view(), std::string_view());
    if (word.beginning != 0) each(word.beginning, word.text.substr(0, beginning_bytes), beginning_mark, std::string_view());
    if (i + 1 == count) break;
    const Word& next = at(i + 1);
    if (!(word.bare && next.bare)) each(mixed(word.hash, Kind::beside, next.hash), word.text, beside_joint, next.text);
    if (i + 2 == count) break;
    const Word& second = at(i + 2);
    if (!(word.bare && second.bare)) each(mixed(word.hash, Kind::apart, second.hash), word.text, apart_joint, second.text);
  }
}

}  // namespace

SentenceWords::SentenceWords(std::string_view folded) : text_(folded.size()) {
  std::transform(folded.begin(), folded.end(), text_.begin(), lower);
  words_ = Splitter({text_.data(), text_.size()}).run();
}

std::vector<Word> as_one(const std::vector<Word>& first, const std::vector<Word>& second) {
  std::vector<Word> both = first;
  both.insert(both.end(), second.begin(), second.end());
  return both;
}

std::vector<Feature> features_of(const std::vector<Word>& words) {
  std::vector<Feature> out;
  each_feature(words, [&](std::uint64_t hash, std::string_view first, std::string_view joint, std::string_view second) {
    out.push_back({std::string(first) + std::string(joint) + std::string(second), hash});
  });
  return out;
}

std::vector<std::uint64_t> feature_hashes(const std::vector<Word>& words) {
  std::vector<std::uint64_t> out;
  out.reserve(words.size() * 4 + 6);
  each_feature(words, [&](std::uint64_t hash, std::string_view, std::string_view, std::string_view) { out.push_back(hash); });
  return out;
}

std::uint64_t feature_hash(std::string_view name) {
  if (name.size() > 1 && name.ends_with(beginning_mark)) {
    return mixed(hash_more(fnv_offset, name.substr(0, name.size() - beginning_mark.size())), Kind::beginning, 0);
  }
  for (const auto& [joint, kind] : {std::pair(apart_joint, Kind::apart), std::pair(beside_joint, Kind::beside)}) {
    const std::size_t at = name.find(joint);
    if (at == std::string_view::npos) continue;
    return mixed(hash_more(fnv_offset, name.substr(0, at)), kind, hash_more(fnv_offset, name.substr(at + joint.size())));
  }
  return hash_more(fnv_offset, name);
}

double feature_root(std::size_t count) {
  constexpr std::size_t least = 14;
  return std::sqrt(static_cast<double>(std::max(count, least)));
}

}  // namespace beadle::rules
