// Commands as a user types them: tests/data/cli/*.cmd is a line for the shell ("beadle" stands for the program), .out what it prints,
// and the exit code in its last line. To extend: add a .cmd, run with BEADLE_UPDATE=1, and read what was written.
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include "catch.h"

namespace fs = std::filesystem;

namespace {

std::string read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) text.replace(at, what.size(), by);
}

std::string run(std::string command, const fs::path& folder) {
  replace_all(command, "beadle ", std::string(BEADLE_PROGRAM) + " ");
  command = "cd '" + folder.string() + "' && DATA='" BEADLE_TEST_DATA "/cli' RULES='" BEADLE_SOURCE_DIR "/rules' sh -c '" + command + "' 2>&1";
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  REQUIRE(pipe != nullptr);
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) out.append(buffer.data(), got);
  const int status = ::pclose(pipe);
  // Places on this machine are nobody's business.
  replace_all(out, BEADLE_TEST_DATA "/cli", "$DATA");
  replace_all(out, BEADLE_SOURCE_DIR "/rules", "$RULES");
  return out + "exit " + std::to_string(WIFEXITED(status) ? WEXITSTATUS(status) : -1) + "\n";
}

}  // namespace

TEST_CASE("commands print what their .out file says, and exit as documented") {
  if (!fs::exists(BEADLE_PROGRAM)) {
    WARN("skipped: the program is not built");
    return;
  }
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(fs::path(BEADLE_TEST_DATA) / "cli")) {
    if (entry.path().extension() == ".cmd") files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  REQUIRE_FALSE(files.empty());
  for (const fs::path& file : files) {
    INFO(file.filename().string());
    std::string name = (fs::temp_directory_path() / "beadle-cli-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    std::string command = read_file(file);
    while (!command.empty() && command.back() == '\n') command.pop_back();
    const std::string found = run(command, name);
    fs::remove_all(name);
    const fs::path expectation = fs::path(file).replace_extension(".out");
    if (std::getenv("BEADLE_UPDATE") != nullptr) std::ofstream(expectation, std::ios::binary) << found;
    CHECK(found == read_file(expectation));
  }
}
