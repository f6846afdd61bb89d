// The loop that works off what the store says: releases and notices, both by the SMTP client. Its state is the store's, so a crash
// loses nothing. Notices do not go by libcurl: one client gives a reply for each recipient and knows 8BITMIME and SMTPUTF8.
// What can go wrong: the next hop is away (tried again, ever later), the store is (said once when it begins and once when it ends).
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "base/time.h"
#include "deliver/notices.h"
#include "net/stream.h"
#include "smtp/client.h"
#include "store/store.h"

namespace beadle::deliver {

struct DeliverSettings {
  net::Endpoint reentry;    // the mail server's listener for released mail and notices
  std::string helo_name;
};

/// Stands for smtp::send_mail, so that tests need no server.
using Send = std::function<std::vector<smtp::RecipientReply>(const smtp::OutgoingMail&)>;

/// Used by one thread. Keeps one thing that the store does not: an outcome that could not be written down. Until it is, nothing else
/// is sent, so that a full disk never makes the same mail go out again and again.
class Deliverer {
 public:
  /// `clock` is asked again after each sending, which may take minutes. `stop` may be nullptr.
  Deliverer(store::Store& store, Send send, std::function<Time()> clock, const net::StopSwitch* stop);

  /// Sends what is due, at most limits::deliver_batch_most of each. Gives how many messages and notices were tried.
  /// error: of the store. What concerns one message only (damaged bytes) does not keep the others; the first such error is given.
  Result<std::size_t> deliver_due(const NoticeWriter& notices);
  /// Once after a start, before anything is sent: says in the log what may arrive twice.
  Result<void> recover_interrupted();

 private:
  Result<std::size_t> send_releases(const NoticeWriter& notices);
  Result<std::size_t> send_notices();
  Result<bool> release(const std::string& id, const NoticeWriter& notices);
  Result<void> record(std::function<Result<void>()> write_down);
  bool stopped() const { return stop_ != nullptr && stop_->stopped(); }

  store::Store& store_;
  Send send_;
  std::function<Time()> clock_;
  const net::StopSwitch* stop_;
  std::function<Result<void>()> unrecorded_;
};

/// Sends what is due now, once.
Result<std::size_t> deliver_due(store::Store& store, const NoticeWriter& notices, const Send& send, Time now);

/// Runs until `stop`: first recovers what a crash interrupted, then works off what is due, looking every second.
void run_deliver_loop(store::Store& store, const std::function<std::shared_ptr<const NoticeWriter>()>& notices,
                      const DeliverSettings& settings, const net::StopSwitch& stop);

}  // namespace beadle::deliver
