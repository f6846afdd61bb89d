// The loop that works off what the store says: releases and notices, both by the SMTP client; reminders that fall due; what is to be forgotten. Its
// state is the store's, so a crash loses nothing. Notices do not go by libcurl: one client gives a reply for each recipient and knows 8BITMIME and SMTPUTF8.
// What can go wrong: the next hop is away (tried again, ever later), the store is (said once when it begins and once when it ends).
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "deliver/desk_duties.h"
#include "deliver/notices.h"
#include "net/stream.h"
#include "smtp/client.h"
#include "smtp/next_hop.h"
#include "store/store.h"

namespace beadle::deliver {

struct DeliverSettings {
  net::Endpoint reentry;  // the mail server's listener for released mail and notices
  std::string helo_name;
  /// Where the SMTP door sends mail on, and so where mail that it held is released to; absent where there is no such door.
  std::optional<smtp::NextHopSettings> next_hop{};
  /// Notices go there too: the council's mail server has no listener of its own for them.
  bool notices_to_next_hop = false;
};

/// What is done besides sending. Asked for anew each time, since a reload may change it.
struct Duties {
  std::shared_ptr<const NoticeWriter> notices;
  /// A held message has reached everybody; may be nullptr.
  std::function<Result<void>(const store::Held&, Time)> on_released;
  /// What is old enough to be forgotten at that time; may be nullptr.
  std::function<store::Retention(Time)> retention;
  /// Digest, escalation, deadline.
  DeskDuties desk{};
};

/// What is sent, and by which door it came in: "" for notices.
struct Outgoing : smtp::OutgoingMail {
  std::string door;
};

/// Stands for smtp::send_mail, so that tests need no server.
using Send = std::function<std::vector<smtp::RecipientReply>(const Outgoing&)>;

/// Used by one thread. Keeps one thing that the store does not: an outcome that could not be written down. Until it is, nothing else
/// is sent, so that a full disk never makes the same mail go out again and again.
class Deliverer {
 public:
  /// `clock` is asked again after each sending, which may take minutes. `stop` may be nullptr.
  Deliverer(store::Store& store, Send send, std::function<Time()> clock, const net::StopSwitch* stop);

  /// Notes what fell due, and sends what is due, at most limits::deliver_batch_most of each. Gives how many messages and notices were tried.
  /// error: of the store. What concerns one message only (damaged bytes) does not keep the others; the first such error is given.
  Result<std::size_t> deliver_due(const NoticeWriter& notices) { return deliver_due({std::make_shared<const NoticeWriter>(notices), nullptr, nullptr}); }
  Result<std::size_t> deliver_due(const Duties& duties);
  /// Forgets what is old, when it is first called and then once a day.
  Result<void> purge(const Duties& duties);
  /// Once after a start, before anything is sent: says in the log what may arrive twice.
  Result<void> recover_interrupted();

 private:
  Result<std::size_t> send_releases(const Duties& duties);
  Result<void> note_fallen_due(const NoticeWriter& notices);
  Result<std::size_t> send_notices();
  Result<bool> release(const std::string& id, const Duties& duties);
  Result<void> record(std::function<Result<void>()> write_down);
  bool stopped() const { return stop_ != nullptr && stop_->stopped(); }

  store::Store& store_;
  Send send_;
  std::function<Time()> clock_;
  const net::StopSwitch* stop_;
  std::function<Result<void>()> unrecorded_;
  std::optional<Time> purged_;
};

/// Sends what is due now, once.
Result<std::size_t> deliver_due(store::Store& store, const NoticeWriter& notices, const Send& send, Time now);

/// Runs until `stop`: first recovers what a crash interrupted, then works off what is due, looking every second, and purges once a day. `settings` is asked
/// anew for each mail.
void run_deliver_loop(store::Store& store, const std::function<Duties()>& duties, const std::function<DeliverSettings()>& settings,
                      const net::StopSwitch& stop);

}  // namespace beadle::deliver
