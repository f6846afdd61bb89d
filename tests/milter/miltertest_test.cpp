// Runs tests/miltertest/*.lua by OpenDKIM's miltertest, which speaks the protocol as libmilter's authors meant it. Skipped where
// it is not installed. The filter is our server with an intake that goes by the subject.
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <vector>

#include "milter/peer.h"
#include "milter/server.h"

#include "catch.h"

namespace fs = std::filesystem;
using namespace beadle;
using namespace beadle::milter;
using intake::Answer;

namespace {

Answer by_subject(const intake::Arrival& arrival) {
  const auto has = [&](const char* word) { return arrival.bytes.find(std::string("Subject: ") + word) != std::string::npos; };
  Answer answer;
  if (has("throw")) throw std::runtime_error("as asked for");
  if (has("later")) answer.reply = "451 4.3.0 Later";
  if (has("hold")) answer.kind = Answer::Kind::held;
  if (has("pass") || has("annotate")) {
    answer.kind = Answer::Kind::accept;
    answer.add_fields = {{"Beadle-Id", "17"}};
    answer.remove_fields = {"Beadle-Id"};
  }
  if (has("annotate")) {
    answer.edited = arrival.bytes + "\r\nCC Councillor Jane Holt\r\n";
    const std::string plain = "Content-Type: text/plain";
    answer.edited.replace(answer.edited.find(plain), plain.size(), plain + "; charset=utf-8");
  }
  return answer;
}

int run(const std::string& command) {
  const int status = std::system(command.c_str());  // NOLINT: the words are ours
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

}  // namespace

TEST_CASE("miltertest scripts") {
  if (run("command -v miltertest >/dev/null") != 0) {
    WARN("skipped: miltertest is not installed");
    return;
  }
  std::vector<fs::path> scripts;
  for (const auto& entry : fs::directory_iterator(BEADLE_SOURCE_DIR "/tests/miltertest")) {
    if (entry.path().extension() == ".lua") scripts.push_back(entry.path());
  }
  std::sort(scripts.begin(), scripts.end());
  REQUIRE(scripts.size() >= 5);
  RunningServer server(by_subject, {});
  const std::string sockets[] = {"unix:" + server.on_unix().path, "inet:" + std::to_string(server.on_inet().port) + "@127.0.0.1"};
  for (const fs::path& script : scripts) {
    for (const std::string& socket : sockets) {
      INFO(script.filename().string() << " by " << socket);
      CHECK(run("miltertest -D socket=" + socket + " -s " + script.string()) == 0);
    }
  }
}
