// Taking messages apart. Cases are files: tests/data/mail/structure/*.eml with the parts, defects and uncovered stretches
// (.tree); BEADLE_UPDATE=1 writes those anew, to be read before they are kept. What is too large for a file is made here.
#include "mail/structure.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "mail/mimetic_bridge.h"

#include "catch.h"
#include "corpus.h"

namespace beadle::mail {
namespace {

namespace fs = std::filesystem;

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

Message scanned(std::string bytes) {
  Message message;
  message.bytes = std::move(bytes);
  scan_structure(message);
  return message;
}

std::string shown(std::string_view bytes) {
  std::string out = "\"";
  for (const char c : bytes) {
    if (c == '\r') {
      out += "\\r";
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\0') {
      out += "\\0";
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string_view encoding_name(Encoding encoding) {
  switch (encoding) {
    case Encoding::none:
      return "";
    case Encoding::quoted_printable:
      return "quoted-printable";
    case Encoding::base64:
      return "base64";
    case Encoding::unknown:
      return "unknown encoding";
  }
  return "";
}

std::string tree_of(const Part& part, const Message& message) {
  std::string out = "[" + part.id + "] " + part.type;
  const auto add = [&](std::string_view text) { out += text.empty() ? "" : ", " + std::string(text); };
  add(part.charset);
  add(encoding_name(part.encoding));
  if (part.attachment) add("attachment");
  if (!part.file_name.empty()) add(shown(part.file_name));
  if (part.inside_original) add("in an original");
  out += "\n  fields:";
  for (const Field& field : part.fields) out += " " + field.name;
  if (part.children.empty()) out += "\n  " + shown(slice(message.bytes, part.body));
  return out + "\n";
}

std::string tree_of(const Message& message) {
  std::string out;
  for (const Part& part : message.parts) out += tree_of(part, message);
  for (const Defect& defect : message.defects)
    out += "defect of [" + defect.part + "] " + std::string(to_string(defect.kind)) + (defect.detail.empty() ? "" : ": ") +
           defect.detail + "\n";
  for (const Range range : uncovered(message)) out += "uncovered " + shown(slice(message.bytes, range)) + "\n";
  return out;
}

// What is in no field, in no body of a leaf and not uncovered may only be blanks and delimiters. Gives the first other line.
std::string lost_line(const Message& message) {
  std::vector<bool> seen(message.bytes.size());
  const auto mark = [&](Range range) {
    std::fill(seen.begin() + static_cast<std::ptrdiff_t>(range.begin), seen.begin() + static_cast<std::ptrdiff_t>(range.end),
              true);
  };
  for (const Part& part : message.parts) {
    for (const Field& field : part.fields) mark(field.whole);
    if (part.children.empty()) mark(part.body);
  }
  for (const Range range : uncovered(message)) mark(range);
  std::size_t at = 0;
  for (const std::string_view line : split(message.bytes, '\n')) {
    for (std::size_t i = 0; i < line.size(); ++i) {
      const bool counts = !seen[at + i] && line[i] != ' ' && line[i] != '\t' && line[i] != '\r';
      if (counts && !line.starts_with("--")) return std::string(line);
    }
    at += line.size() + 1;
  }
  return "";
}

void check_shape(const Message& message) {
  REQUIRE_FALSE(message.parts.empty());
  std::set<std::pair<DefectKind, std::string>> reported;
  for (const Defect& defect : message.defects) CHECK(reported.emplace(defect.kind, defect.part).second);
  for (std::size_t i = 0; i < message.parts.size(); ++i) {
    const Part& part = message.parts[i];
    REQUIRE(part.header.begin <= part.header.end);
    REQUIRE(part.header.end <= part.body.begin);
    REQUIRE(part.body.begin <= part.body.end);
    REQUIRE(part.body.end <= message.bytes.size());
    REQUIRE(part.parent < static_cast<int>(i));
    if (part.parent < 0) continue;
    const Part& above = message.parts[static_cast<std::size_t>(part.parent)];
    REQUIRE(std::count(above.children.begin(), above.children.end(), static_cast<int>(i)) == 1);
    REQUIRE(above.body.begin <= part.header.begin);
    REQUIRE(part.body.end <= above.body.end);
  }
  REQUIRE(lost_line(message) == "");
}

std::size_t count_of(const Message& message, DefectKind kind) {
  return static_cast<std::size_t>(
      std::count_if(message.defects.begin(), message.defects.end(), [&](const Defect& defect) { return defect.kind == kind; }));
}

std::string repeated(std::string_view text, std::size_t count) {
  std::string out;
  out.reserve(text.size() * count);
  for (std::size_t i = 0; i < count; ++i) out += text;
  return out;
}

bool is_in(const std::vector<Range>& ranges, std::size_t at) {
  return std::any_of(ranges.begin(), ranges.end(), [&](Range range) { return range.begin <= at && at < range.end; });
}

}  // namespace

TEST_CASE("messages are taken apart as their files say") {
  const auto files = files_in(fs::path(BEADLE_TEST_DATA) / "mail/structure", ".eml");
  REQUIRE(files.size() >= 90);
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    const Message message = scanned(read_file(file));
    check_shape(message);
    const std::string tree = tree_of(message);
    const fs::path expected = fs::path(file).replace_extension(".tree");
    if (std::getenv("BEADLE_UPDATE") != nullptr) std::ofstream(expected, std::ios::binary) << tree;
    CHECK(tree == read_file(expected));
  }
}

TEST_CASE("line ends of either kind give the same parts") {
  for (const fs::path& file : files_in(fs::path(BEADLE_TEST_DATA) / "mail/structure", ".eml")) {
    INFO(file.filename().string());
    const std::string bytes = read_file(file);
    std::string feeds;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
      if (bytes[i] != '\r' || i + 1 == bytes.size() || bytes[i + 1] != '\n') feeds += bytes[i];
    }
    const Message a = scanned(bytes), b = scanned(feeds);
    REQUIRE(a.parts.size() == b.parts.size());
    CHECK(a.defects == b.defects);
    for (std::size_t i = 0; i < a.parts.size(); ++i) {
      CHECK(a.parts[i].id == b.parts[i].id);
      CHECK(a.parts[i].type == b.parts[i].type);
      CHECK(a.parts[i].fields.size() == b.parts[i].fields.size());
    }
  }
}

TEST_CASE("cut anywhere, a message still has a shape and loses nothing") {
  for (const fs::path& file : files_in(fs::path(BEADLE_TEST_DATA) / "mail/structure", ".eml")) {
    INFO(file.filename().string());
    const std::string bytes = read_file(file);
    for (std::size_t size = 0; size < bytes.size(); ++size) check_shape(scanned(bytes.substr(0, size)));
  }
}

TEST_CASE("ranges of a field keep its folding") {
  const std::string bytes = "Subject : one\r\n two\r\nTo: x\r\n\r\nbody";
  const Message message = scanned(bytes);
  const Part& root = message.parts[0];
  REQUIRE(root.fields.size() == 2);
  CHECK(root.fields[0].name == "Subject");
  CHECK(slice(bytes, root.fields[0].whole) == "Subject : one\r\n two\r\n");
  CHECK(slice(bytes, root.fields[0].value) == " one\r\n two");
  CHECK(slice(bytes, root.header) == "Subject : one\r\n two\r\nTo: x\r\n");
  CHECK(slice(bytes, root.body) == "body");
}

TEST_CASE("nesting stops at its bound, and what is deeper stays in reach") {
  for (const std::string_view type : {"multipart", "message", "both"}) {
    INFO(type);
    std::string bytes;
    for (int i = 0; i < 50'000; ++i) {
      const std::string boundary = "b" + std::to_string(i) + "x";
      if (type != "message") bytes += "Content-Type: multipart/mixed; boundary=" + boundary + "\n\n--" + boundary + "\n";
      if (type != "multipart") bytes += "Content-Type: message/rfc822\n\n";
    }
    bytes += "\nThe words at the bottom\n";
    const Message message = scanned(bytes);
    check_shape(message);
    CHECK(message.parts.size() == limits::mime_depth_max + 1);
    CHECK(message.has_defect(DefectKind::limit));
    CHECK(message.parts.back().body.end == bytes.size());
    CHECK(mimetic_disagrees(message));  // without being asked, or it would overflow the stack
  }
}

TEST_CASE("a header line of ten megabytes is cut at its bound") {
  const std::string bytes = "From: a@x.example\nX-Long: " + std::string(10u << 20, 'x') + "\nSubject: late\n\nHello\n";
  const Message message = scanned(bytes);
  check_shape(message);
  REQUIRE(message.parts.size() == 1);
  CHECK(message.parts[0].fields[1].whole.size() == limits::header_field_bytes_max);
  CHECK(message.has_defect(DefectKind::limit));
  CHECK(slice(bytes, message.parts[0].body) == "Hello\n");
  CHECK(is_in(uncovered(message), bytes.find("Subject: late") - 2));
}

TEST_CASE("a folded field, a header and the number of fields have bounds") {
  const Message folded = scanned("X: a\n" + repeated(" 0123456789\n", 20'000) + "Y: b\n\nHello\n");
  check_shape(folded);
  CHECK(folded.parts[0].fields[0].whole.size() == limits::header_field_bytes_max);
  CHECK(folded.parts[0].fields.size() == 2);
  CHECK(count_of(folded, DefectKind::limit) == 1);
  CHECK_FALSE(folded.has_defect(DefectKind::header_junk));

  const Message many = scanned(repeated("X: y\n", 100'000) + "\nHello\n");
  check_shape(many);
  CHECK(many.parts[0].fields.size() == limits::header_fields_max);
  CHECK(many.has_defect(DefectKind::limit));
  CHECK(slice(many.bytes, many.parts[0].body) == "Hello\n");

  const Message wide = scanned(repeated("X: " + std::string(1000, 'y') + "\n", 1000) + "Subject: late\n\nHello\n");
  check_shape(wide);
  CHECK(wide.parts[0].fields.back().whole.begin <= limits::header_block_bytes_max);
  CHECK(wide.has_defect(DefectKind::limit));
  CHECK(is_in(uncovered(wide), wide.bytes.find("late")));
}

TEST_CASE("of 400,000 parts a thousand are told apart, and the rest is uncovered") {
  const std::string bytes =
      "Content-Type: multipart/mixed; boundary=b\n\n" + repeated("--b\n\nx\n", 400'000) + "--b\n\nThe last words\n--b--\n";
  const Message message = scanned(bytes);
  check_shape(message);
  CHECK(message.parts.size() == limits::mime_parts_max);
  CHECK(message.defects.size() == 1);
  CHECK(message.has_defect(DefectKind::limit));
  CHECK(is_in(uncovered(message), bytes.find("The last words")));
}

TEST_CASE("of 100,000 parameters the first count") {
  std::string bytes = "Content-Type: multipart/mixed; boundary=b";
  for (int i = 0; i < 100'000; ++i) bytes += ";\n x" + std::to_string(i) + "=y";
  const Message message = scanned(bytes + "\n\n--b\n\nHello\n--b--\n");
  check_shape(message);
  CHECK(message.parts.size() == 2);
  CHECK(message.parts[0].parameters.size() <= limits::header_parameters_max);
  CHECK(message.has_defect(DefectKind::limit));
}

TEST_CASE("a list of defects does not grow with what is wrong") {
  const std::string part = "--b\nno field\nContent-Type: text/plain\nContent-Type: text/html\n:\n\xFF\n--bx\n--b--x\n";
  const Message message = scanned("Content-Type: multipart/mixed; boundary=b\n\n" + repeated(part, 10'000));
  check_shape(message);
  CHECK(message.defects.size() <= 17 * limits::mime_parts_max);
}

TEST_CASE("the second reader agrees on plain structures and differs on hidden ones") {
  const auto disagrees = [](const std::string& bytes) { return mimetic_disagrees(scanned(bytes)); };
  CHECK_FALSE(disagrees("From: a@x.example\nTo: undisclosed-recipients:\n\nHello\n"));
  CHECK_FALSE(disagrees("Content-Type: text/plain ; charset=utf-8\n\nHello\n"));
  CHECK_FALSE(disagrees("Content-Type: text / plain (x)\n\nHello\n"));
  CHECK_FALSE(disagrees("Content-Type: text\n\nHello\n"));
  CHECK_FALSE(disagrees("From jane Mon Jun  2 10:00:00 2025\nContent-Type: text/html\n\nHello\n"));
  CHECK_FALSE(disagrees("Content-Type: multipart/digest; boundary=b\n\n--b\n\nFrom: a@x.example\n\nHello\n--b--\n"));
  CHECK_FALSE(disagrees(
      "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: message/rfc822\n\nFrom: a@x.example\n\nHello\n--b--\n"));
  CHECK(disagrees("Content-Type: multipart/mixed; boundary=b\n\n--b\n\nsee x--b\nContent-Type: text/html\n\nother\n--b--\n"));
  CHECK(disagrees("Content-Type: multipart/mixed; boundary=\"a;b\"\n\n--a;b\nContent-Type: text/html\n\nother\n--a;b--\n"));
  // Encoded messages within messages are one leaf to us, and levels to the second reader: it must not be asked.
  CHECK(disagrees("Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" +
                  repeated("Content-Type: message/rfc822\n\n", 50'000)));
  // What it takes over fields grows with the square of their length.
  const std::string letter = "Content-Type: message/rfc822\nX: " + std::string(65'000, 'x') + "\n\n";
  CHECK(disagrees(repeated(letter, 60) + "\nHello\n"));
}

TEST_CASE("foreign mail has a shape and loses nothing, and sane mail is in no doubt") {
  const auto files = tests::corpus_files("mail");
  if (files.empty()) {
    WARN("skipped: no mail of others at hand");
    return;
  }
  for (const fs::path& file : files) {
    INFO(file.string());
    const Message message = scanned(read_file(file));
    check_shape(message);
    const std::string folder = file.parent_path().filename();
    if (folder != "business" && folder != "sa-ham") continue;
    CHECK(message.defects.empty());
    CHECK_FALSE(mimetic_disagrees(message));
  }
}

}  // namespace beadle::mail
