// The style that a test can keep: who may include whom, sources named one way, nothing heavy in headers, no words that do not belong.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;

namespace {

// src/README.md, "Folders, and what each may include".
const std::map<std::string, std::set<std::string>> may_include = {
    {"base", {}},
    {"mail", {"base"}},
    {"people", {"base"}},
    {"rules", {"base"}},
    {"inspect", {"base", "mail", "people", "rules"}},
    {"extract", {"base"}},
    {"config", {"base", "mail", "people", "rules", "inspect"}},
    {"net", {"base"}},
    {"store", {"base", "mail", "people", "rules", "inspect"}},
    {"intake", {"base", "mail", "people", "rules", "inspect", "store", "extract"}},
    {"eval", {"base", "mail", "people", "rules", "inspect", "store", "intake", "extract"}},
    {"replay", {"base", "mail", "people", "rules", "inspect", "store", "intake", "imap", "net", "extract"}},
    {"milter", {"base", "mail", "people", "rules", "inspect", "store", "intake", "net", "extract"}},
    {"smtp", {"base", "mail", "people", "rules", "inspect", "store", "intake", "net", "extract"}},
    {"deliver", {"base", "mail", "people", "rules", "inspect", "store", "intake", "smtp", "net", "extract"}},
    {"imap", {"base", "mail", "people", "rules", "inspect", "store", "intake", "net", "extract"}},
    {"review", {"base", "mail", "people", "rules", "inspect", "store", "intake", "deliver", "smtp", "net", "extract"}},
    {"mailbox", {"base", "mail", "people", "rules", "inspect", "store", "intake", "deliver", "review", "imap", "net", "smtp", "extract"}},
    {"web", {"base", "mail", "people", "rules", "inspect", "store", "intake", "config", "deliver", "review", "net", "smtp", "extract"}},
    {"cli", {"base", "mail", "people", "rules", "inspect", "store", "intake", "config", "deliver", "eval", "replay", "web", "review", "imap", "mailbox", "net", "smtp", "extract"}},
};

struct Source {
  std::string folder;  // "" for main.cpp
  std::string name;    // from src/
  std::string text;
};

std::string read(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<Source> sources() {
  const fs::path root = fs::path(BEADLE_SOURCE_DIR) / "src";
  std::vector<Source> out;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    // What npm fetches for the front end is not ours.
    if (entry.path().string().find("/node_modules/") != std::string::npos) continue;
    const std::string extension = entry.path().extension();
    if (extension != ".cpp" && extension != ".h") continue;
    const fs::path relative = entry.path().lexically_relative(root);
    const std::string folder = relative.has_parent_path() ? relative.begin()->string() : "";
    out.push_back({folder, relative.string(), read(entry.path())});
  }
  return out;
}

std::vector<std::string> matches(const std::string& text, const std::regex& pattern) {
  std::vector<std::string> out;
  for (auto it = std::sregex_iterator(text.begin(), text.end(), pattern); it != std::sregex_iterator(); ++it) out.push_back((*it)[1]);
  return out;
}

}  // namespace

TEST_CASE("folders include only what the map allows") {
  const std::regex include("#include \"([a-z_]+)/(?:[a-z_0-9]+/)*[a-z_0-9]+\\.h\"");
  std::size_t seen = 0;
  for (const Source& source : sources()) {
    if (source.folder.empty()) continue;
    INFO(source.name);
    const auto allowed = may_include.find(source.folder);
    REQUIRE(allowed != may_include.end());
    for (const std::string& folder : matches(source.text, include)) {
      ++seen;
      if (folder == source.folder || allowed->second.contains(folder)) continue;
      FAIL_CHECK(source.folder << "/ may not include " << folder << "/");
    }
  }
  CHECK(seen > 100);
}

// extract hands descriptors to its child over a socket of this machine; sockets that face anybody else are net's.
TEST_CASE("each library has one home, and heavy headers stay out of ours") {
  const std::map<std::string, std::set<std::string>> homes = {
      {"sqlite3.h", {"store"}}, {"re2/", {"rules"}},      {"mimetic/", {"mail"}},   {"curl/", {"smtp", "deliver", "imap"}},
      {"toml++/", {"base"}},    {"CLI/", {"cli"}},        {"sys/socket.h", {"net", "extract"}},
      {"boost/", {"web"}},      {"gumbo", {"web"}},       {"sodium", {"store", "review"}}};
  const std::regex include("#include <([^>]+)>");
  for (const Source& source : sources()) {
    INFO(source.name);
    const bool header = source.name.ends_with(".h");
    for (const std::string& name : matches(source.text, include)) {
      for (const auto& [library, folders] : homes) {
        if (name.starts_with(library) && !folders.contains(source.folder)) FAIL_CHECK("<" << name << "> has no place in " << source.folder << "/");
      }
      if (!header) continue;
      for (const char* heavy : {"nlohmann/json.hpp", "toml++/", "re2/", "CLI/", "fmt/", "unicode/", "regex", "boost/"}) {
        if (name.starts_with(heavy)) FAIL_CHECK("<" << name << "> is too heavy for a header");
      }
    }
  }
}

TEST_CASE("what parses documents stays in the sandboxed child") {
  const std::regex library("#include [<\"](poppler|ytnef|archive|pugixml|seccomp|linux/landlock)[^>\"]*[>\"]");
  const std::regex child("#include \"extract/(child)/");
  for (const Source& source : sources()) {
    if (source.name.starts_with("extract/child/")) continue;
    INFO(source.name);
    for (const std::string& name : matches(source.text, library)) FAIL_CHECK("<" << name << "…> has no place outside extract/child/");
    if (std::regex_search(source.text, child)) FAIL_CHECK("extract/child/ is a program of its own");
  }
}

TEST_CASE("headers guard themselves and say what they are") {
  for (const Source& source : sources()) {
    INFO(source.name);
    if (source.name.ends_with(".h")) {
      CHECK(source.text.starts_with("// "));
      CHECK(source.text.find("#pragma once") != std::string::npos);
    }
    CHECK(std::count(source.text.begin(), source.text.end(), '\n') <= 700);
  }
}

TEST_CASE("what mimetic gets wrong is not called") {
  // Its address getters free what they give back, its codecs join words, and its parser creates fields when asked for them.
  const std::regex banned("\\.\\s*header\\(\\)\\s*\\.\\s*(from|to|cc|bcc|sender|replyto)\\s*\\(|mimetic::(QP|Base64)|\\bcanonical\\s*\\(");
  for (const Source& source : sources()) {
    INFO(source.name);
    if (source.text.find("mimetic/") == std::string::npos) continue;
    CHECK_FALSE(std::regex_search(source.text, banned));
  }
}

TEST_CASE("lines are at most 160 columns and without trailing blanks") {
  for (const Source& source : sources()) {
    std::size_t number = 0;
    for (const std::string_view line : split(source.text, '\n')) {
      ++number;
      if (line.size() > 170) FAIL_CHECK(source.name << ":" << number << " is " << line.size() << " bytes long");
      if (!line.empty() && (line.back() == ' ' || line.back() == '\t')) FAIL_CHECK(source.name << ":" << number << " ends in a blank");
    }
  }
}
