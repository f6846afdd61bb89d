// A mail's HTML made harmless. Cases are files: tests/data/web/mail_html (see its README.md).
#include "web/mail_html.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "catch.h"
#include "corpus.h"
#include "mail/html.h"

using namespace beadle;
using web::safe_mail_html;

namespace {

namespace fs = std::filesystem;
const fs::path data = fs::path(BEADLE_TEST_DATA) / "web" / "mail_html";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string with_bytes(std::string_view line) {
  std::string out;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const std::string_view two = line.substr(at, 2);
    const bool stands_for = two == "\\n" || two == "\\t" || two == "\\0";
    out += !stands_for ? line[at] : two == "\\n" ? '\n' : two == "\\t" ? '\t' : '\0';
    if (stands_for) ++at;
  }
  return out;
}

/// Words of what a browser shows, with one blank between them.
std::string shown(const std::string& document) {
  std::string out;
  const std::string text = mail::html_to_text(document).utf8;
  for (const std::string_view line : split(text, '\n')) {
    for (const std::string_view word : split(line, ' ')) {
      if (!word.empty()) out.append(out.empty() ? "" : " ").append(word);
    }
  }
  return out;
}

/// `document` without what was added: labels, stand-ins and destinations, which hold no elements.
std::string without_additions(std::string document) {
  for (const std::string_view begin :
       {" <span class=\"to\">", " <span class=\"stand-in\">", " <b class=\"label\">", "<b class=\"label\">"}) {
    for (std::size_t at = document.find(begin); at != std::string::npos; at = document.find(begin, at)) {
      const std::size_t close = document.find("</", at);
      document.erase(at, document.find('>', close) + 1 - at);
    }
  }
  return document;
}

std::string without_blanks(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' && c != '\n') out += c;
  }
  return out;
}

/// Whether the words that `html` shows stand in `document` in the same order; what is hidden may stand between them.
bool says_all(const std::string& document, std::string_view html) {
  const std::string said = without_blanks(mail::html_to_text(without_additions(document)).utf8),
                    meant = mail::html_to_text(valid_utf8(html)).utf8;
  std::size_t at = 0;
  for (const std::string_view line : split(meant, '\n')) {
    for (const std::string_view word : split(line.starts_with("- ") ? line.substr(2) : line, ' ')) {
      if (printable(word) != word) continue;  // "[U+202E]"
      at = said.find(word, at);
      if (at == std::string::npos) {
        UNSCOPED_INFO("missing: " << word);
        return false;
      }
      at += word.size();
    }
  }
  return true;
}

bool is_style(std::string_view value) {
  return value.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-:;# ") == std::string_view::npos;
}

// Written without looking at the writer: every tag of the body has a known name, and of attributes only the harmless ones.
void check_tag(std::string_view tag) {
  static const std::set<std::string_view> names = {
      "p",          "div", "span", "br",    "hr",      "b",     "strong", "i",     "em",  "u",    "s",
      "del",        "ins", "sub",  "sup",   "small",   "code",  "kbd",    "samp",  "var", "cite", "q",
      "blockquote", "pre", "h1",   "h2",    "h3",      "h4",    "h5",     "h6",    "ul",  "ol",   "li",
      "dl",         "dt",  "dd",   "table", "caption", "thead", "tbody",  "tfoot", "tr",  "td",   "th"};
  INFO("tag: " << tag);
  tag.remove_prefix(tag.starts_with('/') ? 1 : 0);
  const std::size_t name_end = std::min(tag.find(' '), tag.size());
  CHECK(names.contains(tag.substr(0, name_end)));
  std::string_view rest = tag.substr(name_end);
  while (!rest.empty()) {
    const std::size_t open = rest.find("=\""), close = open == std::string_view::npos ? open : rest.find('"', open + 2);
    REQUIRE(close != std::string_view::npos);
    const std::string_view name = rest.substr(0, open), value = rest.substr(open + 2, close - open - 2);
    CHECK((name == " style" || name == " class" || name == " colspan" || name == " rowspan"));
    CHECK(is_style(value));
    CHECK(value.find("position") == std::string_view::npos);
    rest.remove_prefix(close + 1);
  }
}

void check_harmless(const std::string& document) {
  CHECK(document.starts_with("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>"));
  CHECK(is_valid_utf8(document));
  CHECK(document.find("shown as text, because") == std::string::npos);
  CHECK(document.find("url(", 0) > document.find("<body>"));
  const std::size_t body = document.find("<body>"), end = document.rfind("</body></html>");
  REQUIRE(body != std::string::npos);
  REQUIRE(end != std::string::npos);
  for (std::size_t at = document.find('<', body + 1); at < end; at = document.find('<', at + 1)) {
    const std::size_t close = document.find('>', at);
    REQUIRE(close != std::string::npos);
    check_tag(std::string_view(document).substr(at + 1, close - at - 1));
  }
}

}  // namespace

TEST_CASE("attacks leave nothing but words") {
  std::size_t seen = 0;
  const std::string vectors = read_file(data / "vectors.txt");
  for (const std::string_view line : split(vectors, '\n')) {
    if (line.empty()) continue;
    const std::size_t tab = line.find('\t');
    REQUIRE(tab != std::string_view::npos);
    INFO(line);
    const std::string document = safe_mail_html(with_bytes(line.substr(tab + 1)));
    INFO(document.substr(document.find("<body>")));
    check_harmless(document);
    CHECK(shown(document).find("kept") != std::string::npos);
    ++seen;
  }
  CHECK(seen > 100);
}

TEST_CASE("attacks within each other leave nothing but words") {
  const std::string vectors = read_file(data / "vectors.txt");
  std::vector<std::string> attacks;
  for (const std::string_view line : split(vectors, '\n')) {
    if (!line.empty()) attacks.push_back(with_bytes(line.substr(line.find('\t') + 1)));
  }
  for (const std::string_view around :
       {"<table><tr><td>@</table>", "<svg>@</svg>", "<math><mtext>@", "<p title='@'>x", "<select>@", "<textarea>@",
        "<style>@</style>x", "<!--@-->x", "<a href=\"@\">x</a>", "<b><p><i>@</b>", "<noscript>@", "<template>@"}) {
    for (const std::string& attack : attacks) {
      const std::size_t at = around.find('@');
      INFO(around << " " << attack);
      check_harmless(safe_mail_html(std::string(around.substr(0, at)) + attack + std::string(around.substr(at + 1))));
    }
  }
}

TEST_CASE("letters keep their words, and what they hide is shown and marked") {
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(data)) {
    if (entry.path().extension() != ".html") continue;
    INFO(entry.path().filename().string());
    const std::string document = safe_mail_html(read_file(entry.path()));
    const std::string words = shown(document);
    INFO(words);
    check_harmless(document);
    CHECK(says_all(document, read_file(entry.path())));
    const std::string says = read_file(fs::path(entry.path()).replace_extension(".says"));
    for (const std::string_view line : split(says, '\n')) {
      const bool absent = line.starts_with("not: ");
      INFO(line);
      CHECK((words.find(absent ? line.substr(5) : line) == std::string::npos) == (absent && !line.empty()));
    }
    ++seen;
  }
  CHECK(seen >= 3);
}

TEST_CASE("layout that helps a reader stays") {
  const auto holds = [](std::string_view html, std::string_view part) {
    return safe_mail_html(html).find(part) != std::string::npos;
  };
  CHECK(holds("<b>bold", "<b>bold</b>"));
  CHECK(holds("<p style='COLOR: #FF0000; text-align:center !important; font-weight:BOLD'>x",
              "<p style=\"text-align:center;font-weight:bold;color:#ff0000;\">x</p>"));
  CHECK(holds("<font color=navy>x</font>", "<span style=\"color:#000080;\">x</span>"));
  CHECK(holds("<center>x</center>", "<div style=\"text-align:center;\">x</div>"));
  CHECK(holds("<p>one<p>two", "<p>one</p><p>two</p>"));
  CHECK(holds("<p><b>one<p>two", "<p><b>one</b></p><b><p>two</p></b>"));
  CHECK(holds("<ul><li>one<li>two</ul>", "<ul><li>one</li><li>two</li></ul>"));
  CHECK(holds("<table border=1><tr><td colspan=2>a<td>b<tr><td>c</table>",
              "<table class=\"ruled\"><tr><td colspan=\"2\">a</td><td>b</td></tr><tr><td>c</td></tr></table>"));
  CHECK(holds("a &amp; b &eacute; &#8364; &zzz;", "a &amp; b é € &amp;zzz;"));
}

TEST_CASE("too long is cut, too deep is flattened, and both are said") {
  const std::string last = "<p>the last words</p>";
  const std::string long_mail = std::string(limits::shown_html_bytes_max, 'x') + last;
  const std::string cut = safe_mail_html(long_mail);
  CHECK(cut.find("the last words") == std::string::npos);
  CHECK(cut.find("too long to be shown here") != std::string::npos);

  std::string deep;
  for (std::size_t i = 0; i < limits::shown_html_depth_max + 50; ++i) deep += "<div>";
  const std::string flattened = safe_mail_html(deep + "<b onclick=x>innermost</b>" + last);
  check_harmless(flattened);
  CHECK(flattened.find("innermost") != std::string::npos);
  CHECK(flattened.find("the last words") != std::string::npos);
  CHECK(flattened.find("nested too deeply") != std::string::npos);

  std::string within = deep.substr(0, 5 * (limits::shown_html_depth_max - 5));
  CHECK(safe_mail_html(within + "x").find("nested too deeply") == std::string::npos);
}

TEST_CASE("hostile repetitions end") {
  for (const std::string_view piece : {"<div>", "<b style='color:#123456'>x<p>", "</div></p></b>", "<table><tr><td>",
                                       "<b><div></b>", "<a href=x>", "<svg><![CDATA[", "<", "<!--[if a]>x<![endif]-->", "<p a=\"",
                                       "<span hidden>x", "<i><p></i><b></p>", "&amp", "<script>x"}) {
    std::string html;
    while (html.size() < 300'000) html += piece;
    INFO(piece);
    const std::string document = safe_mail_html(html);
    CHECK(document.size() < 4 * limits::shown_html_bytes_max);
    CHECK(document.ends_with("</body></html>\n"));
  }
}

TEST_CASE("words of mail that nobody here wrote are all there") {
  const auto files = tests::corpus_files("mail");
  if (files.empty()) WARN("no corpus: skipped");
  std::size_t seen = 0;
  for (const fs::path& path : files) {
    const std::string bytes = read_file(path);
    const std::size_t begin = bytes.find("<html");
    if (begin == std::string::npos || bytes.size() > 500'000 || ++seen > 500) continue;
    INFO(path.string());
    const std::string_view html = std::string_view(bytes).substr(begin);
    const std::string document = safe_mail_html(html);
    check_harmless(document);
    if (document.find("nested too deeply") == std::string::npos) CHECK(says_all(document, html));
  }
}
