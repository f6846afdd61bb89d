// A child program that has everything loaded, and brings forth a reader for each document by forking itself: that takes a tenth of starting
// the program anew. It reads no document, and holds nothing of one.
//
// They speak over its standard input, a socket of packets. To it: two descriptors (passing.h), the request to read, and where its answer
// goes. From it: i32, the reader's process id, or what went wrong (negative errno). The reader is a child of the caller, not of the nursery
// (CLONE_PARENT), so that ChildProcess ends and reaps it as any other.
// Goes wrong: the program is missing or is no nursery, it dies, or says nothing for limits::document_start_ms_max. Then it is ended, and the
// caller starts a program of its own for this document (extractor.cpp).
#pragma once

#include <mutex>
#include <string>
#include <string_view>

#include "extract/child_process.h"

namespace beadle::extract {

/// The argument that makes `beadle-extract` one.
inline constexpr std::string_view nursery_argument = "--nursery";

class Nursery {
 public:
  explicit Nursery(std::string program) : program_(std::move(program)) {}
  ~Nursery();
  Nursery(const Nursery&) = delete;
  Nursery& operator=(const Nursery&) = delete;

  /// As ChildProcess::start. Starts the program where it does not run (yet, or any more). Safe to call from several threads at once.
  Result<ChildProcess> start(std::string_view head, std::string_view body);

 private:
  Result<void> launch();
  Result<pid_t> ask(const Descriptor& input, const Descriptor& output);
  void end();

  std::string program_;
  std::mutex mutex_;
  Descriptor socket_;
  pid_t id_ = -1;
};

}  // namespace beadle::extract
