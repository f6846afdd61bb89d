#include "mailbox/loop.h"

#include <algorithm>
#include <exception>
#include <thread>

#include "base/log.h"
#include "base/text.h"
#include "store/desk.h"

namespace beadle::mailbox {
namespace {

// How soon changed settings are noticed.
constexpr std::int64_t settings_looked_at_ms = 5'000;
// Between two passes at least, whatever the server says and however often.
constexpr std::int64_t pass_pause_ms = 1'000;
// Without IDLE, how soon it is noticed that something happened in the store.
constexpr std::int64_t store_looked_at_ms = 2'000;
// RFC 2177: a server may hang up on who says nothing for half an hour.
constexpr std::chrono::minutes idle_most{29};
// After a failure: first soon, then twice as late each time.
constexpr std::chrono::seconds again_first{5}, again_most{600};
// Passes of one `beadle imap review`: more than a mailbox shows.
constexpr std::size_t passes_most = shown_most;

/// Of the newest row of the audit trail: whatever happens to held mail is a row of it. 0 where nobody can tell.
std::int64_t newest_act(store::Store& store) {
  store::RegisterQuery query;
  query.most = 1;
  const auto rows = store::Desk(store).register_rows(query);
  return rows && !rows->empty() ? rows->front().number : 0;
}

void log_pass(const Mailbox& mailbox, const PassOutcome& outcome) {
  log(LogLevel::info, "mailbox-reviewed",
      {{"mailbox", mailbox.name},
       {"placed", std::to_string(outcome.placed)},
       {"removed", std::to_string(outcome.removed)},
       {"released", std::to_string(outcome.released)},
       {"returned", std::to_string(outcome.returned)},
       {"refused", std::to_string(outcome.refused)}});
}

/// The work on one mailbox; on a thread of its own.
class Keeper {
 public:
  Keeper(const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools, const net::StopSwitch& stop)
      : mailbox_(mailbox), settings_(settings), tools_(tools), stop_(stop) {}

  void run() {
    for (std::chrono::seconds again = again_first; !stop_.stopped();) {
      passes_ = 0;
      const auto ended = converse();
      if (stop_.stopped()) return;
      if (ended) continue;  // without IDLE each pass has its own connection
      if (passes_ > 0) again = again_first;
      log(LogLevel::warning, "mailbox-review-failed",
          {{"mailbox", mailbox_.name},
           {"why", printable(ended.error().what)},
           {"again-in-seconds", std::to_string(again.count())}});
      net::wait_for_stop(stop_, std::chrono::steady_clock::now() + again);
      again = std::min(again * 2, again_most);
    }
  }

 private:
  /// One connection, for as long as it holds.
  Result<void> converse() {
    try {
      const auto transport = TRY(tools_.connect(mailbox_, &stop_));
      imap::Client client(*transport);
      TRY(client.begin());
      while (true) {
        TRY(pass(client));
        const net::Deadline until = std::chrono::steady_clock::now() + std::min<std::chrono::seconds>(settings_.every, idle_most);
        const auto woken = [&] { return newest_act(tools_.store) != seen_; };
        if (!TRY(client.idle(until, woken))) {
          client.log_out();
          // Once at least, so that a busy store makes no new connection at every moment.
          while (!net::wait_for_stop(stop_, net::after_ms(store_looked_at_ms)) && !woken() &&
                 std::chrono::steady_clock::now() < until) {
          }
          return {};
        }
        if (net::wait_for_stop(stop_, net::after_ms(pass_pause_ms))) return {};
      }
    } catch (const std::exception& exception) {
      return Error{ErrorKind::try_later, exception.what()};
    }
  }

  Result<void> pass(imap::Client& client) {
    for (bool more = true; more;) {
      seen_ = newest_act(tools_.store);
      PassOutcome outcome;
      const auto passed = run_pass(client, mailbox_, settings_, tools_, outcome);
      if (outcome.did_something()) log_pass(mailbox_, outcome);
      TRY(passed);
      ++passes_;
      if (outcome.left_out != left_out_ && outcome.left_out > 0) {
        log(LogLevel::warning, "mailbox-shows-part",
            {{"mailbox", mailbox_.name}, {"shown", std::to_string(shown_most)}, {"left-out", std::to_string(outcome.left_out)}});
      }
      if (outcome.problem != problem_ && !outcome.problem.empty())
        log(LogLevel::warning, "mailbox-shows-not-all", {{"mailbox", mailbox_.name}, {"why", outcome.problem}});
      left_out_ = outcome.left_out;
      problem_ = outcome.problem;
      more = outcome.more && !stop_.stopped();
    }
    return {};
  }

  const Mailbox& mailbox_;
  const DeskSettings& settings_;
  const Tools& tools_;
  const net::StopSwitch& stop_;
  std::int64_t seen_ = 0, left_out_ = 0;
  std::size_t passes_ = 0;  // of this connection that went well
  std::string problem_;
};

}  // namespace

PassOutcome review_once(const Mailbox& mailbox, const DeskSettings& settings, const Tools& tools, const net::StopSwitch* stop) {
  PassOutcome all;
  const auto work = [&]() -> Result<void> {
    const auto transport = TRY(tools.connect(mailbox, stop));
    imap::Client client(*transport);
    TRY(client.begin());
    for (std::size_t passes = 0; passes < passes_most; ++passes) {
      PassOutcome one;
      const auto passed = run_pass(client, mailbox, settings, tools, one);
      all.placed += one.placed;
      all.removed += one.removed;
      all.released += one.released;
      all.returned += one.returned;
      all.refused += one.refused;
      all.left_out = one.left_out;
      all.problem = one.problem;
      TRY(passed);
      if (!one.more) break;
    }
    client.log_out();
    return {};
  };
  try {
    if (const auto worked = work(); !worked) all.problem = printable(worked.error().what);
  } catch (const std::exception& exception) {
    all.problem = printable(exception.what());
  }
  return all;
}

void run_desk_loop(const std::function<DeskSettings()>& settings, const Tools& tools, const net::StopSwitch& stop) {
  while (!stop.stopped()) {
    const DeskSettings current = settings();
    net::StopSwitch over;
    std::vector<std::jthread> threads;
    for (const Mailbox& mailbox : current.mailboxes) threads.emplace_back([&] { Keeper(mailbox, current, tools, over).run(); });
    while (!net::wait_for_stop(stop, net::after_ms(settings_looked_at_ms)) && settings() == current) {
    }
    over.stop();
  }
}

}  // namespace beadle::mailbox
