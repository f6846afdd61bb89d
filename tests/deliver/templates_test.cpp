#include "deliver/templates.h"

#include <algorithm>

#include "base/limits.h"
#include "net/helpers.h"

#include "helpers.h"

namespace beadle::deliver {
namespace {

const NoticeKind& kind_named(std::string_view name) {
  for (const NoticeKind& kind : notice_kinds()) {
    if (kind.name == name) return kind;
  }
  FAIL("no kind " << name);
  return notice_kinds().front();
}

}  // namespace

TEST_CASE("the templates as shipped are whole, plain ASCII, and name every field in their head") {
  Problems problems;
  const std::string directory = std::string(BEADLE_SOURCE_DIR) + "/config/notices";
  REQUIRE(load_templates(directory, problems));
  CHECK(to_string(problems).empty());
  for (const NoticeKind& kind : notice_kinds()) {
    const std::string text = read_file(directory + "/" + std::string(kind.name) + ".txt");
    INFO(kind.name);
    const std::string head = text.substr(0, text.find("\nSubject:"));
    for (const std::string_view field : kind.fields) CHECK(head.find("{{" + std::string(field) + "}}") != std::string::npos);
    for (const std::string_view line : split(text.substr(head.size()), '\n')) CHECK(line.size() <= 78);
    CHECK(std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; }));
  }
}

TEST_CASE("no template for reviewers can name subject, words or recipients of the mail") {
  for (const NoticeKind& kind : notice_kinds()) {
    if (!kind.name.ends_with("-reviewer")) continue;
    for (const char* field : {"subject", "findings", "recipients", "words"}) {
      CHECK(std::find(kind.fields.begin(), kind.fields.end(), field) == kind.fields.end());
    }
  }
}

TEST_CASE("mistakes in templates are told with their place") {
  std::size_t seen = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data_directory + "/templates")) {
    if (entry.path().extension() != ".txt") continue;
    ++seen;
    // The name of a case begins with its kind: held-sender.unknown-field.txt
    const std::string name = entry.path().stem();
    Problems problems;
    const auto parsed = parse_template(read_file(entry.path()), name + ".txt", kind_named(name.substr(0, name.find('.'))), problems);
    INFO(name);
    CHECK(parsed.has_value() == !has_errors(problems));
    check_against(entry.path().parent_path() / (name + ".problems"), to_string(problems));
  }
  CHECK(seen >= 8);
}

TEST_CASE("a template that is missing, or too large, is a problem") {
  Problems problems;
  CHECK_FALSE(load_templates(data_directory + "/nowhere", problems));
  CHECK(problems.size() == notice_kinds().size());
  CHECK(problems.front().file == data_directory + "/nowhere/held-sender.txt");
  problems.clear();
  const std::string large = "Subject: x {{id}}\n\n" + std::string(limits::notice_template_bytes_max, 'x');
  CHECK_FALSE(parse_template(large, "large.txt", kind_named("released-sender"), problems));
  CHECK(has_errors(problems));
}

TEST_CASE("what a council's folder lacks is taken from what came with Beadle, and that is said") {
  const net::TemporaryFolder own;
  const std::filesystem::path folder = own / "notices", shipped = std::string(BEADLE_SOURCE_DIR) + "/config/notices";
  std::filesystem::copy(shipped, folder);
  std::filesystem::remove(folder / "mailbox-held.txt");
  Problems problems;
  const auto templates = load_templates(folder.string(), problems, shipped.string());
  REQUIRE(templates);
  CHECK(templates->by_kind.at("mailbox-held") == load_templates(shipped.string(), problems)->by_kind.at("mailbox-held"));
  REQUIRE(problems.size() == 1);
  CHECK(problems.front().severity == Problem::Severity::odd);
  CHECK(problems.front().file == (folder / "mailbox-held.txt").string());
  // One that is there and wrong is not passed over.
  std::ofstream(folder / "held-sender.txt") << "no subject";
  CHECK_FALSE(load_templates(folder.string(), problems, shipped.string()));
}

TEST_CASE("fields are filled once, and empty lines of fields left out") {
  const std::string text =
      "Subject: Held: {{subject}}\n\nOne {{ id }} two\n{{words}}\n  {{who}} {{words}}\n- {{who}}\nlast {{id}}{{id}}\n{{nobody}}\n\nend\n";
  const FilledTemplate filled = fill_template(text, {{"subject", "A"}, {"id", "7"}, {"who", ""}, {"words", ""}});
  CHECK(filled.subject == "Held: A");
  CHECK(filled.text == "One 7 two\n- \nlast 77\n\nend\n");
  CHECK(fill_template(text, {{"subject", "{{id}}"}, {"id", "{{who}}"}, {"who", "{{id}}"}, {"words", "x"}}).text ==
        "One {{who}} two\nx\n  {{id}} x\n- {{id}}\nlast {{who}}{{who}}\n\nend\n");
}

TEST_CASE("nothing but a subject gets into the subject") {
  const FilledTemplate filled = fill_template("Subject: {{subject}}\n\nx\n", {{"subject", "a\r\nBcc: eve@else.example\n\nbody\x1b[2J"}});
  CHECK(filled.subject.find_first_of("\r\n\x1b") == std::string::npos);
  CHECK(filled.text == "x\n");
}

}  // namespace beadle::deliver
