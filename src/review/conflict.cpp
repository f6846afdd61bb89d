#include "review/conflict.h"

#include <algorithm>
#include <functional>

#include "base/text.h"
#include "people/address.h"
#include "review/verdict_of.h"

namespace beadle::review {
namespace {

/// Which addresses are the actor's: those of the person, that of the account, and lists that reach one of them.
class Own {
 public:
  Own(const Actor& actor, const people::Directory& people) : people_(people), person_(person_of(actor, people)), name_(actor.name) {
    for (const std::string& address : {actor.address, actor.name}) {
      const std::string key = people::address_key(address);
      if (!key.empty()) keys_.push_back(key);
    }
  }

  const people::Person* person() const { return person_; }
  /// To the mail server, with or without a domain.
  bool is_login(std::string_view login) const { return !login.empty() && (has(std::string(login)) || ascii_iequals(login, name_)); }

  bool has(const std::string& address) const {
    if (address.empty()) return false;
    if (person_ != nullptr && people_.person_at(address) == person_) return true;
    const std::string key = people::address_key(address);
    return !key.empty() && std::find(keys_.begin(), keys_.end(), key) != keys_.end();
  }
  bool gets(const std::string& address) const {
    if (has(address)) return true;
    const people::List* list = people_.list_at(address);
    return list != nullptr && std::any_of(list->members.begin(), list->members.end(), [&](const std::string& member) { return has(member); });
  }
  /// A display name that is the actor's counts where no address says otherwise.
  bool is(const mail::Mailbox& mailbox) const {
    if (has(mailbox.address)) return true;
    return person_ != nullptr && people_.person_at(mailbox.address) == nullptr && people_.person_named(mailbox.name) == person_;
  }

 private:
  const people::Directory& people_;
  const people::Person* person_;
  std::string name_;
  std::vector<std::string> keys_;
};

bool has_sending_address(const Own& own, const store::Held& held) {
  return own.has(held.from) || own.has(held.sender) || own.has(held.envelope.sender) || own.is_login(held.envelope.login);
}

bool sent_by(const Own& own, const store::Held& held, const mail::Message& message) {
  if (has_sending_address(own, held)) return true;
  for (const auto* field : {&message.from, &message.sender, &message.reply_to, &message.resent_from}) {
    if (std::any_of(field->begin(), field->end(), [&](const mail::Mailbox& mailbox) { return own.is(mailbox); })) return true;
  }
  return false;
}

bool received_by(const Own& own, const store::Held& held, const mail::Message& message) {
  for (const auto* addresses : {&held.recipients, &held.envelope.recipients}) {
    if (std::any_of(addresses->begin(), addresses->end(), [&](const std::string& address) { return own.gets(address); })) return true;
  }
  for (const auto* field : {&message.to, &message.cc, &message.bcc, &message.resent_to, &message.resent_cc}) {
    if (std::any_of(field->begin(), field->end(), [&](const mail::Mailbox& mailbox) { return own.gets(mailbox.address) || own.is(mailbox); })) return true;
  }
  return false;
}

bool stands_apart(const mail::Zone& zone) {
  return zone.certain && (zone.kind == mail::ZoneKind::disclaimer || zone.kind == mail::ZoneKind::banner);
}

/// Whether `says` is true of some text that a reader finds in the message.
bool any_text(const mail::Message& message, const std::function<bool(std::string_view)>& says) {
  if (says(message.subject)) return true;
  for (const mail::Text& text : message.texts) {
    for (const mail::Zone& zone : text.zones) {
      if (!stands_apart(zone) && says(mail::slice(text.utf8, zone.range))) return true;
    }
    if (says(text.hidden)) return true;
  }
  for (const mail::Original& original : message.originals) {
    if (says(original.subject)) return true;
  }
  for (const mail::Part& part : message.parts) {
    if (!part.file_name.empty() && says(part.file_name)) return true;
  }
  for (const mail::Document& document : message.documents) {
    for (const mail::DocumentText& text : document.texts) {
      if (says(text.utf8)) return true;
    }
  }
  return false;
}

/// Who wrote or had a letter that the message holds is part of what is decided on.
bool has_part_in_original(const Own& own, const mail::Message& message) {
  for (const mail::Original& original : message.originals) {
    for (const auto* field : {&original.from, &original.to, &original.cc}) {
      if (std::any_of(field->begin(), field->end(), [&](const mail::Mailbox& mailbox) { return own.gets(mailbox.address) || own.is(mailbox); })) return true;
    }
  }
  return false;
}

/// Names that the verdict holds: of the footer, and evidence that stands in no text.
bool verdict_names(const people::Person& person, const store::Held& held, const people::Directory& people) {
  const inspect::Verdict verdict = verdict_of(held.verdict_json);
  const auto is_theirs = [&](const std::string& text) {
    const auto named = people.persons_named_in(text);
    return people.person_named(text) == &person || std::find(named.begin(), named.end(), &person) != named.end();
  };
  const auto any_of = [&](const std::vector<std::string>& texts) { return std::any_of(texts.begin(), texts.end(), is_theirs); };
  return any_of(verdict.footer) || std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const inspect::Finding& finding) {
           return any_of(finding.persons) || std::any_of(finding.evidence.begin(), finding.evidence.end(),
                                                         [&](const inspect::Evidence& evidence) { return is_theirs(evidence.text); });
         });
}

bool names(const Own& own, const store::Held& held, const mail::Message& message, const people::Directory& people) {
  if (has_part_in_original(own, message)) return true;
  const people::Person* person = own.person();
  if (person == nullptr) return false;
  const bool in_text = any_text(message, [&](std::string_view text) {
    const auto named = people.persons_named_in(text);
    return std::find(named.begin(), named.end(), person) != named.end();
  });
  return in_text || verdict_names(*person, held, people);
}

}  // namespace

const people::Person* person_of(const Actor& actor, const people::Directory& people) {
  if (const people::Person* person = people.person_at(actor.address)) return person;
  if (const people::Person* person = people.person_at(actor.name)) return person;
  return people.person_named(actor.name);
}

bool is_sender(const Actor& actor, const store::Held& held, const mail::Message& message, const people::Directory& people) {
  const Own own(actor, people);
  if (has_sending_address(own, held)) return true;
  for (const auto* field : {&message.from, &message.sender}) {
    if (std::any_of(field->begin(), field->end(), [&](const mail::Mailbox& mailbox) { return own.has(mailbox.address); })) return true;
  }
  return false;
}

std::optional<Conflict> conflict_of(const Actor& actor, const store::Held& held, const mail::Message& message, const people::Directory& people) {
  const Own own(actor, people);
  if (sent_by(own, held, message)) return Conflict{Conflict::Kind::sent, "You sent this message, or it was sent in your name."};
  if (received_by(own, held, message)) return Conflict{Conflict::Kind::received, "You are a recipient of this message."};
  if (names(own, held, message, people)) return Conflict{Conflict::Kind::named, "You are named in this message."};
  return std::nullopt;
}

}  // namespace beadle::review
