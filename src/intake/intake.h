// What every door calls with a whole message: looks history up, has it inspected, records, holds, and says what the door must answer.
// Durable before the answer. Every failure ends in Kind::try_later, never in a message let through unseen. Verdicts are counted in memory, and which
// mail came by is remembered there, and both are written once a minute: a number that is lost defers no mail, and no mail waits for them.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "base/guarded.h"
#include "base/time.h"
#include "base/turns.h"
#include "inspect/inspect.h"
#include "store/figures.h"
#include "store/store.h"

namespace beadle::intake {

struct Arrival {
  std::string door;  // "milter", "smtp"
  inspect::Envelope envelope;
  std::string bytes;     // the whole message, CRLF line ends
  std::string queue_id;  // of the mail server, "" where unknown
  std::string client;    // "name [address]"
  /// Called at most once, when it has been found that the message may go, while that is still being written down: a door may make ready what comes next.
  /// Nothing of the message leaves before receive() has answered.
  std::function<void()> may_go = nullptr;
  /// The door learns whether the message was taken, and calls Answer::taken then. Of other doors' mail that is believed at once.
  bool learns_outcome = false;
};

struct Answer {
  enum class Kind { accept, held, try_later };
  Kind kind = Kind::try_later;
  std::string id;         // of this message: Beadle-Id
  std::string edited;     // the whole message with the footer; "" where the body stays
  std::string bytes;      // on accept: the message as it came, for doors that send it on themselves
  std::vector<std::pair<std::string, std::string>> add_fields;  // Beadle-Id, Beadle-Verdict, Beadle-Footer
  std::vector<std::string> remove_fields;                       // names of fields that came in as Beadle-*
  std::string reply;      // for the mail server, on try_later: "4.3.0 …"
  std::function<void()> taken = nullptr;  // on accept, for doors that learn the outcome; nullptr where nothing hangs on it
};

/// What intake needs to write notices about a new hold; implemented by deliver/.
using NoticeWriter = std::function<std::vector<store::Notice>(const std::string& id, const Arrival& arrival, const mail::Message& message,
                                                              const inspect::Verdict& verdict)>;

/// Adds what stands in attached documents (documents.h); nullptr where they are not read.
using DocumentReader = std::function<void(mail::Message& message)>;

class Intake {
 public:
  using PolicyPointer = std::shared_ptr<const inspect::Policy>;
  Intake(store::Store& store, PolicyPointer policy, NoticeWriter notices, std::function<Time()> now,
         DocumentReader documents = nullptr);

  /// Takes effect for messages that begin after it.
  void set_policy(PolicyPointer policy);
  PolicyPointer policy();

  Answer receive(Arrival arrival);

  /// Writes what is still in memory (store/figures.h, store/seen_mail.h): once a minute, before mailboxes are audited, at the end of the program.
  void flush();

 private:
  Answer try_later(const Arrival& arrival, const Error& error);
  void count(const Arrival& arrival, const mail::Message& message, const inspect::Verdict& verdict, const inspect::Policy& policy, Time now);

  /// Who sends from the council's own domain and is not in the roster passes for a stranger, past most rules. Logged once for each address.
  void tell_of_unlisted(const Arrival& arrival, const mail::Message& message, const people::Directory& people);

  struct Counting {
    store::Tally counts;
    std::vector<std::string> seen;  // Message-IDs
    Time written{};
    bool empty() const { return counts.empty() && seen.empty(); }
  };

  void write(Counting due);

  store::Store& store_;
  Guarded<PolicyPointer> policy_;
  NoticeWriter notices_;
  std::function<Time()> now_;
  DocumentReader documents_;
  Turns turns_;  // more messages at once than cores would only wait for each other, in memory
  std::atomic<bool> in_trouble_{false};
  Guarded<Counting> counting_;
  std::atomic<bool> uncounted_{false};
  Guarded<std::set<std::string>> unlisted_told_;
};

}  // namespace beadle::intake
