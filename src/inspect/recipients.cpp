#include "inspect/recipients.h"

#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"

namespace beadle::inspect {
namespace {

// Keys of everything that the reader sees in To and Cc: addresses themselves, all addresses of their persons, members of their lists.
struct Visible {
  std::unordered_set<std::string> to, cc;

  void add(std::unordered_set<std::string>& keys, const std::vector<mail::Mailbox>& mailboxes, const people::Directory& people) {
    for (const mail::Mailbox& mailbox : mailboxes) {
      if (mailbox.doubtful) continue;  // a name that imitates an address tells nobody of a copy
      add_address(keys, mailbox.address, people);
      if (const people::List* list = people.list_at(mailbox.address)) {
        for (const std::string& member : list->members) add_address(keys, member, people);
      }
    }
  }

 private:
  static void add_address(std::unordered_set<std::string>& keys, std::string_view address, const people::Directory& people) {
    keys.insert(people::address_key(address));
    if (const people::Person* person = people.person_at(address)) {
      for (const std::string& other : person->emails) keys.insert(people::address_key(other));
    }
  }
};

// Whether somebody who is neither councillor nor officer reads the list.
bool has_outsider(const people::List& list, const people::Directory& people) {
  return std::any_of(list.members.begin(), list.members.end(), [&](const std::string& member) { return people.person_at(member) == nullptr; });
}

}  // namespace

std::vector<Recipient> read_elsewhere(const mail::Message& message, const std::vector<std::string>& earlier, const people::Directory& people,
                                      const std::vector<Recipient>& recipients) {
  std::vector<Recipient> elsewhere;
  const auto add = [&](std::string_view address, std::string_view name, std::string_view word) {
    if (elsewhere.size() >= limits::envelope_recipients_max) return;
    Recipient other{party_at(address, name, people), ""};
    const auto same = [&](const Recipient& known) { return known.same_as(other); };
    if (std::any_of(recipients.begin(), recipients.end(), same) || std::any_of(elsewhere.begin(), elsewhere.end(), same)) return;
    other.words.insert(std::string(word));
    if (!word.empty()) other.words.insert("visible");
    elsewhere.push_back(std::move(other));
  };
  const auto add_all = [&](const std::vector<mail::Mailbox>& mailboxes, std::string_view word) {
    for (const mail::Mailbox& mailbox : mailboxes) {
      add(mailbox.address, mailbox.name, word);
      if (const people::List* list = people.list_at(mailbox.address)) {
        for (const std::string& member : list->members) add(member, "", word);
      }
    }
  };
  add_all(message.to, "to");
  add_all(message.cc, "cc");
  const std::size_t shown = elsewhere.size();
  for (const std::string& address : earlier) add(address, "", "");
  for (std::size_t i = shown; i < elsewhere.size(); ++i) {
    if (!elsewhere[i].is("archive")) elsewhere[i].words.insert("blind");
  }
  return elsewhere;
}

bool is_copy_line(std::string_view line) {
  line = trimmed(line);
  return ascii_istarts_with(line, "cc ") || ascii_istarts_with(line, "cc:") || ascii_istarts_with(line, "c.c. ") ||
         ascii_istarts_with(line, "copy to ") || ascii_istarts_with(line, "copy: ") || ascii_istarts_with(line, "copied to ") ||
         ascii_istarts_with(line, "copies to") || ascii_istarts_with(line, "copies: ") || ascii_istarts_with(line, "circulation");
}

bool is_list_mail(const mail::Message& message) {
  return message.has_header("List-Id") || message.has_header("List-Post") || message.has_header("List-Unsubscribe");
}

std::vector<const people::Person*> disclosed_in(const mail::Message& message, const people::Directory& people) {
  std::vector<const people::Person*> named;
  for (const mail::Text& text : message.texts) {
    if (message.parts[static_cast<std::size_t>(text.part)].attachment || message.parts[static_cast<std::size_t>(text.part)].inside_original) continue;
    for (const mail::Zone& zone : text.zones) {
      const bool ours = zone.kind == mail::ZoneKind::own || zone.kind == mail::ZoneKind::footer || zone.kind == mail::ZoneKind::signature;
      if (!ours) continue;
      const std::string_view words = mail::slice(text.utf8, zone.range);
      // A closing line: only the last lines of the zone count, so that talk of copies in the text does not.
      auto lines = split(words, '\n');
      while (!lines.empty() && trimmed(lines.back()).empty()) lines.pop_back();
      static constexpr std::size_t closing_lines = 4;
      const std::size_t first = lines.size() > closing_lines ? lines.size() - closing_lines : 0;
      for (std::size_t i = first; i < lines.size(); ++i) {
        if (!is_copy_line(lines[i])) continue;
        for (const people::Person* person : people.persons_named_in(lines[i])) {
          if (std::find(named.begin(), named.end(), person) == named.end()) named.push_back(person);
        }
      }
    }
  }
  return named;
}

using ListOf = std::unordered_map<std::string, const people::List*>;

// Whom a list in To or Cc reaches, by address key, but for those who stand there themselves. A mail server that expands lists hands over
// their members only.
ListOf reached_by_list(const mail::Message& message, const people::Directory& people) {
  ListOf lists;
  const auto fields = {&message.to, &message.cc, &message.resent_to, &message.resent_cc};
  for (const auto* field : fields) {
    for (const mail::Mailbox& mailbox : *field) {
      const people::List* list = people.list_at(mailbox.address);
      if (list == nullptr) continue;
      for (const std::string& member : list->members) lists.emplace(people::address_key(member), list);
    }
  }
  if (lists.empty()) return lists;
  for (const auto* field : fields) {
    for (const mail::Mailbox& mailbox : *field) lists.erase(people::address_key(mailbox.address));
  }
  return lists;
}

std::vector<Recipient> read_recipients(const mail::Message& message, const Envelope& envelope, const people::Directory& people,
                                       const std::vector<Party>& senders) {
  Visible visible;
  visible.add(visible.to, message.to, people);
  visible.add(visible.to, message.resent_to, people);
  visible.add(visible.cc, message.cc, people);
  visible.add(visible.cc, message.resent_cc, people);
  const auto disclosed = disclosed_in(message, people);
  const bool list_mail = is_list_mail(message);
  const ListOf lists = reached_by_list(message, people);

  std::vector<Recipient> recipients;
  std::unordered_set<std::string> seen;
  const auto add = [&](std::string_view address, std::string_view via_list) {
    Recipient recipient{party_at(address, "", people), std::string(via_list)};
    if (!seen.insert(recipient.key.empty() ? recipient.address : recipient.key).second) return;
    auto& words = recipient.words;
    const std::string list_key = via_list.empty() ? "" : people::address_key(via_list);
    const auto stands_in = [&](const std::unordered_set<std::string>& keys) {
      return keys.contains(recipient.key) || (!list_key.empty() && keys.contains(list_key));
    };
    if (stands_in(visible.to)) words.insert("to");
    if (stands_in(visible.cc)) words.insert("cc");
    if (recipient.person != nullptr && std::find(disclosed.begin(), disclosed.end(), recipient.person) != disclosed.end()) words.insert("disclosed");
    if (std::any_of(senders.begin(), senders.end(), [&](const Party& sender) { return sender.same_as(recipient); })) words.insert("sender");
    const bool explained = recipient.is("to") || recipient.is("cc") || recipient.is("sender") || recipient.is("archive") || list_mail;
    words.insert(explained ? "visible" : "blind");
    if (const people::List* list = via_list.empty() ? nullptr : people.list_at(via_list)) {
      if (!list->group.empty()) words.insert("group-list");
      if (has_outsider(*list, people)) words.insert("mixed-list");
    }
    recipients.push_back(std::move(recipient));
  };
  for (const std::string& address : envelope.recipients) {
    if (recipients.size() >= limits::envelope_recipients_max) break;
    const people::List* list = people.list_at(address);
    if (list == nullptr) {
      const auto by = lists.find(people::address_key(address));
      add(address, by == lists.end() ? "" : by->second->address);
      continue;
    }
    for (const std::string& member : list->members) add(member, address);
  }
  return recipients;
}

}  // namespace beadle::inspect
