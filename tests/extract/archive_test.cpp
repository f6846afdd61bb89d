// Archives, winmail.dat, and files that are handed back as they are.
#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

using namespace beadle::extract;
using made::archive_of;
using made::Format;

TEST_CASE("members of archives stand under their path, whatever the format") {
  for (const Format format : {Format::zip, Format::tar, Format::tar_gz, Format::seven_zip}) {
    const Extraction read = extract_text(
        archive_of({{"notes.txt", "plain words\n"}, {"in/report.docx", made::docx({"words of Word"})}}, format), "papers");
    INFO(shown(read));
    CHECK(read.outcome == Outcome::ok);
    CHECK(text_at(read, Place::file_name, "papers/in/report.docx") == "in/report.docx");
    CHECK(text_at(read, Place::raw_text, "papers/notes.txt") == "plain words\n");
    CHECK(text_at(read, Place::first_page, "papers/in/report.docx") == "words of Word\n");
  }
  const Extraction gz = extract_text(archive_of({{"", made::docx({"in gzip"})}}, Format::gz), "report.docx.gz");
  INFO(shown(gz));
  CHECK(gz.kind == "compressed");
  CHECK(text_at(gz, Place::first_page, "report.docx.gz/report.docx") == "in gzip\n");
}

TEST_CASE("each member has an outcome of its own") {
  const Extraction read = extract_text(archive_of(
      {{"a.txt", "words"}, {"b.png", "\x89PNG\r\n\x1A\n"}, {"c.bin", std::string("\x01\x02\x03\0\x05", 5)}, {"d.txt", ""}}));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::unreadable);
  CHECK(outcome_of(read, "file/a.txt") == Outcome::ok);
  CHECK(outcome_of(read, "file/b.png") == Outcome::no_text);
  CHECK(outcome_of(read, "file/c.bin") == Outcome::unreadable);
  CHECK(outcome_of(read, "file/d.txt") == Outcome::ok);
}

TEST_CASE("encrypted members are said to be, and their names are read") {
  const Extraction read = extract_text(archive_of({{"grievance.txt", "hidden"}}, Format::encrypted_zip));
  INFO(shown(read));
  CHECK(read.outcome == Outcome::encrypted);
  CHECK(outcome_of(read, "file/grievance.txt") == Outcome::encrypted);
  CHECK(text_at(read, Place::file_name, "file/grievance.txt") == "grievance.txt");
}

TEST_CASE("winmail.dat: message and attachments") {
  const Extraction read = extract_text(
      made::tnef("The subject", "The body of it", {{"notes.txt", "attached words"}, {"report.docx", made::docx({"inner"})}}),
      "winmail.dat");
  INFO(shown(read));
  CHECK(read.outcome == Outcome::ok);
  CHECK(read.kind == "tnef");
  CHECK(has(text_at(read, Place::raw_message, "winmail.dat"), "Subject: The subject\r\n"));
  CHECK(has(text_at(read, Place::raw_message, "winmail.dat"), "The body of it"));
  CHECK(text_at(read, Place::raw_text, "winmail.dat/notes.txt") == "attached words");
  CHECK(text_at(read, Place::first_page, "winmail.dat/report.docx") == "inner\n");
  const std::string whole = made::tnef("s", "b", {{"a.txt", std::string(500, 'x')}});
  CHECK(extract_text(whole.substr(0, whole.size() - 200)).outcome >= Outcome::truncated);
}

TEST_CASE("mails, pages and texts are handed back for those who know them") {
  const std::string mail = "From: a@b.example\r\nTo: c@d.example\r\nSubject: x\r\n\r\nbody\r\n";
  CHECK(text_at(extract_text(mail), Place::raw_message) == mail);
  CHECK(text_at(extract_text("<!DOCTYPE html><p>caf\xE9"), Place::raw_html) == "<!DOCTYPE html><p>caf\xE9");
  CHECK(text_at(extract_text("name,caf\xE9\n"), Place::raw_text) == "name,caf\xE9\n");
  CHECK(text_at(extract_text(std::string("\xFF\xFE"
                                         "a\0\xE9\0",
                                         6)),
                Place::raw_text) ==
        "\xEF\xBB\xBF"
        "aé");
  CHECK(text_at(extract_text(made::wide("no mark at all")), Place::raw_text) == "no mark at all");
  CHECK(extract_text("").outcome == Outcome::ok);
  CHECK(extract_text("").kind == "empty");
}

TEST_CASE("kinds are told by bytes, not by names") {
  CHECK(extract_text(made::docx({"x"}), "holiday.jpg").kind == "docx");
  CHECK(extract_text(made::pdf({"x"}), "a.docx").kind == "pdf");
  CHECK(extract_text("just words", "a.pdf").kind == "text");
  CHECK(extract_text(archive_of({{"a", "b"}}), "a.docx").kind == "zip");
  CHECK(extract_text("\xFF\xD8\xFF\xE0", "a.docx").outcome == Outcome::no_text);
}
