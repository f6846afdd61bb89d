// docx, xlsx, pptx, odt, ods, odp: every text and where it stands, read by the real child inside its sandbox.
#include <algorithm>

#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle::extract;
using made::archive_of;
using made::Members;
using made::word_paragraphs;
using made::word_part;

TEST_CASE("docx: text of runs is one text, marks are characters") {
  const std::string body =
      "<w:p><w:r><w:t>CONFI</w:t></w:r><w:r><w:rPr><w:b/></w:rPr><w:t>DEN</w:t></w:r><w:r><w:t>TIAL &amp; "
      "\xC2\xA3</w:t></w:r></w:p>"
      "<w:p><w:pPr><w:tabs><w:tab "
      "w:val=\"left\"/></w:tabs></w:pPr><w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:noBreakHyphen/></w:r></w:p>"
      "<w:p><w:r><w:instrText>HYPERLINK x</w:instrText></w:r><w:del><w:r><w:delText>struck out</w:delText></w:r></w:del></w:p>"
      "<w:tbl><w:tr><w:tc><w:p><w:r><w:t>cell</w:t></w:r></w:p></w:tc></w:tr></w:tbl>";
  const Extraction read = extract_text(archive_of(made::docx_members(body)));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(read.kind == "docx");
  CHECK(text_at(read, Place::file_name) == "file");
  CHECK(text_at(read, Place::first_page) == "CONFIDENTIAL & \xC2\xA3\na\tb\nc-\nstruck out\ncell\n");
}

TEST_CASE("docx: the first page ends at a break, or after forty lines") {
  for (const char* mark :
       {"<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>", "<w:p><w:r><w:lastRenderedPageBreak/><w:t>second</w:t></w:r></w:p>",
        "<w:p><w:pPr><w:sectPr/></w:pPr></w:p>"}) {
    INFO(mark);
    const Extraction read =
        extract_text(archive_of(made::docx_members(word_paragraphs({"first"}) + mark + word_paragraphs({"second"}))));
    CHECK(has(text_at(read, Place::first_page), "first"));
    CHECK_FALSE(has(text_at(read, Place::first_page), "second"));
    CHECK(has(text_at(read, Place::body), "second"));
  }
  std::vector<std::string> lines;
  for (int i = 1; i <= 50; ++i) lines.push_back("line " + std::to_string(i) + ".");
  const Extraction read = extract_text(made::docx(lines));
  CHECK(has(text_at(read, Place::first_page), "line 40."));
  CHECK(has(text_at(read, Place::body), "line 41."));
}

TEST_CASE("docx: headers, footers, notes, comments, text boxes, properties and labels") {
  const std::string watermark = "<w:p><w:r><w:pict><v:shape><v:textpath string=\"DRAFT\"/></v:shape></w:pict></w:r></w:p>";
  Members members =
      made::docx_members(word_paragraphs({"text"}) +
                         "<w:p><w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></"
                         "w:txbxContent></mc:Choice>"
                         "<mc:Fallback><w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent></mc:Fallback></"
                         "mc:AlternateContent></w:r></w:p>"
                         "<w:p><w:r><w:drawing><wp:docPr id=\"1\" descr=\"Seal of the council\"/></w:drawing></w:r></w:p>");
  members.push_back({"word/header2.xml", word_part("hdr", word_paragraphs({"OFFICIAL-SENSITIVE"}) + watermark)});
  members.push_back({"word/renamed.xml", word_part("ftr", word_paragraphs({"Not for publication"}))});
  members.push_back(
      {"word/footnotes.xml", word_part("footnotes", "<w:footnote>" + word_paragraphs({"a note"}) + "</w:footnote>")});
  members.push_back({"word/comments.xml", word_part("comments", "<w:comment>" + word_paragraphs({"a remark"}) + "</w:comment>")});
  members.push_back({"docProps/core.xml",
                     "<cp:coreProperties xmlns:dc=\"d\"><dc:title>Exempt report</dc:title><cp:keywords>exempt</cp:keywords>"
                     "<cp:revision>7</cp:revision></cp:coreProperties>"});
  members.push_back(
      {"docProps/custom.xml",
       "<Properties><property name=\"MSIP_Label_1_Name\"><vt:lpwstr>Confidential</vt:lpwstr></property></Properties>"});
  members.push_back({"docMetadata/LabelInfo.xml", "<clbl:labelList><clbl:label id=\"{0f}\" enabled=\"1\"/></clbl:labelList>"});
  members.push_back({"word/media/image1.png", "\x89PNG\r\n\x1A\n..."});
  const Extraction read = extract_text(archive_of(members));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(text_at(read, Place::first_page) == "text\nboxed\n\nSeal of the council\n\n");
  CHECK(text_at(read, Place::header_footer) == "OFFICIAL-SENSITIVE\nDRAFT\n\n\nNot for publication\n");
  CHECK(has(text_at(read, Place::body), "a note"));
  CHECK(has(text_at(read, Place::body), "a remark"));
  const std::string properties = text_at(read, Place::properties);
  CHECK(has(properties, "title: Exempt report"));
  CHECK(has(properties, "keywords: exempt"));
  CHECK(has(properties, "MSIP_Label_1_Name: Confidential"));
  CHECK(has(properties, "label id: {0f}"));
  CHECK_FALSE(has(properties, "revision"));
}

TEST_CASE("docx: embedded documents are read, a document that is one picture says so") {
  Members members = made::docx_members(word_paragraphs({"see the sheet"}));
  members.push_back({"word/embeddings/inner.docx", made::docx({"embedded words"})});
  const Extraction read = extract_text(archive_of(members));
  CHECK(text_at(read, Place::first_page, "file/word/embeddings/inner.docx") == "embedded words\n");
  Members scan = made::docx_members("<w:p/>");
  scan.push_back({"word/media/image1.jpeg", "\xFF\xD8\xFF...."});
  CHECK(extract_text(archive_of(scan)).outcome == Outcome::no_text);
}

TEST_CASE("xlsx: shared and inline strings, names and order of sheets, headers and footers") {
  const Members members = {
      {"[Content_Types].xml", "<Types/>"},
      {"xl/workbook.xml",
       "<workbook><sheets><sheet name=\"Grievance\" sheetId=\"2\" r:id=\"rId9\"/><sheet name=\"Other\" sheetId=\"1\" "
       "r:id=\"rId1\"/></sheets>"
       "</workbook>"},
      {"xl/_rels/workbook.xml.rels",
       made::relationships({{"rId1", "worksheets/sheet1.xml"}, {"rId9", "/xl/worksheets/sheet2.xml"}})},
      {"xl/sharedStrings.xml", "<sst><si><t>Jane</t></si><si><r><t>Ho</t></r><r><t>lt</t></r></si><si><t>unused</t></si></sst>"},
      {"xl/worksheets/sheet1.xml",
       "<worksheet><sheetData><row><c t=\"inlineStr\"><is><t>inline</t></is></c><c "
       "t=\"str\"><v>formula</v></c></row></sheetData></worksheet>"},
      {"xl/worksheets/sheet2.xml",
       "<worksheet><sheetData><row><c t=\"s\"><v>0</v></c><c t=\"s\"><v>1</v></c><c><v>42.5</v></c><c "
       "t=\"s\"><v>99</v></c></row></sheetData>"
       "<headerFooter><oddHeader>&amp;L&amp;\"Arial,Bold\"&amp;12Confidential&amp;C&amp;KFF0000Draft &amp;&amp; "
       "more</oddHeader></headerFooter></worksheet>"}};
  const Extraction read = extract_text(archive_of(members));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(read.kind == "xlsx");
  CHECK(text_at(read, Place::first_page) == "Grievance\nJane\tHolt\t42.5\n");
  CHECK(text_at(read, Place::body) == "Other\ninline\tformula\n\nunused\n");
  CHECK(text_at(read, Place::header_footer) == "\nConfidential\nDraft & more");
}

TEST_CASE("pptx: slides in the order of the show, notes, masters without their prompts") {
  const auto slide = [](const std::string& root, const std::string& text) {
    return "<p:" + root + "><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>" + text +
           "</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:" + root + ">";
  };
  const Members members = {
      {"[Content_Types].xml", "<Types/>"},
      {"ppt/presentation.xml",
       "<p:presentation><p:sldIdLst><p:sldId id=\"256\" r:id=\"rId3\"/><p:sldId id=\"257\" "
       "r:id=\"rId2\"/></p:sldIdLst></p:presentation>"},
      {"ppt/_rels/presentation.xml.rels", made::relationships({{"rId2", "slides/slide1.xml"}, {"rId3", "slides/slide2.xml"}})},
      {"ppt/slides/slide1.xml", slide("sld", "shown last")},
      {"ppt/slides/slide2.xml", slide("sld", "shown first")},
      {"ppt/notesSlides/notesSlide1.xml", slide("notes", "do not say aloud")},
      {"ppt/slideMasters/slideMaster1.xml",
       "<p:sldMaster><p:cSld><p:spTree><p:sp><p:nvSpPr><p:nvPr><p:ph "
       "type=\"title\"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Click to edit</a:t></a:r></a:p>"
       "</p:txBody></p:sp><p:sp><p:txBody><a:p><a:r><a:t>RESTRICTED</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></"
       "p:sldMaster>"}};
  const Extraction read = extract_text(archive_of(members));
  INFO(shown(read));
  CHECK(read.kind == "pptx");
  CHECK(text_at(read, Place::first_page) == "shown first\n");
  CHECK(text_at(read, Place::body) == "shown last\n\ndo not say aloud\n");
  CHECK(text_at(read, Place::header_footer) == "RESTRICTED\n");
}

TEST_CASE("odt, ods, odp: text, styles, properties; protected ones are encrypted") {
  const auto content = [](const std::string& kind, const std::string& body) {
    return "<office:document-content><office:automatic-styles><x>no</x></office:automatic-styles><office:body><office:" + kind +
           ">" + body + "</office:" + kind + "></office:body></office:document-content>";
  };
  const auto package = [](const std::string& type, const std::string& xml) {
    return Members{{"mimetype", "application/vnd.oasis.opendocument." + type}, {"content.xml", xml}};
  };
  Members odt = package(
      "text",
      content(
          "text",
          "<text:h>Heading</text:h><text:p>a<text:s text:c=\"2\"/>b<text:tab/><text:span>c</text:span> <text:span>d</text:span>"
          "</text:p><text:p><text:soft-page-break/>second page</text:p>"));
  odt.push_back({"styles.xml",
                 "<office:document-styles><office:master-styles><style:header><text:p>In "
                 "confidence</text:p></style:header></office:master-styles>"
                 "</office:document-styles>"});
  odt.push_back({"meta.xml",
                 "<office:document-meta><office:meta><dc:title>Title</dc:title><meta:user-defined "
                 "meta:name=\"Label\">Exempt</meta:user-defined></office:meta>"
                 "</office:document-meta>"});
  const Extraction text = extract_text(archive_of(odt));
  INFO(shown(text));
  CHECK(text.outcome == Outcome::ok);
  CHECK(text.kind == "odt");
  CHECK(text_at(text, Place::first_page) == "Heading\na  b\tc d\n");
  CHECK(text_at(text, Place::body) == "second page\n");
  CHECK(has(text_at(text, Place::header_footer), "In confidence"));
  CHECK(has(text_at(text, Place::properties), "Label: Exempt"));

  const Extraction sheet = extract_text(
      archive_of(package("spreadsheet", content("spreadsheet",
                                                "<table:table table:name=\"Pay\"><table:table-row><table:table-cell>"
                                                "<text:p>Jane</text:p></table:table-cell></table:table-row></table:table>"))));
  CHECK(sheet.kind == "ods");
  CHECK(text_at(sheet, Place::first_page) == "Pay\nJane\t\n");

  const Extraction show = extract_text(
      archive_of(package("presentation", content("presentation",
                                                 "<draw:page><text:p>one</text:p></draw:page><draw:page><text:p>two</text:p>"
                                                 "</draw:page>"))));
  CHECK(show.kind == "odp");
  CHECK(text_at(show, Place::first_page) == "one\n");
  CHECK(text_at(show, Place::body) == "two\n");

  Members locked = package("text", "\x01\x02\x03");
  locked.push_back(
      {"META-INF/manifest.xml",
       "<manifest:manifest><manifest:file-entry><manifest:encryption-data/></manifest:file-entry></manifest:manifest>"});
  CHECK(extract_text(archive_of(locked)).outcome == Outcome::encrypted);
}

TEST_CASE("an encrypted docx is a compound file, and says that it is encrypted") {
  const Extraction read = extract_text(
      made::compound_file({{"EncryptionInfo", std::string(5000, 'x')}, {"EncryptedPackage", std::string(5000, 'y')}}));
  CHECK(read.outcome == Outcome::encrypted);
}

TEST_CASE("damaged and cut documents give what stands before the damage") {
  const std::string whole = archive_of({{"[Content_Types].xml", "<Types/>"},
                                        {"word/document.xml", word_part("document", word_paragraphs({"early words"}))},
                                        {"word/noise.bin", [] {
                                           std::string noise;
                                           std::uint32_t state = 1;
                                           for (int i = 0; i < 9000; ++i)
                                             noise += static_cast<char>((state = state * 1664525 + 1013904223) >> 24);
                                           return noise;
                                         }()}});
  const Extraction cut = extract_text(whole.substr(0, whole.size() - 3000));
  INFO(shown(cut));
  CHECK(cut.outcome == Outcome::truncated);
  CHECK(has(text_at(cut, Place::first_page), "early words"));
  const Extraction broken = extract_text(archive_of(
      {{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", "<w:document><w:p><w:r><w:t>begun</w:t></w:r></w:p><w:p"}}));
  CHECK(broken.outcome == Outcome::truncated);
  CHECK(has(text_at(broken, Place::first_page), "begun"));
}

TEST_CASE("XML in UTF-16 is XML too") {
  std::string xml = "\xFF\xFE";
  for (const char c : word_part("document", word_paragraphs({"wide"})).substr(38)) xml += std::string{c, '\0'};
  const Extraction read = extract_text(archive_of({{"[Content_Types].xml", "<Types/>"}, {"word/document.xml", xml}}));
  INFO(shown(read));
  CHECK(text_at(read, Place::first_page) == "wide\n");
}
