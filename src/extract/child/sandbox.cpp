#include "extract/child/sandbox.h"

#include <fcntl.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstring>
#include <memory>

#include "base/limits.h"

namespace beadle::extract {
namespace {

// Sanitizers reserve terabytes of address space.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool bound_memory = false;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool bound_memory = false;
#else
constexpr bool bound_memory = true;
#endif
#else
constexpr bool bound_memory = true;
#endif

std::string problem_of(const char* what) { return std::string(what) + ": " + std::strerror(errno); }

// Rights to files by the version of Landlock that brought them; a kernel refuses a set with rights that it does not know.
std::uint64_t file_rights(long version) {
  constexpr std::uint64_t rights_of_1 = (1ull << 13) - 1;
  std::uint64_t rights = rights_of_1;
  if (version >= 2) rights |= 1ull << 13;  // to move files between folders
  if (version >= 3) rights |= 1ull << 14;  // to truncate
  if (version >= 5) rights |= 1ull << 15;  // to control devices
  return rights;
}

// All rights are handled and none is given. False where the kernel has no Landlock.
bool restrict_files() {
  const long version = syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
  if (version < 1) return false;
  // The first field alone is what every version knows.
  const std::uint64_t handled = file_rights(version);
  const long rules = syscall(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
  if (rules < 0) return false;
  const bool restricted = syscall(SYS_landlock_restrict_self, static_cast<int>(rules), 0) == 0;
  close(static_cast<int>(rules));
  return restricted;
}

bool bound(__rlimit_resource_t resource, rlim_t most, rlim_t hard) {
  const rlimit limit{most, hard};
  return setrlimit(resource, &limit) == 0;
}

bool bound_resources(std::size_t memory_bytes) {
  constexpr rlim_t grace_seconds = 1;  // between SIGXCPU and SIGKILL
  const bool memory = !bound_memory || bound(RLIMIT_AS, memory_bytes, memory_bytes);
  return memory && bound(RLIMIT_CPU, limits::document_cpu_seconds_max, limits::document_cpu_seconds_max + grace_seconds) &&
         bound(RLIMIT_FSIZE, 0, 0) && bound(RLIMIT_NOFILE, 0, 0) && bound(RLIMIT_NPROC, 0, 0) && bound(RLIMIT_CORE, 0, 0) &&
         bound(RLIMIT_MSGQUEUE, 0, 0) && bound(RLIMIT_MEMLOCK, 0, 0);
}

struct Filter {
  scmp_filter_ctx context = seccomp_init(SCMP_ACT_ERRNO(EPERM));
  Filter() = default;
  Filter(const Filter&) = delete;
  Filter& operator=(const Filter&) = delete;
  ~Filter() { seccomp_release(context); }

  bool allow(int call) { return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, call, 0, nullptr) == 0; }
  bool allow_if(int call, scmp_arg_cmp condition) {
    return seccomp_rule_add_array(context, SCMP_ACT_ALLOW, call, 1, &condition) == 0;
  }
};

// What reading from memory and writing to a pipe takes. Refused calls fail with EPERM instead of ending the process: libraries
// look for files that they can do without.
bool allow_calls(Filter& filter) {
  for (const int call : {SCMP_SYS(read),           SCMP_SYS(write),        SCMP_SYS(close),          SCMP_SYS(lseek),
                         SCMP_SYS(fstat),          SCMP_SYS(munmap),       SCMP_SYS(mremap),         SCMP_SYS(brk),
                         SCMP_SYS(madvise),        SCMP_SYS(exit),         SCMP_SYS(exit_group),     SCMP_SYS(rt_sigreturn),
                         SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigaction), SCMP_SYS(sigaltstack),    SCMP_SYS(futex),
                         SCMP_SYS(clock_gettime),  SCMP_SYS(gettimeofday), SCMP_SYS(getrandom),      SCMP_SYS(getpid),
                         SCMP_SYS(gettid),         SCMP_SYS(sched_yield),  SCMP_SYS(restart_syscall)}) {
    if (!filter.allow(call)) return false;
  }
  // Memory, but no new code; and signals to itself only, for abort().
  const scmp_arg_cmp no_code{2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0};
  const scmp_arg_cmp self{0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid()), 0};
  return filter.allow_if(SCMP_SYS(mmap), no_code) && filter.allow_if(SCMP_SYS(mprotect), no_code) &&
         filter.allow_if(SCMP_SYS(tgkill), self) && filter.allow_if(SCMP_SYS(kill), self);
}

}  // namespace

Lock lock_down(std::size_t memory_bytes, bool of_nursery) {
  Lock lock;
  if (!of_nursery) prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    lock.problem = problem_of("no new privileges");
    return lock;
  }
  lock.landlock = restrict_files();
  Filter filter;
  if (filter.context == nullptr || !allow_calls(filter)) {
    lock.problem = "the filter of system calls cannot be built";
    return lock;
  }
  if (!bound_resources(memory_bytes)) {
    lock.problem = problem_of("limits of resources");
    return lock;
  }
  const int refused = seccomp_load(filter.context);
  if (refused != 0) lock.problem = std::string("the filter of system calls: ") + std::strerror(-refused);
  return lock;
}

std::string find_leak() {
  if (open("/etc/passwd", O_RDONLY | O_CLOEXEC) >= 0) return "a file can be opened";
  if (open("/tmp/beadle-extract-leak", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0) return "a file can be made";
  if (syscall(SYS_socket, 1, 1, 0) >= 0) return "a socket can be made";
  const pid_t child = fork();
  if (child == 0) _exit(0);
  if (child > 0) return "a process can be started";
  char name[] = "/bin/true";
  char* arguments[] = {name, nullptr};
  char* environment[] = {nullptr};
  execve(name, arguments, environment);  // comes back only where it is refused
  if (errno != EPERM && errno != EACCES) return "another program is refused for the wrong reason";
  if (mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) != MAP_FAILED)
    return "memory can become code";
  if (syscall(SYS_kill, getppid(), 0) == 0) return "signals reach another process";
  return {};
}

}  // namespace beadle::extract
