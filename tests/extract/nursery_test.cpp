// Readers that are forked from one program, instead of started each time. What they read is tested in the other files.
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <thread>

#include "catch.h"
#include "extract/extractor.h"
#include "extract/made.h"
#include "extract/text_of.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::extract;

namespace {

Extractor with_nursery(std::string program = BEADLE_EXTRACT_PROGRAM) { return Extractor({.program = std::move(program), .nursery = true}); }

Extraction read_text(const Extractor& extractor, const std::string& text = "some text") {
  return extractor.run("{\\rtf1 " + text + "}", "a.rtf");
}

std::string command_of(pid_t id) {
  std::ifstream file("/proc/" + std::to_string(id) + "/cmdline");
  std::string words{std::istreambuf_iterator<char>(file), {}};
  std::replace(words.begin(), words.end(), '\0', ' ');
  return words;
}

std::string words_of(const Extraction& read) {
  std::string out;
  for (const Passage& passage : read.passages) out += passage.text + "\n";
  return out;
}

// Children of this process, by what they were started as.
std::vector<pid_t> children(std::string_view with) {
  std::vector<pid_t> out;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    std::ifstream file("/proc/" + name + "/stat");
    std::string line;
    std::getline(file, line);
    const std::size_t end = line.rfind(") ");
    if (end == std::string::npos || std::stoi(line.substr(end + 4)) != getpid()) continue;
    if (has(command_of(std::stoi(name)), std::string(with))) out.push_back(std::stoi(name));
  }
  return out;
}

bool no_child_is_left() { return waitpid(-1, nullptr, WNOHANG) == -1 && errno == ECHILD; }

}  // namespace

TEST_CASE("a nursery brings forth a reader for each document") {
  {
    const Extractor extractor = with_nursery();
    CHECK(children("--nursery").empty());  // nothing was asked yet
    for (int i = 0; i < 5; ++i) {
      const Extraction read = read_text(extractor, "text number " + std::to_string(i));
      CHECK(read.outcome == Outcome::ok);
      CHECK(has(words_of(read), "text number " + std::to_string(i)));
    }
    CHECK(children("--nursery").size() == 1);  // the readers are gone
  }
  CHECK(no_child_is_left());
}

TEST_CASE("a nursery serves several threads") {
  const Extractor extractor = with_nursery();
  std::atomic<int> right{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&, i] {
      for (int k = 0; k < 5; ++k) {
        const std::string text = "thread " + std::to_string(i) + " document " + std::to_string(k);
        if (has(words_of(read_text(extractor, text)), text)) ++right;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(right == 20);
}

TEST_CASE("a nursery that was killed is started again, and costs no document") {
  const Extractor extractor = with_nursery();
  CHECK(read_text(extractor).outcome == Outcome::ok);
  const std::vector<pid_t> first = children("--nursery");
  REQUIRE(first.size() == 1);
  kill(first[0], SIGKILL);
  CHECK(read_text(extractor).outcome == Outcome::ok);
  CHECK(read_text(extractor).outcome == Outcome::ok);
  const std::vector<pid_t> second = children("--nursery");
  REQUIRE(second.size() == 1);
  CHECK(second != first);
}

TEST_CASE("a program that is no nursery still reads, a process for each document") {
  CHECK(with_nursery("/nowhere/beadle-extract").run("x", "a.txt", 5000).outcome == Outcome::crashed);
  CHECK(with_nursery("/bin/true").run("x", "a.txt", 5000).outcome == Outcome::crashed);
  CHECK(no_child_is_left());
}

TEST_CASE("a reader from a nursery has the bounds of any other") {
  const Extractor extractor({.program = BEADLE_EXTRACT_PROGRAM, .bounds = {.text_bytes = 100}, .nursery = true});
  CHECK(read_text(extractor, std::string(100'000, 'x')).outcome == Outcome::limit);
  CHECK(extractor.run("%PDF-1.4\nbroken", "a.pdf").outcome != Outcome::ok);
  CHECK(read_text(extractor, "short").outcome == Outcome::ok);
}

TEST_CASE("a nursery ends when its caller does") {
  int status = 0;
  int ends[2];
  REQUIRE(pipe(ends) == 0);
  const pid_t caller = fork();
  if (caller == 0) {
    const Extractor extractor = with_nursery();
    static_cast<void>(read_text(extractor));
    const std::vector<pid_t> nursery = children("--nursery");
    const pid_t id = nursery.size() == 1 ? nursery[0] : -1;
    static_cast<void>(!write(ends[1], &id, sizeof id));
    _exit(0);  // without a destructor
  }
  pid_t id = -1;
  REQUIRE(read(ends[0], &id, sizeof id) == sizeof id);
  REQUIRE(waitpid(caller, &status, 0) == caller);
  close(ends[0]);
  close(ends[1]);
  REQUIRE(id > 0);
  bool gone = false;
  for (int i = 0; i < 200 && !gone; ++i) {
    gone = !has(command_of(id), "--nursery");
    if (!gone) std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(gone);
}
