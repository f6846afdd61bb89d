// The envelope's recipients: who they are, and which of them are blind copies once everything innocent is explained away.
#pragma once

#include <vector>

#include "inspect/envelope.h"
#include "inspect/party.h"
#include "mail/message.h"

namespace beadle::inspect {

struct Recipient : Party {
  std::string via_list;  // address of the list that it was expanded from by us, "" where it stands in the envelope itself
};

/// Every envelope recipient (lists expanded), with the words to, cc, visible, blind, sender, disclosed, group-list, mixed-list added. Explained in this order: another
/// address of a visible person · member of a visible list · the sender's own copy · archive · mail of a mailing list.
/// Members of the public stay `blind`: no shipped rule discloses them.
std::vector<Recipient> read_recipients(const mail::Message& message, const Envelope& envelope, const people::Directory& people,
                                       const std::vector<Party>& senders);

/// Those who stand in To or Cc, or had an earlier transaction of this message, but are not in this envelope.
std::vector<Recipient> read_elsewhere(const mail::Message& message, const std::vector<std::string>& earlier, const people::Directory& people,
                                      const std::vector<Recipient>& recipients);

/// Mail of a mailing list (RFC 2919 List-Id, RFC 2369 List-*).
bool is_list_mail(const mail::Message& message);

/// A line that says who had a copy: "CC Councillor X", "Copy to: …".
bool is_copy_line(std::string_view line);

/// Councillors whom the own words name in a closing line "CC Councillor X".
std::vector<const people::Person*> disclosed_in(const mail::Message& message, const people::Directory& people);

}  // namespace beadle::inspect
