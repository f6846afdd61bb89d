#include "mail/header_value.h"

#include <algorithm>

#include "base/text.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"

namespace beadle::mail {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }

bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
}

// Charsets with states begin anew in each word (RFC 2047 §3); joined, the escapes between would count as broken.
bool has_states(std::string_view charset) { return ascii_istarts_with(charset, "iso-2022") || ascii_istarts_with(charset, "hz"); }

// Gathers text and encoded words. Bytes of adjacent words of one charset are put together before they are converted: mail
// programs split them within characters, against RFC 2047 §5.
class Words {
 public:
  void add(const EncodedWord& word) {
    if (!ascii_iequals(word.charset, charset_) || has_states(charset_)) flush();
    charset_ = word.charset;
    pending_ += bytes_of(word);
  }

  void add_text(std::string_view text) {
    flush();
    if (is_plain(text)) {
      out_ += text;
    } else {
      out_ += to_utf8(text, "").utf8;
    }
  }

  std::string take() {
    flush();
    return std::move(out_);
  }

 private:
  void flush() {
    if (!pending_.empty()) out_ += to_utf8(pending_, charset_).utf8;
    pending_.clear();
  }

  std::string out_, pending_;
  std::string_view charset_;
};

std::string decode_words(std::string_view value) {
  Words words;
  std::size_t done = 0;
  bool behind_word = false;
  for (std::size_t at = value.find("=?"); at != std::string_view::npos;) {
    const auto word = encoded_word_at(value, at);
    if (!word) {
      at = value.find("=?", at + 1);
      continue;
    }
    const std::string_view between = value.substr(done, at - done);
    // RFC 2047 §6.2: blanks between two words are not shown.
    if (!behind_word || !std::all_of(between.begin(), between.end(), is_blank)) words.add_text(between);
    words.add(*word);
    behind_word = true;
    done = word->end;
    at = value.find("=?", done);
  }
  words.add_text(value.substr(done));
  return words.take();
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (!is_blank(c)) out += c;
  }
  return out;
}

// Ids in angle brackets; a bracket that is not closed ends at the next one or at a blank.
std::vector<std::string_view> bracketed_ids(std::string_view value) {
  std::vector<std::string_view> ids;
  for (std::size_t at = value.find('<'); at != std::string_view::npos; at = value.find('<', at)) {
    ++at;
    std::size_t end = value.find_first_of("<>", at);
    if (end == std::string_view::npos || value[end] == '<') end = std::min(value.find_first_of(" \t<", at), value.size());
    if (end > at) ids.push_back(value.substr(at, end - at));
    at = end;
  }
  return ids;
}

// Without any bracket: words with "@", or the only word.
std::vector<std::string_view> bare_ids(std::string_view value) {
  constexpr std::string_view separators = " \t,;\"()";
  std::vector<std::string_view> words, ids;
  for (std::size_t at = value.find_first_not_of(separators); at != std::string_view::npos;) {
    const std::size_t end = std::min(value.find_first_of(separators, at), value.size());
    words.push_back(value.substr(at, end - at));
    at = value.find_first_not_of(separators, end);
  }
  if (words.size() == 1) return words;
  std::copy_if(words.begin(), words.end(), std::back_inserter(ids),
               [](std::string_view word) { return word.find('@') != std::string_view::npos; });
  return ids;
}

}  // namespace

std::string unfolded(std::string_view raw) {
  std::string out;
  out.reserve(raw.size());
  for (const char c : raw) {
    if (c != '\r' && c != '\n' && c != '\0') out += c;
  }
  return out;
}

std::string decode_header(std::string_view raw) {
  const std::string value = unfolded(raw);
  const bool words = value.find("=?") != std::string::npos;
  if (!words && is_plain(value)) return std::string(trimmed(value));
  return std::string(trimmed(without_controls(words ? decode_words(value) : to_utf8(value, "").utf8)));
}

std::vector<std::string> parse_message_ids(std::string_view raw, std::size_t ids_max) {
  const std::string value = unfolded(raw);
  const auto found = value.find('<') == std::string::npos ? bare_ids(value) : bracketed_ids(value);
  std::vector<std::string> ids;
  for (std::size_t i = found.size() > ids_max ? found.size() - ids_max : 0; i < found.size(); ++i) {
    std::string id = without_controls(valid_utf8(without_blanks(found[i])));
    if (!id.empty()) ids.push_back(std::move(id));
  }
  return ids;
}

}  // namespace beadle::mail
