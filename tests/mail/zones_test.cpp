// Zones of whole mails: tests/data/mail/zones/*.eml and what they are told apart into (.zones). To extend: add an .eml, run with
// BEADLE_UPDATE=1, and read what was written.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "base/limits.h"
#include "base/text.h"
#include "mail/html.h"
#include "mail/message.h"
#include "mail/originals.h"
#include "mail/zones.h"

#include "catch.h"

namespace beadle::mail {
namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::string shown(const std::vector<Mailbox>& boxes) {
  std::vector<std::string> out;
  for (const Mailbox& box : boxes) out.push_back(box.name + "<" + box.address + ">");
  return joined(out, " ");
}

// Each line of each text with the zone that it stands in; then the letters.
std::string describe(const Message& message) {
  std::string out;
  for (const Text& text : message.texts) {
    out += "text " + message.parts[static_cast<std::size_t>(text.part)].id + (text.html ? " html\n" : " plain\n");
    for (const Zone& zone : text.zones) {
      std::string label(to_string(zone.kind));
      if (!zone.certain) label += '?';
      if (zone.original >= 0) label += " " + std::to_string(zone.original);
      for (const std::string_view line : split(slice(text.utf8, zone.range), '\n')) {
        if (!trimmed(line).empty()) out += label + " | " + std::string(trimmed(line)) + "\n";
      }
    }
  }
  for (std::size_t i = 0; i < message.originals.size(); ++i) {
    const Original& original = message.originals[i];
    const bool forwarded = original.where == Original::Where::forwarded;
    out += "original " + std::to_string(i) + (forwarded ? " forwarded" : " quoted") + "\n  from: " + shown(original.from) +
           "\n  to: " + shown(original.to) + "\n  cc: " + shown(original.cc) + "\n  date: " + original.date +
           "\n  subject: " + original.subject + "\n";
  }
  return out;
}

// Sorted, without overlap, covering all of it.
bool covers(std::string_view utf8, const std::vector<Zone>& zones) {
  std::size_t at = 0;
  for (const Zone& zone : zones) {
    if (zone.range.begin != at || zone.range.end <= at) return false;
    at = zone.range.end;
  }
  return at == utf8.size();
}

std::size_t count(const ZonedText& text, ZoneKind kind) {
  return static_cast<std::size_t>(
      std::count_if(text.zones.begin(), text.zones.end(), [&](const Zone& zone) { return zone.kind == kind; }));
}

std::string words_in(std::string_view utf8, const ZonedText& text, ZoneKind kind) {
  std::string out;
  for (const Zone& zone : text.zones) {
    if (zone.kind == kind) out += slice(utf8, zone.range);
  }
  return std::string(trimmed(out));
}

}  // namespace

TEST_CASE("every labelled mail is told apart as its .zones file says") {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(BEADLE_TEST_DATA) / "mail/zones")) {
    if (entry.path().extension() == ".eml") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE(files.size() >= 60);
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    const Message message = parse_message(read_file(file));
    const std::string found = describe(message);
    const fs::path expectation = fs::path(file).replace_extension(".zones");
    if (std::getenv("BEADLE_UPDATE") != nullptr) std::ofstream(expectation, std::ios::binary) << found;
    CHECK(found == read_file(expectation));
    for (const Text& text : message.texts) CHECK(covers(text.utf8, text.zones));
  }
}

TEST_CASE("zones cover any text") {
  for (const std::string text : {"", "\n", "x", "\n\n\n", "> ", ">", "From: a\n", "-- \n", "--\n\n",
                                 "On 1/1/2025 10:00, x wrote:", "\xC2\xA0\n> \xC2\xA0"}) {
    INFO(text);
    CHECK(covers(text, find_zones(text, {}, {}).zones));
  }
}

TEST_CASE("own words between quotes stay own") {
  const std::string text = "On 27/02/2025 10:02, Tara Munnings wrote:\n> One?\nFirst answer.\n> Two?\nSecond answer.\n";
  const ZonedText zoned = find_zones(text, {}, {.reply = true, .forward = false, .senders = {}});
  CHECK(words_in(text, zoned, ZoneKind::own) == "First answer.\nSecond answer.");
  REQUIRE(zoned.originals.size() == 1);
  CHECK(zoned.originals[0].from == std::vector<Mailbox>{{"Tara Munnings", "", ""}});
}

TEST_CASE("a subject says whether a letter below is answered or forwarded") {
  const std::string text = "See below.\n\nFrom: Vera\nSent: today\nTo: Jill\nSubject: Bins\n\nFull.\n";
  CHECK(count(find_zones(text, {}, {.reply = true, .forward = false, .senders = {}}), ZoneKind::quoted) == 1);
  CHECK(count(find_zones(text, {}, {.reply = false, .forward = true, .senders = {}}), ZoneKind::forwarded) == 1);
}

TEST_CASE("sentences and markings are never signature") {
  for (const std::string last : {"We accept your price", "CONFIDENTIAL", "In confidence", "Please pay the man",
                                 "Not for publication", "I agree", "ENDS", "Draft"}) {
    INFO(last);
    const std::string text = "Dear Vera\n\nThe bins are full.\n\nKind regards\n\nJill\n" + last + "\n";
    const ZonedText zoned = find_zones(text, {}, {});
    CHECK(words_in(text, zoned, ZoneKind::own).ends_with(last));
    CHECK(words_in(text, zoned, ZoneKind::signature) == "Jill");
  }
}

TEST_CASE("what a person writes about confidentiality is no disclaimer") {
  for (const std::string text :
       {"This letter is confidential because we are negotiating.\n", "Please keep this email confidential and do not copy it.\n",
        "I have received it in error, please delete the message.\n",
        "STRICTLY PRIVATE AND CONFIDENTIAL - intended for the addressee only\n",
        "The report is privileged. Do not disclose it to anybody, and delete this email.\n",
        "Nobody may copy or distribute these papers.\n"}) {
    INFO(text);
    CHECK(count(find_zones(text, {}, {}), ZoneKind::disclaimer) == 0);
  }
}

TEST_CASE("standing text is known by what it says, in any wording") {
  for (const std::string text :
       {"The information in this email is confidential and may be legally privileged. It is intended solely for the addressee.\n",
        "Should you not be the intended recipient, if you have received this e-mail in error, kindly notify the sender.\n",
        "Internet e-mails are monitored and recorded. Views expressed are those of the author and not necessarily of the "
        "council. No liability is accepted for viruses in this email.\n",
        "Think before you print: please consider the environment.\n"}) {
    INFO(text);
    CHECK(count(find_zones("The bins are full.\n\n" + text, {}, {}), ZoneKind::disclaimer) == 1);
    CHECK(count(find_zones("The bins are full.\n\n" + text, {}, {}), ZoneKind::own) == 1);
  }
}

TEST_CASE("hostile texts stay within the bounds and are never lost") {
  std::string many;
  for (int i = 0; i < 5000; ++i) many += "own\n> quoted\n";
  const ZonedText zoned = find_zones(many, {}, {});
  CHECK(zoned.zones.size() <= limits::zones_per_text_max);
  CHECK(covers(many, zoned.zones));
  CHECK(zoned.zones.back().kind == ZoneKind::own);
  CHECK_FALSE(zoned.zones.back().certain);

  std::string letters;
  for (int i = 0; i < 3000; ++i) letters += "From: a\nSent: b\nTo: c\nSubject: d\n\nx\n";
  CHECK(find_zones(letters, {}, {}).originals.size() <= limits::originals_per_text_max);

  const std::string deep = std::string(100'000, '>') + " x\n";
  CHECK(covers(deep, find_zones(deep, {}, {}).zones));
  const std::string lines(500'000, '\n');
  CHECK(covers(lines, find_zones(lines, {}, {}).zones));
}

TEST_CASE("mailboxes of a header block") {
  using Boxes = std::vector<Mailbox>;
  CHECK(shown_mailboxes("Vera Stoyle <v@x.example>") == Boxes{{"Vera Stoyle", "v@x.example", ""}});
  CHECK(shown_mailboxes("Stoyle, Vera <v@x.example>, y@z.example") ==
        Boxes{{"Stoyle, Vera", "v@x.example", ""}, {"", "y@z.example", ""}});
  CHECK(shown_mailboxes("Jill; Town Clerk") == Boxes{{"Jill", "", ""}, {"Town Clerk", "", ""}});
  CHECK(shown_mailboxes("Vera [mailto:v@x.example]") == Boxes{{"Vera", "v@x.example", ""}});
  CHECK(shown_mailboxes("'v@x.example' <v@x.example>") == Boxes{{"", "v@x.example", ""}});
  CHECK(shown_mailboxes("Vera <v@x.example<mailto:v@x.example>>") == Boxes{{"Vera", "v@x.example", ""}});
  CHECK(shown_mailboxes("Stoyle, Vera") == Boxes{{"Stoyle, Vera", "", ""}});
  CHECK(shown_mailboxes("").empty());
  CHECK(shown_mailboxes(std::string(100'000, ';')).empty());
}

}  // namespace beadle::mail
