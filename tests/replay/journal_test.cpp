// A journal is killed, cut, changed and taken for something else.
#include "replay/journal.h"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "catch.h"

namespace beadle::replay {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "beadle-journal-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { fs::remove_all(path_); }
  std::string file(const char* name) const { return (path_ / name).string(); }

 private:
  fs::path path_;
};

std::string read(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const std::string& file, const std::string& text) { std::ofstream(file, std::ios::binary | std::ios::trunc) << text; }

Outcome outcome(char digit) {
  Outcome out;
  out.digest = std::string(32, digit);
  out.name = "cur/1:2,S";
  out.at = from_ms(1'750'000'000'000);
  out.role = "councillor";
  out.from = "jane@c.example";
  out.subject = "Fence \xe2\x80\x9c\n\t\"";
  out.recipients = 2;
  out.unread = 1;
  out.records_blind = true;
  out.content = std::string(32, 'c');
  out.went_to = {"a@x.example"};
  out.judgement = {.action = rules::Action::hold, .findings = {{"c/1", "press", "Says", rules::Action::hold, true, {{"1", "own", "words"}}}}};
  out.against = Judgement{.action = rules::Action::pass, .findings = {}};
  out.remembered = Remembered{.mail = {"id@x", "jane@c.example", {"a@x.example"}, {"a@x.example", "b@x.example"}, true, true, from_ms(5)},
                              .fingerprints = {0, 1, 0xffff'ffff'ffff'ffffu}};
  return out;
}

const JournalHead head{.rules = "r1", .sources = "mbox a", .key = std::string("\0\xff key", 6)};

struct Opened {
  std::vector<std::string> digests;
  std::optional<Journal> journal;
  std::optional<Error> error;
};

Opened open(const std::string& file, const JournalHead& wanted = head) {
  Opened out;
  auto journal = Journal::open(file, wanted, [&](const Outcome& one) { out.digests.push_back(one.digest); });
  if (journal) out.journal = std::move(*journal);
  else out.error = journal.error();
  return out;
}

void fill(const std::string& file, const std::string& digits) {
  Opened opened = open(file);
  REQUIRE(opened.journal);
  for (const char digit : digits) REQUIRE(opened.journal->add(outcome(digit)));
}

}  // namespace

TEST_CASE("an outcome comes back from its line as it was") {
  CHECK(outcome_from(to_line(outcome('a'))) == outcome('a'));
  Outcome least;
  least.digest = std::string(32, '0');
  CHECK(outcome_from(to_line(least)) == least);
  CHECK(to_line(outcome('a')).find('\n') == std::string::npos);
}

TEST_CASE("what is no line of a journal is none") {
  const std::string line = to_line(outcome('a'));
  for (std::size_t size = 0; size < line.size(); ++size) CHECK_FALSE(outcome_from(line.substr(0, size)));
  for (const char* text : {"null", "[]", "{}", R"({"message":"aa","verdict":{"action":"pass"}})", R"({"message":"00000000000000000000000000000000"})",
                           R"({"message":"00000000000000000000000000000000","verdict":{"action":"dance"}})",
                           R"({"message":"00000000000000000000000000000000","verdict":{"action":"pass"},"at":"x"})",
                           R"({"message":"00000000000000000000000000000000","verdict":{"action":"pass"},"record":{"at":1,"fingerprints":"xyz"}})"}) {
    INFO(text);
    CHECK_FALSE(outcome_from(text));
  }
}

TEST_CASE("a journal goes on where it stopped, and a half-written line is done again") {
  const Folder folder;
  const std::string file = folder.file("state");
  fill(file, "ab");
  CHECK(open(file).digests == std::vector<std::string>{std::string(32, 'a'), std::string(32, 'b')});
  const std::string whole = read(file);
  const std::size_t last = whole.rfind('\n', whole.size() - 2) + 1;
  // Wherever it was cut off, what stood before is kept and what comes after is whole.
  for (std::size_t size = last; size < whole.size(); size += 37) {
    write(file, whole.substr(0, size));
    INFO(size);
    Opened opened = open(file);
    REQUIRE(opened.journal);
    CHECK(opened.journal->begin() == Journal::Begin::continued);
    CHECK(opened.journal->head().key == head.key);
    CHECK(opened.digests == std::vector<std::string>{std::string(32, 'a')});
    REQUIRE(opened.journal->add(outcome('b')));
    opened.journal.reset();
    CHECK(read(file) == whole);
  }
  // Cut off within its head it has said nothing yet.
  write(file, whole.substr(0, 10));
  Opened begun = open(file);
  REQUIRE(begun.journal);
  CHECK(begun.journal->begin() == Journal::Begin::anew);
  CHECK(begun.digests.empty());
}

TEST_CASE("changed rules begin anew, and what was there is set aside") {
  const Folder folder;
  const std::string file = folder.file("state");
  fill(file, "ab");
  const std::string before = read(file);
  JournalHead other = head;
  other.rules = "r2";
  Opened opened = open(file, other);
  REQUIRE(opened.journal);
  CHECK(opened.journal->begin() == Journal::Begin::changed);
  CHECK(opened.digests.empty());
  CHECK(read(file + ".before") == before);
}

TEST_CASE("another file is left alone, and one journal has one writer") {
  const Folder folder;
  write(folder.file("letter"), "Dear all\nthis is a letter\n");
  const Opened letter = open(folder.file("letter"));
  REQUIRE(letter.error);
  CHECK(letter.error->kind == ErrorKind::bad_data);
  CHECK(read(folder.file("letter")) == "Dear all\nthis is a letter\n");
  const Opened first = open(folder.file("state"));
  REQUIRE(first.journal);
  const Opened second = open(folder.file("state"));
  REQUIRE(second.error);
  CHECK(second.error->kind == ErrorKind::refused);
  CHECK(open(folder.file("nowhere/state")).error);
  CHECK((fs::status(folder.file("state")).permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
}

}  // namespace beadle::replay
