#include "cli/held_desk.h"

#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/exit.h"
#include "deliver/notices.h"
#include "store/accounts.h"

namespace beadle::cli {

using nlohmann::ordered_json;

std::string dump(const ordered_json& value) { return value.dump(2, ' ', false, ordered_json::error_handler_t::replace); }

Result<store::Store> open_store_of(const std::string& config_file) {
  const auto settings = settings_of(config_file);
  if (!settings) return Error{ErrorKind::bad_settings, "the configuration cannot be used"};
  return open_store(*settings);
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

ordered_json to_json(const store::InboxRow& row) {
  ordered_json out = to_json(static_cast<const store::HeldSummary&>(row));
  if (row.claim) out["claimed_by"] = row.claim->who;
  if (row.legal_hold) out["legal_hold"] = true;
  if (row.explained) out["explained"] = true;
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

Result<review::Actor> actor_at(store::Store& store, const std::string& by) {
  const std::string who = find_actor(by);
  const auto account = TRY(store::Accounts(store).find(who));
  if (account) return review::actor_of(*account);
  return review::Actor{.name = who, .address = "", .roles = {"reviewer"}};
}

Result<std::unique_ptr<HeldDesk>> open_held_desk(const HeldOptions& options) {
  auto settings = settings_of(options.config);
  if (!settings) return Error{ErrorKind::bad_settings, "the configuration cannot be used"};
  Problems problems;
  auto policy = config::load_policy(*settings, problems);
  auto templates = deliver::load_templates(settings->notices_directory, problems);
  auto documents = document_reader(*settings, problems);
  report(problems);
  if (!policy || !templates) return Error{ErrorKind::bad_settings, "roster, rules or notices cannot be used"};
  auto store = TRY(open_store(*settings));
  policy->footer_key = TRY(store.secret("footer"));
  auto actor = TRY(actor_at(store, options.by));
  deliver::NoticeWriter notices(notice_settings_of(*settings, *policy->people), std::move(*templates), policy->people);
  return std::make_unique<HeldDesk>(
      HeldDesk{std::move(*settings), std::move(*policy), std::move(store), std::move(notices), std::move(documents), std::move(actor)});
}

}  // namespace beadle::cli
