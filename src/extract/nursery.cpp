#include "extract/nursery.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/limits.h"
#include "extract/passing.h"

namespace beadle::extract {
namespace {

Error system_error(std::string_view what, int number = errno) { return {ErrorKind::try_later, std::string(what) + ": " + std::strerror(number)}; }

}  // namespace

Nursery::~Nursery() { end(); }

Result<ChildProcess> Nursery::start(std::string_view head, std::string_view body) {
  const Descriptor input = TRY(input_file(head, body));
  Pipe pipe = TRY(Pipe::make());
  const std::lock_guard lock(mutex_);
  if (id_ < 0) TRY(launch());
  const Result<pid_t> reader = ask(input, pipe.write);
  if (!reader) {
    end();
    return reader.error();
  }
  return ChildProcess(*reader, std::move(pipe.read));
}

Result<void> Nursery::launch() {
  int ends[2] = {-1, -1};
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return system_error("making a pair of sockets");
  Descriptor first(ends[0]), second(ends[1]);
  socket_ = TRY(above_standard(std::move(first)));
  const Descriptor its_end = TRY(above_standard(std::move(second)));
  id_ = TRY(spawn(program_, std::string(nursery_argument), its_end, std::nullopt));
  return {};
}

Result<pid_t> Nursery::ask(const Descriptor& input, const Descriptor& output) {
  if (!pass_descriptors(socket_.number(), {input.number(), output.number()})) return system_error("asking for a reader of documents");
  pollfd ready{socket_.number(), POLLIN, 0};
  int count = 0;
  do {
    count = poll(&ready, 1, static_cast<int>(limits::document_start_ms_max));
  } while (count < 0 && errno == EINTR);
  std::int32_t answer = 0;
  if (count != 1 || recv(socket_.number(), &answer, sizeof answer, MSG_DONTWAIT) != sizeof answer) {
    return Error{ErrorKind::try_later, "the nursery of readers does not answer"};
  }
  if (answer <= 0) return system_error("forking a reader of documents", -answer);
  return answer;
}

void Nursery::end() {
  socket_.close();  // it ends by itself, too
  if (id_ > 0) {
    ::kill(id_, SIGKILL);
    while (waitpid(id_, nullptr, 0) < 0 && errno == EINTR) {
    }
  }
  id_ = -1;
}

}  // namespace beadle::extract
