// What an administrator takes from the source tree: the first command that README.md names prints what README.md says; lines for Postfix; units.
#include <algorithm>

#include "base/limits.h"
#include "town.h"

namespace beadle::cli {
namespace {

std::string file_at(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// The fenced blocks below a heading, up to the next one.
std::vector<std::string> blocks_below(const std::string& text, const std::string& heading) {
  std::vector<std::string> blocks;
  const std::size_t begin = text.find("\n" + heading + "\n");
  REQUIRE(begin != std::string::npos);
  const std::string part = text.substr(begin, text.find("\n## ", begin + 1) - begin);
  constexpr std::string_view fence = "\n```\n";
  for (std::size_t at = part.find(fence); at != std::string::npos;) {
    const std::size_t end = part.find(fence, at + fence.size() - 1);
    REQUIRE(end != std::string::npos);
    blocks.push_back(part.substr(at + fence.size(), end + 1 - at - fence.size()));
    at = part.find(fence, end + fence.size() - 1);
  }
  return blocks;
}

}  // namespace

TEST_CASE("the first command of the README prints what stands below it") {
  const std::string source = BEADLE_SOURCE_DIR;
  const auto blocks = blocks_below(file_at(source + "/README.md"), "## One message, without any server");
  REQUIRE(blocks.size() >= 2);
  const std::string program = "build/release/beadle ";
  REQUIRE(blocks[0].starts_with(program));
  const Town town;
  const std::string words = blocks[0].substr(program.size(), blocks[0].size() - program.size() - 1);
  const std::string command = "cd '" + source + "' && " + BEADLE_PROGRAM + " " + words + " >'" + (town / "out") + "' 2>'" + (town / "err") + "'";
  CHECK(std::system(command.c_str()) == 0);  // NOLINT
  CHECK(town.read("err") == "");
  CHECK(town.read("out") == blocks[1]);
  CHECK(blocks[1].starts_with("hold\n"));
}

TEST_CASE("the lines for Postfix work where nothing but Beadle is there") {
  for (const char* name : {"main.cf", "master.cf"}) {
    INFO(name);
    const std::string text = file_at(std::string(BEADLE_SOURCE_DIR) + "/config/postfix/" + name);
    REQUIRE_FALSE(text.empty());
    for (const std::string_view line : split(text, '\n')) {
      INFO(line);
      // OpenDKIM's port: a council without it would have all its mail deferred.
      if (line.find(":8891") != std::string_view::npos) CHECK(line.starts_with("#"));
    }
  }
}

TEST_CASE("systemd lets the service have the threads that its settings may ask for") {
  const std::string unit = file_at(std::string(BEADLE_SOURCE_DIR) + "/systemd/beadle.service");
  const std::size_t at = unit.find("\nTasksMax=");
  REQUIRE(at != std::string::npos);
  // A conversation has a thread, and at most one process that reads documents for it.
  CHECK(std::stoul(unit.substr(at + 10)) > 2 * (limits::connections_max + limits::smtp_connections_max));
}

}  // namespace beadle::cli
