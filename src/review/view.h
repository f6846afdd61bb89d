// Everything that a desk shows of one held message, as plain values: what was found and where, whom it goes to, what could not be read, what would
// leave. Nothing here is HTML; all texts are strangers' words, harmless but not escaped. Pure: reads no store, so thread and similar mail are given
// as what to look up. Bounded by limits::shown_text_bytes_max; what was left out is said.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "inspect/inspect.h"
#include "mail/message.h"
#include "rules/catalogue.h"
#include "store/desk.h"
#include "store/store.h"

namespace beadle::review {

/// Where evidence stands.
struct Place {
  enum class In {
    text,        // of MessageView::texts[text]: utf8
    hidden,      // … what its reader does not see
    subject,     // of MessageView::subject
    header,      // a field of the message: sender, marking
    recipients,  // the envelope
    record,      // earlier mail
    file_name,   // of the attachment `part`
    unknown,     // not found again
  };
  In in = In::unknown;
  std::size_t text = 0;
  mail::Range range;  // bytes, for text, hidden and subject
  std::string says;   // "in the sender's own words", "among the recipients", "place unknown"
};

struct ShownEvidence {
  std::string part, zone, words;
  Place place;
};
/// Whether these are words of the mail. Who wrote to whom, and what earlier mail says, is put together out of several fields.
bool is_quotation(const ShownEvidence& evidence);

struct ShownFinding {
  std::string clause;
  std::string title;  // where it stands in the protocol; "" where there is no catalogue
  std::string asks;   // what the clause asks, for who does not know the protocol; ""
  std::string says;   // of the rule
  std::string cure;   // may be empty
  inspect::Action action = inspect::Action::flag;
  bool observed_only = false;  // recorded, but did not hold the message
  std::vector<ShownEvidence> evidence;
};

struct ShownZone {
  mail::ZoneKind kind = mail::ZoneKind::own;
  std::string says;  // "The sender's own words"
  bool certain = true;
  mail::Range range;
};

/// A stretch of a text that is evidence: highlighted. Sorted; may overlap.
struct Highlight {
  mail::Range range;
  std::size_t finding = 0;  // index into MessageView::findings
  bool operator==(const Highlight&) const = default;
};

struct ShownText {
  std::string part;
  std::string says;  // "Text of the message", "Attached message", "Out of the document report.docx", "… (its name, properties and first page)"
  bool html = false;         // was HTML; `utf8` are its words
  bool alternative = false;  // the same words stand in another text
  bool attached = false;     // of an attachment or attached message
  std::string utf8;
  std::string hidden;
  std::size_t left_out_bytes = 0;  // of utf8 and hidden, over the bound
  std::vector<ShownZone> zones;    // cover utf8
  std::vector<Highlight> highlights, hidden_highlights;
};

/// Somebody behind an address.
struct ShownParty {
  std::string address;
  std::string name;   // of the roster, else as displayed, else ""
  std::string who;    // "Councillor, chair, Independent group", "outside the council, press"
  bool of_council = false;  // in the roster
};

struct ShownRecipient : ShownParty {
  bool blind = false;
  bool councillor = false;
  std::string explained;  // "stands in To", "copied without being shown to the others", "member of members@…, which stands in Cc"
  std::string outcome;    // of a release: "delivered", "refused: 550 …"; "" before
};

struct ShownSender : ShownParty {
  std::string field;  // "From", "Sender", "Reply-To", "Signed in to the mail server as", "Envelope sender"
};

struct ShownAttachment {
  std::string part, name, type;
  std::size_t bytes = 0;  // decoded, about
  std::string read;       // "read", "an attached message, shown below", or why not
  bool was_read = false;
};

/// What a release sends that the message as it came has not.
struct Leaving {
  std::vector<std::string> fields_added;  // header
  std::vector<std::string> lines_added, lines_removed;
  bool as_it_came() const { return lines_added.empty() && lines_removed.empty(); }
};

struct MessageView {
  std::string subject;
  std::string date;  // as the sender's program wrote it
  std::string message_id;
  std::vector<ShownFinding> findings;
  std::vector<ShownText> texts;
  std::vector<ShownSender> senders;
  std::vector<std::string> sender_remarks;  // where they disagree, in sentences
  std::vector<ShownRecipient> recipients;   // of the envelope, lists expanded; blind ones first
  std::vector<ShownRecipient> elsewhere;    // shown in To or Cc, but not sent by this message
  std::size_t recipients_left_out = 0;
  std::vector<ShownAttachment> attachments;
  std::vector<std::string> defects;        // what is odd about the message, in sentences
  std::vector<std::string> not_inspected;  // what was not read, in sentences
  std::string uneditable;                  // why no line could be appended, ""
  std::vector<std::string> footer;         // councillors whom the appended line names
  Leaving leaving;
  std::vector<std::string> undisclosed;  // councillors who get it unseen and whom what leaves does not name (disclosure.h)
  bool readers_shown = false;            // somebody else stands in To or Cc, who could be told
  std::vector<std::string> thread;  // Message-IDs for Desk::thread
};

/// `message` is held.bytes as parsed, with its documents where they were read again; `catalogues` may be empty.
/// error: try_later, where the matcher ran out of memory. bad_data, where the content was purged.
Result<MessageView> view_of(const store::Held& held, const mail::Message& message, const inspect::Policy& policy,
                            const std::vector<rules::Catalogue>& catalogues);

/// Mail that this one may be overtaken by: what was held since with words of the same subject from the same sender. Leave out the message itself.
/// Mail that was let through leaves no subject behind, so it cannot be found.
store::InboxQuery similar_query(const store::Held& held);

/// "Councillor, chair, Independent group"; "outside the council, press".
ShownParty shown_party(std::string_view address, std::string_view display_name, const people::Directory& people);

}  // namespace beadle::review
