// beadle held: what the page can do, on the command line.
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "deliver/notices.h"
#include "people/address.h"
#include "store/store.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

std::string dump(const ordered_json& value) { return value.dump(2, ' ', false, ordered_json::error_handler_t::replace); }

Result<store::Store> open_store(const std::string& config_file) {
  const auto settings = settings_of(config_file);
  if (!settings) return Error{ErrorKind::bad_settings, "the configuration cannot be used"};
  return store::Store::open(settings->database, system_now());
}

ordered_json to_json(const store::HeldSummary& held) {
  ordered_json out{{"id", held.id},         {"state", store::to_string(held.state)}, {"received", to_rfc3339(held.received)},
                   {"from", held.from},     {"sender", held.sender},                 {"recipients", held.recipients},
                   {"subject", held.subject}, {"clauses", held.clauses}};
  if (!held.decided_by.empty()) out["decided_by"] = held.decided_by;
  if (held.decided) out["decided"] = to_rfc3339(*held.decided);
  if (!held.reason.empty()) out["reason"] = held.reason;
  if (held.purged) out["purged"] = to_rfc3339(*held.purged);
  return out;
}

void print_row(const store::HeldSummary& held) {
  std::printf("%s  %-9s  %s\n", held.id.c_str(), std::string(store::to_string(held.state)).c_str(), to_rfc3339(held.received).c_str());
  std::printf("    from     %s\n", printable(held.from).c_str());
  std::printf("    to       %s\n", printable(joined(held.recipients, ", ")).c_str());
  std::printf("    subject  %s\n", printable(held.subject).c_str());
  std::printf("    clauses  %s\n", joined(held.clauses, ", ").c_str());
  if (!held.decided_by.empty()) {
    std::printf("    decided  by %s%s%s\n", printable(held.decided_by).c_str(), held.decided ? (" at " + to_rfc3339(*held.decided)).c_str() : "",
                held.reason.empty() ? "" : (": " + printable(held.reason)).c_str());
  }
  if (held.purged) std::printf("    content  forgotten at %s\n", to_rfc3339(*held.purged).c_str());
}

// Nobody decides on mail that he or she sent or received.
Result<void> may_decide(const store::Held& held, const people::Directory& people, const std::string& who) {
  const people::Person* person = people.person_at(who);
  if (person == nullptr) person = people.person_named(who);
  const auto is_theirs = [&](const std::string& address) {
    if (people::address_key(address) == people::address_key(who) && !people::address_key(who).empty()) return true;
    return person != nullptr && people.person_at(address) == person;
  };
  const bool sent = is_theirs(held.from) || is_theirs(held.sender);
  const bool receives = std::any_of(held.recipients.begin(), held.recipients.end(), is_theirs);
  if (!sent && !receives) return {};
  return Error{ErrorKind::refused, who + (sent ? " sent" : " is a recipient of") + " this message: another reviewer has to decide"};
}

struct Desk {
  config::Settings settings;
  inspect::Policy policy;
  store::Store store;
};

Result<Desk> open_desk(const std::string& config_file) {
  auto settings = settings_of(config_file);
  if (!settings) return Error{ErrorKind::bad_settings, "the configuration cannot be used"};
  Problems problems;
  auto policy = config::load_policy(*settings, problems);
  report(problems);
  if (!policy) return Error{ErrorKind::bad_settings, "roster or rules cannot be used"};
  auto store = TRY(store::Store::open(settings->database, system_now()));
  return Desk{std::move(*settings), std::move(*policy), std::move(store)};
}

Result<store::Held> get_to_decide(Desk& desk, const std::string& id, const std::string& who) {
  auto held = TRY(desk.store.get(id));
  TRY(may_decide(held, *desk.policy.people, who));
  return held;
}

}  // namespace

int held_list(const HeldOptions& options) {
  auto store = open_store(options.config);
  if (!store) return fail(store.error());
  std::vector<store::HeldState> states{store::HeldState::held, store::HeldState::releasing};
  if (options.all) states = {store::HeldState::held, store::HeldState::releasing, store::HeldState::released, store::HeldState::returned, store::HeldState::withdrawn};
  if (!options.state.empty()) {
    const auto state = store::held_state_from(options.state);
    if (!state) return fail({ErrorKind::usage, "unknown state " + options.state + " (held releasing released returned withdrawn)"});
    states = {*state};
  }
  static constexpr std::size_t most = 10000;
  auto rows = store->list(states, most);
  if (!rows) return fail(rows.error());
  std::reverse(rows->begin(), rows->end());  // who has waited longest comes first
  if (options.json) {
    ordered_json out = ordered_json::array();
    for (const auto& held : *rows) out.push_back(to_json(held));
    std::printf("%s\n", dump(out).c_str());
    return exit_ok;
  }
  for (const auto& held : *rows) print_row(held);
  if (rows->empty()) std::printf("Nothing is held.\n");
  return exit_ok;
}

int held_show(const HeldOptions& options) {
  auto store = open_store(options.config);
  if (!store) return fail(store.error());
  const auto held = store->get(options.id);
  if (!held) return fail(held.error());
  // Looking at the content is an act of its own.
  const auto noted = store->opened(held->id, find_actor(options.by), system_now());
  if (!noted) return fail(noted.error());
  if (options.raw) {
    std::fwrite(held->bytes.data(), 1, held->bytes.size(), stdout);
    return exit_ok;
  }
  const mail::Message message = mail::parse_message(held->bytes);
  if (options.json) {
    ordered_json out = to_json(*held);
    out["queue_id"] = held->queue_id;
    out["client"] = held->client;
    out["sha256"] = held->sha256;
    const auto verdict = ordered_json::parse(held->verdict_json, nullptr, false);
    out["verdict"] = verdict.is_discarded() ? ordered_json(held->verdict_json) : verdict;
    out["outcomes"] = ordered_json::array();
    for (const auto& outcome : held->outcomes) {
      out["outcomes"].push_back({{"address", outcome.address}, {"state", outcome.state}, {"reply", outcome.reply}, {"tries", outcome.tries}});
    }
    std::printf("%s\n", dump(out).c_str());
    return exit_ok;
  }
  print_row(*held);
  const auto verdict = ordered_json::parse(held->verdict_json, nullptr, false);
  if (verdict.is_object()) {
    for (const auto& finding : verdict.value("findings", ordered_json::array())) {
      std::printf("\n%s: %s\n", finding.value("clause", "").c_str(), finding.value("says", "").c_str());
      for (const auto& evidence : finding.value("evidence", ordered_json::array())) {
        std::printf("    %s: \"%s\"\n", evidence.value("zone", "").c_str(), printable(evidence.value("text", "")).c_str());
      }
    }
  }
  if (!held->outcomes.empty()) std::printf("\nDelivery\n");
  for (const auto& outcome : held->outcomes) {
    std::printf("    %s: %s %s\n", printable(outcome.address).c_str(), outcome.state.c_str(), printable(outcome.reply).c_str());
  }
  for (const mail::Text& text : message.texts) {
    std::printf("\n--- part %s ---\n", message.parts[static_cast<std::size_t>(text.part)].id.c_str());
    for (const auto line : split(text.utf8, '\n')) std::printf("%s\n", printable(line).c_str());
  }
  return exit_ok;
}

int held_release(const HeldOptions& options) {
  auto desk = open_desk(options.config);
  if (!desk) return fail(desk.error());
  const std::string who = find_actor(options.by);
  const auto held = get_to_decide(*desk, options.id, who);
  if (!held) return fail(held.error());
  const auto asked = desk->store.ask_release(held->id, who, options.reason, options.again, system_now());
  if (!asked) return fail(asked.error());
  std::printf("%s will be sent to %s.\n", held->id.c_str(), printable(joined(held->recipients, ", ")).c_str());
  return exit_ok;
}

int held_return(const HeldOptions& options) {
  if (trimmed(options.reason).empty()) return fail({ErrorKind::usage, "say why with --reason: the sender reads these words"});
  auto desk = open_desk(options.config);
  if (!desk) return fail(desk.error());
  const std::string who = find_actor(options.by);
  const auto held = get_to_decide(*desk, options.id, who);
  if (!held) return fail(held.error());
  Problems problems;
  const auto templates = deliver::load_templates(desk->settings.notices_directory, problems);
  report(problems);
  if (!templates) return exit_config;
  const deliver::NoticeWriter writer(deliver::notice_settings(desk->settings.notices_from, desk->settings.reviewers, desk->settings.host_name,
                                                              desk->policy.people->roster().council),
                                     *templates, desk->policy.people);
  const Time now = system_now();
  const auto returned = desk->store.return_to_sender(held->id, who, options.reason, now, writer.on_returned(*held, who, options.reason, now));
  if (!returned) return fail(returned.error());
  std::printf("%s goes back to %s.\n", held->id.c_str(), printable(held->sender).c_str());
  return exit_ok;
}

int held_withdraw(const HeldOptions& options) {
  auto store = open_store(options.config);
  if (!store) return fail(store.error());
  const auto held = store->get(options.id);
  if (!held) return fail(held.error());
  const auto withdrawn = store->withdraw(held->id, find_actor(options.by), options.reason, system_now());
  if (!withdrawn) return fail(withdrawn.error());
  std::printf("%s is withdrawn and will not be sent.\n", held->id.c_str());
  return exit_ok;
}

}  // namespace beadle::cli
