// beadle-extract: reads one document from standard input and says on standard output what is in it (extract/wire.h).
// A program of its own, because it links libraries under the GPL, and because what it reads is hostile.
#include <fcntl.h>
#include <sched.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <clocale>
#include <csignal>
#include <cstdio>
#include <string>

#include "base/limits.h"
#include "extract/child/document.h"
#include "extract/child/pdf.h"
#include "extract/child/sandbox.h"
#include "extract/child/tidy.h"
#include "extract/nursery.h"
#include "extract/passing.h"
#include "extract/wire.h"

namespace {

using namespace beadle;
using namespace beadle::extract;

constexpr int exit_ok = 0;
constexpr int exit_usage = 64;
constexpr int exit_data = 65;
constexpr int exit_unlocked = 71;  // sysexits: the system cannot

bool read_all(int number, std::string& out) {
  constexpr std::size_t piece_bytes = 64u << 10;
  constexpr std::size_t input_bytes_max = limits::message_bytes_max + (1u << 20);
  // Of a file the size is known, and no more memory than that is touched.
  struct stat status {};
  const bool is_file = fstat(number, &status) == 0 && S_ISREG(status.st_mode) && status.st_size >= 0;
  if (is_file && static_cast<std::size_t>(status.st_size) >= input_bytes_max) return false;
  if (is_file) out.reserve(static_cast<std::size_t>(status.st_size) + 1);
  while (out.size() < input_bytes_max) {
    const std::size_t had = out.size(), room = out.capacity() - had;
    out.resize(had + (room > 0 ? std::min(room, piece_bytes) : piece_bytes));
    const ssize_t count = read(number, out.data() + had, out.size() - had);
    out.resize(had + (count > 0 ? static_cast<std::size_t>(count) : 0));
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return count == 0;
  }
  return false;
}

// A caller that has gone away wants no answer.
void write_all(int number, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(number, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) _exit(exit_data);
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Everything that libraries load on first use is loaded here: later they cannot.
void warm_up() {
  std::setlocale(LC_CTYPE, "C.UTF-8");  // names in archives are converted by the C library
  warm_up_pdf();
  static_cast<void>(utf8_from_code_page("\xA3", 1252));
}

// Libraries print what they like on standard output: that becomes standard error, and the answer goes where they do not look.
int take_output() {
  const int output = dup(STDOUT_FILENO);
  if (output < 0 || dup2(STDERR_FILENO, STDOUT_FILENO) < 0) _exit(exit_unlocked);
  return output;
}

int refuse(int output, const std::string& why) {
  std::string frame;
  wire::append_failed(frame, why);
  write_all(output, frame);
  std::fprintf(stderr, "beadle-extract: %s\n", why.c_str());
  return exit_unlocked;
}

int self_test() {
  warm_up();
  const Lock lock = lock_down(limits::document_memory_bytes_max);
  if (!lock.problem.empty()) {
    std::fprintf(stderr, "beadle-extract: not locked in: %s\n", lock.problem.c_str());
    return exit_unlocked;
  }
  if (!lock.landlock) std::fputs("beadle-extract: no Landlock here; system calls are filtered all the same\n", stderr);
  const std::string leak = find_leak();
  if (!leak.empty()) std::fprintf(stderr, "beadle-extract: %s\n", leak.c_str());
  return leak.empty() ? exit_ok : exit_unlocked;
}

int run(bool of_nursery) {
  const int output = take_output();
  std::string input;
  const bool whole = read_all(STDIN_FILENO, input);
  const auto request = whole ? wire::parse_request(input) : std::nullopt;
  if (!request) return refuse(output, "not a request");
  if (!of_nursery) warm_up();
  const Lock lock = lock_down(request->bounds.memory_bytes, of_nursery);
  if (!lock.problem.empty()) return refuse(output, lock.problem);
  if (!lock.landlock) std::fputs("beadle-extract: no Landlock here; system calls are filtered all the same\n", stderr);
  Report report([output](std::string_view bytes) { write_all(output, bytes); });
  read_request(report, request->name, request->document, request->bounds.text_bytes);
  report.end();
  return exit_ok;
}

// As fork(), but the new process is a brother: its parent is the caller, who ends and reaps it (extract/nursery.h).
pid_t fork_brother() { return static_cast<pid_t>(syscall(SYS_clone, CLONE_PARENT | SIGCHLD, nullptr, nullptr, nullptr, nullptr)); }

int run_nursery() {
  warm_up();
  while (const auto numbers = take_descriptors(STDIN_FILENO)) {
    const pid_t reader = fork_brother();
    if (reader == 0) {
      // The socket of the nursery is standard input, and gone with this.
      if (dup2((*numbers)[0], STDIN_FILENO) < 0 || dup2((*numbers)[1], STDOUT_FILENO) < 0) return exit_unlocked;
      for (const int number : *numbers) close(number);
      return run(true);
    }
    const std::int32_t answer = reader > 0 ? reader : -errno;
    for (const int number : *numbers) close(number);
    if (send(STDIN_FILENO, &answer, sizeof answer, MSG_NOSIGNAL) != sizeof answer) break;
  }
  return exit_ok;
}

}  // namespace

int main(int count, char** arguments) {
  int code = exit_usage;
  if (count == 1) {
    code = run(false);
  } else if (count == 2 && arguments[1] == nursery_argument) {
    code = run_nursery();
  } else if (count == 2 && std::string_view(arguments[1]) == "--self-test") {
    code = self_test();
  } else {
    std::fputs(
        "usage: beadle-extract [--self-test | --nursery]\n  Reads one document as Beadle sends it. --self-test: locks itself in and tries to "
        "get out. --nursery: forks a reader for each document that Beadle asks for.\n",
        stderr);
  }
  std::fflush(stderr);
  _exit(code);  // destructors of libraries have nothing to do any more, and might want what is refused
}
