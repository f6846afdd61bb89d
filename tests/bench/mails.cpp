#include "mails.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <numbers>
#include <numeric>
#include <random>

namespace beadle::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::array words{
    "the",      "council",  "meeting",   "of",      "Tuesday", "please",     "could",     "you",     "hedge",     "lane",
    "resident", "planning", "report",    "we",      "have",    "asked",      "for",       "a",       "quotation", "and",
    "would",    "be",       "grateful",  "path",    "bin",     "collection", "allotment", "minutes", "agenda",    "clerk",
    "invoice",  "payment",  "should",    "not",     "again",   "before",     "week",      "next",    "to",        "in",
    "on",       "at",       "office",    "morning", "village", "hall",       "booking",   "repair",  "fence",     "contract",
    "agreed",   "members",  "committee", "finance", "budget",  "letter",     "from",      "about",   "drainage",  "footpath",
    "traffic",  "survey",   "school",    "closed",  "since",   "water",      "it",        "was",     "is",        "this",
    "that",     "which",    "will",      "send",    "by",      "Friday",     "thank",     "kind",    "attached",  "draft",
    "comments", "received", "number",    "with"};

/// The standard library's distributions differ between libraries; these do not.
class Dice {
 public:
  explicit Dice(unsigned seed) : engine_(seed) {}
  std::size_t below(std::size_t n) { return static_cast<std::size_t>(engine_() % n); }
  double unit() { return (static_cast<double>(engine_() >> 11) + 0.5) / 9007199254740992.0; }
  double normal() { return std::sqrt(-2 * std::log(unit())) * std::cos(2 * std::numbers::pi * unit()); }

 private:
  std::mt19937_64 engine_;
};

// Names and numbers besides the common words, so that no automaton has met the whole text before.
std::string word(Dice& dice) {
  if (dice.below(12) != 0) return words[dice.below(words.size())];
  if (dice.below(4) == 0) return std::to_string(dice.below(3000));
  std::string name;
  for (std::size_t i = 0, syllables = 2 + dice.below(3); i < syllables; ++i) {
    name += "bcdfghlmnprstvw"[dice.below(15)];
    name += "aeiou"[dice.below(5)];
  }
  name[0] = static_cast<char>(name[0] - 32);
  return name;
}

std::string sentence(Dice& dice) {
  std::string out;
  for (std::size_t i = 0, count = 5 + dice.below(18); i < count; ++i) out += (i == 0 ? "" : " ") + word(dice);
  out[0] = static_cast<char>(out[0] >= 'a' ? out[0] - 32 : out[0]);
  return out + (dice.below(8) == 0 ? "? " : ". ");
}

/// Paragraphs, wrapped as mail programs do.
std::string prose(Dice& dice, std::size_t size, std::string_view line_begin, std::string_view line_end) {
  std::string out;
  out.reserve(size + 200);
  std::size_t column = 0, sentences = 0;
  out += line_begin;
  while (out.size() < size) {
    for (const char c : sentence(dice)) {
      ++column;
      if (c == ' ' && column > 70) {
        out.append(line_end).append(line_begin);
        column = 0;
      } else {
        out += c;
      }
    }
    if (++sentences % 4 != 0) continue;
    out.append(line_end).append(line_begin).append(line_end).append(line_begin);
    column = 0;
  }
  return out.append(line_end);
}

std::string quoted_printable(std::string_view text) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    if (column > 70 && c != '\r' && c != '\n') {
      out += "=\r\n";
      column = 0;
    }
    if (c == '=')
      out += "=3D";
    else
      out += c;
    column = c == '\n' ? 0 : column + (c == '=' ? 3 : 1);
  }
  return out;
}

std::string html(Dice& dice, std::size_t size) {
  std::string out =
      "<html><head><meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\"><style>p.MsoNormal{margin:0cm}</style>"
      "</head>\r\n<body lang=\"EN-GB\">\r\n";
  while (out.size() < size) {
    out +=
        "<div><p class=\"MsoNormal\" style=\"margin:0cm;font-size:11pt;font-family:Calibri,sans-serif\"><span "
        "style=\"color:#1f497d\">";
    out += prose(dice, 150 + dice.below(400), "", "\r\n") + "</span><br>&nbsp;</p></div>\r\n";
    if (dice.below(8) == 0) out += "<table><tr><td>" + word(dice) + "</td><td>" + word(dice) + "</td></tr></table>\r\n";
  }
  return out + "</body></html>\r\n";
}

std::string header(Dice& dice, unsigned number) {
  std::string out;
  for (std::size_t i = 0, hops = 2 + dice.below(5); i < hops; ++i) {
    out += "Received: from mx" + std::to_string(dice.below(90)) + ".relay.example (mx.relay.example [192.0.2." +
           std::to_string(dice.below(250)) + "])\r\n\tby mail.harbridge.example with ESMTPS id " +
           std::to_string(dice.below(1u << 30)) + "\r\n\tfor <clerk@harbridge.example>; Tue, 3 Mar 2026 09:12:44 +0000\r\n";
  }
  out += "From: " + word(dice) + " " + word(dice) + " <sender" + std::to_string(number) + "@homemail.example>\r\n";
  out += "To: \"Clerk, Harbridge\" <clerk@harbridge.example>, Jane Holt <jane.holt@harbridge.example>\r\n";
  out += std::string("Subject: ") + (dice.below(2) == 0 ? "Re: " : "") + word(dice) + " " + word(dice) +
         " =?utf-8?q?caf=C3=A9?=\r\n";
  out += "Date: Tue, 3 Mar 2026 09:12:40 +0000\r\nMessage-ID: <" + std::to_string(number) +
         "@homemail.example>\r\nMIME-Version: 1.0\r\n";
  if (dice.below(2) == 0)
    out += "References: <a" + std::to_string(number) + "@x.example>\r\n <b" + std::to_string(number) + "@x.example>\r\n";
  return out;
}

std::string letter(Dice& dice, std::size_t size) {
  std::string out = "Dear Jane,\r\n\r\n" + prose(dice, size / 2 + 60, "", "\r\n") + "\r\nKind regards\r\n\r\n" + word(dice) +
                    " " + word(dice) + "\r\nTel 01632 960123\r\n";
  if (size > 400)
    out += "\r\nOn Mon, 2 Mar 2026 at 17:40, Jane Holt <jane.holt@harbridge.example> wrote:\r\n" +
           prose(dice, size / 2 - 100, "> ", "\r\n");
  return out;
}

std::string part(std::string_view boundary, std::string_view type, std::string_view encoding, std::string_view body) {
  return "--" + std::string(boundary) + "\r\nContent-Type: " + std::string(type) +
         "\r\nContent-Transfer-Encoding: " + std::string(encoding) + "\r\n\r\n" + std::string(body) + "\r\n";
}

// A third is plain, most of the rest has HTML beside; what is large is large by its attachment.
std::string mail(Dice& dice, unsigned number, std::size_t size) {
  std::string out = header(dice, number);
  const std::size_t kind = dice.below(3), text = std::min<std::size_t>(size, 2000 + dice.below(10'000));
  if (kind == 0 && size < 30'000) return out + "Content-Type: text/plain; charset=us-ascii\r\n\r\n" + letter(dice, text);
  const std::string outer = "----=_outer_" + std::to_string(number), inner = "----=_inner_" + std::to_string(number);
  std::string both = part(inner, "text/plain; charset=utf-8", "quoted-printable", quoted_printable(letter(dice, text / 3))) +
                     part(inner, "text/html; charset=utf-8", "quoted-printable", quoted_printable(html(dice, text * 2 / 3))) +
                     "--" + inner + "--\r\n";
  if (size < 2 * text) return out + "Content-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n" + both;
  return out + "Content-Type: multipart/mixed;\r\n boundary=\"" + outer + "\"\r\n\r\n--" + outer +
         "\r\nContent-Type: multipart/alternative; boundary=\"" + inner + "\"\r\n\r\n" + both + "\r\n" +
         part(outer, "application/pdf; name=\"plan.pdf\"", "base64", made_base64(size - text, number)) + "--" + outer + "--\r\n";
}

fs::path corpus_folder() {
  if (const char* folder = std::getenv("BEADLE_CORPUS"); folder != nullptr && *folder != '\0') return folder;
  return BEADLE_CORPUS;
}

}  // namespace

std::size_t Mails::total() const {
  return std::accumulate(bytes.begin(), bytes.end(), std::size_t{0},
                         [](std::size_t sum, const std::string& one) { return sum + one.size(); });
}

Mails corpus_mails() {
  Mails out{.source = "corpus", .bytes = {}};
  std::error_code error;
  std::vector<fs::path> files;
  for (fs::recursive_directory_iterator entry(corpus_folder() / "mail", error), end; !error && entry != end;
       entry.increment(error)) {
    if (entry->is_regular_file()) files.push_back(entry->path());
  }
  std::sort(files.begin(), files.end());
  for (const fs::path& file : files) {
    std::ifstream in(file, std::ios::binary);
    out.bytes.emplace_back(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
    if (out.bytes.back().empty()) out.bytes.pop_back();
  }
  return out;
}

Mails made_mails(std::size_t count) {
  constexpr double median = 12'000, spread = 1.5;  // exp(1.5² / 2) = 3.1 times the median is the mean
  constexpr double size_max = 2e6;
  Mails out{.source = "made", .bytes = {}};
  Dice dice(7);
  for (unsigned i = 0; i < count; ++i) {
    const double size = std::min(size_max, median * std::exp(spread * dice.normal()));
    out.bytes.push_back(mail(dice, i, std::max<std::size_t>(static_cast<std::size_t>(size), 600)));
  }
  return out;
}

std::string made_words(std::size_t size, unsigned seed, const char* line_end) {
  Dice dice(seed);
  return prose(dice, size, "", line_end);
}

std::string made_base64(std::size_t size, unsigned seed) {
  constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  Dice dice(seed);
  std::string out;
  out.reserve(size + 100);
  while (out.size() < size) {
    for (int i = 0; i < 76; ++i) out += alphabet[dice.below(64)];
    out += "\r\n";
  }
  return out;
}

}  // namespace beadle::bench
