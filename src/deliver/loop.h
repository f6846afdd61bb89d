// The loop that works off what the store says: releases (SMTP client) and notices. Its state is the store's, so a crash loses nothing.
#pragma once

#include <functional>
#include <string>

#include "deliver/notices.h"
#include "net/stream.h"
#include "smtp/client.h"
#include "store/store.h"

namespace beadle::deliver {

struct DeliverSettings {
  net::Endpoint reentry;    // the mail server's listener for released mail and notices
  std::string helo_name;
};

/// Sends what is due now. Returns how many messages and notices were tried. `send` stands for smtp::send_mail, for tests.
using Send = std::function<std::vector<smtp::RecipientReply>(const smtp::OutgoingMail&)>;
Result<std::size_t> deliver_due(store::Store& store, const NoticeWriter& notices, const Send& send, Time now);

/// Runs until `stop`: first recovers what a crash interrupted, then works off what is due, looking every second.
void run_deliver_loop(store::Store& store, const std::function<std::shared_ptr<const NoticeWriter>()>& notices,
                      const DeliverSettings& settings, const net::StopSwitch& stop);

}  // namespace beadle::deliver
