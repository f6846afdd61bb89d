#include "rules/features.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

#include "base/limits.h"

namespace beadle::rules {
namespace {

constexpr std::uint64_t fnv_offset = 14695981039346656037u, fnv_prime = 1099511628211u;
constexpr std::string_view begin_mark = "^", end_mark = "$", gap = " .. ";

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || static_cast<unsigned char>(c) >= 0x80; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; }

std::uint64_t hash_more(std::uint64_t hash, std::string_view text) {
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * fnv_prime;
  return hash;
}

class Splitter {
 public:
  explicit Splitter(std::string_view text) : text_(text) {}

  std::vector<std::string> run() {
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
    if (std::string_view("?!.,:;-").find(c) != std::string_view::npos) words_.emplace_back(1, c);
    ++at_;
  }

  // Some words in quotation marks are another's: they stand as one word. One or two are the writer's own, in jest or as a name.
  bool skip_quoted() {
    const std::size_t end = text_.find('"', at_ + 1);
    if (end == std::string_view::npos) return false;
    const std::string_view inside = text_.substr(at_ + 1, end - at_ - 1);
    constexpr std::ptrdiff_t blanks_least = 3;
    if (std::count(inside.begin(), inside.end(), ' ') < blanks_least) return false;
    words_.emplace_back("\"\"");
    at_ = end + 1;
    return true;
  }

  void money(std::size_t sign) {
    at_ += sign;
    if (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (at_ < text_.size() && is_digit(text_[at_])) return number("\xC2\xA3" "0");
    words_.emplace_back("\xC2\xA3" "0");
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
    words_.emplace_back(mark);
  }

  void word() {
    std::string whole;
    while (at_ < text_.size() && whole.size() < limits::feature_word_bytes_max &&
           (is_letter(text_[at_]) || (text_[at_] == '\'' && at_ + 1 < text_.size() && is_letter(text_[at_ + 1])))) {
      whole += lower(text_[at_++]);
    }
    for (const std::string_view ending : {"n't", "'ll", "'ve", "'re", "'d", "'m", "'s"}) {
      if (whole.size() <= ending.size() || !whole.ends_with(ending)) continue;
      words_.push_back(whole.substr(0, whole.size() - ending.size()));
      words_.emplace_back(ending);
      return;
    }
    words_.push_back(std::move(whole));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<std::string> words_;
};

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

// Calls `each(first, joint, second)`; a single word has an empty joint.
template <class Each>
void each_feature(const std::vector<std::string>& words, const Each& each) {
  const std::size_t count = words.size() + 2;
  const auto at = [&](std::size_t i) { return i == 0 ? begin_mark : i + 1 == count ? end_mark : std::string_view(words[i - 1]); };
  std::vector<bool> bare(count);
  for (std::size_t i = 0; i < count; ++i) bare[i] = is_bare(at(i));
  for (std::size_t i = 0; i < count; ++i) {
    if (!bare[i]) each(at(i), std::string_view(), std::string_view());
    if (i + 1 < count && !(bare[i] && bare[i + 1])) each(at(i), std::string_view(" "), at(i + 1));
    if (i + 2 < count && !(bare[i] && bare[i + 2])) each(at(i), gap, at(i + 2));
  }
}

}  // namespace

std::vector<std::string> sentence_words(std::string_view folded) { return Splitter(folded).run(); }

std::vector<Feature> features_of(const std::vector<std::string>& words) {
  std::vector<Feature> out;
  std::unordered_set<std::uint64_t> seen;
  each_feature(words, [&](std::string_view first, std::string_view joint, std::string_view second) {
    const std::uint64_t hash = hash_more(hash_more(hash_more(fnv_offset, first), joint), second);
    if (seen.insert(hash).second) out.push_back({std::string(first) + std::string(joint) + std::string(second), hash});
  });
  return out;
}

std::vector<std::uint64_t> feature_hashes(const std::vector<std::string>& words) {
  std::vector<std::uint64_t> out;
  out.reserve(words.size() * 3 + 3);
  // The features that a word begins follow each other: its own share of their hashes is made once.
  std::uint64_t first_hash = fnv_offset;
  const char* first_begin = nullptr;
  each_feature(words, [&](std::string_view first, std::string_view joint, std::string_view second) {
    if (first.data() != first_begin) first_hash = hash_more(fnv_offset, first);
    first_begin = first.data();
    out.push_back(hash_more(hash_more(first_hash, joint), second));
  });
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

std::uint64_t feature_hash(std::string_view name) { return hash_more(fnv_offset, name); }

double feature_root(std::size_t count) {
  constexpr std::size_t least = 14;
  return std::sqrt(static_cast<double>(std::max(count, least)));
}

}  // namespace beadle::rules
