// The appended line: over every encoding, charset and structure it is proved and can be taken out again; what must not be edited
// is refused with its reason. Cases of places are files: tests/data/mail/footer/*.eml with what leaves (.out) or the reason
// (.refusal).
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <string>

#include "base/text.h"
#include "mail/body_map.h"
#include "mail/edit.h"
#include "mail/encoders.h"
#include "mail/footer_mark.h"
#include "mail/html_places.h"
#include "mail/message.h"

#include "catch.h"
#include "corpus.h"

namespace beadle::mail {
namespace {

namespace fs = std::filesystem;
const std::string line = "CC Councillor Jane Holt";
const std::string key = "a key of tests";
const std::string two = "CC Councillor Jane Holt, Councillor Ian Day";
const std::string welsh = "CC Councillor Si\xC3\xA2n \xC3\x93 Briain";

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::vector<fs::path> files_in(const fs::path& folder, std::string_view extension) {
  std::vector<fs::path> files;
  if (!fs::exists(folder)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && (extension.empty() || entry.path().extension() == extension)) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string with_crlf(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\n') out += '\r';
    out += c;
  }
  return out;
}

std::string with_encoding(std::string_view body, std::string_view encoding, std::string_view line_end) {
  if (encoding == "base64") return encode_base64_lines(body, line_end);
  if (encoding == "quoted-printable") {
    std::string lf;
    for (const char c : body) {
      if (c != '\r') lf += c;
    }
    return encode_quoted_printable(lf, line_end);
  }
  return std::string(body);
}

struct Case {
  std::string name;
  std::string bytes;
};

std::string entity(std::string_view type, std::string_view charset, std::string_view encoding, std::string_view body,
                   std::string_view line_end) {
  std::string out = "Content-Type: " + std::string(type);
  if (!charset.empty()) out += "; charset=" + std::string(charset);
  out += line_end;
  if (!encoding.empty()) out += "Content-Transfer-Encoding: " + std::string(encoding) + std::string(line_end);
  out += line_end;
  return out + with_encoding(body, encoding, line_end);
}

std::string multipart(std::string_view type, std::string_view boundary, const std::vector<std::string>& parts,
                      std::string_view line_end) {
  std::string out = "Content-Type: multipart/" + std::string(type) + "; boundary=\"" + std::string(boundary) + "\"";
  out += std::string(line_end) + std::string(line_end) + "preamble" + std::string(line_end);
  for (const std::string& part : parts)
    out += "--" + std::string(boundary) + std::string(line_end) + part + std::string(line_end);
  return out + "--" + std::string(boundary) + "--" + std::string(line_end);
}

const std::vector<std::string> plain_bodies{
    "",
    "One line without end",
    "One line.\n",
    "Two\n\nparagraphs.\n\n",
    "ends in a blank \n",
    "a=b, and so = on\n",
    "Reply.\n\nOn 28 May 2025 at 23:18, Vera <v@x.example> wrote:\n> The bins are full.\n",
    "Reply.\nJill\n\nFrom: Vera <v@x.example>\nSent: 28 May 2025\nTo: Jill\nSubject: Bins\n\nFull.\n",
    "Words.\n\nThis e-mail is confidential and intended solely for the addressee. If you received it in error, delete it.\n"};
const std::vector<std::string> html_bodies{"<p>Hello</p>", "<html><body><p>Hello</p></body></html>\n",
                                           "<html><body>Hello<!-- </body> --></BODY ></html>\n",
                                           "<div dir=\"ltr\">Reply</div><br><div class=\"gmail_quote\"><div>On Wed, 28 May 2025 "
                                           "at 23:18, Vera &lt;v@x.example&gt; wrote:</div>"
                                           "<blockquote class=\"gmail_quote\">Full</blockquote></div>\n"};

std::vector<Case> matrix() {
  std::vector<Case> cases;
  for (const std::string line_end : {"\r\n", "\n"}) {
    for (const std::string encoding : {"", "7bit", "8bit", "quoted-printable", "base64"}) {
      for (const std::string charset : {"", "us-ascii", "utf-8", "iso-8859-1", "windows-1252", "koi8-r"}) {
        std::vector<std::string> entities;
        for (const std::string& body : plain_bodies)
          entities.push_back(entity("text/plain", charset, encoding, line_end == "\n" ? body : with_crlf(body), line_end));
        for (const std::string& body : html_bodies)
          entities.push_back(entity("text/html", charset, encoding, line_end == "\n" ? body : with_crlf(body), line_end));
        const std::string head = "From: a@b.example" + line_end + "To: c@d.example" + line_end + "Subject: Re: x" + line_end +
                                 "Message-ID: <1@b.example>" + line_end +
                                 "MIME-Version: 1.0" + line_end;
        for (std::size_t i = 0; i < entities.size(); ++i) {
          const std::string name = encoding + "/" + charset + "/" + std::to_string(i) + (line_end == "\n" ? "/lf" : "/crlf");
          cases.push_back({name, head + entities[i]});
          const std::string pdf = entity("application/pdf; name=a.pdf", "", "base64", "%PDF", line_end);
          cases.push_back({name + "/mixed", head + multipart("mixed", "mm", {entities[i], pdf}, line_end)});
          if (i < html_bodies.size()) {
            const std::string both = multipart("alternative", "aa", {entities[i], entities[plain_bodies.size() + i]}, line_end);
            cases.push_back({name + "/alternative", head + both});
            cases.push_back(
                {name + "/mixed/related",
                 head + multipart("mixed", "mm", {multipart("related", "rr", {both, pdf}, line_end), pdf}, line_end)});
          }
        }
      }
    }
  }
  return cases;
}

// As it leaves: with the mark of its line.
std::string with_mark(const Message& message, std::string_view words, std::string_view by) {
  return std::string(footer_field) + ": " + footer_mark(message, words, by) + (message.bytes.find("\r\n") == std::string::npos ? "\n" : "\r\n") + message.bytes;
}

std::string taken_out(const std::string& after, const std::string& before, const std::vector<Edit>& edits) {
  std::string out = after;  // from the front: what stands before an edit is the original again
  for (const Edit& edit : edits) out.replace(edit.offset, edit.insert.size(), before, edit.offset, edit.remove);
  return out;
}

// "welsh" in a file's name asks for a name with marks of letters, "8bitmime" for a mail server that expects them.
Disclosure disclosure_of(const std::string& file) {
  const auto says = [&](std::string_view word) { return file.find(word) != std::string::npos; };
  return {.line = says("welsh") ? welsh : line, .key = key, .eight_bit = says("8bitmime")};
}

}  // namespace

TEST_CASE("over encodings, charsets and structures the line is added and proved") {
  std::size_t done = 0;
  for (const Case& one : matrix()) {
    for (const std::string& words : {line, welsh}) {
      INFO(one.name << " " << words);
      const Message before = parse_message(one.bytes);
      const FooterPlan plan = plan_footer(before, {.line = words, .key = key, .eight_bit = done % 2 == 0});
      REQUIRE(plan.refusal == "");
      REQUIRE_FALSE(plan.edits.empty());
      const std::string bytes = apply_edits(before.bytes, plan.edits);
      const Message after = parse_message(bytes);
      REQUIRE(prove_footer(before, after, plan, words) == "");
      REQUIRE(taken_out(bytes, before.bytes, plan.edits) == one.bytes);
      // A second time there is nothing to do.
      const Message marked = parse_message(with_mark(after, words, key));
      const FooterPlan again = plan_footer(marked, {.line = words, .key = key});
      REQUIRE(again.refusal == "");
      REQUIRE(again.edits.empty());
      // Another disclosure takes its place.
      for (const std::string& other : {line, welsh, two}) {
        if (other == words) continue;
        const FooterPlan change = plan_footer(marked, {.line = other, .key = key, .eight_bit = done % 3 == 0});
        REQUIRE(change.refusal == "");
        REQUIRE(change.replaced.size() >= 1);
        const std::string changed = apply_edits(marked.bytes, change.edits);
        REQUIRE(prove_footer(marked, parse_message(changed), change, other) == "");
        REQUIRE(taken_out(changed, marked.bytes, change.edits) == marked.bytes);
      }
      ++done;
    }
  }
  CHECK(done > 1000);
}

TEST_CASE("the line stands where the file says") {
  const auto files = files_in(fs::path(BEADLE_TEST_DATA) / "mail/footer", ".eml");
  REQUIRE(files.size() >= 15);
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    const FooterResult result =
        add_footer(parse_message(read_file(file)), disclosure_of(file.filename().string()));
    const fs::path out = fs::path(file).replace_extension(".out"), refusal = fs::path(file).replace_extension(".refusal");
    if (std::getenv("BEADLE_UPDATE") != nullptr) {
      fs::remove(result.refusal.empty() ? refusal : out);
      std::ofstream(result.refusal.empty() ? out : refusal, std::ios::binary)
          << (result.refusal.empty() ? result.bytes : result.refusal + "\n");
    }
    CHECK((result.refusal.empty() ? "" : result.refusal + "\n") == read_file(refusal));
    CHECK(result.bytes == read_file(out));
  }
}

TEST_CASE("a proof fails where anything but the line changed") {
  const std::string bytes =
      "From: a@b.example\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: "
      "application/pdf\r\n\r\nPDF\r\n--b--\r\n";
  const Message before = parse_message(bytes);
  const FooterPlan plan = plan_footer(before, {.line = line, .key = key});
  REQUIRE(plan.refusal == "");
  const std::string good = apply_edits(bytes, plan.edits);
  CHECK(prove_footer(before, parse_message(good), plan, line) == "");
  CHECK(prove_footer(before, parse_message(good), plan, "CC Councillor Ian Day") != "");

  const auto with_edit = [&](std::string_view what, std::string_view instead) {
    FooterPlan bad = plan;
    bad.edits.push_back({bytes.find(what), what.size(), std::string(instead)});
    std::sort(bad.edits.begin(), bad.edits.end(), [](const Edit& a, const Edit& b) { return a.offset < b.offset; });
    return prove_footer(before, parse_message(apply_edits(bytes, bad.edits)), bad, line);
  };
  CHECK(with_edit("PDF", "PXF") != "");
  CHECK(with_edit("From: a", "From: x") != "");
  CHECK(with_edit("application/pdf", "application/zip") != "");
  CHECK(with_edit("--b--", "--b") != "");
  CHECK(with_edit("Hel", "Help") != "");
  CHECK(with_edit("Hel", "H") != "");
}

TEST_CASE("a line that is none is refused") {
  const Message message = parse_message("From: a@b.example\r\n\r\nHello\r\n");
  for (const std::string bad : {"", " x", "x\n", "a\r\nb", "\xFF", "a\x01"})
    CHECK(plan_footer(message, {.line = bad}).refusal == "not a line");
  CHECK(plan_footer(message, {.line = std::string(2000, 'x')}).refusal == "not a line");
}

TEST_CASE("places in HTML") {
  CHECK(html_places("<p>x</p></body></html>").end == 8);
  CHECK(html_places("<p>x</p></html>").end == 8);
  CHECK(html_places("<p>x</p>").end == 8);
  CHECK(html_places("<!-- </body> --><a title='</body>'>x</body>").end == 36);
  CHECK(html_places("<script>'</body>'</script>x</body>").end == 27);
  CHECK_FALSE(html_places("<!-- x").certain);
  CHECK_FALSE(html_places("<p").certain);
  CHECK_FALSE(html_places("<script>").certain);
  CHECK_FALSE(html_places("<p a=\"").certain);
  const auto blocks = [](std::string_view html) {
    std::string out;
    for (const HtmlPlace& place : html_places(html).blocks) out += std::to_string(place.at) + "/" + std::to_string(place.depth) + " ";
    return out;
  };
  CHECK(blocks("<div>x</div><div class='a gmail_quote'><p>") == "0/0 12/0 39/1 ");
  CHECK(blocks("<html><body><p>x<p>y</body>") == "12/2 16/2 ");
  CHECK(blocks("<table><tr><td><div>x</div></table><p>") == "0/0 35/0 ");
  CHECK(blocks("<blockquote><p>x</blockquote><hr>") == "0/0 29/0 ");
  CHECK(blocks("<div style='display:none'><p>x</div><p>") == "0/0 36/0 ");
  CHECK(blocks("<!-- <p> --><style><p></style>") == "");
}

TEST_CASE("bodies that two readers decode differently have no map") {
  CHECK(map_body("QQ==", Encoding::base64).decoded == "A");
  CHECK(map_body("QU\r\nJD\r\n", Encoding::base64).decoded == "ABC");
  for (const std::string bad : {"QQ==QQ==", "Q", "QQ", "Q*Q=", "====", "QQ=\n", "QQ==x"})
    CHECK(map_body(bad, Encoding::base64).refusal != "");
  CHECK(map_body("a=3Db=\r\nc \r\n", Encoding::quoted_printable).decoded == "a=bc\r\n");
  for (const std::string bad : {"=", "a=3", "a=zz", "== "}) {
    INFO(bad);
    CHECK((map_body(bad, Encoding::quoted_printable).refusal != "" || bad == "="));
  }
}

// Mail that nobody here wrote, where it is at hand: what is edited is proved; the reasons of the rest are listed.
TEST_CASE("foreign mail is proved or refused") {
  const auto files = tests::corpus_files("mail");
  if (files.empty()) {
    WARN("skipped: no mail of others at hand");
    return;
  }
  for (const Disclosure& disclosure :
       {Disclosure{.line = line, .key = key}, Disclosure{.line = welsh, .key = key, .eight_bit = true}}) {
    std::map<std::string, std::size_t> refusals;
    std::size_t edited = 0;
    for (const fs::path& file : files) {
      INFO(file.string());
      const Message before = parse_message(read_file(file));
      const FooterPlan plan = plan_footer(before, disclosure);
      if (!plan.refusal.empty()) {
        ++refusals[plan.refusal];
        continue;
      }
      const std::string bytes = apply_edits(before.bytes, plan.edits);
      const std::string doubt = prove_footer(before, parse_message(bytes), plan, disclosure.line);
      CHECK(doubt == "");  // would be refused, but whoever plans an edit should be able to prove it
      CHECK(taken_out(bytes, before.bytes, plan.edits) == before.bytes);
      ++edited;
      if (const char* folder = std::getenv("BEADLE_FOOTER_OUT")) {
        std::string name = file.parent_path().filename().string() + "_" + file.filename().string();
        std::ofstream(fs::path(folder) / name, std::ios::binary) << bytes;
      }
    }
    for (const auto& [reason, count] : refusals) std::cout << "  refused " << count << ": " << reason << "\n";
    std::cout << "  edited " << edited << " of " << files.size() << "\n";
    CHECK(edited * 10 > files.size() * 6);
  }
}

}  // namespace beadle::mail
