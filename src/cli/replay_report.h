// What a replay has to say, once for the terminal, JSON and the page (replay_page.h). Holds subjects, addresses and matched words of mail.
#pragma once

#include <string>
#include <vector>

#include "replay/replay.h"
#include "replay/tally.h"

namespace beadle::cli {

struct ReplayReport {
  replay::Tally tally;
  replay::Summary summary;
  std::string council;
  std::string rules, against;  // what they are, for people: "protocol exmouth, rules 0123456789ab"
  std::vector<std::string> sources, remarks;
  std::string date;  // of the report
  bool documents = false, all = false;
};

/// What it cannot show: sentences.
std::vector<std::string> caveats_of(const ReplayReport& report);

std::string to_text(const ReplayReport& report);
/// `run` aside, the same for the same mail and rules, however often it was interrupted.
std::string to_json(const ReplayReport& report);

/// "hold" as people say it: "held".
std::string_view spoken(rules::Action action);
/// "1,234"
std::string counted(std::uint64_t number);
std::uint64_t count_of(const replay::ByAction& actions, rules::Action action);
std::uint64_t sum_of(const replay::ByAction& actions);
inline constexpr rules::Action all_actions[] = {rules::Action::hold, rules::Action::annotate, rules::Action::flag, rules::Action::pass};

}  // namespace beadle::cli
