#include "inspect/facts.h"

#include <algorithm>
#include <optional>

#include "base/limits.h"
#include "base/text.h"
#include "inspect/substance.h"
#include "people/fold.h"

namespace beadle::inspect {
namespace {

void add_sender(std::vector<Party>& senders, Party party) {
  if (party.key.empty() && party.person == nullptr) return;
  const bool known = std::any_of(senders.begin(), senders.end(), [&](const Party& other) { return other.same_as(party); });
  if (!known) senders.push_back(std::move(party));
}

std::vector<Party> read_senders(const mail::Message& message, const Envelope& envelope, const people::Directory& people) {
  std::vector<Party> senders;
  for (const mail::Mailbox& mailbox : message.from) add_sender(senders, party_at(mailbox.address, mailbox.name, people));
  const auto add_person = [&](std::string_view address) {
    Party party = party_at(address, "", people);
    if (party.person != nullptr) add_sender(senders, std::move(party));
  };
  for (const mail::Mailbox& mailbox : message.resent_from) add_person(mailbox.address);
  for (const mail::Mailbox& mailbox : message.sender) add_person(mailbox.address);
  add_person(envelope.login);
  add_person(envelope.sender);
  if (senders.empty()) add_sender(senders, party_at(envelope.sender, "", people));
  return senders;
}

class Names {
 public:
  explicit Names(Facts& facts) : facts_(facts) {}
  void add(Party party, Evidence evidence) {
    for (const Party& other : facts_.names) {
      if (other.same_as(party)) return;
    }
    facts_.names.push_back(std::move(party));
    facts_.name_evidence.push_back(std::move(evidence));
  }

 private:
  Facts& facts_;
};

// "On behalf of Councillor X", "p.p. X": in whose name, said in the own words.
bool says_on_behalf(std::string_view line) {
  const std::string lower = ascii_lower(line);
  return lower.find("on behalf of") != std::string::npos || lower.find("p.p.") != std::string::npos || lower.starts_with("pp ") ||
         lower.find("dictated by") != std::string::npos;
}

void read_names(const mail::Message& message, const people::Directory& people, Facts& facts) {
  Names names(facts);
  for (const mail::Mailbox& mailbox : message.from) {
    Party party = party_at(mailbox.address, mailbox.name, people);
    if (party.person == nullptr && !party.is("unknown")) {
      // A councillor's name over an address that nobody knows: in that name, whoever sent it.
      if (const people::Person* person = people.person_named(mailbox.name)) party = party_of(*person);
    }
    names.add(std::move(party), {"", "header", "From: " + shortened(printable(mailbox.name.empty() ? mailbox.address : mailbox.name), 200)});
  }
  for (const mail::Text& text : message.texts) {
    const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
    if (part.attachment || part.inside_original) continue;
    for (const mail::Zone& zone : text.zones) {
      if (zone.kind != mail::ZoneKind::signature && zone.kind != mail::ZoneKind::own) continue;
      const std::string_view words = mail::slice(text.utf8, zone.range);
      bool signed_already = false;  // who signs stands first; further names below are a letterhead's
      for (const std::string_view line : split(words, '\n')) {
        if (zone.kind == mail::ZoneKind::own && !(line.size() < 200 && says_on_behalf(line))) continue;
        if (is_copy_line(line)) continue;
        const auto persons = people.persons_named_in(line);
        if (zone.kind == mail::ZoneKind::signature && !says_on_behalf(line)) {
          if (signed_already) continue;
          signed_already = !persons.empty();
        }
        for (const people::Person* person : persons) {
          names.add(party_of(*person), {part.id, std::string(mail::to_string(zone.kind)), shortened(printable(trimmed(line)), 200)});
        }
      }
    }
  }
}

void read_traits(const mail::Message& message, const Envelope& envelope, Facts& facts) {
  auto& traits = facts.traits;
  const std::string auto_submitted = ascii_lower(trimmed(message.header("Auto-Submitted")));  // RFC 3834 §5
  const std::string precedence = ascii_lower(trimmed(message.header("Precedence")));
  if (envelope.sender.empty()) traits.insert("null-sender");
  if ((!auto_submitted.empty() && !auto_submitted.starts_with("no")) || message.has_header("X-Autoreply") ||
      message.has_header("X-Autorespond") || precedence == "auto_reply") {
    traits.insert("auto-reply");
  }
  if (precedence == "bulk" || precedence == "list" || precedence == "junk") traits.insert("bulk");
  if (is_list_mail(message)) traits.insert("list-mail");
  const auto subject = trimmed(message.subject);
  if (ascii_istarts_with(subject, "re:") || !message.in_reply_to.empty()) traits.insert("reply");
  if (ascii_istarts_with(subject, "fw:") || ascii_istarts_with(subject, "fwd:")) traits.insert("forward");
  for (const mail::Original& original : message.originals) {
    traits.insert(original.where == mail::Original::Where::quoted ? "reply" : "forward");
  }
  for (const mail::Part& part : message.parts) {
    if (part.inside_original) continue;
    if (part.type == "text/calendar") traits.insert("calendar");
    if (part.type == "multipart/signed") traits.insert("signed");
    if (part.type == "multipart/encrypted" || part.type.ends_with("pkcs7-mime")) traits.insert("encrypted");
  }
}

// Which political groups the message speaks of: in subject, own words, what it holds and the names of attachments, not in signatures.
void read_groups(const mail::Message& message, const people::Directory& people, Facts& facts) {
  const auto add = [&](std::string_view text) {
    for (std::string& group : people.groups_named_in(text)) facts.groups.insert(std::move(group));
  };
  add(message.subject);
  for (const mail::Text& text : message.texts) {
    for (const mail::Zone& zone : text.zones) {
      const bool said = zone.kind == mail::ZoneKind::own || zone.kind == mail::ZoneKind::quoted || zone.kind == mail::ZoneKind::forwarded;
      if (said) add(mail::slice(text.utf8, zone.range));
    }
  }
  for (const mail::Part& part : message.parts) add(part.file_name);
  for (const mail::Document& document : message.documents) {
    for (const mail::DocumentText& text : document.texts) add(text.utf8);
  }
}

bool is_other_councillor(const Recipient& recipient) {
  return recipient.person != nullptr && recipient.person->is_councillor() && !recipient.is("sender");
}

// Of a councillor: in another group than one of those that the message speaks of. Where it names none, it may be anybody's.
void add_other_group(const Facts& facts, Recipient& recipient) {
  if (!is_other_councillor(recipient)) return;
  const bool other = facts.groups.empty() || recipient.person->group.empty() ||
                     std::any_of(facts.groups.begin(), facts.groups.end(), [&](const std::string& group) { return group != recipient.person->group; });
  if (other) recipient.words.insert("other-group");
}

// Whether somebody is called by title and surname in these words ("mrs pike", "mr and mrs j ash") who is neither of the council nor this one.
bool names_another(std::string_view words, std::string_view surname, const people::Directory& people) {
  static constexpr std::string_view titles[] = {"mr", "mrs", "ms", "miss", "mx", "dr", "revd", "sir", "lady"};
  bool titled = false;
  for (const std::string_view word : split(words, ' ')) {
    const bool is_title = std::find(std::begin(titles), std::end(titles), word) != std::end(titles);
    if (titled && !is_title && word != "and" && word.size() > 1) {
      if (word != surname && people.persons_named_in("mr " + std::string(word)).empty()) return true;
      titled = false;
    }
    titled = titled || is_title;
  }
  return false;
}

std::string words_of_originals(const mail::Message& message) {
  std::string words;
  for (const mail::Text& text : message.texts) {
    const bool attached = message.parts[static_cast<std::size_t>(text.part)].inside_original;
    for (const mail::Zone& zone : text.zones) {
      if (!attached && zone.kind != mail::ZoneKind::quoted && zone.kind != mail::ZoneKind::forwarded) continue;
      mail::Range range = zone.range;
      if (zone.original >= 0) range.begin = std::clamp(message.originals[static_cast<std::size_t>(zone.original)].words, range.begin, range.end);
      words += people::fold_phrase(mail::slice(text.utf8, range)) + " ";
    }
  }
  return words;
}

// An outsider whose surname stands in a letter that this message holds: what is passed on may be about that person, and if it names nobody else
// but people of the council, about no other.
class Named {
 public:
  Named(const mail::Message& message, const people::Directory& people) : message_(message), people_(people) {}

  void add_to(Recipient& recipient) {
    if (recipient.person != nullptr || message_.originals.empty()) return;
    const std::string surname = surname_of(recipient.address);
    if (surname.size() < 3) return;
    // Only now: few mails are to somebody whose name stands in them.
    if (!held_words_) held_words_ = words_of_originals(message_);
    if ((" " + *held_words_ + " ").find(" " + surname + " ") == std::string::npos) return;
    recipient.words.insert("named");
    if (!names_another(*held_words_, surname, people_)) recipient.words.insert("only-named");
  }

 private:
  /// "" where To and Cc show no name with the address.
  std::string surname_of(std::string_view address) const {
    std::string name;
    for (const auto* field : {&message_.to, &message_.cc}) {
      for (const mail::Mailbox& mailbox : *field) {
        if (ascii_iequals(mailbox.address, address)) name = mailbox.name;
      }
    }
    const std::string folded = people::fold_phrase(name);
    return folded.substr(folded.rfind(' ') == std::string::npos ? 0 : folded.rfind(' ') + 1);
  }

  const mail::Message& message_;
  const people::Directory& people_;
  std::optional<std::string> held_words_;
};

void read_group_traits(Facts& facts) {
  std::vector<const people::Person*> councillors;
  bool by_list = false;
  for (const Recipient& recipient : facts.recipients) {
    if (recipient.person == nullptr || !recipient.person->is_councillor() || recipient.is("sender")) continue;
    councillors.push_back(recipient.person);
    by_list = by_list || recipient.is("group-list");
  }
  if (councillors.empty() || councillors.front()->group.empty()) return;
  const std::string& group = councillors.front()->group;
  const auto same_group = [&](const people::Person* person) { return person->group == group; };
  if (!std::all_of(councillors.begin(), councillors.end(), same_group)) return;
  const bool told_too = std::any_of(facts.elsewhere.begin(), facts.elsewhere.end(), [&](const Recipient& other) {
    return other.person != nullptr && other.person->is_councillor() && !same_group(other.person);
  });
  if (told_too) return;
  facts.traits.insert("one-group");
  if (by_list || councillors.size() > 1) facts.traits.insert("group-letter");
}

// Whether the council is in play at all: somebody of it gets the message or wrote a letter that it holds, or it is spoken of, by name or in
// general. A councillor also writes to a sailing club's list.
bool is_of_council(const mail::Message& message, const people::Directory& people, const rules::RuleSet& rules, const Facts& facts) {
  const auto is_sender = [&](const people::Person* person) {
    return std::any_of(facts.senders.begin(), facts.senders.end(), [&](const Party& sender) { return sender.person == person; });
  };
  const auto is_other = [&](const Party& party) { return party.person != nullptr && !is_sender(party.person); };
  if (std::any_of(facts.recipients.begin(), facts.recipients.end(), is_other) || std::any_of(facts.elsewhere.begin(), facts.elsewhere.end(), is_other)) return true;
  if (std::any_of(facts.letters.begin(), facts.letters.end(), [&](const Letter& letter) {
        return std::any_of(letter.from.begin(), letter.from.end(), is_other) || std::any_of(letter.to.begin(), letter.to.end(), is_other);
      })) {
    return true;
  }
  const auto cue = rules.cue_index(council_cue);
  if (cue && std::any_of(facts.cues.begin(), facts.cues.end(), [&](const CueFact& fact) { return fact.cue == *cue && fact.evidence.zone != "signature"; })) return true;
  const auto names_other = [&](std::string_view text) {
    return people.may_name_somebody(text, [&](const people::Person& person) { return !is_sender(&person); });
  };
  if (names_other(message.subject)) return true;
  for (const mail::Text& text : message.texts) {
    for (const mail::Zone& zone : text.zones) {
      if (zone.kind == mail::ZoneKind::own && names_other(mail::slice(text.utf8, zone.range))) return true;
    }
  }
  return false;
}

void add_consent_on_record(const rules::RuleSet& rules, const History& history, Facts& facts) {
  const auto cue = rules.cue_index(consent_cue);
  if (!cue) return;
  for (const auto* mails : {&history.same, &history.referenced}) {
    for (const EarlierMail& earlier : *mails) {
      if (!earlier.consent) continue;
      facts.cues.push_back({*cue, {"", "record", "consent was given in an earlier mail of this thread"}, -1, false, false});
    }
  }
}

}  // namespace

Result<Facts> gather_facts(const mail::Message& message, const Envelope& envelope, const people::Directory& people,
                           const rules::RuleSet& rules, const History& history) {
  Facts facts;
  facts.senders = read_senders(message, envelope, people);
  read_names(message, people, facts);
  facts.recipients = read_recipients(message, envelope, people, facts.senders);
  std::vector<std::string> earlier;
  for (const EarlierMail& mail : history.same) earlier.insert(earlier.end(), mail.recipients.begin(), mail.recipients.end());
  if (!earlier.empty()) {
    facts.newly_sent = std::any_of(facts.recipients.begin(), facts.recipients.end(), [&](const Recipient& recipient) {
      return std::find(earlier.begin(), earlier.end(), recipient.key) == earlier.end();
    });
  }
  facts.elsewhere = read_elsewhere(message, earlier, people, facts.recipients);
  if (std::any_of(facts.recipients.begin(), facts.recipients.end(), is_other_councillor)) read_groups(message, people, facts);
  Named named(message, people);
  for (Recipient& recipient : facts.recipients) {
    add_other_group(facts, recipient);
    named.add_to(recipient);
  }
  read_traits(message, envelope, facts);
  read_group_traits(facts);
  TRY(gather_cues(message, rules, facts));
  add_consent_on_record(rules, history, facts);
  if (has_attachment(message)) facts.traits.insert("attachment");
  if (is_brief(message)) facts.traits.insert("brief");
  // Nobody waits for an answer of an outsider.
  const bool of_council = std::any_of(facts.senders.begin(), facts.senders.end(), [](const Party& party) { return party.is("person"); });
  if (of_council && is_substantive(message, rules, facts)) facts.traits.insert("substantive");
  gather_letters(message, people, history, facts);
  if (is_of_council(message, people, rules, facts)) facts.traits.insert("of-council");
  return facts;
}

}  // namespace beadle::inspect
