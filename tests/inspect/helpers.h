// What tests of inspect/ share: the council of the rule examples, the shipped rules, and short mails.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config/settings.h"
#include "inspect/inspect.h"

namespace beadle::tests {

inline std::string source_folder() { return BEADLE_SOURCE_DIR; }

/// The shipped rules over the example council, enforced. Read once.
inline const inspect::Policy& example_policy() {
  static const inspect::Policy policy = [] {
    config::Settings settings;
    settings.roster = source_folder() + "/rules/examples/roster.toml";
    settings.protocol = "exmouth";
    settings.rules_directory = source_folder() + "/rules";
    Problems problems;
    auto loaded = config::load_policy(settings, problems);
    if (!loaded) throw std::runtime_error(to_string(problems));
    loaded->mode = rules::Mode::enforce;
    return std::move(*loaded);
  }();
  return policy;
}

struct Sent {
  std::string from = "clerk@council.example";
  std::vector<std::string> recipients;
  std::string header;  // fields besides From, CRLF after each
  std::string text;
};

inline std::string bytes_of(const Sent& sent) {
  const bool named = sent.header.find("From:") != std::string::npos;
  return (named ? "" : "From: " + sent.from + "\r\n") + sent.header + "\r\n" + sent.text + "\r\n";
}

inline inspect::Decision decide(const Sent& sent, const inspect::Policy& policy = example_policy()) {
  inspect::Envelope envelope;
  envelope.sender = sent.from;
  envelope.recipients = sent.recipients;
  auto decision = inspect::inspect(mail::parse_message(bytes_of(sent)), envelope, policy, {}, from_ms(0));
  if (!decision) throw std::runtime_error(decision.error().what);
  return std::move(*decision);
}

}  // namespace beadle::tests
