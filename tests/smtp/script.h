// What the dialogue files of this folder share, and a server that plays one over a loopback socket.
#pragma once

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "net/helpers.h"
#include "net/stream.h"
#include "net/tls.h"

namespace beadle::smtp {

inline std::string unescaped(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\\' || i + 1 == text.size()) {
      out += text[i];
    } else if (const char c = text[++i]; c == 'x') {
      out += static_cast<char>(std::stoi(std::string(text.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      out += c == 'r' ? '\r' : c == 'n' ? '\n' : c == '0' ? '\0' : c;
    }
  }
  return out;
}

/// `repeat N BYTES` or bytes.
inline std::string bytes_of(std::string_view text) {
  if (!text.starts_with("repeat ")) return unescaped(text);
  const auto words = split(text, ' ');
  const std::string once = unescaped(text.substr(8 + words[1].size()));
  std::string out;
  for (int i = std::stoi(std::string(words[1])); i > 0; --i) out += once;
  return out;
}

/// What the server says in a line of a file: with its line end, unless a backslash stands at the end.
inline std::string heard_of(std::string_view text) {
  return text.ends_with('\\') ? bytes_of(text.substr(0, text.size() - 1)) : bytes_of(text) + "\r\n";
}

struct Line {
  std::size_t number = 0;
  std::string whole, what, rest;  // "> 220 ready", ">", "220 ready"
};

struct Script {
  std::string name;
  bool whole_only = false;  // what comes in one read cannot be told apart from what comes late, byte by byte
  std::vector<Line> lines;  // without comments
  bool has(std::string_view what) const {
    return std::any_of(lines.begin(), lines.end(), [&](const Line& line) { return line.what == what; });
  }
};

inline std::vector<Script> scripts(const std::string& folder, std::string_view extension) {
  std::vector<std::filesystem::path> paths;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == extension) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  std::vector<Script> out;
  for (const auto& path : paths) {
    Script script{.name = path.filename().string(), .lines = {}};
    std::ifstream file(path);
    std::size_t number = 0;
    for (std::string line; std::getline(file, line);) {
      ++number;
      if (line == "# whole only") script.whole_only = true;
      if (line.empty() || line.starts_with('#')) continue;
      const std::size_t blank = std::min(line.find(' '), line.size());
      script.lines.push_back({number, line, line.substr(0, blank), line.substr(std::min(blank + 1, line.size()))});
    }
    out.push_back(std::move(script));
  }
  return out;
}

/// Plays one conversation: says what stands behind ">", waits for exactly what stands behind "<", closes at "!". Then waits for a
/// QUIT.
class ScriptedPeer {
 public:
  explicit ScriptedPeer(const Script& script, std::shared_ptr<const net::TlsContext> tls = nullptr)
      : listener_(net::Listener::listen(net::any_port(), {}).value()),
        tls_(std::move(tls)),
        thread_([this, lines = script.lines] { serve(lines); }) {}
  ~ScriptedPeer() { stop_.stop(); }

  const net::Endpoint& endpoint() const { return listener_.endpoint(); }
  /// What did not go as written; "" nothing. Call it when the client has closed, or was never there.
  std::string trouble() {
    stop_.stop();
    thread_.join();
    return trouble_;
  }

 private:
  void serve(const std::vector<Line>& lines) {
    auto accepted = listener_.accept(stop_);
    if (!accepted || !*accepted) return;
    net::Stream stream = std::move(**accepted);
    std::string pending;
    for (const Line& line : lines) {
      if (line.what == "!") return;
      if (line.what == "handshake" && !stream.start_tls_server(*tls_, net::patience(), nullptr)) return;
      if (line.what == "<" && !expect(stream, bytes_of(line.rest) + "\r\n", line.number)) return;
      if (line.what != ">") continue;
      pending += heard_of(line.rest);
      if (line.rest.ends_with('\\')) continue;
      if (!stream.write_all(pending, net::patience(), nullptr)) return;
      pending.clear();
    }
    for (std::size_t from = 0; heard_.find("QUIT\r\n", from) == std::string::npos;) {
      from = heard_.size() - std::min<std::size_t>(heard_.size(), 5);
      if (!hear(stream)) return;
    }
  }

  bool hear(net::Stream& stream) {
    char buffer[4096];
    const auto got = stream.read_some(buffer, sizeof buffer, net::patience(), nullptr);
    if (!got || *got == 0) return false;
    heard_.append(buffer, *got);
    return true;
  }

  bool expect(net::Stream& stream, const std::string& wanted, std::size_t number) {
    while (heard_.size() < wanted.size()) {
      if (!hear(stream)) break;
    }
    if (!heard_.starts_with(wanted)) {
      trouble_ = "line " + std::to_string(number) + ": heard " + heard_;
      return false;
    }
    heard_.erase(0, wanted.size());
    return true;
  }

  net::Listener listener_;
  std::shared_ptr<const net::TlsContext> tls_;
  net::StopSwitch stop_;
  std::string heard_, trouble_;
  std::jthread thread_;
};

}  // namespace beadle::smtp
