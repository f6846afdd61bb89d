#include "deliver/loop.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "mail/boundaries.h"
#include "mail/footer_mark.h"
#include "mail/header_block.h"
#include "smtp/transaction.h"

namespace beadle::deliver {
namespace {

using Delivery = store::Store::Delivery;
using Outcome = Delivery::Outcome;

bool has_eight_bit(std::string_view bytes) {
  return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

Outcome outcome_of(smtp::RecipientReply::Outcome outcome) {
  switch (outcome) {
    case smtp::RecipientReply::Outcome::delivered:
      return Outcome::delivered;
    case smtp::RecipientReply::Outcome::refused:
      return Outcome::refused;
    case smtp::RecipientReply::Outcome::deferred:
      break;
  }
  return Outcome::deferred;
}

/// One outcome for each of `addresses`, whatever the client gave: who is not named gets it later.
std::vector<Delivery> deliveries_of(const std::vector<std::string>& addresses, const std::vector<smtp::RecipientReply>& replies) {
  std::vector<Delivery> deliveries;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    if (i < replies.size() && replies[i].address == addresses[i]) {
      deliveries.push_back({addresses[i], outcome_of(replies[i].outcome), replies[i].reply});
    } else {
      deliveries.push_back({addresses[i], Outcome::deferred, "beadle: the client gave no outcome"});
    }
  }
  return deliveries;
}

std::vector<std::string> due_recipients(const store::Held& held, Time now) {
  std::vector<std::string> due;
  for (const store::RecipientOutcome& outcome : held.outcomes) {
    if (outcome.state != "pending" || !outcome.next_try || *outcome.next_try > now) continue;
    // An address may stand twice in the envelope.
    if (std::find(due.begin(), due.end(), outcome.address) == due.end()) due.push_back(outcome.address);
  }
  return due;
}

/// What came in as Beadle's word is not ours, and nobody behind us is to believe it. A mark of our line stays: it is known by its digest.
std::string without_foreign_marks(std::string_view bytes) {
  std::vector<std::string> names;
  for (const mail::Field& field : mail::read_header_block(bytes, 0, mail::Boundaries()).fields) {
    if (ascii_istarts_with(field.name, "beadle-") && !ascii_iequals(field.name, mail::footer_field)) names.push_back(field.name);
  }
  return names.empty() ? std::string(bytes) : smtp::without_fields(bytes, names);
}

Outgoing mail_of(const store::Held& held, std::vector<std::string> recipients) {
  Outgoing mail;
  for (const std::string& address : recipients) {
    const auto& all = held.envelope.recipients;
    const auto position = static_cast<std::size_t>(std::find(all.begin(), all.end(), address) - all.begin());
    mail.recipient_dsn.emplace_back(inspect::dsn_of_recipient(held.envelope, position));
  }
  mail.dsn = held.envelope.dsn;
  mail.door = held.door;
  mail.sender = held.envelope.sender;
  mail.recipients = std::move(recipients);
  mail.bytes = without_foreign_marks(held.release_bytes.empty() ? held.bytes : held.release_bytes);
  mail.smtputf8 = held.envelope.smtputf8;
  mail.eight_bit = held.envelope.body == "8BITMIME" || has_eight_bit(mail.bytes);
  return mail;
}

Outgoing mail_of(const store::Notice& notice) {
  Outgoing mail;
  mail.sender = "";  // RFC 3834 §3.3: nothing answers the null sender
  mail.recipients = {notice.recipient};
  mail.bytes = notice.bytes;
  mail.eight_bit = has_eight_bit(notice.bytes);
  mail.smtputf8 = has_eight_bit(notice.recipient);
  return mail;
}

void log_deliveries(const std::string& id, const std::vector<Delivery>& deliveries) {
  for (const Delivery& delivery : deliveries) {
    switch (delivery.outcome) {
      case Outcome::delivered:
        log(LogLevel::info, "release-delivered", {{"id", id}, {"reply", delivery.reply}});
        break;
      case Outcome::deferred:
        log(LogLevel::notice, "release-deferred", {{"id", id}, {"recipient", delivery.address}, {"reply", delivery.reply}});
        break;
      case Outcome::refused:
        log(LogLevel::warning, "release-refused", {{"id", id}, {"recipient", delivery.address}, {"reply", delivery.reply}});
        break;
    }
  }
}

/// Says when trouble begins, when it becomes another one, and when it ends; not every second.
class Trouble {
 public:
  void note(const Error& error) {
    if (error.what == last_) return;
    last_ = error.what;
    log(LogLevel::error, "delivery-trouble", {{"what", error.what}});
  }
  void clear() {
    if (last_.empty()) return;
    last_.clear();
    log(LogLevel::notice, "delivery-trouble-ended");
  }

 private:
  std::string last_;
};

}  // namespace

Deliverer::Deliverer(store::Store& store, Send send, std::function<Time()> clock, const net::StopSwitch* stop)
    : store_(store), send_(std::move(send)), clock_(std::move(clock)), stop_(stop) {}

Result<void> Deliverer::recover_interrupted() {
  const auto found = TRY(store_.recover_interrupted(clock_()));
  for (const auto& [id, address] : found) {
    log(LogLevel::warning, "release-interrupted",
        {{"id", id}, {"recipient", address}, {"what", "release of " + id + " was interrupted; " + address + " may get it twice"}});
  }
  return {};
}

// Kept until it is written down, unless the store says that there is nothing left to write it to.
Result<void> Deliverer::record(std::function<Result<void>()> write_down) {
  const Result<void> written = write_down();
  if (written) return {};
  const bool gone = written.error().kind == ErrorKind::not_found || written.error().kind == ErrorKind::refused;
  if (!gone) unrecorded_ = std::move(write_down);
  return written.error();
}

Result<std::size_t> Deliverer::deliver_due(const Duties& duties) {
  if (unrecorded_) {
    auto write_down = std::move(unrecorded_);
    unrecorded_ = nullptr;
    TRY(record(std::move(write_down)));
  }
  const auto releases = send_releases(duties);
  if (unrecorded_) return releases.error();
  TRY(note_fallen_due(*duties.notices));
  // A damaged message must not keep the notices.
  const std::size_t sent = TRY(send_notices());
  if (!releases) return releases.error();
  return *releases + sent;
}

Result<std::size_t> Deliverer::send_releases(const Duties& duties) {
  const auto ids = TRY(store_.due_releases(clock_(), limits::deliver_batch_most));
  std::size_t tried = 0;
  std::optional<Error> first;
  for (const std::string& id : ids) {
    if (stopped()) break;
    const auto done = release(id, duties);
    if (done) {
      tried += *done ? 1 : 0;
      continue;
    }
    if (!first) first = in_context("releasing " + id, done.error());
    if (unrecorded_ || done.error().kind == ErrorKind::try_later) break;
  }
  if (first) return *first;
  return tried;
}

/// False where another process sends it, or nothing is due any more.
Result<bool> Deliverer::release(const std::string& id, const Duties& duties) {
  const auto kept = std::make_shared<const store::Held>(TRY(store_.get(id)));
  const store::Held& held = *kept;
  const Time begun = clock_();
  const std::vector<std::string> addresses = due_recipients(held, begun);
  if (addresses.empty()) return false;
  const auto marked = store_.mark_sending(id, addresses, begun);
  if (!marked && marked.error().kind == ErrorKind::refused) {
    log(LogLevel::info, "release-elsewhere", {{"id", id}, {"what", marked.error().what}});
    return false;
  }
  TRY(marked);
  const std::vector<Delivery> deliveries = deliveries_of(addresses, send_(mail_of(held, addresses)));
  log_deliveries(id, deliveries);

  // Written before the store is asked, because it calls back with its lock held.
  const Time ended = clock_();
  std::vector<Delivery> refused;
  std::copy_if(deliveries.begin(), deliveries.end(), std::back_inserter(refused), [](const Delivery& delivery) { return delivery.outcome == Outcome::refused; });
  const bool all = std::all_of(deliveries.begin(), deliveries.end(), [](const Delivery& delivery) { return delivery.outcome == Outcome::delivered; });
  std::vector<store::Notice> if_released = all ? duties.notices->on_released(held, ended) : std::vector<store::Notice>{};
  std::vector<store::Notice> if_refused = refused.empty() ? std::vector<store::Notice>{} : duties.notices->on_refused(held, refused, ended);
  // Two acts, each of which may have to be tried again: that it was delivered is written down once.
  std::optional<bool> released;
  TRY(record([this, kept, deliveries, ended, released, on_released = duties.on_released, if_released = std::move(if_released),
              if_refused = std::move(if_refused)]() mutable -> Result<void> {
    if (!released) {
      released = TRY(store_.record_deliveries(kept->id, deliveries, ended, [&](bool now_released) { return now_released ? if_released : if_refused; }));
      if (*released) log(LogLevel::notice, "released", {{"id", kept->id}});
    }
    if (*released && on_released) TRY(on_released(*kept, ended));
    return {};
  }));
  return true;
}

Result<void> Deliverer::note_fallen_due(const NoticeWriter& notices) {
  const Time now = clock_();
  for (const store::Reminder& reminder : TRY(store_.fallen_due(now, limits::deliver_batch_most))) {
    if (stopped()) break;
    const std::vector<store::Notice> told = reminder.told ? notices.on_due(reminder, now) : std::vector<store::Notice>{};
    TRY(store_.note_fallen_due(reminder.id, told, now));
    log(LogLevel::notice, "reminder-due", {{"reminder", reminder.id}, {"clause", reminder.clause}, {"notices", std::to_string(told.size())}});
  }
  return {};
}

Result<void> Deliverer::purge(const Duties& duties) {
  const Time now = clock_();
  // A clock that was set back must not keep us from it.
  const bool waits = purged_ && now >= *purged_ && now - *purged_ < std::chrono::milliseconds(limits::purge_pause_ms);
  if (waits || !duties.retention) return {};
  const store::Purged purged = TRY(store_.purge(duties.retention(now), now));
  purged_ = now;
  if (purged.all() > 0) {
    log(LogLevel::info, "purged",
        {{"record", std::to_string(purged.record)}, {"fingerprints", std::to_string(purged.fingerprints)}, {"reminders", std::to_string(purged.reminders)},
         {"decided", std::to_string(purged.decided)}, {"notices", std::to_string(purged.notices)}, {"seen", std::to_string(purged.seen)}});
  }
  return {};
}

Result<std::size_t> Deliverer::send_notices() {
  const auto due = TRY(store_.due_notices(clock_(), limits::deliver_batch_most));
  std::size_t tried = 0;
  for (const store::Notice& notice : due) {
    if (stopped()) break;
    const Delivery delivery = deliveries_of({notice.recipient}, send_(mail_of(notice))).front();
    ++tried;
    const Time ended = clock_();
    const std::int64_t number = notice.number;
    if (delivery.outcome == Outcome::delivered) {
      log(LogLevel::info, "notice-sent", {{"id", notice.held}, {"kind", notice.kind}});
      TRY(record([this, number, ended] { return store_.notice_sent(number, ended); }));
      continue;
    }
    const bool for_good = delivery.outcome == Outcome::refused;
    log(for_good ? LogLevel::warning : LogLevel::notice, for_good ? "notice-refused" : "notice-deferred",
        {{"id", notice.held}, {"kind", notice.kind}, {"recipient", notice.recipient}, {"reply", delivery.reply}});
    TRY(record([this, number, for_good, ended, reply = delivery.reply] { return store_.notice_failed(number, reply, for_good, ended); }));
  }
  return tried;
}

Result<std::size_t> deliver_due(store::Store& store, const NoticeWriter& notices, const Send& send, Time now) {
  return Deliverer(store, send, [now] { return now; }, nullptr).deliver_due(notices);
}

void run_deliver_loop(store::Store& store, const std::function<Duties()>& duties, const std::function<DeliverSettings()>& current,
                      const net::StopSwitch& stop) {
  const Send send = [&](const Outgoing& mail) {
    const DeliverSettings settings = current();
    const bool direct = settings.next_hop && (mail.door == "smtp" || (mail.door.empty() && settings.notices_to_next_hop));
    return direct ? smtp::send_mail(*settings.next_hop, mail, &stop) : smtp::send_mail(settings.reentry, settings.helo_name, mail, &stop);
  };
  Deliverer deliverer(store, send, system_now, &stop);
  DeskKeeper keeper(store);
  Trouble trouble;
  bool recovered = false;
  while (!stop.stopped()) {
    if (!recovered) {
      const auto result = deliverer.recover_interrupted();
      recovered = result.has_value();
      if (!recovered) trouble.note(result.error());
    }
    if (recovered) {
      const Duties now = duties();
      const auto tried = deliverer.deliver_due(now);
      const auto purged = deliverer.purge(now);
      if (!purged) trouble.note(purged.error());
      const auto kept = keeper.keep(now.desk, *now.notices, system_now());
      if (!kept) trouble.note(kept.error());
      if (tried && purged && kept) {
        trouble.clear();
      } else if (!tried) {
        trouble.note(tried.error());
      }
      // A full batch: there is probably more.
      if (tried && *tried >= limits::deliver_batch_most) continue;
    }
    if (net::wait_for_stop(stop, net::after_ms(limits::deliver_pause_ms))) return;
  }
}

}  // namespace beadle::deliver
