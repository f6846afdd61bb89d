// Any bytes as an SMTP client. Content never has a bare CR, a bare LF or a NUL, and is what stood in front of CR LF . CR LF; each
// command has one reply, and nothing else has; the same is said and told however the input is cut. The first bytes choose
// settings, answers and the size of pieces; 0x1E stands between what the client sends at once.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "smtp/server_machine.h"

namespace {

using namespace beadle;
using namespace beadle::smtp;
using Kind = ServerMachine::Event::Kind;

void require(bool holds) {
  if (!holds) std::abort();
}

ServerSettings settings_of(unsigned choice) {
  ServerSettings settings;
  settings.host_name = "mail.harbridge.example";
  if ((choice & 1) != 0) {
    settings.offers = parse_extensions({"PIPELINING", "SIZE 100000", "8BITMIME", "SMTPUTF8", "DSN", "ENHANCEDSTATUSCODES",
                                        "STARTTLS", "XFORWARD NAME ADDR PORT PROTO HELO IDENT SOURCE"});
  }
  settings.tls_required = (choice & 2) != 0;
  settings.message_bytes_max = (choice & 4) != 0 ? 20 : 1u << 20;
  settings.recipients_most = 3;
  settings.commands_most = 40;
  settings.errors_most = 10;
  return settings;
}

bool has_bare_line_end(std::string_view content) {
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '\r' && (i + 1 == content.size() || content[i + 1] != '\n')) return true;
    if (content[i] == '\n' && (i == 0 || content[i - 1] != '\r')) return true;
  }
  return false;
}

std::size_t count_replies(std::string_view said) {
  std::size_t count = 0;
  while (!said.empty()) {
    const std::size_t end = said.find("\r\n");
    require(end != std::string_view::npos && end >= 3 && end <= 510);
    const std::string_view line = said.substr(0, end);
    require(std::all_of(line.begin(), line.end(), [](char c) { return c >= ' ' && c < 0x7F; }));
    if (line.size() == 3 || line[3] == ' ') ++count;
    said.remove_prefix(end + 2);
  }
  return count;
}

class Play {
 public:
  Play(unsigned choice, unsigned answers) : machine_(settings_of(choice)), answers_(answers) {}

  void run(std::string_view input, std::size_t piece) {
    said = machine_.greet();
    for (const std::string_view group : split(input, '\x1e')) {
      left_ = group;
      while (!left_.empty() && !closed) take(feed(next(piece)), piece);
    }
    require(count_replies(said) == 1 + machine_.commands() + ends_);
  }

  std::string said, problem;
  std::vector<std::string> told;
  bool closed = false;

 private:
  std::string_view next(std::size_t piece) {
    const std::string_view bytes = left_.substr(0, piece);
    left_.remove_prefix(bytes.size());
    return bytes;
  }

  ServerMachine::Step feed(std::string_view bytes) {
    const bool was_within = machine_.within_data();
    const std::size_t searched = raw_.size() - std::min<std::size_t>(raw_.size(), 4);
    if (was_within) raw_ += bytes;
    auto step = machine_.feed(bytes);
    // A line end is handed on whole, so that each piece can be looked at by itself.
    require(step.content.find('\0') == std::string::npos && !has_bare_line_end(step.content));
    content_ += step.content;
    const std::size_t end = raw_.find("\r\n.\r\n", searched);
    if (was_within) {
      require((end == std::string::npos) == machine_.within_data());
      if (!machine_.within_data()) ++ends_;
    } else {
      require(step.content.empty());
    }
    if (step.event && step.event->kind == Kind::message) {
      require(was_within && end != std::string::npos);
      std::string wanted = raw_.substr(0, end + 2);
      for (std::size_t at = 0; (at = wanted.find("\r\n.", at)) != std::string::npos; at += 2) wanted.erase(at + 2, 1);
      require("\r\n" + content_ == wanted);
    }
    return step;
  }

  void take(ServerMachine::Step step, std::size_t piece) {
    while (true) {
      said += step.replies;
      if (!step.problem.empty()) problem = step.problem;
      closed = step.close;
      if (!step.event) return;
      tell(*step.event);
      look_ahead(*step.event);
      if (closed) return;
      switch (step.event->kind) {
        case Kind::mail:
        case Kind::recipient:
        case Kind::data:
        case Kind::message:
          // As at the door: what waits is read before 354 is said.
          while (step.event->kind == Kind::data && !left_.empty()) require(feed(next(piece)).replies.empty());
          answer(step.event->kind);
          break;
        case Kind::start_tls:
          machine_.tls_started();
          break;
        default:
          break;
      }
      raw_ = "\r\n";
      content_.clear();
      step = feed("");
    }
  }

  void answer(Kind kind) {
    const Reply reply = answer_to(kind);
    if (kind == Kind::mail && !reply.positive()) ahead_.clear();
    said += machine_.answer(reply);
  }

  /// The next hop has been told of them: each has to come, in order, and nothing else before.
  void look_ahead(const ServerMachine::Event& event) {
    if (event.kind == Kind::mail) {
      for (const PathCommand& path : machine_.recipients_ahead(5)) ahead_.push_back(to_command("RCPT", path));
    } else if (!ahead_.empty()) {
      require(event.kind == Kind::recipient && to_command("RCPT", event.path) == ahead_.front());
      ahead_.erase(ahead_.begin());
    }
  }

  void tell(const ServerMachine::Event& event) {
    std::string words = std::to_string(static_cast<int>(event.kind)) + " " + event.text;
    if (event.kind == Kind::mail) words += to_command("MAIL", event.path);
    if (event.kind == Kind::recipient) words += to_command("RCPT", event.path);
    for (const auto& [name, value] : event.attributes) words += " " + name + "=" + to_xtext(value);
    if (event.kind == Kind::message) words += content_;
    told.push_back(words);
  }

  Reply answer_to(Kind kind) {
    const bool refused = (answers_ >> (answered_++ % 8) & 1) != 0;
    if (refused) return {answered_ % 3 == 0 ? 250 : answered_ % 3 == 1 ? 450 : 550, {"5.7.1 No", std::string("\r\n\xff\0", 4)}};
    return reply(kind == Kind::data ? "354 Go on" : "250 2.0.0 Ok");
  }

  ServerMachine machine_;
  std::vector<std::string> ahead_;
  unsigned answers_;
  std::size_t answered_ = 0, ends_ = 0;
  std::string_view left_;
  std::string raw_ = "\r\n", content_;
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 3) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data + 3), size - 3);
  Play whole(data[0], data[2]), pieces(data[0], data[2]);
  whole.run(input, input.size() + 1);
  pieces.run(input, 1 + data[1] % 64u);
  if (!whole.problem.starts_with("input behind ")) {
    require(whole.said == pieces.said && whole.told == pieces.told && whole.problem == pieces.problem &&
            whole.closed == pieces.closed);
  } else {
    // That is what cannot be told from pieces: they go on where the whole was refused, and differ in nothing before.
    const std::string_view agreed = std::string_view(whole.said).substr(0, whole.said.rfind("503 "));
    require(pieces.said.starts_with(agreed) && pieces.told.size() >= whole.told.size());
    require(std::equal(whole.told.begin(), whole.told.end(), pieces.told.begin()));
  }
  return 0;
}
