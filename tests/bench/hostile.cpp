// Mail that somebody made to tire a filter out. Each kind is read in three sizes, n, 2 n and 4 n: what doubles with the size is
// linear; what grows by more is a mistake in src/mail. Ends with 1 where one does, for people who wait for it; no test runs this.
#include <malloc.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "mail/edit.h"
#include "mail/message.h"
#include "mails.h"

namespace beadle::bench {
namespace {

/// A mail of about `n` things.
using Make = std::function<std::string(std::size_t n)>;

struct Kind {
  std::string name;
  std::size_t n;  // the smallest of the three sizes
  Make make;
};

std::string times(std::size_t n, std::string_view text) {
  std::string out;
  out.reserve(n * text.size());
  for (std::size_t i = 0; i < n; ++i) out += text;
  return out;
}

std::string numbered(std::size_t n, const std::function<std::string(const std::string&)>& text) {
  std::string out;
  for (std::size_t i = 0; i < n; ++i) out += text(std::to_string(i));
  return out;
}

constexpr std::string_view head = "From: a@x.example\r\nTo: b@x.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n";

std::string plain(const std::string& text) { return std::string(head) + "\r\n" + text; }
std::string with_field(const std::string& field) { return std::string(head) + field + "\r\n\r\nwords\r\n"; }
std::string html(const std::string& text) { return std::string(head) + "Content-Type: text/html\r\n\r\n" + text; }
std::string encoded(std::string_view encoding, const std::string& body, std::string_view type = "text/plain") {
  return std::string(head) + "Content-Type: " + std::string(type) + "\r\nContent-Transfer-Encoding: " + std::string(encoding) +
         "\r\n\r\n" + body;
}
std::string mixed(const std::string& body) {
  return std::string(head) + "Content-Type: multipart/mixed; boundary=B\r\n\r\n" + body;
}
std::string in_charset(std::string_view charset, const std::string& body) {
  return std::string(head) + "Content-Type: text/plain; charset=" + std::string(charset) + "\r\n\r\n" + body;
}

Make repeat(std::string (*around)(const std::string&), std::string_view text) {
  return [=](std::size_t n) { return around(times(n, text)); };
}
Make repeat_between(std::string (*around)(const std::string&), std::string_view begin, std::string_view text,
                    std::string_view end) {
  return [=](std::size_t n) { return around(std::string(begin) + times(n, text) + std::string(end)); };
}

// A header ends where the bound of its size is met; n is chosen so that all three sizes are below.
constexpr std::size_t few_kb = 12'000;

std::vector<Kind> structures() {
  return {
      {"multiparts nested", 12'500,
       [](std::size_t n) {
         return std::string(head) + numbered(n, [](const std::string& i) {
                  return "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n";
                });
       }},
      {"messages nested", 12'500,
       [](std::size_t n) { return std::string(head) + times(n, "Content-Type: message/rfc822\r\n\r\n"); }},
      {"100 levels, then lines with --", 100'000,
       [](std::size_t n) {
         return std::string(head) +
                numbered(99,
                         [](const std::string& i) {
                           return "Content-Type: multipart/mixed; boundary=" + i + "b\r\n\r\n--" + i + "b\r\n";
                         }) +
                "\r\n" + times(n, "--x\r\n");
       }},
      {"100 levels of boundaries alike, then lines like them", 25'000,
       [](std::size_t n) {
         std::string out(head), boundary = "b";
         for (int i = 0; i < 99; ++i, boundary += 'b')
           out += "Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary + "\r\n";
         return out + "\r\n" + times(n, "--" + boundary + "x\r\n");
       }},
      {"parts", 100'000, [](std::size_t n) { return mixed(times(n, "--B\r\n\r\nx\r\n") + "--B--\r\n"); }},
      {"parts without header", 100'000, repeat(mixed, "--B\r\n")},
      {"delimiters behind the end", 100'000,
       [](std::size_t n) { return mixed("--B\r\n\r\nx\r\n--B--\r\n" + times(n, "--B\r\n")); }},
      {"lines like a delimiter", 100'000,
       [](std::size_t n) { return mixed("--B\r\n\r\n" + times(n, "--Bx\r\n") + "--B--\r\n"); }},
      {"one delimiter with blanks", 1'000'000,
       [](std::size_t n) { return mixed("--B\r\n\r\nx\r\n--B" + times(n, " ") + "x\r\n--B--\r\n"); }},
      {"one header line", 2'500'000, [](std::size_t n) { return with_field("X-Long: " + times(n, "x")); }},
      {"one header line of addresses", 2'500'000, [](std::size_t n) { return with_field("Cc: " + times(n / 8, "a@b.c,  ")); }},
      {"lines of one field", 100'000, [](std::size_t n) { return with_field("X-Long: x" + times(n, "\r\n x")); }},
      {"fields", 100'000, [](std::size_t n) { return with_field("X-A: b" + times(n, "\r\nX-A: b")); }},
      {"fields that may stand once", 400,
       [](std::size_t n) { return with_field("Content-Type: text/html" + times(n, "\r\nContent-Type: text/html")); }},
      {"junk lines in the header", 100'000, [](std::size_t n) { return with_field("X-A: b" + times(n, "\r\njunk")); }},
      {"NUL bytes", 1'000'000, [](std::size_t n) { return plain(std::string(n, '\0')); }},
      {"carriage returns", 1'000'000, repeat(plain, "\r")},
      {"line feeds", 1'000'000, repeat(plain, "\n")},
  };
}

std::vector<Kind> values() {
  return {
      {"parameters", 25'000,
       [](std::size_t n) {
         return with_field("Content-Type: text/plain" + numbered(n, [](const std::string& i) { return "; p" + i + "=v"; }));
       }},
      {"parameters in one short field", 40,
       [](std::size_t n) {
         return with_field("Content-Type: text/plain" + numbered(n, [](const std::string& i) { return "; p" + i + "=v"; }));
       }},
      {"continued parameters", 40,
       [](std::size_t n) {
         return with_field("Content-Disposition: inline" +
                           numbered(n, [](const std::string& i) { return "; filename*" + i + "*=%41"; }));
       }},
      {"semicolons", few_kb, [](std::size_t n) { return with_field("Content-Type: text/plain" + times(n, ";")); }},
      {"comments in Content-Type", few_kb / 3,
       [](std::size_t n) { return with_field("Content-Type: text/plain" + times(n, "(x)")); }},
      {"comments that stay open in Content-Type", few_kb,
       [](std::size_t n) { return with_field("Content-Type: text/plain" + times(n, "(")); }},
      {"comments within comments in Content-Type", few_kb / 2,
       [](std::size_t n) { return with_field("Content-Type: text/plain" + times(n, "(") + times(n, ")")); }},
      {"encoded words", few_kb / 12, [](std::size_t n) { return with_field("Subject: " + times(n, "=?utf-8?q?a?= ")); }},
      {"encoded words of changing charsets", few_kb / 30,
       [](std::size_t n) { return with_field("Subject: " + times(n, "=?koi8-r?q?=A1?= =?gb2312?b?oaE=?= ")); }},
      {"encoded words that stay open", few_kb / 6, [](std::size_t n) { return with_field("Subject: " + times(n, "=?a?q?x")); }},
      {"beginnings of encoded words", few_kb / 2, [](std::size_t n) { return with_field("Subject: " + times(n, "=?")); }},
      {"encoded words in addresses", few_kb / 14, [](std::size_t n) { return with_field("Cc: " + times(n, "=?utf-8?q?a?= ")); }},
      {"addresses", few_kb / 16,
       [](std::size_t n) {
         return with_field("Cc: " + numbered(n, [](const std::string& i) { return "a" + i + "@x.example, "; }));
       }},
      {"addresses in many fields", 4'000,
       [](std::size_t n) {
         return with_field("Cc: q@x.example" + numbered(n / 4, [](const std::string& i) {
                             return "\r\nCc: a" + i + "@x.example, b" + i + "@x.example, c@x.example";
                           }));
       }},
      {"the same address", few_kb / 8, [](std::size_t n) { return with_field("Cc: " + times(n, "a@b.c, ")); }},
      {"signs of at", few_kb, [](std::size_t n) { return with_field("Cc: " + times(n, "@")); }},
      {"words without comma, then at", few_kb / 2, [](std::size_t n) { return with_field("Cc: " + times(n, "a ") + "@b"); }},
      {"dotted words, then at", few_kb / 2, [](std::size_t n) { return with_field("Cc: " + times(n, "a.") + "@b"); }},
      {"address after address without comma", few_kb / 6, [](std::size_t n) { return with_field("Cc: " + times(n, "a@b.c ")); }},
      {"angle brackets", few_kb, [](std::size_t n) { return with_field("Cc: " + times(n, "<")); }},
      {"groups", few_kb / 2, [](std::size_t n) { return with_field("Cc: " + times(n, "a:")); }},
      {"routes", few_kb / 3, [](std::size_t n) { return with_field("Cc: " + times(n, "<@a")); }},
      {"quotes that stay open", few_kb, [](std::size_t n) { return with_field("Cc: a@x.example \"" + times(n, "\\\"")); }},
      {"comments that stay open", few_kb, [](std::size_t n) { return with_field("Cc: a@x.example " + times(n, "(")); }},
      {"domain literals that stay open", few_kb, [](std::size_t n) { return with_field("Cc: a@x.example " + times(n, "[")); }},
      {"addresses in quotes", few_kb / 9, [](std::size_t n) { return with_field("Cc: " + times(n, "\"a@b.c\", ")); }},
      {"message ids", few_kb / 5, [](std::size_t n) { return with_field("References: " + times(n, "<a@b>")); }},
      {"brackets of message ids", few_kb, [](std::size_t n) { return with_field("References: " + times(n, "<")); }},
      {"words for message ids", few_kb / 4, [](std::size_t n) { return with_field("References: " + times(n, "a@b ")); }},
  };
}

std::vector<Kind> codings() {
  return {
      {"soft line breaks", 500'000, [](std::size_t n) { return encoded("quoted-printable", times(n, "=\r\n")); }},
      {"soft line breaks behind blanks", 500'000, [](std::size_t n) { return encoded("quoted-printable", times(n, " =\r\n")); }},
      {"blanks in quoted-printable", 1'000'000, [](std::size_t n) { return encoded("quoted-printable", times(n, " ")); }},
      {"equals signs", 500'000, [](std::size_t n) { return encoded("quoted-printable", times(n, "=")); }},
      {"escaped bytes", 500'000, [](std::size_t n) { return encoded("quoted-printable", times(n, "=C3=A9")); }},
      {"padding in base64", 500'000, [](std::size_t n) { return encoded("base64", times(n, "QQ==")); }},
      {"blanks in base64", 500'000, [](std::size_t n) { return encoded("base64", times(n, "Q ")); }},
      {"foreign characters in base64", 500'000, [](std::size_t n) { return encoded("base64", times(n, "%")); }},
      {"uuencoded files", 50'000, repeat(plain, "begin 644 x\r\n!80\r\nend\r\n")},
      {"uuencoded files without data", 100'000, repeat(plain, "begin 644 x\r\n")},
      {"uuencoded programs", 20'000, repeat(plain, "begin 644 x.exe\r\n!80\r\nend\r\n")},
      {"uuencoded texts", 20'000, repeat(plain, "begin 644 x.txt\r\n!80\r\nend\r\n")},
      {"flowed lines", 200'000,
       [](std::size_t n) { return encoded("8bit", times(n, "word \r\n"), "text/plain; format=flowed"); }},
      {"flowed quote marks", 20'000,
       [](std::size_t n) {
         return encoded("8bit", times(n, ">>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>>> \r\n"), "text/plain; format=flowed");
       }},
      {"bytes that are no UTF-8", 500'000, [](std::size_t n) { return in_charset("utf-8", times(n, "\xE2\x82")); }},
      {"broken ISO-2022-JP", 200'000, [](std::size_t n) { return in_charset("iso-2022-jp", times(n, "\x1B$B\x1B(B")); }},
      {"broken GB 18030", 500'000, [](std::size_t n) { return in_charset("gb2312", times(n, "\x81\x30")); }},
      {"UTF-7 shifts", 300'000, [](std::size_t n) { return in_charset("utf-7", times(n, "+AC0-")); }},
      {"surrogates cut in two", 300'000,
       [](std::size_t n) { return in_charset("utf-16be", times(n, std::string_view("\xD8\x00\x00\x41", 4))); }},
  };
}

std::vector<Kind> markup() {
  const auto tag_of = [](std::string_view one) {
    return [=](std::size_t n) { return html("<div " + times(n, one) + ">x</div>"); };
  };
  return {
      {"<div>", 50'000, repeat(html, "<div>")},
      {"<div> and </div>", 50'000, [](std::size_t n) { return html(times(n, "<div>") + "x" + times(n, "</div>")); }},
      {"<div>x</span>", 50'000, repeat(html, "<div>x</span>")},
      {"</div>", 200'000, repeat(html, "</div>")},
      {"500 <b>, then </i>", 100'000, [](std::size_t n) { return html(times(500, "<b>") + times(n, "</i>x")); }},
      {"500 <b>, then <a>x", 50'000, [](std::size_t n) { return html(times(500, "<b>") + times(n, "<a>x")); }},
      {"500 <span>, then <p>x", 50'000, [](std::size_t n) { return html(times(500, "<span>") + times(n, "<p>x")); }},
      {"500 <font>, then <p></font>", 20'000, [](std::size_t n) { return html(times(500, "<font>") + times(n, "<p></font>")); }},
      {"<b><p>x", 50'000, repeat(html, "<b><p>x")},
      {"<a>", 100'000, repeat(html, "<a>")},
      {"<p>", 100'000, repeat(html, "<p>x")},
      {"<li>", 100'000, repeat(html, "<li>x")},
      {"<td>", 100'000, repeat(html, "<td>x")},
      {"<tr><td>", 100'000, repeat(html, "<tr><td>x")},
      {"<table>", 50'000, repeat(html, "<table>")},
      {"<table><tr><td>", 50'000, repeat(html, "<table><tr><td>x")},
      {"<blockquote type=cite>", 50'000, repeat(html, "<blockquote type=cite>x")},
      {"quotations beside each other", 50'000, repeat(html, "<blockquote type=cite>x</blockquote>y")},
      {"<small>", 100'000, repeat(html, "<small>x</small>")},
      {"elements that nobody knows", 50'000,
       [](std::size_t n) { return html(numbered(n, [](const std::string& i) { return "<x" + i + ">"; })); }},
      {"attributes of one tag", 100'000,
       [](std::size_t n) {
         return html("<div " + numbered(n, [](const std::string& i) { return "a" + i + "=v "; }) + ">x</div>");
       }},
      {"attributes without value", 500'000, tag_of("a ")},
      {"blanks within a tag", 1'000'000, tag_of(" ")},
      {"blanks behind attributes", 100'000, tag_of("a          ")},
      {"slashes within a tag", 1'000'000, tag_of("/")},
      {"equals signs within a tag", 1'000'000, tag_of("=")},
      {"one tag name", 2'000'000, [](std::size_t n) { return html("<" + times(n, "a") + ">x"); }},
      {"styles", 100'000, [](std::size_t n) { return html("<p style=\"" + times(n, "a:b;") + "\">x"); }},
      {"classes", 100'000, [](std::size_t n) { return html("<p class=\"" + times(n, "x_x_ ") + "\">x"); }},
      {"one prefixed class", 500'000, [](std::size_t n) { return html("<div class=\"" + times(n, "x_") + "\">x"); }},
      {"tags that stay open", 300'000, repeat(html, "<a ")},
      {"quotes that stay open in tags", 200'000, repeat(html, "<a b=\"")},
      {"comments that stay open", 200'000, repeat(html, "<!--")},
      {"comments", 200'000, repeat(html, "<!--x-->")},
      {"comments with dashes", 1'000'000, repeat_between(html, "<!--", "--", "")},
      {"comments with markup", 100'000, repeat_between(html, "<!--", "<b>x", "-->")},
      {"comments within comments", 100'000, repeat_between(html, "<!--", "<!-- x", "-->")},
      {"scripts that stay open", 100'000, repeat(html, "<script>")},
      {"</scrip", 200'000, repeat_between(html, "<script>", "</scrip", "")},
      {"titles that stay open", 100'000, repeat(html, "<title>")},
      {"CDATA", 100'000, repeat_between(html, "<svg>", "<![CDATA[", "")},
      {"declarations that stay open", 200'000, repeat(html, "<!x")},
      {"<?", 200'000, repeat(html, "<?")},
      {"</", 300'000, repeat(html, "</")},
      {"<", 1'000'000, repeat(html, "<")},
      {"&", 1'000'000, repeat(html, "&")},
      {"&#", 500'000, repeat(html, "&#")},
      {"one long number", 1'000'000, repeat_between(html, "&#", "1", ";")},
      {"&not", 300'000, repeat(html, "&not")},
      {"&CounterClockwiseContourIntegra", 40'000, repeat(html, "&CounterClockwiseContourIntegra")},
      {"hidden within hidden", 50'000, repeat(html, "<p style='display:none'>x<b style='visibility:visible'>y")},
      {"images with words", 50'000, repeat(html, "<img alt='words'>")},
  };
}

std::vector<Kind> letters() {
  return {
      {"lines that begin with >", 20'000, repeat(plain, "> x\r\n")},
      {"one line of >", 1'000'000, repeat(plain, ">")},
      {"lines of 200 >", 2'500, [](std::size_t n) { return plain(times(n, times(200, ">") + " x\r\n")); }},
      {"quotations of changing depth", 10'000, [](std::size_t n) { return plain(times(n, "> a\r\n>> b\r\nc\r\n>>> d\r\n")); }},
      {"letters ever deeper quoted", 500,
       [](std::size_t n) {
         std::string text;
         for (std::size_t i = 0; i < n; ++i) text += std::string(i, '>') + " On 1 May 2026 Jane wrote:\r\n";
         return plain(text);
       }},
      {"On … wrote:", 10'000, repeat(plain, "On 1 May 2026 at 10:00, Jane Holt <a@b.c> wrote:\r\n")},
      {"On …, never wrote", 10'000, repeat(plain, "On 1 May 2026 at 10:00, Jane Holt\r\n")},
      {"one long On …", 500'000, repeat_between(plain, "On ", "1 May ", "wrote:\r\n")},
      {"header blocks", 10'000, repeat(plain, "From: a\r\nSent: 1 May 2026\r\nTo: b\r\nSubject: c\r\n")},
      {"From: and no more", 20'000, repeat(plain, "From: a\r\n")},
      {"From: and 79 other lines", 500,
       [](std::size_t n) { return plain(times(n, "From: a\r\nTo: b,\r\n" + times(77, "c,\r\n"))); }},
      {"recipients of one header block", 100'000,
       repeat_between(plain, "From: a\r\nSent: 1 May 2026\r\nTo: ", "a@b.c, ", "\r\nSubject: c\r\n\r\nx\r\n")},
      {"signs of at in a header block", 500'000,
       repeat_between(plain, "From: a\r\nSent: 1 May 2026\r\nTo: ", "@", "\r\nSubject: c\r\n\r\nx\r\n")},
      {"-----Original Message-----", 10'000, repeat(plain, "-----Original Message-----\r\n")},
      {"rules", 20'000, repeat(plain, "________________________________\r\n")},
      {"dashes", 20'000, repeat(plain, "--\r\n")},
      {"names", 20'000, repeat(plain, "Jane Holt\r\n")},
      {"names and blank lines", 20'000, repeat(plain, "Jane Holt\r\n\r\n")},
      {"blank lines", 24'000, repeat(plain, "\r\n")},
      {"From: and blank lines", 10'000, repeat(plain, "From: a\r\n\r\n\r\n")},
      {"Kind regards", 20'000, repeat(plain, "Kind regards\r\n")},
      {"Sent from my iPhone", 20'000, repeat(plain, "Sent from my iPhone\r\n")},
      {"CC Councillor", 20'000, repeat(plain, "CC Councillor Jane Holt\r\n")},
      {"CAUTION", 10'000, repeat(plain, "CAUTION: external\r\n> x\r\n")},
      {"disclaimers", 10'000, repeat(plain, "DISCLAIMER\r\n\r\nThe views are those of the author.\r\n\r\n")},
      {"half a disclaimer", 10'000, repeat(plain, "This email has been scanned for viruses.\r\n\r\n")},
      {"one long line", 2'000'000, [](std::size_t n) { return plain(times(n / 5, "word ")); }},
      {"one long word", 2'000'000, repeat(plain, "w")},
      {"no-break spaces", 500'000, repeat(plain, "\xC2\xA0")},
      {"words", 1'000'000, [](std::size_t n) { return plain(made_words(n, 1, "\r\n")); }},
  };
}

// Of the processor, so that others on the machine do not count.
double milliseconds_used() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double milliseconds(const std::string& bytes) {
  double least = 1e9;
  for (int i = 0; i < 4; ++i) {
    std::string copy = bytes;
    const double begin = milliseconds_used();
    const mail::Message message = mail::parse_message(std::move(copy));
    least = std::min(least, milliseconds_used() - begin);
  }
  return least;
}

/// Growth is read where time is long enough to be measured; caches and memory make some of it.
constexpr double growth_max = 2.8, milliseconds_min = 2;

bool measure(const Kind& kind) {
  double ms[3] = {}, megabytes = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::string bytes = kind.make(kind.n << i);
    megabytes = static_cast<double>(bytes.size()) / 1e6;
    ms[i] = milliseconds(bytes);
  }
  const double growth = ms[2] / ms[1];
  const bool steep = growth > growth_max && ms[2] >= milliseconds_min;
  std::printf("%-54s %9zu %9.2f %9.2f %9.2f %7.2f %7.2f %7.1f%s\n", kind.name.c_str(), kind.n, ms[0], ms[1], ms[2], ms[1] / ms[0],
              growth, megabytes, steep ? "  steep" : "");
  std::fflush(stdout);
  return !steep;
}

}  // namespace
}  // namespace beadle::bench

int main(int argc, char** argv) {
  using namespace beadle::bench;
  // Memory once had is kept: what the system takes to hand out new pages begins at some size, and would look like growth.
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
  const std::string_view only = argc > 1 ? argv[1] : "";
  std::printf("%-54s %9s %9s %9s %9s %7s %7s %7s\n", "", "n", "ms", "ms of 2n", "ms of 4n", "2n/n", "4n/2n", "MB of 4n");
  bool linear = true;
  for (const auto& kinds : {structures(), values(), codings(), markup(), letters()}) {
    for (const Kind& kind : kinds) {
      if (kind.name.find(only) != std::string::npos && !measure(kind)) linear = false;
    }
  }
  return linear ? 0 : 1;
}
