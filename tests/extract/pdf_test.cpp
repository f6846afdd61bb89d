#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle::extract;

TEST_CASE("pdf: pages and properties come out inside the sandbox") {
  const std::vector<std::string> more = {"<< /Title (Exempt report) /Keywords (exempt) /MSIP_Label_1_Name (Secret) >>"};
  const Extraction read =
      extract_text(made::pdf({"CONFIDENTIAL caf\\351", "the second page"}, "/Info 8 0 R", more), "report.pdf");
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(read.kind == "pdf");
  CHECK(has(text_at(read, Place::first_page, "report.pdf"), "CONFIDENTIAL"));
  CHECK(has(text_at(read, Place::body, "report.pdf"), "the second page"));
  CHECK(has(text_at(read, Place::properties, "report.pdf"), "Title: Exempt report"));
  CHECK(has(text_at(read, Place::properties, "report.pdf"), "MSIP_Label_1_Name: Secret"));
}

TEST_CASE("pdf: a scan says that it has no text, page by page") {
  const Extraction read = extract_text(made::pdf({"text", "", ""}));
  CHECK(read.outcome == Outcome::no_text);
  CHECK(has(read.unread.at(0).detail, "2 of 3 pages"));
}

TEST_CASE("pdf: locked, cut, broken") {
  const std::string lock =
      "<< /Filter /Standard /V 1 /R 2 /Length 40 /P -4 /O <" + std::string(64, '1') + "> /U <" + std::string(64, '2') + "> >>";
  const Extraction locked = extract_text(made::pdf({"secret"}, "/Encrypt 6 0 R /ID [<00> <00>]", {lock}));
  INFO(shown(locked));
  CHECK(locked.outcome == Outcome::encrypted);
  const std::string whole = made::pdf({"some words"});
  const Extraction cut = extract_text(whole.substr(0, whole.find("startxref")));
  CHECK(cut.outcome == Outcome::truncated);
  CHECK(has(text_at(cut, Place::first_page), "some words"));
  CHECK(extract_text("%PDF-1.7\nnothing of a PDF\n%%EOF").outcome == Outcome::unreadable);
  CHECK(extract_text("junk before\n" + whole).kind == "pdf");
}

TEST_CASE("pdf: attached files are documents of their own") {
  const std::string whole = made::pdf_of_objects(
      {"<< /Type /Catalog /Pages 2 0 R /Names << /EmbeddedFiles << /Names [(a.txt) 5 0 R] >> >> >>",
       "<< /Type /Pages /Count 1 /Kids [3 0 R] >>", "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] >>",
       made::stream_object("attached words", "/Type /EmbeddedFile"), "<< /Type /Filespec /F (a.txt) /EF << /F 4 0 R >> >>"});
  const Extraction read = extract_text(whole);
  INFO(shown(read));
  CHECK(text_at(read, Place::raw_text, "file/a.txt") == "attached words");
}
