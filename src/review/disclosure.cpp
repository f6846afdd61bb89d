#include "review/disclosure.h"

#include <algorithm>

#include "base/text.h"
#include "deliver/courtesy.h"
#include "mail/edit.h"
#include "mail/footer_mark.h"
#include "review/verdict_of.h"
#include "review/view_parts.h"

namespace beadle::review {
namespace {

// Each is written to alone. Mail to more than these is no letter, and a mailing of ours to hundreds of outsiders is nothing to do by one click.
constexpr std::size_t told_most = 50;

bool stands_in(const std::vector<std::string>& names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }

std::vector<std::string> named_by(const Leaving& leaving) {
  std::vector<std::string> names;
  for (const std::string& line : leaving.lines_added) {
    for (std::string& name : inspect::footer_names(line)) names.push_back(std::move(name));
  }
  return names;
}

bool is_hidden_councillor(const inspect::Recipient& recipient) {
  return recipient.person != nullptr && recipient.person->is_councillor() && recipient.is("blind") && !recipient.is("disclosed");
}

/// Who is shown, and reads the message: not the sender, not an archive, not a list that the mail server expands.
std::vector<std::string> shown_readers(const inspect::Facts& facts) {
  std::vector<std::string> readers;
  for (const inspect::Recipient& recipient : facts.recipients) {
    const bool shown = recipient.is("to") || recipient.is("cc");
    if (!shown || recipient.is("sender") || recipient.is("archive") || recipient.is("protected") || !deliver::is_deliverable(recipient.address)) continue;
    readers.push_back(recipient.address);
  }
  return readers;
}

/// In the order of the roster, so that the same disclosure always reads the same.
std::vector<std::string> in_order(const std::vector<std::string>& names, const people::Directory& people) {
  std::vector<std::string> ordered;
  for (const people::Person& person : people.roster().persons) {
    if (stands_in(names, person.name) && !stands_in(ordered, person.name)) ordered.push_back(person.name);
  }
  for (const std::string& name : names) {
    if (!stands_in(ordered, name)) ordered.push_back(name);
  }
  return ordered;
}

/// What a release would put in front of the message as it came; nullopt where it sends something else.
std::optional<std::string> front_of(const store::Held& held) {
  if (held.release_bytes.empty()) return "";
  if (!held.release_bytes.ends_with(held.bytes)) return std::nullopt;
  std::string front = held.release_bytes.substr(0, held.release_bytes.size() - held.bytes.size());
  // A line of an earlier pass is there already, under its own mark.
  if (front.find(mail::footer_field) != std::string::npos) return std::nullopt;
  return front;
}

/// "" with the reason where no line can be put in.
std::string with_line(const store::Held& held, const mail::Message& message, const std::string& line, const std::string& key, std::string& why) {
  const auto front = front_of(held);
  if (!front || key.empty()) {
    why = "it has a line already";
    return "";
  }
  mail::FooterResult footer = mail::add_footer(message, {.line = line, .key = key, .eight_bit = held.envelope.body == "8BITMIME"});
  if (!footer.refusal.empty() || footer.bytes == message.bytes) {
    why = footer.refusal.empty() ? "it has that line already" : footer.refusal;
    return "";
  }
  const std::string mark = mail::footer_mark(message, line, key);
  return *front + (mark.empty() ? "" : std::string(mail::footer_field) + ": " + mark + "\r\n") + footer.bytes;
}

}  // namespace

std::vector<std::string> undisclosed(const inspect::Facts& facts, const inspect::Verdict& verdict, const Leaving& leaving, const people::Directory& people) {
  const std::vector<std::string> named = named_by(leaving);
  std::vector<std::string> names;
  const auto add = [&](const std::string& name) {
    if (!stands_in(named, name) && !stands_in(names, name)) names.push_back(name);
  };
  for (const auto* list : {&facts.recipients, &facts.elsewhere}) {
    for (const inspect::Recipient& recipient : *list) {
      if (is_hidden_councillor(recipient)) add(recipient.person->name);
    }
  }
  // A disclosure that the rules asked for and that could not be made, or was only observed.
  for (const std::string& name : verdict.footer) add(name);
  return in_order(names, people);
}

Result<Disclosure> disclosure_of(const store::Held& held, const mail::Message& message, const inspect::Policy& policy) {
  Disclosure disclosure;
  if (held.purged || held.bytes.empty()) return disclosure;
  const inspect::Facts facts = TRY(inspect::gather_facts(message, held.envelope, *policy.people, *policy.rules, {}));
  const Leaving leaving = leaving_of(held, message);
  disclosure.names = undisclosed(facts, verdict_of(held.verdict_json), leaving, *policy.people);
  disclosure.recipients = shown_readers(facts);
  if (disclosure.names.empty() || disclosure.recipients.empty()) return disclosure;
  disclosure.line = inspect::footer_line(disclosure.names);
  disclosure.release_bytes = with_line(held, message, disclosure.line, policy.footer_key, disclosure.why_no_line);
  if (!disclosure.release_bytes.empty()) {
    disclosure.how = Disclosure::How::line;
  } else if (disclosure.recipients.size() <= told_most) {
    disclosure.how = Disclosure::How::notice;
  }
  return disclosure;
}

bool can_disclose(const store::Held& held, const MessageView& view) {
  return held.state == store::HeldState::held && !view.undisclosed.empty() && view.readers_shown;
}

}  // namespace beadle::review
