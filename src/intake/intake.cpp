#include "intake/intake.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "intake/record.h"
#include "mail/footer_mark.h"
#include "people/address.h"
#include "store/seen_mail.h"

namespace beadle::intake {
namespace {

constexpr std::chrono::minutes counts_written_every{1};
// Message-IDs that wait to be written: some minutes of a large council's mail. Of more, an audit would say that they never came by; that is logged.
constexpr std::size_t seen_waiting_most = 50'000;
constexpr std::size_t message_id_bytes_most = 1'000;
// Addresses that are said to be in no roster, each once: more than a council has mailboxes.
constexpr std::size_t unlisted_told_most = 2'000;
// Mail servers give a filter 100 s or more, of which reading the documents may take 30 by default: who waits longer would be answered when nobody listens.
constexpr std::chrono::seconds turn_patience{40};

// Fields that the sender's program writes (RFC 5322 §3.6, RFC 2045): by them one message is told from another, also where it has no Message-ID. What mail
// servers and filters on the way put on is new with each try.
bool is_of_sender(std::string_view name) {
  static constexpr std::string_view names[] = {"Date",     "From",        "Sender",     "Reply-To", "To",       "Cc",          "Bcc",
                                               "Subject",  "Message-ID",  "In-Reply-To", "References", "Comments", "Keywords", "MIME-Version",
                                               "Importance", "Sensitivity"};
  return ascii_istarts_with(name, "content-") || ascii_istarts_with(name, "resent-") ||
         std::any_of(std::begin(names), std::end(names), [&](std::string_view one) { return ascii_iequals(one, name); });
}

std::string fields_of_sender(const mail::Message& message) {
  std::string fields;
  if (message.parts.empty()) return fields;
  for (const mail::Field& field : message.parts.front().fields) {
    if (is_of_sender(field.name)) fields += mail::slice(message.bytes, field.whole);
  }
  return fields;
}

// The same submission again (a mail server that lost our answer) must join the existing hold, not make a second one.
std::string intake_key(const Arrival& arrival, const mail::Message& message) {
  std::vector<std::string> recipients;
  for (const std::string& address : arrival.envelope.recipients) recipients.push_back(people::address_key(address));
  std::sort(recipients.begin(), recipients.end());
  const mail::Range body = message.parts.empty() ? mail::Range{} : message.parts.front().body;
  const std::string content = sha256_hex(mail::slice(message.bytes, body));
  return sha256_hex(people::address_key(arrival.envelope.sender) + "\n" + sha256_hex(fields_of_sender(message)) + "\n" + joined(recipients, ",") + "\n" + content);
}

// RFC 5321 §4.4: a released message keeps the trace of its submission, which a milter does not see.
std::string received_field(const Arrival& arrival, const std::string& id, Time now) {
  std::string field = "Received: ";
  if (!arrival.client.empty()) field += "from " + printable(shortened(arrival.client, 300)) + "\r\n\t";
  field += "by beadle (held for review) with ESMTP id " + id + ";\r\n\t" + to_rfc5322(now) + "\r\n";
  return field;
}

// Ids are sortable by time and cannot be guessed; held mail gets the store's own.
std::string new_id(Time now) { return hex(random_bytes(8)) + "-" + std::to_string(to_ms(now)); }

bool is_beadle_field(std::string_view name) { return ascii_istarts_with(name, "beadle-"); }

// Should a released message come by again, its line is known by this.
std::string mark_field(const inspect::Decision& decision) {
  return decision.footer_mark.empty() ? "" : std::string(mail::footer_field) + ": " + decision.footer_mark + "\r\n";
}

// Who writes, for the figures; of mail to protected addresses nothing but that it was.
std::string role_of(const Arrival& arrival, const mail::Message& message, const inspect::Policy& policy) {
  const std::string from = message.from.empty() ? "" : message.from.front().address;
  return sender_role(policy.people->person_at(from) != nullptr ? from : arrival.envelope.sender, *policy.people);
}

store::Counted counted_of(const Arrival& arrival, const mail::Message& message, const inspect::Verdict& verdict, const inspect::Policy& policy) {
  if (verdict.protected_only) return {.action = "protected", .role = "other", .clauses = {}};
  store::Counted counted{.action = std::string(rules::to_string(verdict.enforced)), .role = role_of(arrival, message, policy), .clauses = {}};
  for (const inspect::Finding& finding : verdict.findings) {
    const bool known = std::find(counted.clauses.begin(), counted.clauses.end(), finding.clause) != counted.clauses.end();
    if (!known) counted.clauses.push_back(finding.clause);
  }
  return counted;
}

std::string shown_clauses(const inspect::Verdict& verdict) {
  std::vector<std::string> clauses;
  for (const inspect::Finding& finding : verdict.findings) clauses.push_back(finding.clause);
  return joined(clauses, ",");
}

// No words, no names: the trail is kept for years. By its Message-ID people find the mail where it went, or was sent from.
std::string detail_of(const std::string& id, const Arrival& arrival, const mail::Message& message, const inspect::Verdict& verdict, const std::string& rules) {
  return nlohmann::json{{"id", id},
                        {"would-be", rules::to_string(verdict.action)},
                        {"clauses", shown_clauses(verdict)},
                        {"message-id", printable(shortened(message.message_id, message_id_bytes_most))},
                        {"queue-id", printable(shortened(arrival.queue_id, message_id_bytes_most))},
                        {"rules", rules}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

Intake::Intake(store::Store& store, PolicyPointer policy, NoticeWriter notices, std::function<Time()> now, DocumentReader documents)
    : store_(store), policy_(std::move(policy)), notices_(std::move(notices)), now_(std::move(now)), documents_(std::move(documents)),
      turns_(std::max(1u, std::thread::hardware_concurrency())) {}

void Intake::set_policy(PolicyPointer policy) { *policy_.access() = std::move(policy); }

Intake::PolicyPointer Intake::policy() { return *policy_.access(); }

Answer Intake::try_later(const Arrival& arrival, const Error& error) {
  // Said once when trouble begins and once when it ends, not for every message.
  if (!in_trouble_.exchange(true)) log(LogLevel::error, "deferring", {{"why", error.what}, {"door", arrival.door}});
  Answer answer;
  answer.kind = Answer::Kind::try_later;
  answer.reply = "451 4.3.0 Message cannot be checked at the moment; please try again later";
  return answer;
}

void Intake::count(const Arrival& arrival, const mail::Message& message, const inspect::Verdict& verdict, const inspect::Policy& policy, Time now) {
  const store::Counted counted = counted_of(arrival, message, verdict, policy);
  Counting due;
  {
    auto counting = counting_.access();
    bool all = counting->counts.add(counted, now);
    // Of mail to protected addresses nothing is kept, not that there was any.
    if (!verdict.protected_only && !message.message_id.empty() && message.message_id.size() <= message_id_bytes_most) {
      all = all && counting->seen.size() < seen_waiting_most;
      if (counting->seen.size() < seen_waiting_most) counting->seen.push_back(message.message_id);
    }
    if (!all && !uncounted_.exchange(true)) log(LogLevel::error, "verdicts-uncounted", {{"why", "too many wait to be written"}});
    // A clock that is set back must not keep them for ever.
    const bool is_time = now - counting->written >= counts_written_every || now < counting->written;
    if (!is_time) return;
    due = std::exchange(*counting, Counting());
    counting->written = now;
  }
  write(std::move(due));
}

void Intake::flush() {
  Counting due;
  {
    auto counting = counting_.access();
    due = std::exchange(*counting, Counting());
    counting->written = due.written;
  }
  write(std::move(due));
}

void Intake::write(Counting due) {
  if (due.empty()) return;
  const auto write_seen = [&]() -> Result<void> {
    if (due.seen.empty()) return {};
    store::SeenMail seen = TRY(store::SeenMail::open(store_));
    return seen.add(due.seen, day_of(now_()));
  };
  Result<void> written = write_seen();
  if (written) {
    due.seen.clear();
    written = store::Figures(store_).add(due.counts);
  }
  if (written) {
    if (uncounted_.exchange(false)) log(LogLevel::notice, "verdicts-counted-again", {});
    return;
  }
  if (!uncounted_.exchange(true)) log(LogLevel::error, "verdicts-uncounted", {{"why", written.error().what}});
  auto counting = counting_.access();
  for (const store::Tally::Row& row : due.counts.rows()) counting->counts.add(row);
  const std::size_t room = seen_waiting_most - std::min(seen_waiting_most, counting->seen.size());
  due.seen.resize(std::min(due.seen.size(), room));
  counting->seen.insert(counting->seen.end(), due.seen.begin(), due.seen.end());
}

void Intake::tell_of_unlisted(const Arrival& arrival, const mail::Message& message, const people::Directory& people) {
  std::vector<std::string> senders{arrival.envelope.sender};
  for (const mail::Mailbox& mailbox : message.from) senders.push_back(mailbox.address);
  for (const std::string& address : senders) {
    if (!people.is_own_domain(address) || people.person_at(address) != nullptr || people.list_at(address) != nullptr ||
        !people.contact_kinds_of(address).empty()) {
      continue;
    }
    auto told = unlisted_told_.access();
    const bool is_new = told->size() < unlisted_told_most && told->insert(people::address_key(address)).second;
    if (is_new) log(LogLevel::warning, "sender-not-in-roster", {{"address", printable(shortened(address, limits::address_bytes_max))}});
  }
}

Answer Intake::receive(Arrival arrival) {
  std::optional<Turns::Turn> turn(std::in_place, turns_, std::chrono::steady_clock::now() + turn_patience);
  if (!turn->taken()) return try_later(arrival, {ErrorKind::try_later, "more messages at once than can be inspected"});
  const PolicyPointer policy = this->policy();
  const Time now = now_();
  const auto started = std::chrono::steady_clock::now();
  mail::Message message = mail::parse_message(std::move(arrival.bytes));
  arrival.bytes.clear();
  if (documents_) documents_(message);

  const auto history = history_of(message, *policy, store_);
  if (!history) return try_later(arrival, history.error());

  const auto decision = inspect::inspect(message, arrival.envelope, *policy, *history, now);
  if (!decision) return try_later(arrival, decision.error());
  const inspect::Verdict& verdict = decision->verdict;
  if (!verdict.protected_only) tell_of_unlisted(arrival, message, *policy->people);

  Answer answer;
  answer.id = new_id(now);
  for (const mail::Field& field : message.parts.front().fields) {
    if (is_beadle_field(field.name)) answer.remove_fields.push_back(field.name);
  }

  if (verdict.enforced == inspect::Action::hold) {
    store::NewHeld held;
    held.door = arrival.door;
    held.envelope = arrival.envelope;
    held.bytes = message.bytes;
    held.verdict_json = inspect::to_json(verdict);
    held.from = message.from.empty() ? arrival.envelope.sender : message.from.front().address;
    held.subject = message.subject;
    held.message_id = message.message_id;
    held.queue_id = arrival.queue_id;
    held.client = arrival.client;
    for (const inspect::Finding& finding : verdict.findings) held.clauses.push_back(finding.clause);
    held.intake_key = intake_key(arrival, message);
    // Received last: should the message begin with a line that goes on, it is not one of our fields that it goes on with.
    held.release_bytes = mark_field(*decision) + received_field(arrival, answer.id, now) +
                         (decision->edited.empty() ? message.bytes : decision->edited);
    const auto outcome =
        store_.hold(held, now, [&](const std::string& id) { return notices_(id, arrival, message, verdict); });
    if (!outcome) return try_later(arrival, outcome.error());
    answer.kind = Answer::Kind::held;
    answer.id = outcome->id;
    if (!outcome->joined) count(arrival, message, verdict, *policy, now);  // at once: should anything fail below, it comes again and joins
  } else {
    answer.kind = Answer::Kind::accept;
    answer.edited = decision->edited;
    answer.add_fields = {{"Beadle-Id", answer.id},
                         {"Beadle-Verdict", std::string(rules::to_string(verdict.enforced)) + "; rules=" + policy->digest}};
    if (!decision->footer_mark.empty()) answer.add_fields.emplace_back(std::string(mail::footer_field), decision->footer_mark);
  }

  auto remembered = remember_soon(message, arrival.envelope, *policy, verdict, store_, now);
  if (!remembered) return try_later(arrival, remembered.error());
  // What is held has reached nobody yet: deliver/ does this when it is released.
  if (answer.kind == Answer::Kind::accept) {
    // In doubt an enquiry is open: it is opened before the mail goes, and what answers it counts when it has been taken.
    inspect::ReminderChanges before = decision->reminders, after;
    if (arrival.learns_outcome) after.steps = std::exchange(before.steps, {});
    const auto reminded = store_.change_reminders(before, message.message_id, now);
    if (!reminded) return try_later(arrival, reminded.error());
    if (!after.empty()) {
      answer.taken = [this, after = std::move(after), message_id = message.message_id, now] {
        const auto written = store_.change_reminders(after, message_id, now);
        if (!written) log(LogLevel::error, "reminders-unwritten", {{"message-id", printable(message_id)}, {"why", written.error().what}});
      };
    }
  }
  if (answer.kind == Answer::Kind::accept && verdict.action != inspect::Action::pass) {
    const std::string act = verdict.enforced == inspect::Action::pass     ? "observed"
                            : verdict.enforced == inspect::Action::annotate ? "annotated"
                                                                            : "flagged";
    const auto audited = store_.audit(act, "beadle", "", detail_of(answer.id, arrival, message, verdict, policy->digest), now);
    if (!audited) return try_later(arrival, audited.error());
  }
  turn.reset();  // a turn is for the processor: nobody keeps one while the disk writes
  if (answer.kind == Answer::Kind::accept && arrival.may_go) arrival.may_go();
  const auto recorded = remembered->wait([this] { return turns_.any_taken(); });
  if (!recorded) return try_later(arrival, recorded.error());
  if (in_trouble_.exchange(false)) log(LogLevel::notice, "deferring-ended", {});
  if (answer.kind == Answer::Kind::accept) count(arrival, message, verdict, *policy, now);

  const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started).count();
  if (verdict.protected_only) {
    log(LogLevel::info, "verdict", {{"door", arrival.door}, {"action", "pass"}, {"protected", "1"}});
  } else {
    log(LogLevel::info, "verdict",
        {{"id", answer.id}, {"queue-id", arrival.queue_id}, {"door", arrival.door}, {"action", std::string(rules::to_string(verdict.enforced))},
         {"would-be", std::string(rules::to_string(verdict.action))}, {"clauses", shown_clauses(verdict)}, {"rules", policy->digest},
         {"bytes", std::to_string(message.bytes.size())}, {"us", std::to_string(spent)}});
  }
  if (answer.kind == Answer::Kind::accept) answer.bytes = std::move(message.bytes);
  return answer;
}

}  // namespace beadle::intake
