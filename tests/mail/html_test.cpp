// HTML as its reader sees it. Cases are files: tests/data/mail/html/*.html with the text, what is hidden, and the marks (.txt).
#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "mail/html.h"

#include "catch.h"
#include "corpus.h"

namespace beadle::mail {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string_view name_of(HtmlMarkKind kind) {
  switch (kind) {
    case HtmlMarkKind::quote:
      return "quote";
    case HtmlMarkKind::block:
      return "block";
    case HtmlMarkKind::signature:
      return "signature";
    case HtmlMarkKind::small:
      break;
  }
  return "small";
}

// Lines of a stretch, each with what it belongs to in front; "¬" at their ends shows blanks there.
std::string described(std::string_view label, std::string_view text) {
  std::string out;
  for (const std::string_view line : split(text, '\n'))
    out += std::string(label) + " | " + std::string(line) + (line.ends_with(' ') ? "¬\n" : "\n");
  return out;
}

std::string describe(const HtmlText& text) {
  std::string out = text.regular ? "" : "irregular\n";
  if (!text.utf8.empty()) out += described("shown", text.utf8);
  if (!text.hidden.empty()) out += described("hidden", trimmed(text.hidden));
  for (const HtmlMark& mark : text.marks) out += described(name_of(mark.kind), slice(text.utf8, mark.range));
  return out;
}

void check_marks(const HtmlText& text, std::size_t html_size) {
  std::size_t begin = 0;
  for (const HtmlMark& mark : text.marks) {
    CHECK(mark.range.begin >= begin);
    CHECK(mark.range.begin < mark.range.end);
    CHECK(mark.range.end <= text.utf8.size());
    CHECK(mark.source < html_size);
    begin = mark.range.begin;
  }
}

std::string repeated(std::string_view piece, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += piece;
  return out;
}

}  // namespace

TEST_CASE("every document reads as its .txt file says") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(BEADLE_TEST_DATA) / "mail/html")) {
    if (entry.path().extension() == ".html") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 24);
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    const std::string html = read_file(file);
    const HtmlText text = html_to_text(html);
    const std::string found = describe(text);
    const fs::path expectation = fs::path(file).replace_extension(".txt");
    if (std::getenv("BEADLE_UPDATE") != nullptr) std::ofstream(expectation, std::ios::binary) << found;
    CHECK(found == read_file(expectation));
    check_marks(text, html.size());
  }
}

TEST_CASE("marks say where their elements stand in the source") {
  const std::string html = "<p>Own</p><blockquote type=cite>Theirs</blockquote><div class=moz-signature>Jill</div>";
  const HtmlText text = html_to_text(html);
  REQUIRE(text.marks.size() == 2);
  CHECK(html.substr(text.marks[0].source).starts_with("<blockquote"));
  CHECK(html.substr(text.marks[1].source).starts_with("<div"));
}

TEST_CASE("elements deeper than the limit are read as text of the deepest") {
  const std::string html = repeated("<div>", 5 * (limits::html_depth_max + 100)) +
                           "deep<blockquote type=cite>quoted</blockquote>own" +
                           repeated("</div>", 6 * (limits::html_depth_max + 100)) + "<p>after</p>";
  const HtmlText text = html_to_text(html);
  CHECK_FALSE(text.regular);
  CHECK(text.utf8.starts_with("deep"));
  CHECK(text.utf8.find("quoted") != std::string::npos);
  CHECK(text.utf8.ends_with("own\nafter"));
  CHECK(html_to_text(repeated("<div>", 5 * limits::html_depth_max) + "x").regular);
}

TEST_CASE("cut anywhere, every word is still read") {
  const std::string html =
      "<p title=\"t\">alpha</p><!-- beta --><b>gamma</b>&amp;<title>delta</title><textarea>epsilon</textarea>";
  for (std::size_t size = 0; size <= html.size(); ++size) {
    const HtmlText text = html_to_text(std::string_view(html).substr(0, size));
    const std::string all = text.utf8 + "\n" + text.hidden;
    INFO(html.substr(0, size));
    for (const std::string word : {"alpha", "beta", "gamma", "delta", "epsilon"})
      CHECK((html.substr(0, size).find(word) == std::string::npos || all.find(word) != std::string::npos));
  }
}

TEST_CASE("hostile HTML is read in linear time") {
  for (const std::string piece : {"<",
                                  "&",
                                  "<!--",
                                  "<!",
                                  "</",
                                  "<?",
                                  "<a",
                                  "<a ",
                                  "&#",
                                  "&a",
                                  "<![CDATA[",
                                  "<svg><![CDATA[",
                                  "<title>",
                                  "<script>",
                                  "<!---",
                                  "--",
                                  "<b><div></b>",
                                  "<p>",
                                  "<li>x",
                                  "<td>x",
                                  "<table><tr><td>x",
                                  "</p>",
                                  "</b>",
                                  "</span>",
                                  "<span>",
                                  "<blockquote type=cite>x",
                                  "<div class=gmail_quote>x",
                                  "<small>x</small>",
                                  "<a href='",
                                  "<a \"",
                                  "<textarea>",
                                  "<!--<!--x-->",
                                  "<title><",
                                  "<xmp></",
                                  "<x><y></x>",
                                  "<div>",
                                  "<b><i>",
                                  "&CounterClockwiseContourIntegra",
                                  "a=b ",
                                  "<a a=b style=display:none "}) {
    const std::string html = repeated(piece, 1u << 20);
    const auto begin = std::chrono::steady_clock::now();
    const HtmlText text = html_to_text(html);
    INFO(piece);
    CHECK(std::chrono::steady_clock::now() - begin < std::chrono::seconds(5));  // takes some 10 ms; quadratic would take minutes
    CHECK(text.utf8.size() + text.hidden.size() <= 2 * html.size());
    CHECK(text.marks.size() <= html.size() / 8);
  }
  std::string attributes = "<a ";
  for (int i = 0; i < 100'000; ++i) attributes += "a" + std::to_string(i) + "='b' ";
  CHECK(html_to_text(attributes + ">x").utf8 == "x");
  CHECK(html_to_text(repeated("<div>", 1'000'000) + "x" + repeated("</div>", 1'200'000)).utf8 == "x");
  CHECK(html_to_text(repeated("<b>", 1500) + "x" + repeated("</i>", 1u << 20)).utf8 == "x");
}

TEST_CASE("a document names its charset in its first 1024 bytes") {
  CHECK(html_charset("<html><head><meta charset=\"iso-8859-2\"></head>") == "iso-8859-2");
  CHECK(html_charset("<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=koi8-r; x'>") == "koi8-r");
  CHECK(html_charset("<meta content=\"text/html; charset = 'big5'\">") == "big5");
  CHECK(html_charset("<meta name=x content=y><meta charset= utf-8 >") == "utf-8");
  CHECK(html_charset("<meta charset=utf-16le>") == "utf-8");
  CHECK(html_charset("<!-- <meta charset=koi8-r> --><p>charset=x</p>") == "");
  CHECK(html_charset("<style><meta charset=koi8-r></style>") == "");
  CHECK(html_charset(std::string(1024, ' ') + "<meta charset=koi8-r>") == "");
  CHECK(html_charset("<meta charset=koi8-r") == "");
  CHECK(html_charset("") == "");
}

TEST_CASE("letters of real correspondence") {
  const auto files = tests::corpus_files("mail");
  if (files.empty()) {
    WARN("skipped: no mail of others at hand");
    return;
  }
  std::size_t documents = 0;
  for (const fs::path& file : files) {
    const std::string bytes = valid_utf8(read_file(file));
    const std::size_t begin = ascii_lower(bytes).find("<html");
    if (begin == std::string::npos) continue;
    const HtmlText text = html_to_text(std::string_view(bytes).substr(begin));
    INFO(file.filename().string());
    CHECK(is_valid_utf8(text.utf8));
    CHECK(is_valid_utf8(text.hidden));
    check_marks(text, bytes.size() - begin);
    ++documents;
  }
  CHECK(documents > 20);
}

}  // namespace beadle::mail
