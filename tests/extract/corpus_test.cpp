// Documents that nobody here wrote, where they are at hand: none may crash the child, and known words come out inside the
// sandbox.
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>

#include "catch.h"
#include "extract/text_of.h"

namespace fs = std::filesystem;
using namespace beadle::extract;

namespace {

const fs::path corpus = fs::path(BEADLE_SOURCE_DIR) / "../shared/corpus/documents";

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Expected {
  Outcome outcome;
  const char* words;
};

const std::map<std::string, Expected> expected = {
    {"testPDF-TIKA-4444.pdf", {Outcome::ok, "Lorem ipsum dolor sit amet"}},
    {"testPDF_bom.pdf", {Outcome::ok, "Hello World"}},
    {"testComment.docx", {Outcome::ok, "Here is a comment"}},
    {"testWORD_sdtInTextBox.docx", {Outcome::ok, "rich-text-content-control_inside-text-box"}},
    {"testEXCEL_headers_footers.xlsx", {Outcome::ok, "For Internal Use Only"}},
    {"testEXCEL_custom_props.xls", {Outcome::ok, "MyCustomString: MyStringValue"}},
    {"testEXCEL_textbox.xls", {Outcome::ok, "this is some autoshape text"}},
    {"testPPT_masterText2.pptx", {Outcome::ok, "Text that I added to the master slide"}},
    {"testWordArt.pptx", {Outcome::ok, "Here is some red word Art"}},
    {"testRTFWindowsCodepage1250.rtf", {Outcome::ok, "zażółć gęślą jaźń"}},
    {"testMSG.msg", {Outcome::ok, "MIME registry use cases"}},
    {"tnef__test.tnef", {Outcome::ok, "Authors of tnef"}},
    {"testEXCEL_protected_passtika.xlsx", {Outcome::encrypted, ""}},
    {"testWORD_protected_drm.doc", {Outcome::encrypted, ""}},
    {"testZipEncrypted.zip", {Outcome::encrypted, "encrypted.txt"}},
    {"testWORD_truncated.docx", {Outcome::truncated, ""}},
    {"testPDF_Version.4.x.pdf", {Outcome::no_text, "Sample Acrobat 4.x"}},
    {"test_recursive_embedded.doc", {Outcome::limit, "embed"}},
    {"testWordPerfect_42.doc", {Outcome::unreadable, ""}},
};

}  // namespace

TEST_CASE("documents of others") {
  if (!fs::exists(corpus)) return;
  std::size_t seen = 0;
  for (const auto& entry : fs::directory_iterator(corpus)) {
    const std::string name = entry.path().filename();
    const Extraction read = extract_text(bytes_of(entry.path()), name);
    INFO(name << "\n" << shown(read));
    CHECK(read.outcome != Outcome::crashed);
    CHECK((read.outcome == Outcome::ok) == read.unread.empty());
    const auto want = expected.find(name);
    if (want == expected.end()) continue;
    ++seen;
    CHECK((read.outcome == want->second.outcome));
    std::string all;
    for (const Passage& each : read.passages) all += each.text + "\n";
    CHECK(has(all, want->second.words));
  }
  CHECK(seen > 0);
}
