// The child as a process: started with nothing but its input and a pipe for its answer, killed and reaped at the latest by the
// destructor.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <string>
#include <string_view>

#include "base/result.h"

namespace beadle::extract {

/// A descriptor that is closed when it goes.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept;
  ~Descriptor() { close(); }
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

class ChildProcess {
 public:
  using Deadline = std::chrono::steady_clock::time_point;

  /// Starts `program`, which finds `head` and `body` on its standard input. Takes no shell, no environment, no other descriptor
  /// along.
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
  ChildProcess(pid_t id, Descriptor output) : id_(id), output_(std::move(output)) {}

  pid_t id_ = -1;
  Descriptor output_;
};

}  // namespace beadle::extract
