// The record of earlier correspondence: what is looked up for a message before the decision, and what is kept of it afterwards: who, to whom,
// whether marked, fingerprints of marked passages, and clauses that now wait for an answer. No text but the subject of those.
#pragma once

#include "inspect/inspect.h"
#include "store/store.h"

namespace beadle::intake {

/// Earlier transactions of the same message, the mails that it answers, marked mails whose passages it repeats, and open reminders of its thread.
Result<inspect::History> history_of(const mail::Message& message, const inspect::Policy& policy, store::Store& record);

/// Keeps what later mail may turn on; nothing of mail to protected addresses, or that no councillor has a part in.
Result<void> remember(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Policy& policy, const inspect::Verdict& verdict,
                      store::Store& record, Time now);
/// The same; durable when it has been waited for.
Result<store::Recorded> remember_soon(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Policy& policy,
                                      const inspect::Verdict& verdict, store::Store& record, Time now);

/// A message that was held counts for reminders when it has left: as if it came in now.
Result<void> remember_released(const store::Held& held, const inspect::Policy& policy, store::Store& record, Time now);

inspect::EarlierMail to_record(const mail::Message& message, const inspect::Envelope& envelope, const inspect::Verdict& verdict, Time now);

/// Only mail with a councillor (or a list) among its parties is correspondence that a clause looks back to.
bool concerns_councillor(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people);

/// Who writes, for the figures (store/figures.h): "councillor" "officer" "other".
std::string sender_role(std::string_view address, const people::Directory& people);

}  // namespace beadle::intake
