#include "intake/intake.h"

#include <algorithm>
#include <chrono>
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

// The same submission again (a mail server that lost our answer) must join the existing hold, not make a second one.
std::string intake_key(const Arrival& arrival, const mail::Message& message) {
  std::vector<std::string> recipients;
  for (const std::string& address : arrival.envelope.recipients) recipients.push_back(people::address_key(address));
  std::sort(recipients.begin(), recipients.end());
  const mail::Range body = message.parts.empty() ? mail::Range{} : message.parts.front().body;
  const std::string content = sha256_hex(mail::slice(message.bytes, body));
  return sha256_hex(people::address_key(arrival.envelope.sender) + "\n" + message.message_id + "\n" + joined(recipients, ",") + "\n" + content);
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

Answer Intake::receive(Arrival arrival) {
  std::optional<Turns::Turn> turn(std::in_place, turns_);
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
    held.release_bytes = received_field(arrival, answer.id, now) + mark_field(*decision) +
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
    const auto reminded = store_.change_reminders(decision->reminders, message.message_id, now);
    if (!reminded) return try_later(arrival, reminded.error());
  }
  if (answer.kind == Answer::Kind::accept && verdict.action != inspect::Action::pass) {
    const std::string act = verdict.enforced == inspect::Action::pass     ? "observed"
                            : verdict.enforced == inspect::Action::annotate ? "annotated"
                                                                            : "flagged";
    const std::string detail = "{\"id\":\"" + answer.id + "\",\"clauses\":\"" + shown_clauses(verdict) + "\",\"rules\":\"" + policy->digest + "\"}";
    const auto audited = store_.audit(act, "beadle", "", detail, now);
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
