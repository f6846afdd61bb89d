#include <sys/wait.h>

#include <cstdlib>
#include <string>

#include "catch.h"

// Locks itself in and tries to open and make files, to reach the network, to start processes, to run memory and to signal others.
TEST_CASE("the child cannot get out of its sandbox") {
  const int status = std::system(BEADLE_EXTRACT_PROGRAM " --self-test");
  REQUIRE(WIFEXITED(status));
  CHECK(WEXITSTATUS(status) == 0);
}

TEST_CASE("the child does nothing for who calls it otherwise") {
  CHECK(WEXITSTATUS(std::system(BEADLE_EXTRACT_PROGRAM " /etc/passwd >/dev/null 2>&1")) == 64);
  CHECK(WEXITSTATUS(std::system("echo hello | " BEADLE_EXTRACT_PROGRAM " >/dev/null 2>&1")) == 71);
}
