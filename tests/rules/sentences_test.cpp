#include "rules/sentences.h"

#include <ctime>

#include "base/limits.h"
#include "base/text.h"

#include "rules/helpers.h"

#include "catch.h"

namespace beadle::rules {
namespace {

/// \n \r \t \_ and \u{HEX} in tables.
std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '\\' || at + 1 == text.size()) {
      out += text[at];
      continue;
    }
    const char c = text[++at];
    if (c == 'u') {
      const std::size_t end = text.find('}', at);
      append_utf8(out, static_cast<char32_t>(std::stoul(std::string(text.substr(at + 2, end - at - 2)), nullptr, 16)));
      at = end;
    } else {
      out += c == 'n' ? "\n" : c == 'r' ? "\r" : c == 't' ? "\t" : c == '_' ? "\u00A0" : std::string("\\") + c;
    }
  }
  return out;
}

struct Row {
  std::string text, expected, why;
};

std::vector<Row> rows_of(const std::string& file) {
  std::vector<Row> rows;
  const std::string table = bytes_of(test_data() / "tables" / file);
  for (const std::string_view line : split(table, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    REQUIRE(columns.size() == 3);
    rows.push_back({unescaped(columns[0]), unescaped(columns[1]), std::string(columns[2])});
  }
  REQUIRE(rows.size() > 10);
  return rows;
}

std::string shown(std::string_view text, const std::vector<Span>& spans) {
  std::vector<std::string> parts;
  for (const Span& span : spans) parts.emplace_back(text.substr(span.begin, span.end - span.begin));
  return joined(parts, " | ");
}

void check_whole(const Folded& folded) {
  REQUIRE(folded.sentences.size() == folded.lines.size());
  for (const Span& line : folded.lines) {
    CHECK(line.begin < line.end);
    CHECK(folded.text[line.end] == '\n');
  }
}

// Of the processor, not of the clock on the wall: others may use the machine.
double milliseconds_of(const std::string& text) {
  const std::clock_t start = std::clock();
  (void)fold(text);
  return 1000.0 * static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("sentences are told apart (tables/sentences.tsv)") {
  for (const Row& row : rows_of("sentences.tsv")) {
    INFO(row.text << "  -- " << row.why);
    CHECK(shown(row.text, split_sentences(row.text)) == row.expected);
  }
}

TEST_CASE("text is made plain (tables/fold.tsv)") {
  for (const Row& row : rows_of("fold.tsv")) {
    INFO(row.text << "  -- " << row.why);
    const Folded folded = fold(row.text);
    CHECK(shown(folded.text, folded.lines) == row.expected);
    check_whole(folded);
  }
}

TEST_CASE("each plain sentence knows where it came from") {
  const std::string text = "  Ren\u00E9e\u2019s  gate\u2026 \n";
  const Folded folded = fold(text);
  REQUIRE(folded.lines.size() == 1);
  REQUIRE(folded.text == "Renee's gate...\n");
  CHECK(folded.sentences[0] == Span{2, text.size() - 2});
}

TEST_CASE("bytes that are no UTF-8 neither stop nor shift anything") {
  const std::string text = "We \xC3 pay.\xFF We \xE2\x80 agree.\xE2\x80\xA6";
  const Folded folded = fold(text);
  check_whole(folded);
  CHECK(folded.lines.size() == 1);
  CHECK(folded.text.find("pay.") != std::string::npos);
}

TEST_CASE("a sentence over the bound is cut, and nothing of it is lost") {
  std::string text;
  while (text.size() < 3 * limits::sentence_bytes_max) text += "word, ";
  const auto sentences = split_sentences(text);
  REQUIRE(sentences.size() >= 3);
  std::size_t words = 0;
  for (const Span& sentence : sentences) {
    CHECK(sentence.end - sentence.begin <= limits::sentence_bytes_max);
    const std::string_view piece = std::string_view(text).substr(sentence.begin, sentence.end - sentence.begin);
    words += static_cast<std::size_t>(std::count(piece.begin(), piece.end(), ','));
  }
  CHECK(words == static_cast<std::size_t>(std::count(text.begin(), text.end(), ',')));
  // Without a blank, between characters.
  const std::string solid = std::string(limits::sentence_bytes_max - 1, 'a') + "\u00E9" + "b";
  const auto pieces = split_sentences(solid);
  REQUIRE(pieces.size() == 2);
  CHECK(solid.substr(pieces[1].begin) ==
        "\u00E9"
        "b");
}

TEST_CASE("hostile texts take time linear in their size") {
  const auto repeated = [](std::string_view piece, std::size_t bytes) {
    std::string out;
    while (out.size() < bytes) out += piece;
    return out;
  };
  for (const std::string_view piece :
       {".",        "...",
        ". a",      "\n",
        ">",        "> ",
        "a.b.",     "\u200B",
        " \u200B",  "\u0301",
        "\u0435",   "\u2026",
        "a\n",      "- \n",
        "1. ",      "\"",
        ". \"\"\"", "Mr. ",
        "(((",      "\xE2",
        "\uFDFA",   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n"}) {
    INFO(piece);
    const double small = std::min(milliseconds_of(repeated(piece, 100'000)), milliseconds_of(repeated(piece, 100'000)));
    const double large = milliseconds_of(repeated(piece, 1'000'000));
    CHECK(large < 60 * small + 50);  // ten times the text, with room for a busy machine
  }
}

}  // namespace beadle::rules
