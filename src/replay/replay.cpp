#include "replay/replay.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstring>
#include <deque>
#include <exception>

#include "base/guarded.h"
#include "base/limits.h"
#include "replay/in_order.h"
#include "replay/listing.h"
#include "replay/outline.h"
#include "replay/workers.h"

namespace beadle::replay {
namespace {

// Outcomes that wait for one before them, a slow message of 50 MB: some kilobytes each.
constexpr std::uint64_t window = 1024;
// Headers are read in pieces of this many, so that threads seldom meet.
constexpr std::size_t headers_at_once = 64;

using Sources = std::vector<std::unique_ptr<Source>>;

class Failures {
 public:
  void add(Failure failure) {
    auto state = state_.access();
    ++state->count;
    if (state->named.size() < failures_named) state->named.push_back(std::move(failure));
  }
  void give(Summary& summary) {
    auto state = state_.access();
    summary.failures = state->count;
    // By whichever thread they were met, they are named in one order.
    std::sort(state->named.begin(), state->named.end(), [](const Failure& a, const Failure& b) { return a.name < b.name; });
    summary.named_failures = state->named;
  }

 private:
  struct State {
    std::uint64_t count = 0;
    std::vector<Failure> named;
  };
  Guarded<State> state_;
};

/// Result of `act`, an exception of a library as a failure: one message must not end the replay of all others.
template <class Act>
auto guarded(const Act& act) -> decltype(act()) {
  try {
    return act();
  } catch (const std::exception& exception) {
    return Error{ErrorKind::bad_data, exception.what()};
  }
}

class Run {
 public:
  Run(const Sources& sources, const RuleSets& rules, Record& record, Past& past, Journal* journal, Tally& tally, const Options& options)
      : sources_(sources), people_(*rules.policy->people), journals_(rules.journal), inspector_(rules, record), record_(record), past_(past), journal_(journal),
        tally_(tally), options_(options), line_(window, [this](std::uint64_t number, Slot slot) { return settle(number, std::move(slot)); }) {}

  Result<Summary> run() {
    TRY(list());
    order();
    if (const auto failed = *broken_.access()) return *failed;
    const auto started = std::chrono::steady_clock::now();
    if (!is_stopped()) inspect_all();
    summary_.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
    if (journal_ != nullptr) TRY(journal_->flush());
    if (const auto failed = *broken_.access()) return *failed;
    summary_.stopped = is_stopped();
    summary_.done_before = past_.count();
    failures_.give(summary_);
    return summary_;
  }

 private:
  struct Slot {
    Inspected inspected;
    std::optional<Failure> failure;
    std::string journal_line;
    std::uint64_t known = 0;  // how many before it the record had when it was asked
  };
  /// What later messages might have been told, had they come later.
  struct Recent {
    std::uint64_t number = 0;
    std::string message_id;
    bool marked = false;
  };

  bool is_stopped() const { return options_.stop != nullptr && options_.stop->stopped(); }
  void show(Progress::Phase phase, std::uint64_t done, std::uint64_t total) const {
    if (options_.progress) options_.progress({phase, done, total});
  }

  void break_off(const Error& error) {
    auto broken = broken_.access();
    if (!*broken) *broken = error;
  }
  bool is_over() { return is_stopped() || broken_.access()->has_value(); }

  // What the sources have.
  Result<void> list() {
    constexpr std::size_t shown_every = 5'000;
    std::uint64_t expected = 0;
    for (const auto& source : sources_) expected += source->expected();
    for (std::size_t i = 0; i < sources_.size() && !is_stopped(); ++i) {
      const auto found = [&](const Entry& entry) {
        listing_.add(static_cast<std::uint16_t>(i), entry);
        if (listing_.size() % shown_every == 0) show(Progress::Phase::listing, listing_.size(), expected);
      };
      const auto listed = sources_[i]->list(found, [&](Failure failure) { fail(i, std::move(failure)); });
      if (!listed && !is_stopped()) return listed.error();
    }
    summary_.listed = listing_.size();
    return {};
  }

  void fail(std::size_t source, Failure failure) {
    if (sources_.size() > 1) failure.name = sources_[source]->name() + ": " + failure.name;
    failures_.add(std::move(failure));
  }
  void fail(const Listing::Item& item, std::string why) { fail(item.source, {std::string(listing_.name(item)), std::move(why)}); }

  /// Calls `take` with the bytes of each of these messages, by its place in the listing; those of one source are asked for together. false: there is no
  /// going on.
  using TakeMessage = std::function<void(std::size_t index, Result<std::string> bytes)>;
  bool read_together(const std::vector<std::size_t>& wanted, Source::Part part, const TakeMessage& take) {
    for (std::size_t source = 0; source < sources_.size(); ++source) {
      std::vector<std::size_t> indices;
      std::vector<Entry> entries;
      for (const std::size_t index : wanted) {
        if (listing_.item(index).source != source) continue;
        indices.push_back(index);
        entries.push_back(listing_.entry(listing_.item(index)));
      }
      if (entries.empty()) continue;
      const auto read = guarded([&] {
        return sources_[source]->read_together(entries, part, [&](std::size_t i, Result<std::string> bytes) { take(indices[i], std::move(bytes)); });
      });
      if (!read && !is_stopped()) break_off(read.error());
      if (!read) return false;
    }
    return true;
  }

  // Headers only.
  void order() {
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      for (;;) {
        const std::size_t begin = next.fetch_add(headers_at_once);
        if (begin >= listing_.size() || is_over()) return;
        std::vector<std::size_t> wanted;
        for (std::size_t i = begin; i < std::min(begin + headers_at_once, listing_.size()); ++i) {
          if (!is_done_by_name(listing_.item(i))) wanted.push_back(i);
        }
        if (!read_together(wanted, Source::Part::header, [&](std::size_t i, Result<std::string> head) { look_at(listing_.item(i), std::move(head)); })) return;
      }
    };
    run_workers(options_.jobs, work, [&] { show(Progress::Phase::ordering, std::min<std::uint64_t>(next.load(), listing_.size()), listing_.size()); });
    for (std::size_t i = 0; i < listing_.size(); ++i) summary_.incoming += listing_.item(i).state == Listing::Item::State::incoming ? 1 : 0;
    listing_.put_in_order();
    // Whose headers were not read again may have the Message-ID of any other.
    for (std::size_t i = 0; headers_unread_ && i < listing_.size(); ++i) listing_.item(i).repeated = true;
  }

  std::string lasting_name(const Listing::Item& item) const {
    const Source& source = *sources_[item.source];
    return source.identity() + "\n" + std::string(source.lasting(listing_.name(item)));
  }

  bool is_done_by_name(Listing::Item& item) {
    if (!sources_[item.source]->names_suffice() || !past_.is_done(digest_of_name(lasting_name(item)))) return false;
    item.state = Listing::Item::State::done;
    headers_unread_ = true;
    return true;
  }

  void look_at(Listing::Item& item, Result<std::string> head) {
    using State = Listing::Item::State;
    item.state = State::failed;
    const auto outline = guarded([&]() -> Result<Outline> { return outline_from(item, TRY(std::move(head))); });
    if (!outline) return fail(item, outline.error().what);
    if (!outline->has_fields) return fail(item, "is no message: its header has neither From nor Date nor Message-ID");
    if (outline->at) item.at_ms = to_ms(*outline->at);
    item.id_hash = outline->message_id.empty() ? 0 : std::hash<std::string>()(outline->message_id);
    std::copy(outline->digest.begin(), outline->digest.end(), item.digest);
    if (past_.is_done(outline->digest)) item.state = State::done;
    else item.state = outline->outgoing || options_.all ? State::wanted : State::incoming;
  }

  Result<Outline> outline_from(const Listing::Item& item, const std::string& head) {
    const Source& source = *sources_[item.source];
    const std::string name = lasting_name(item);
    Outline outline = outline_of(head, name, people_, journals_);
    if (!outline.whole) outline = outline_of(TRY(source.read(listing_.entry(item), limits::header_block_bytes_max)), name, people_, journals_);
    if (source.names_suffice()) outline.digest = digest_of_name(name);
    return outline;
  }

  // Whole messages.
  void inspect_all() {
    std::size_t together = 1;
    for (const auto& source : sources_) together = std::max(together, source->together());
    std::atomic<std::uint64_t> next{0};
    const auto work = [&] {
      for (;;) {
        if (is_over()) return line_.end();
        const std::uint64_t begin = next.fetch_add(together), end = std::min<std::uint64_t>(begin + together, listing_.size());
        if (begin >= end || !line_.wait_for_turn(end - 1)) return;
        std::vector<std::size_t> numbers;
        for (std::uint64_t number = begin; number < end; ++number) numbers.push_back(number);
        const auto take = [&](std::size_t number, Result<std::string> bytes) { line_.hand_in(number, inspect(number, std::move(bytes))); };
        if (!read_together(numbers, Source::Part::whole, take)) return line_.end();
      }
    };
    run_workers(options_.jobs, work, [&] { show(Progress::Phase::inspecting, line_.delivered(), listing_.size()); });
    show(Progress::Phase::inspecting, line_.delivered(), listing_.size());
    summary_.done_now = done_;
  }

  Slot inspect(std::uint64_t number, Result<std::string> bytes) {
    const Listing::Item& item = listing_.item(number);
    Slot slot;
    slot.known = line_.delivered();
    auto inspected = guarded([&]() -> Result<Inspected> {
      std::string read = TRY(std::move(bytes));
      if (read.size() > limits::message_bytes_max) return Error{ErrorKind::bad_data, "is larger than 50 MB, which a door would hold unread"};
      const auto at = item.at_ms == Listing::undated ? std::nullopt : std::optional(from_ms(item.at_ms));
      return inspector_.inspect(std::move(read), at, item.repeated, sources_[item.source]->own_address());
    });
    if (!inspected) {
      slot.failure = {std::string(listing_.name(item)), inspected.error().what};
      return slot;
    }
    slot.inspected = std::move(*inspected);
    Outcome& outcome = slot.inspected.outcome;
    outcome.digest.assign(item.digest, sizeof item.digest);
    if (!outcome.protected_only) outcome.name = named(item);
    if (journal_ != nullptr) slot.journal_line = to_line(outcome);
    return slot;
  }

  Slot inspect_again(std::uint64_t number) {
    const Listing::Item& item = listing_.item(number);
    ++summary_.again;
    return inspect(number, guarded([&] { return sources_[item.source]->read(listing_.entry(item), limits::message_bytes_max + 1); }));
  }

  std::string named(const Listing::Item& item) const {
    const std::string name(listing_.name(item));
    return sources_.size() > 1 ? sources_[item.source]->name() + ": " + name : name;
  }

  /// Called in order.
  bool settle(std::uint64_t number, Slot slot) {
    if (!slot.failure && would_differ(slot)) slot = inspect_again(number);
    if (slot.failure) {
      fail(listing_.item(number).source, std::move(*slot.failure));
      return true;
    }
    const auto settled = keep(number, slot);
    if (!settled) break_off(settled.error());
    return settled.has_value();
  }

  Result<void> keep(std::uint64_t number, Slot& slot) {
    Outcome& outcome = slot.inspected.outcome;
    if (past_.is_copy(outcome)) {
      Outcome copy;
      copy.digest = outcome.digest;
      copy.at = outcome.at;
      copy.copy = true;
      copy.records_blind = outcome.records_blind;
      outcome = std::move(copy);
      if (journal_ != nullptr) slot.journal_line = to_line(outcome);
    }
    if (outcome.remembered) {
      TRY(record_.remember(*outcome.remembered));
      recent_.push_back({number, outcome.remembered->mail.message_id, outcome.remembered->mail.marked});
      while (recent_.front().number + window + options_.jobs < number) recent_.pop_front();
    }
    if (journal_ != nullptr) TRY(journal_->add_line(slot.journal_line));
    tally_.add(outcome);
    ++done_;
    return {};
  }

  /// Whether the record would now give another answer than when it was asked.
  bool would_differ(const Slot& slot) {
    const Inspected& inspected = slot.inspected;
    bool marked = false;
    for (auto mail = recent_.rbegin(); mail != recent_.rend() && mail->number >= slot.known; ++mail) {
      const auto& ids = inspected.message_ids;
      if (std::find(ids.begin(), ids.end(), mail->message_id) != ids.end()) return true;
      marked = marked || mail->marked;
    }
    if (!marked || !inspected.asked_for_passages) return false;
    if (inspected.fingerprints.empty()) return true;
    const auto now = record_.look_up_passages(inspected.fingerprints);
    return !now || passages_of(*now, inspected.message_ids.front()) != inspected.passages;
  }

  const Sources& sources_;
  const people::Directory& people_;
  const bool journals_;
  Inspector inspector_;
  Record& record_;
  Past& past_;
  Journal* journal_;
  Tally& tally_;
  const Options& options_;
  Listing listing_;
  Failures failures_;
  Summary summary_;
  InOrder<Slot> line_;
  std::deque<Recent> recent_;
  std::uint64_t done_ = 0;
  std::atomic<bool> headers_unread_{false};  // of some that are done
  Guarded<std::optional<Error>> broken_;
};

}  // namespace

Result<void> Past::add(const Outcome& outcome) {
  done_.push_back(outcome.digest);
  if (!outcome.copy) (void)is_copy(outcome);
  if (outcome.remembered) TRY(record_.remember(*outcome.remembered));
  tally_.add(outcome);
  return {};
}

void Past::sort() { std::sort(done_.begin(), done_.end()); }

bool Past::is_done(const std::string& digest) const { return std::binary_search(done_.begin(), done_.end(), digest); }

bool Past::is_copy(const Outcome& outcome) {
  if (outcome.content.empty()) return false;
  const auto [place, is_new] = went_to_.try_emplace(outcome.content);
  auto& known = place->second;
  bool all_known = !is_new;
  for (const std::string& address : outcome.went_to) {
    if (std::find(known.begin(), known.end(), address) != known.end()) continue;
    all_known = false;
    known.push_back(address);
  }
  return all_known;
}

Result<Summary> run(const Sources& sources, const RuleSets& rules, Record& record, Past& past, Journal* journal, Tally& tally, const Options& options) {
  return Run(sources, rules, record, past, journal, tally, options).run();
}

}  // namespace beadle::replay
