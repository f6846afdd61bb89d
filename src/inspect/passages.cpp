#include "inspect/passages.h"

#include <algorithm>
#include <deque>
#include <string>

#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::inspect {
namespace {

constexpr std::size_t run_words = 5;      // of one fingerprint: fewer are phrases that everybody uses
constexpr std::size_t neighbours = 5;     // of which one is kept

struct Token {
  std::uint64_t hash = 0;
  mail::Range range;
};

// Words without case and signs; other letters than ASCII's count as they are. What mail programs put between words (">", "*") is none.
std::vector<Token> tokens_of(std::string_view text, mail::Range range) {
  constexpr std::uint64_t offset = 14695981039346656037u, prime = 1099511628211u;
  std::vector<Token> tokens;
  Token token{offset, {}};
  bool inside = false;
  for (std::size_t i = range.begin; i <= range.end; ++i) {
    const unsigned char c = i < range.end ? static_cast<unsigned char>(text[i]) : ' ';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c >= 0x80;
    if (letter) {
      if (!inside) token = {offset, {i, i}};
      inside = true;
      const unsigned char lower = c >= 'A' && c <= 'Z' ? static_cast<unsigned char>(c + 32) : c;
      token.hash = (token.hash ^ lower) * prime;
      token.range.end = i + 1;
    } else if (inside) {
      inside = false;
      tokens.push_back(token);
    }
  }
  return tokens;
}

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  a ^= b + 0x9e3779b97f4a7c15u + (a << 6) + (a >> 2);
  a ^= a >> 31;
  return a * 0xbf58476d1ce4e5b9u;
}

std::uint64_t keyed(std::uint64_t run, std::string_view key) {
  std::string bytes(8, '\0');
  for (int i = 0; i < 8; ++i) bytes[static_cast<std::size_t>(i)] = static_cast<char>(run >> (8 * i));
  const std::string digest = hmac_sha256_hex(key, bytes);
  return std::stoull(digest.substr(0, 16), nullptr, 16);
}

// The least run of every `neighbours` in a row; the rightmost where two are equal.
template <class Keep>
void winnow(const std::vector<std::uint64_t>& runs, const Keep& keep) {
  std::deque<std::size_t> least;  // candidates, smallest first
  std::size_t last = runs.size();
  for (std::size_t i = 0; i < runs.size(); ++i) {
    while (!least.empty() && runs[least.back()] >= runs[i]) least.pop_back();
    least.push_back(i);
    if (least.front() + neighbours <= i) least.pop_front();
    const bool window_full = i + 1 >= neighbours || i + 1 == runs.size();
    if (!window_full || least.front() == last) continue;
    last = least.front();
    keep(last);
  }
}

class Gatherer {
 public:
  explicit Gatherer(std::string_view key) : key_(key) {}

  void add(std::string_view text, mail::Range range, const Fingerprint& place) {
    const std::vector<Token> tokens = tokens_of(text, range);
    if (tokens.size() < run_words) return;
    std::vector<std::uint64_t> runs;
    runs.reserve(tokens.size());
    for (std::size_t i = 0; i + run_words <= tokens.size(); ++i) {
      std::uint64_t run = 0;
      for (std::size_t k = 0; k < run_words; ++k) run = mixed(run, tokens[i + k].hash);
      runs.push_back(run);
    }
    winnow(runs, [&](std::size_t i) {
      if (out_.size() >= limits::fingerprints_max) return;
      Fingerprint fingerprint = place;
      fingerprint.hash = keyed(runs[i], key_);
      fingerprint.range = {tokens[i].range.begin, tokens[i + run_words - 1].range.end};
      out_.push_back(fingerprint);
    });
  }

  std::vector<Fingerprint> take() { return std::move(out_); }

 private:
  std::string_view key_;
  std::vector<Fingerprint> out_;
};

bool is_said(mail::ZoneKind kind) {
  return kind == mail::ZoneKind::own || kind == mail::ZoneKind::quoted || kind == mail::ZoneKind::forwarded;
}

}  // namespace

std::vector<Fingerprint> fingerprints(const mail::Message& message, std::string_view key) {
  Gatherer gatherer(key);
  for (std::size_t i = 0; i < message.texts.size(); ++i) {
    const mail::Text& text = message.texts[i];
    Fingerprint place;
    place.text = static_cast<int>(i);
    if (text.alternative && text.html) continue;  // the same words as the plain text
    for (const mail::Zone& zone : text.zones) {
      if (is_said(zone.kind)) gatherer.add(text.utf8, zone.range, place);
    }
  }
  for (std::size_t i = 0; i < message.documents.size(); ++i) {
    for (std::size_t k = 0; k < message.documents[i].texts.size(); ++k) {
      const std::string& words = message.documents[i].texts[k].utf8;
      Fingerprint place;
      place.document = static_cast<int>(i);
      place.document_text = static_cast<int>(k);
      gatherer.add(words, {0, words.size()}, place);
    }
  }
  return gatherer.take();
}

std::string words_of(const mail::Message& message, const Fingerprint& fingerprint) {
  const std::string& text = fingerprint.text >= 0
                                ? message.texts[static_cast<std::size_t>(fingerprint.text)].utf8
                                : message.documents[static_cast<std::size_t>(fingerprint.document)].texts[static_cast<std::size_t>(fingerprint.document_text)].utf8;
  // The sentence around it, or as much as a person needs to find it.
  constexpr std::size_t before = 160, after = 240;
  std::size_t begin = fingerprint.range.begin;
  const auto ends = [&](std::size_t at) {
    const bool stop = text[at] == '.' || text[at] == '!' || text[at] == '?';
    return text[at] == '\n' || (stop && at + 1 < text.size() && text[at + 1] == ' ');
  };
  while (begin > 0 && fingerprint.range.begin - begin < before && !ends(begin - 1)) --begin;
  std::size_t end = fingerprint.range.end;
  while (end < text.size() && end - fingerprint.range.end < after && !ends(end)) ++end;
  return shortened(printable(trimmed(std::string_view(text).substr(begin, end - begin))), limits::evidence_bytes_max);
}

}  // namespace beadle::inspect
