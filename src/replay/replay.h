// A replay: lists what the sources have, reads the headers for order, and then inspects message after message, by several threads, with the same findings
// as if they had come one by one in the order of their dates. Each is inspected with what the record knows at that moment; when its turn comes, and a
// message before it has changed what it would have been told, it is inspected once more. So order costs nothing but the few that answer each other.
// What cannot be read is counted and named, and the replay goes on. Only a journal or record that cannot be written ends it, or a source that is no longer
// there; what was done until then stands in the journal.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "net/stream.h"
#include "replay/inspector.h"
#include "replay/journal.h"
#include "replay/source.h"
#include "replay/tally.h"

namespace beadle::replay {

struct Progress {
  enum class Phase { listing, ordering, inspecting } phase = Phase::listing;
  std::uint64_t done = 0, total = 0;  // of this phase; what an earlier run did is in neither
};

struct Options {
  unsigned jobs = 1;
  bool all = false;  // also mail that nobody of the council sent
  const net::StopSwitch* stop = nullptr;                     // thrown by a signal: the messages at hand are finished, then it ends
  std::function<void(const Progress&)> progress = nullptr;  // called a few times a second
};

struct Summary {
  std::uint64_t listed = 0;
  std::uint64_t incoming = 0;  // nobody of the council sent it
  std::uint64_t done_before = 0, done_now = 0, again = 0;  // again: inspected twice, because an earlier one changed the answer
  std::uint64_t failures = 0;
  std::vector<Failure> named_failures;  // the first ones
  bool stopped = false;
  double seconds = 0;  // of inspecting
};
inline constexpr std::size_t failures_named = 100;

/// What an earlier run did, taken up again (Journal::open hands it over outcome by outcome).
class Past {
 public:
  Past(Tally& tally, Record& record) : tally_(tally), record_(record) {}
  Result<void> add(const Outcome& outcome);
  bool is_done(const std::string& digest) const;
  void sort();

  /// Whether all of that was inspected before: the same words, to the same people. Else remembers it.
  bool is_copy(const Outcome& outcome);
  std::uint64_t count() const { return done_.size(); }

 private:
  Tally& tally_;
  Record& record_;
  std::vector<std::string> done_;
  std::unordered_map<std::string, std::vector<std::string>> went_to_;  // by content
};

/// `past` is sorted. `journal` may be nullptr.
Result<Summary> run(const std::vector<std::unique_ptr<Source>>& sources, const RuleSets& rules, Record& record, Past& past, Journal* journal, Tally& tally,
                    const Options& options);

}  // namespace beadle::replay
