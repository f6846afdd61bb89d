#include "extract/child_process.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <thread>

namespace beadle::extract {
namespace {

Error system_error(std::string_view what) { return {ErrorKind::try_later, std::string(what) + ": " + std::strerror(errno)}; }

bool write_all(int number, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = write(number, bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

struct SpawnSettings {
  posix_spawn_file_actions_t files;
  posix_spawnattr_t attributes;
  SpawnSettings() {
    posix_spawn_file_actions_init(&files);
    posix_spawnattr_init(&attributes);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&files);
    posix_spawnattr_destroy(&attributes);
  }
};

// The daemon blocks and ignores signals of its own; the child starts with none of that.
void reset_signals(posix_spawnattr_t& attributes) {
  sigset_t none;
  sigset_t all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
}

int milliseconds_until(ChildProcess::Deadline deadline) {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
  return static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000));
}

}  // namespace

Result<Descriptor> above_standard(Descriptor descriptor) {
  // Numbers 0 to 2 may be free in a daemon.
  if (!descriptor.is_open()) return system_error("opening a descriptor for the child");
  if (descriptor.number() > STDERR_FILENO) return descriptor;
  Descriptor high(fcntl(descriptor.number(), F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!high.is_open()) return system_error("moving a descriptor");
  return high;
}

Result<Descriptor> input_file(std::string_view head, std::string_view body) {
  Descriptor file = TRY(above_standard(Descriptor(memfd_create("beadle-document", MFD_CLOEXEC))));
  if (!write_all(file.number(), head) || !write_all(file.number(), body)) return system_error("handing over the document");
  if (lseek(file.number(), 0, SEEK_SET) != 0) return system_error("handing over the document");
  return file;
}

Result<Pipe> Pipe::make() {
  int ends[2] = {-1, -1};
  if (pipe2(ends, O_CLOEXEC) != 0) return system_error("making a pipe");
  Descriptor read_low(ends[0]), write_low(ends[1]);
  return Pipe{TRY(above_standard(std::move(read_low))), TRY(above_standard(std::move(write_low)))};
}

Result<pid_t> spawn(const std::string& program, std::string argument, const Descriptor& input, std::optional<int> output) {
  SpawnSettings settings;
  reset_signals(settings.attributes);
  posix_spawn_file_actions_adddup2(&settings.files, input.number(), STDIN_FILENO);
  if (output) {
    posix_spawn_file_actions_adddup2(&settings.files, *output, STDOUT_FILENO);
  } else {
    posix_spawn_file_actions_addopen(&settings.files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  }
  posix_spawn_file_actions_addopen(&settings.files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&settings.files, STDERR_FILENO + 1);
  std::string name = "beadle-extract";
  char* arguments[] = {name.data(), argument.empty() ? nullptr : argument.data(), nullptr};
  char* environment[] = {nullptr};
  pid_t id = -1;
  const int failure = posix_spawn(&id, program.c_str(), &settings.files, &settings.attributes, arguments, environment);
  if (failure != 0) {
    errno = failure;
    return system_error("starting " + program);
  }
  return id;
}

Result<ChildProcess> ChildProcess::start(const std::string& program, std::string_view head, std::string_view body) {
  const Descriptor input = TRY(input_file(head, body));
  Pipe pipe = TRY(Pipe::make());
  const pid_t id = TRY(spawn(program, "", input, pipe.write.number()));
  return ChildProcess(id, std::move(pipe.read));
}

ChildProcess::Read ChildProcess::read_some(std::string& out, Deadline deadline) {
  constexpr std::size_t piece_bytes = 64u << 10;
  while (true) {
    const int left = milliseconds_until(deadline);
    if (left == 0) return Read::deadline;
    pollfd ready{output_.number(), POLLIN, 0};
    const int count = poll(&ready, 1, left);
    if (count < 0 && errno != EINTR) return Read::failed;
    if (count <= 0) continue;
    out.resize(piece_bytes);
    const ssize_t bytes = read(output_.number(), out.data(), out.size());
    if (bytes < 0 && errno == EINTR) continue;
    if (bytes < 0) return Read::failed;
    out.resize(static_cast<std::size_t>(bytes));
    return bytes == 0 ? Read::end : Read::bytes;
  }
}

int ChildProcess::wait(Deadline deadline) {
  int status = 0;
  while (id_ > 0) {
    const bool late = std::chrono::steady_clock::now() >= deadline;
    if (late) ::kill(id_, SIGKILL);
    const pid_t ended = waitpid(id_, &status, late ? 0 : WNOHANG);
    if (ended < 0 && errno == EINTR) continue;
    if (ended != 0) {
      id_ = -1;
      break;
    }
    // Its output has ended, so it is all but gone.
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return status;
}

void ChildProcess::kill() { wait(Deadline::min()); }

}  // namespace beadle::extract
