// One message of a replay: taken apart, its envelope made again, held against one or two sets of rules with what the record knows by then. Also says what
// of the record it asked, so that whoever runs several at once can tell whether an earlier message would have changed the answer.
// Safe to use from several threads at once. error: try_later, where the matcher ran out of memory or the record fails.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "inspect/inspect.h"
#include "mail/message.h"
#include "replay/outcome.h"
#include "replay/record.h"

namespace beadle::replay {

struct RuleSets {
  std::shared_ptr<const inspect::Policy> policy;
  std::shared_ptr<const inspect::Policy> against;    // nullptr: only one
  std::function<void(mail::Message&)> documents;     // nullptr: attached documents are not read
  bool journal = false;                              // copies are those of a journal (envelope.h)
};

/// Adds mode, reminders and key as a replay has them: everything enforced, nobody waited for.
inspect::Policy for_replay(inspect::Policy policy);

struct Inspected {
  Outcome outcome;
  std::vector<std::string> message_ids;             // that the record was asked for
  bool asked_for_passages = false;                  // and for passages of marked mail
  std::vector<inspect::Fingerprint> fingerprints;   // by which
  std::vector<std::pair<std::string, std::size_t>> passages;  // what it answered: Message-ID, how many
};

/// What look_up_passages answered, without those of the message itself.
std::vector<std::pair<std::string, std::size_t>> passages_of(const std::vector<inspect::SharedPassages>& shared, const std::string& own_id);

class Inspector {
 public:
  Inspector(RuleSets rules, Record& record) : rules_(std::move(rules)), record_(record) {}

  /// `at`: when it was written. `repeated`: there are other messages of its Message-ID, which may be copies of it. `own_address`: of the mailbox.
  Result<Inspected> inspect(std::string bytes, std::optional<Time> at, bool repeated, const std::string& own_address) const;

 private:
  Result<inspect::History> history_of(const mail::Message& message, Inspected& inspected) const;

  RuleSets rules_;
  Record& record_;
};

}  // namespace beadle::replay
