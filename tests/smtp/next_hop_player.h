// What tests of the next hop share: settings as a dialogue file says, and its dialogue over a socket.
#pragma once

#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/text.h"
#include "smtp/next_hop.h"
#include "smtp/script.h"

#include "catch.h"

namespace beadle::smtp {

inline std::string words(const Extensions& extensions) {
  std::vector<std::string> out;
  if (extensions.pipelining) out.push_back("pipelining");
  if (extensions.eight_bit_mime) out.push_back("8bitmime");
  if (extensions.smtputf8) out.push_back("smtputf8");
  if (extensions.dsn) out.push_back("dsn");
  if (extensions.enhanced_codes) out.push_back("enhanced");
  if (extensions.starttls) out.push_back("starttls");
  if (extensions.size) out.push_back("size=" + std::to_string(extensions.size_bytes));
  if (!extensions.xforward.empty()) out.push_back("xforward=" + joined(extensions.xforward, ","));
  if (!extensions.auth.empty()) out.push_back("auth=" + joined(extensions.auth, ","));
  return joined(out, " ");
}

inline std::shared_ptr<const net::TlsContext> any_context() {
  net::TlsContext::Trust anybody;
  anybody.verify = false;
  return net::TlsContext::client(anybody).value();
}

inline NextHopSettings settings_for(const Script& script) {
  NextHopSettings settings;
  settings.helo_name = "mail.harbridge.example";
  settings.tls_name = "mail.harbridge.example";
  if (!script.has("no-context")) settings.tls_context = any_context();
  for (const Line& line : script.lines) {
    if (line.what == "user") settings.user = bytes_of(line.rest);
    if (line.what == "password") settings.password = bytes_of(line.rest);
    if (line.what != "tls") continue;
    settings.tls = line.rest == "never"      ? NextHopSettings::Tls::never
                   : line.rest == "required" ? NextHopSettings::Tls::required
                                             : NextHopSettings::Tls::if_offered;
  }
  return settings;
}

inline bool is_setting(const std::string& what) {
  return what == "tls" || what == "no-context" || what == "user" || what == "password" || what == "remote";
}

inline std::vector<Script> dialogues() { return scripts(BEADLE_TEST_DATA "/smtp/next-hop", ".txt"); }

inline NextHopSettings settings_to(const net::Endpoint& endpoint) {
  NextHopSettings settings;
  settings.endpoint = endpoint;
  settings.helo_name = "mail.harbridge.example";
  return settings;
}

inline std::vector<std::string> group_of(std::string_view line) {
  std::vector<std::string> lines;
  for (const std::string_view part : split(line, '|')) lines.emplace_back(trimmed(part));
  return lines;
}

/// The same over a socket: what opens, commands and fails is asked of NextHop.
class LivePlayer {
 public:
  explicit LivePlayer(const Script& script, const std::shared_ptr<const net::TlsContext>& tls = nullptr) : peer_(script, tls) {
    NextHopSettings settings = settings_for(script);
    settings.endpoint = peer_.endpoint();
    auto opened = NextHop::open(settings, nullptr);
    if (opened)
      hop_.emplace(*std::move(opened));
    else
      failed_ = opened.error().what;
  }

  void play(const Line& line) {
    if (line.what == "ready") {
      INFO(failed_);
      REQUIRE(hop_);
      CHECK(words(hop_->extensions()) == line.rest);
    } else if (line.what == "command") {
      REQUIRE(hop_);
      take(hop_->command(line.rest));
    } else if (line.what == "group") {
      REQUIRE(hop_);
      auto replies = hop_->group(group_of(line.rest));
      in_lost_group_ = !replies;
      if (replies)
        replies_.assign(replies->begin(), replies->end());
      else
        failed_ = replies.error().what;
    } else if (line.what == "content") {
      REQUIRE(hop_);
      take(hop_->content(bytes_of(line.rest)));
    } else if (line.what == "=") {
      if (in_lost_group_) return;  // what was replied before is not told
      INFO(failed_);
      REQUIRE_FALSE(replies_.empty());
      CHECK(to_words(replies_.front()) == line.rest);
      replies_.pop_front();
    } else if (line.what == "failed") {
      if (failed_.empty() && hop_) wait_for_failure();
      CHECK(failed_ == line.rest);
      failed_.clear();
    }
  }

  void end() {
    CHECK(failed_ == "");
    CHECK(replies_.empty());
    if (hop_) hop_->quit();
    hop_.reset();
    CHECK(peer_.trouble() == "");
  }

 private:
  void take(const Result<Reply>& result) {
    if (result)
      replies_.push_back(*result);
    else
      failed_ = result.error().what;
  }

  void wait_for_failure() {
    const net::Deadline deadline = net::patience();
    while (hop_->usable() && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
    const auto refused = hop_->command("NOOP");
    REQUIRE_FALSE(refused);
    failed_ = refused.error().what;
  }

  ScriptedPeer peer_;
  std::optional<NextHop> hop_;
  std::deque<Reply> replies_;
  bool in_lost_group_ = false;
  std::string failed_;
};

}  // namespace beadle::smtp
