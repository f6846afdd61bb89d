// A folder of its own for each test, and what the socket tests share.
#pragma once

#include <stdlib.h>

#include <filesystem>
#include <string>

#include "net/stream.h"

namespace beadle::net {

class TemporaryFolder {
 public:
  TemporaryFolder() {
    char name[] = "/tmp/beadle-test-XXXXXX";
    path_ = ::mkdtemp(name);
  }
  ~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

inline Endpoint unix_endpoint(const std::string& path) { return {Endpoint::Kind::unix_socket, path, "", 0}; }
inline Endpoint any_port(const std::string& host = "127.0.0.1") { return {Endpoint::Kind::inet, "", host, 0}; }

/// Long enough that a test which meets it has failed.
inline Deadline patience() { return after_ms(30'000); }

}  // namespace beadle::net
