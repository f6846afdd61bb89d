// The child as a process: started with nothing but its input and a pipe for its answer, killed and reaped at the latest by the
// destructor.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "base/descriptor.h"
#include "base/result.h"

namespace beadle::extract {

/// `descriptor` moved above the standard ones, where it would be overwritten while a child's are set up.
Result<Descriptor> above_standard(Descriptor descriptor);
/// A file in memory with these bytes, at its beginning: the child reads it at its own pace, and nobody can block the other.
Result<Descriptor> input_file(std::string_view head, std::string_view body);

struct Pipe {
  Descriptor read, write;
  static Result<Pipe> make();
};

/// Starts `program` with one argument (or none) and this standard input and output (none: nowhere). Takes no shell, no environment, no other
/// descriptor along.
Result<pid_t> spawn(const std::string& program, std::string argument, const Descriptor& input, std::optional<int> output);

class ChildProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// `id`: a child of this process that answers on `output`.
  ChildProcess(pid_t id, Descriptor output) : id_(id), output_(std::move(output)) {}
  /// Starts `program`, which finds `head` and `body` on its standard input.
  static Result<ChildProcess> start(const std::string& program, std::string_view head, std::string_view body);
  ChildProcess(ChildProcess&& other) noexcept : id_(std::exchange(other.id_, -1)), output_(std::move(other.output_)) {}
  ChildProcess& operator=(ChildProcess&&) = delete;
  ~ChildProcess() { kill(); }

  enum class Read { bytes, end, deadline, failed };
  /// Waits for output until `deadline`, and puts what came in `out` (overwritten).
  Read read_some(std::string& out, Deadline deadline);
  /// Waits until the child has ended and gives its wait status; kills it at the deadline.
  int wait(Deadline deadline);
  /// Kills and reaps; nothing where it is gone already.
  void kill();

 private:
  pid_t id_ = -1;
  Descriptor output_;
};

}  // namespace beadle::extract
