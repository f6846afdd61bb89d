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

std::string short_id(const std::string& id) {
  static constexpr std::size_t shown = 6;
  return id.size() <= shown ? id : id.substr(id.size() - shown);
}

void print_row(const store::InboxRow& row) {
  std::printf("%s  %-9s  %s\n", short_id(row.id).c_str(), std::string(store::to_string(row.state)).c_str(), to_rfc3339(row.received).c_str());
  std::printf("    id       %s\n", row.id.c_str());
  std::printf("    from     %s\n", printable(row.from).c_str());
  std::printf("    to       %s\n", printable(joined(row.recipients, ", ")).c_str());
  std::printf("    subject  %s\n", printable(row.subject).c_str());
  std::printf("    clauses  %s\n", joined(row.clauses, ", ").c_str());
  if (row.claim) std::printf("    claimed  by %s at %s\n", printable(row.claim->who).c_str(), to_rfc3339(row.claim->at).c_str());
  if (row.explained) std::printf("    note     its sender has explained it\n");
  if (row.legal_hold) std::printf("    kept     by a legal hold\n");
  if (!row.decided_by.empty()) {
    std::printf("    decided  by %s%s%s\n", printable(row.decided_by).c_str(), row.decided ? (" at " + to_rfc3339(*row.decided)).c_str() : "",
                row.reason.empty() ? "" : (": " + printable(row.reason)).c_str());
  }
  if (row.purged) std::printf("    content  forgotten at %s\n", to_rfc3339(*row.purged).c_str());
}

Result<std::string> whole_id(store::Store& store, const std::string& part) {
  static constexpr std::size_t most = 10;
  store::Desk desk(store);
  auto rows = TRY(desk.rows_like(part, most + 1));
  if (rows.empty()) return TRY(desk.row(part)).id;  // says that there is none
  if (rows.size() == 1) return rows.front().id;
  const bool more = rows.size() > most;
  if (more) rows.pop_back();
  for (const store::InboxRow& row : rows) {
    std::fprintf(stderr, "  %s  %s  \"%s\"\n", short_id(row.id).c_str(), printable(row.from).c_str(), printable(row.subject).c_str());
  }
  return Error{ErrorKind::bad_data, part + (more ? " stands for these and more" : " stands for each of these") + ": give more of the id, or its last six characters"};
}

Result<review::Reviewers> reviewers_of(store::Store& store, const config::Settings& settings, const people::Directory* people) {
  return review::Reviewers{.accounts = TRY(store::Accounts(store).all()), .addresses = settings.reviewers, .people = people};
}

Result<review::Actor> actor_at(const std::string& by, const review::Reviewers& reviewers) {
  return by.empty() ? review::actor_logged_in(find_actor(""), reviewers) : review::actor_called(by, reviewers);
}

Result<std::unique_ptr<HeldDesk>> open_held_desk(const HeldOptions& options, Whom whom) {
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
  const review::Reviewers reviewers = TRY(reviewers_of(store, *settings, policy->people.get()));
  auto actor = whom == Whom::programs ? Result<review::Actor>(review::Actor()) : actor_at(options.by, reviewers);
  // Whether it is the sender is asked of the message; who is neither hears that he or she is no reviewer.
  if (!actor && whom == Whom::senders_too && !options.by.empty() && actor.error().kind == ErrorKind::refused) {
    auto sender = review::sender_called(options.by, reviewers);
    if (sender) actor = std::move(sender);
  }
  if (!actor) return actor.error();
  deliver::NoticeWriter notices(notice_settings_of(*settings, *policy->people), std::move(*templates), policy->people);
  return std::make_unique<HeldDesk>(
      HeldDesk{std::move(*settings), std::move(*policy), std::move(store), std::move(notices), std::move(documents), std::move(*actor)});
}

}  // namespace beadle::cli
