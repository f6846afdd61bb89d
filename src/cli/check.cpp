// beadle check: one message as if it came in by a door, in enforce mode.
#include <cstdio>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "inspect/inspect.h"
#include "inspect/party.h"
#include "intake/record.h"
#include "mail/footer_mark.h"
#include "people/address.h"
#include "store/store.h"

namespace beadle::cli {
namespace {

void print(const inspect::Verdict& verdict) {
  std::printf("%s\n", std::string(rules::to_string(verdict.action)).c_str());
  for (const inspect::Finding& finding : verdict.findings) {
    std::printf("\n  %-8s %s (%s)\n           %s\n", std::string(rules::to_string(finding.action)).c_str(), finding.clause.c_str(),
                finding.family.c_str(), finding.says.c_str());
    for (const inspect::Evidence& evidence : finding.evidence) {
      const std::string place = evidence.zone + (evidence.part.empty() ? "" : ", part " + evidence.part);
      std::printf("           %s: \"%s\"\n", place.c_str(), evidence.text.c_str());
    }
  }
  if (!verdict.footer.empty()) std::printf("\n  footer   %s\n", inspect::footer_line(verdict.footer).c_str());
  if (!verdict.uneditable.empty()) std::printf("  held because the footer cannot be added: %s\n", verdict.uneditable.c_str());
  for (const std::string& defect : verdict.defects) std::printf("  defect   %s\n", defect.c_str());
  for (const mail::NotInspected& part : verdict.not_inspected) {
    std::printf("  not read %s %s: %s\n", part.part.c_str(), printable(part.file_name).c_str(), part.reason.c_str());
  }
}

/// What the roster does not say of those who take part: then no rule about councillors or officers looks at them.
std::vector<std::string> notes_of(const mail::Message& message, const inspect::Envelope& envelope, const people::Directory& people) {
  std::vector<std::string> notes;
  std::set<std::string> told;
  const auto look_at = [&](const std::string& address) {
    if (!people.is_own_domain(address) || people.person_at(address) != nullptr || people.list_at(address) != nullptr) return;
    if (!people.contact_kinds_of(address).empty() || !told.insert(people::address_key(address)).second) return;
    notes.push_back(address + " is in your domain but nobody in the roster has this address");
  };
  bool somebody = people.person_at(envelope.sender) != nullptr || people.person_at(envelope.login) != nullptr;
  look_at(envelope.sender);
  for (const auto* mailboxes : {&message.from, &message.sender, &message.resent_from}) {
    for (const mail::Mailbox& mailbox : *mailboxes) {
      look_at(mailbox.address);
      somebody = somebody || inspect::party_at(mailbox.address, mailbox.name, people).person != nullptr;
    }
  }
  for (const std::string& recipient : envelope.recipients) look_at(recipient);
  if (!somebody) notes.emplace_back("nobody in the roster sent this message, so no rule about what councillors or officers send looks at it");
  return notes;
}

/// Two addresses given as one would be taken for a stranger's.
std::optional<std::string> several_in_one(const std::vector<std::string>& addresses) {
  for (const std::string& address : addresses) {
    const std::size_t comma = address.find_first_of(",;");
    if (comma != std::string::npos && address.find('@') < comma && address.find('@', comma) != std::string::npos) return address;
  }
  return std::nullopt;
}

std::string json_of(const inspect::Verdict& verdict, const std::vector<std::string>& notes) {
  if (notes.empty()) return inspect::to_json(verdict);
  auto json = nlohmann::ordered_json::parse(inspect::to_json(verdict));
  json["notes"] = notes;
  return json.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string_view line_end_of(std::string_view bytes) {
  const std::size_t end = bytes.find('\n');
  return end > 0 && end != std::string_view::npos && bytes[end - 1] != '\r' ? "\n" : "\r\n";
}

}  // namespace

Result<std::string> read_message(const std::string& file) {
  std::string bytes;
  if (file == "-") {
    bytes.assign(std::istreambuf_iterator<char>(std::cin), {});
  } else {
    std::ifstream in(file, std::ios::binary);
    if (!in) return Error{ErrorKind::not_found, file + ": cannot be read"};
    bytes.assign(std::istreambuf_iterator<char>(in), {});
  }
  if (bytes.empty()) return Error{ErrorKind::bad_data, file + ": is empty"};
  return bytes;
}

int check(const CheckOptions& options) {
  const auto moment = find_moment(options.at);
  if (!moment) return exit_usage;
  if (const auto address = several_in_one(options.to)) {
    return fail({ErrorKind::usage, "--to " + *address + " holds more than one address: give --to once for each, as in --to a@council.example --to b@council.example"});
  }
  Problems problems;
  const auto settings = settings_with({options.config, options.roster, options.rules, options.protocol}, problems);
  auto policy = settings ? config::load_policy(*settings, problems) : std::nullopt;
  const auto read_documents = settings ? document_reader(*settings, problems) : nullptr;
  if (const int code = report(problems); !policy || code != exit_ok) return exit_config;
  policy->mode = rules::Mode::enforce;
  auto bytes = read_message(options.file);
  if (!bytes) return fail(bytes.error());

  const Time now = *moment;
  mail::Message message = mail::parse_message(std::move(*bytes));
  if (read_documents) read_documents(message);
  inspect::Envelope envelope;
  envelope.sender = options.from;
  envelope.recipients = options.to;
  envelope.login = options.login;
  envelope.body = options.body;

  std::optional<store::Store> record;
  inspect::History history;
  if (!options.record.empty()) {
    auto opened = store::Store::open(options.record, now);
    if (!opened) return fail(opened.error());
    record = std::move(*opened);
    auto found = intake::history_of(message, *policy, *record);
    if (!found) return fail(found.error());
    history = std::move(*found);
    auto footer_key = record->secret("footer");
    if (!footer_key) return fail(footer_key.error());
    policy->footer_key = std::move(*footer_key);
  }
  const auto decision = inspect::inspect(message, envelope, *policy, history, now);
  if (!decision) return fail(decision.error());
  const inspect::Verdict& verdict = decision->verdict;
  if (record) {
    const auto remembered = intake::remember(message, envelope, *policy, verdict, *record, now);
    if (!remembered) return fail(remembered.error());
    const auto reminded = record->change_reminders(decision->reminders, message.message_id, now);
    if (!reminded) return fail(reminded.error());
  }
  if (!options.annotated.empty()) {
    std::ofstream out(options.annotated, std::ios::binary | std::ios::trunc);
    if (!decision->footer_mark.empty()) out << mail::footer_field << ": " << decision->footer_mark << line_end_of(message.bytes);
    out << (decision->edited.empty() ? message.bytes : decision->edited);
    if (!out.flush()) return fail({ErrorKind::try_later, options.annotated + ": cannot be written"});
  }
  const auto notes = notes_of(message, envelope, *policy->people);
  if (options.json) {
    std::printf("%s\n", json_of(verdict, notes).c_str());
  } else {
    print(verdict);
    for (const inspect::NewReminder& opened : decision->reminders.opens) std::printf("  reminder %s begins to wait\n", opened.clause.c_str());
    for (const inspect::ReminderStep& step : decision->reminders.steps) {
      if (step.closes) std::printf("  reminder %s is answered\n", step.id.c_str());
    }
    if (!notes.empty()) std::printf("\n");
    for (const std::string& note : notes) std::printf("note: %s\n", printable(note).c_str());
  }
  if (!options.fail_on.empty() && verdict.action >= rules::action_from(options.fail_on).value_or(rules::Action::hold)) return exit_found;
  return exit_ok;
}

}  // namespace beadle::cli
