// Locks this process in: no files, no network, no other programs, bounded memory and time. What parses documents after it may be
// taken over by one, and can then do no more than write to the pipe that it has.
#pragma once

#include <cstddef>
#include <string>

namespace beadle::extract {

struct Lock {
  std::string problem;    // why it could not be locked in; then nothing may be read. Empty where it was.
  bool landlock = false;  // file access is refused twice: by Landlock too. Kernels before 5.13 do not have it.
};

/// All that is needed later must be open and loaded before. In this order: no new privileges, Landlock, limits of resources,
/// system calls. `memory_bytes`: of address space, what is in use already included.
/// `of_nursery`: who is called parent is a thread of the caller, which may end before this does, and must not take it along.
Lock lock_down(std::size_t memory_bytes, bool of_nursery = false);

/// To be called when locked in: tries what must not work. Empty, or what worked all the same.
std::string find_leak();

}  // namespace beadle::extract
