// The caller's side against children that do not behave. The real one is asked in the other files.
#include "extract/extractor.h"

#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.h"
#include "extract/made.h"
#include "extract/text_of.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::extract;

namespace {

// A program that does what one line of shell says.
class Script {
 public:
  explicit Script(const std::string& line) {
    std::ofstream(path_) << "#!/bin/sh\n" << line << "\n";
    fs::permissions(path_, fs::perms::owner_all);
  }
  Script(const Script&) = delete;
  Script& operator=(const Script&) = delete;
  ~Script() { fs::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  static inline std::atomic<int> count_ = 0;
  std::string path_ =
      fs::temp_directory_path() / ("beadle-extract-test-" + std::to_string(getpid()) + "-" + std::to_string(++count_));
};

Extraction run(const std::string& program, std::int64_t wall_clock_ms = 10'000) {
  return Extractor({.program = program, .wall_clock_ms = wall_clock_ms}).run("some text", "a.txt");
}

std::size_t open_descriptors() {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator()));
}

bool no_child_is_left() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace

TEST_CASE("a missing program is a crash that says so") {
  const Extraction read = run("/nowhere/beadle-extract");
  CHECK(read.outcome == Outcome::crashed);
  REQUIRE(read.unread.size() == 1);
  CHECK(read.unread[0].path == "a.txt");
  CHECK(has(read.unread[0].detail, "/nowhere/beadle-extract"));
  CHECK(has(read.unread[0].detail, "No such file"));
  CHECK(run("/etc/passwd").outcome == Outcome::crashed);  // not a program
}

TEST_CASE("a child that does not answer by the rules has crashed") {
  CHECK(run("/bin/true").outcome == Outcome::crashed);
  CHECK(run("/bin/cat").outcome == Outcome::crashed);  // gives back the request
  CHECK(run("/usr/bin/yes").outcome == Outcome::crashed);
  CHECK(has(run(Script("exit 7").path()).unread.at(0).detail, "code 7"));
  CHECK(has(run(Script("kill -SEGV $$").path()).unread.at(0).detail, "Segmentation"));
  CHECK(has(run(Script("printf 'F\\004\\000\\000\\000oops'").path()).unread.at(0).detail, "could not start: oops"));
  CHECK(no_child_is_left());
}

TEST_CASE("what was read before a crash is kept, and the crash is laid at the right door") {
  const Script script(
      "printf 'K\\003\\000\\000\\000zipR\\003\\000\\000\\000a/bP\\010\\000\\000\\000\\004\\001\\000atext'; kill -ABRT $$");
  const Extraction read = run(script.path());
  CHECK(read.outcome == Outcome::crashed);
  CHECK(read.kind == "zip");
  CHECK(text_at(read, Place::body, "a") == "text");
  REQUIRE(read.unread.size() == 1);
  CHECK(read.unread[0].path == "a/b");
}

TEST_CASE("a child that hangs is ended at the deadline, whether it talks or not") {
  for (const char* line :
       {"exec sleep 60", "exec 1>&-; exec sleep 60", "while :; do printf 'R\\001\\000\\000\\000a'; sleep 0.05; done"}) {
    INFO(line);
    const Script script(line);
    const auto start = std::chrono::steady_clock::now();
    const Extraction read = run(script.path(), 400);
    const auto took = std::chrono::steady_clock::now() - start;
    CHECK((read.outcome == Outcome::limit));
    CHECK(took >= std::chrono::milliseconds(390));
    CHECK(took < std::chrono::seconds(5));
  }
  CHECK(no_child_is_left());
}

TEST_CASE("the real child, killed while it reads, harms nobody") {
  const std::string children = "/proc/self/task/" + std::to_string(gettid()) + "/children";
  if (!fs::exists(children)) return;  // a kernel without CONFIG_PROC_CHILDREN
  // Texts enough that it is still reading when the blow falls.
  made::Members members;
  for (int i = 0; i < 40; ++i)
    members.push_back({std::to_string(i) + ".docx", made::docx(std::vector<std::string>(4000, "The path is swept."))});
  const std::string bytes = made::archive_of(members);
  for (const int blow : {SIGSEGV, SIGABRT, SIGKILL, SIGTERM}) {
    INFO(strsignal(blow));
    std::atomic<bool> done = false;
    std::jthread killer([&] {
      while (!done) {
        pid_t child = 0;
        std::ifstream(children) >> child;
        if (child > 0) kill(child, blow);
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
    });
    const Extraction read = extract_text(bytes, "papers.zip");
    done = true;
    CHECK((read.outcome == Outcome::crashed || read.outcome == Outcome::limit));
    REQUIRE_FALSE(read.unread.empty());
    CHECK(read.unread.back().path.starts_with("papers.zip"));
    CHECK_FALSE(read.unread.back().detail.empty());
  }
  CHECK(no_child_is_left());
  CHECK(extract_text(made::docx({"The contract is confidential."})).outcome == Outcome::ok);
}

TEST_CASE("the child gets no descriptor of ours and no environment") {
  constexpr int ours = 77;
  REQUIRE(dup2(STDERR_FILENO, ours) == ours);  // inherited by who does not take care
  const Script script(
      "d=no; [ -e /proc/$$/fd/77 ] && d=yes; e=$(tr '\\0' '\\n' </proc/$$/environ | wc -l); printf 'F\\004\\000\\000\\000%s %d' "
      "$d $e");
  const Extraction read = run(script.path());
  close(ours);
  CHECK(has(read.unread.at(0).detail, ": no 0"));
}

TEST_CASE("a document that is too large is not even handed over") {
  const Extractor extractor({.program = "/nowhere", .document_bytes_max = 10});
  CHECK(extractor.run("eleven byte", "a").outcome == Outcome::limit);
  CHECK(extractor.run("ten bytes!", "a").outcome == Outcome::crashed);
}

TEST_CASE("a document takes no more time than is left") {
  const Script script("exec sleep 60");
  const auto start = std::chrono::steady_clock::now();
  CHECK(Extractor({.program = script.path()}).run("some text", "a.txt", 300).outcome == Outcome::limit);
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(limits::document_wall_clock_ms));
}

TEST_CASE("less text and less memory may be given, and what is missing is said") {
  const std::string docx = made::docx(std::vector<std::string>(10'000, "The path is swept on Monday."));
  const Extraction whole = extract_text(docx);
  CHECK(whole.outcome == Outcome::ok);
  const Extraction less =
      Extractor({.program = BEADLE_EXTRACT_PROGRAM, .bounds = {.text_bytes = limits::document_text_bytes_least}})
          .run(docx, "a.docx");
  CHECK(less.outcome == Outcome::limit);
  std::size_t bytes = 0;
  for (const Passage& passage : less.passages) bytes += passage.text.size();
  CHECK(bytes > limits::document_text_bytes_least - 100);
  CHECK(bytes <= limits::document_text_bytes_least);
  REQUIRE(less.unread.size() == 1);
  CHECK(less.unread[0].detail == "more text than is read of one document");

  const Extractor poor({.program = BEADLE_EXTRACT_PROGRAM, .bounds = {.memory_bytes = limits::document_memory_bytes_least}});
  CHECK(poor.run(made::docx({"The path is swept."}), "a.docx").outcome == Outcome::ok);
}

TEST_CASE("names are shown without what could deceive") {
  const Extraction read = Extractor({.program = "/nowhere"})
                              .run("",
                                   "a\n\xE2\x80\xAE"
                                   "fdp.exe\xFF");
  CHECK(read.unread.at(0).path == "a fdp.exe\xEF\xBF\xBD");
}

TEST_CASE("several threads read at once, and nothing is left open") {
  const std::string docx = made::docx({"The contract is confidential."});
  static_cast<void>(extract_text(docx));
  const std::size_t before = open_descriptors();
  std::atomic<int> good = 0;
  {
    std::vector<std::jthread> threads;
    for (int i = 0; i < 6; ++i) {
      threads.emplace_back([&] {
        for (int j = 0; j < 5; ++j) good += has(text_at(extract_text(docx), Place::first_page), "confidential") ? 1 : 0;
      });
    }
  }
  CHECK(good == 30);
  CHECK(open_descriptors() == before);
  CHECK(no_child_is_left());
}
