// Who wrote the message and who gets it, in words that need no roster at hand.
#include <algorithm>
#include <map>
#include <set>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

std::string safe(std::string_view text) { return shortened(printable(text), limits::name_bytes_max); }

std::string with_spaces(std::string text) {
  std::replace(text.begin(), text.end(), '-', ' ');
  return text;
}

std::string who_is(const people::Person& person) {
  std::string out = person.is_councillor() ? "councillor" : "officer";
  for (const std::string& role : person.roles) out += ", " + with_spaces(role);
  if (!person.group.empty()) out += ", " + person.group + " group";
  if (!person.ward.empty()) out += ", " + person.ward + " ward";
  return safe(out);
}

std::string who_is_outside(std::string_view address, const people::Directory& people) {
  std::string out = people.is_own_domain(address) ? "an address of the council that nobody in the roster has" : "outside the council";
  for (const std::string& kind : people.contact_kinds_of(address)) out += ", " + with_spaces(kind);
  return out;
}

/// What is looked up for each recipient, made once: a mail of thousands would be walked through for every one of them.
class Lookup {
 public:
  Lookup(const store::Held& held, const mail::Message& message) {
    for (const auto* field : {&message.to, &message.cc, &message.bcc, &message.from, &message.sender}) {
      for (const mail::Mailbox& mailbox : *field) names_.emplace(people::address_key(mailbox.address), mailbox.name);
    }
    for (const auto* field : {&message.to, &message.resent_to}) add_keys(*field, to_);
    for (const auto* field : {&message.cc, &message.resent_cc}) add_keys(*field, cc_);
    for (const store::RecipientOutcome& outcome : held.outcomes) {
      if (outcome.state != "pending" || !outcome.reply.empty()) outcomes_.emplace(outcome.address, &outcome);
    }
  }

  std::string display_name(const std::string& key) const {
    const auto found = names_.find(key);
    return key.empty() || found == names_.end() ? "" : found->second;
  }
  bool in_to(const std::string& key) const { return to_.contains(key); }
  bool in_cc(const std::string& key) const { return cc_.contains(key); }
  std::string outcome(const inspect::Recipient& recipient) const {
    auto found = outcomes_.find(recipient.address);
    if (found == outcomes_.end() && !recipient.via_list.empty()) found = outcomes_.find(recipient.via_list);
    if (found == outcomes_.end()) return "";
    return found->second->state + (found->second->reply.empty() ? "" : ": " + safe(found->second->reply));
  }

 private:
  static void add_keys(const std::vector<mail::Mailbox>& field, std::set<std::string>& keys) {
    for (const mail::Mailbox& mailbox : field) {
      if (!mailbox.doubtful) keys.insert(people::address_key(mailbox.address));
    }
  }

  std::map<std::string, std::string> names_;
  std::set<std::string> to_, cc_;
  std::map<std::string, const store::RecipientOutcome*> outcomes_;
};

std::string explained(const inspect::Recipient& recipient, const Lookup& lookup) {
  const std::string list = recipient.via_list.empty() ? "" : "as a member of " + safe(recipient.via_list) + ", ";
  const auto through = [&](std::string_view field, bool itself) {
    if (!list.empty()) return list + "which stands in " + std::string(field);
    return itself ? "stands in " + std::string(field) : "another address of the same person stands in " + std::string(field);
  };
  if (recipient.is("blind")) {
    const std::string named = recipient.is("disclosed") ? "; a closing line of the sender's names the copy" : "";
    return list + "copied without being shown to the others" + named;
  }
  if (recipient.is("to")) return through("To", lookup.in_to(recipient.key));
  if (recipient.is("cc")) return through("Cc", lookup.in_cc(recipient.key));
  if (recipient.is("sender")) return list + "the sender's own copy";
  if (recipient.is("archive")) return list + "an archive";
  return list + "gets it as mail of a mailing list";
}

ShownRecipient shown(const inspect::Recipient& recipient, const Lookup& lookup, const people::Directory& people) {
  ShownRecipient out;
  static_cast<ShownParty&>(out) = shown_party(recipient.address, lookup.display_name(recipient.key), people);
  out.blind = recipient.is("blind");
  out.councillor = recipient.person != nullptr && recipient.person->is_councillor();
  return out;
}

/// "From says Nell Barrow, Reply-To says …": only where it is somebody else.
class Disagreements {
 public:
  Disagreements(const mail::Message& message, const people::Directory& people, MessageView& view) : people_(people), view_(view) {
    if (!message.from.empty()) from_ = message.from.front();
    person_ = people.person_at(from_.address);
  }

  void compare(std::string_view field, std::string_view address) {
    if (address.empty() || is_from(address)) return;
    const ShownParty other = shown_party(address, "", people_);
    add(std::string(field) + " is somebody else than the sender in From: " + (other.name.empty() ? other.address : other.name + " (" + other.who + ")") + ".");
  }
  void compare_login(std::string_view login) {
    if (login.empty() || is_from(login)) return;
    const people::Person* person = people_.person_at(login);
    if (person != nullptr) {
      add("The message was sent by the account of " + safe(person->name) + ", not of the sender in From.");
    } else if (login.find('@') != std::string_view::npos) {
      add("The message was sent by the account " + safe(login) + ", which is not the address in From.");
    }
  }
  /// A name of the roster over an address that is not that person's.
  void compare_name() {
    const people::Person* named = people_.person_named(from_.name);
    if (named == nullptr || named == person_) return;
    const std::string whose = named->is_councillor() ? "that councillor's." : "that officer's.";
    add("From shows the name of " + safe(named->name) + ", but the address is not known to be " + whose);
  }
  void add(std::string sentence) {
    auto& remarks = view_.sender_remarks;
    if (std::find(remarks.begin(), remarks.end(), sentence) == remarks.end()) remarks.push_back(std::move(sentence));
  }

 private:
  bool is_from(std::string_view address) const {
    if (people::address_key(address) == people::address_key(from_.address) && !people::address_key(address).empty()) return true;
    return person_ != nullptr && people_.person_at(address) == person_;
  }

  const people::Directory& people_;
  MessageView& view_;
  mail::Mailbox from_;
  const people::Person* person_ = nullptr;
};

void add_field(std::string_view name, const std::vector<mail::Mailbox>& field, const people::Directory& people, MessageView& view) {
  for (const mail::Mailbox& mailbox : field) {
    if (view.senders.size() == limits::page_rows_max) return;
    ShownSender sender;
    static_cast<ShownParty&>(sender) = shown_party(mailbox.address, mailbox.name, people);
    sender.field = std::string(name);
    view.senders.push_back(std::move(sender));
  }
}

}  // namespace

ShownParty shown_party(std::string_view address, std::string_view display_name, const people::Directory& people) {
  ShownParty out;
  out.address = safe(address);
  out.name = safe(display_name);
  if (const people::Person* person = people.person_at(address)) {
    out.name = safe(person->name);
    out.who = who_is(*person);
    out.of_council = true;
  } else if (const people::List* list = people.list_at(address)) {
    out.who = "list of " + std::to_string(list->members.size()) + (list->group.empty() ? "" : ", " + safe(list->group) + " group");
    out.of_council = true;
  } else {
    out.who = who_is_outside(address, people);
  }
  return out;
}

void add_senders(const store::Held& held, const mail::Message& message, const people::Directory& people, MessageView& view) {
  add_field("From", message.from, people, view);
  add_field("Sender", message.sender, people, view);
  add_field("Reply-To", message.reply_to, people, view);
  add_field("Resent-From", message.resent_from, people, view);
  add_field("Envelope sender", {{"", held.envelope.sender, ""}}, people, view);
  if (!held.envelope.login.empty()) add_field("Signed in to the mail server as", {{"", held.envelope.login, ""}}, people, view);
  Disagreements disagreements(message, people, view);
  if (message.from.size() > 1) disagreements.add("From names more than one sender.");
  disagreements.compare_name();
  for (const mail::Mailbox& mailbox : message.sender) disagreements.compare("Sender", mailbox.address);
  for (const mail::Mailbox& mailbox : message.reply_to) disagreements.compare("Reply-To", mailbox.address);
  disagreements.compare("The envelope's sender", held.envelope.sender);
  disagreements.compare_login(held.envelope.login);
  if (view.sender_remarks.size() > limits::page_rows_max) view.sender_remarks.resize(limits::page_rows_max);
}

void add_recipients(const store::Held& held, const mail::Message& message, const inspect::Facts& facts, const people::Directory& people, MessageView& view) {
  const Lookup lookup(held, message);
  std::vector<const inspect::Recipient*> sent, named;
  std::set<std::string> expanded;  // lists whose members are shown
  for (const inspect::Recipient& recipient : facts.recipients) {
    sent.push_back(&recipient);
    if (!recipient.via_list.empty()) expanded.insert(people::address_key(recipient.via_list));
  }
  std::stable_sort(sent.begin(), sent.end(), [](const auto* a, const auto* b) { return a->is("blind") && !b->is("blind"); });
  for (const inspect::Recipient& recipient : facts.elsewhere) {
    if (recipient.key.empty() || !expanded.contains(recipient.key)) named.push_back(&recipient);
  }
  for (auto* list : {&sent, &named}) {
    if (list->size() <= limits::page_rows_max) continue;
    view.recipients_left_out += list->size() - limits::page_rows_max;
    list->resize(limits::page_rows_max);
  }
  for (const inspect::Recipient* recipient : sent) {
    view.recipients.push_back(shown(*recipient, lookup, people));
    view.recipients.back().explained = explained(*recipient, lookup);
    view.recipients.back().outcome = lookup.outcome(*recipient);
  }
  for (const inspect::Recipient* recipient : named) {
    view.elsewhere.push_back(shown(*recipient, lookup, people));
    view.elsewhere.back().explained =
        recipient->is("blind") ? "had a copy of this message before" : "stands in the header, but gets it in another way or not at all";
  }
}

}  // namespace beadle::review
