// beadle audit: the trail of who did what, and the proof that nobody changed it.
#include <algorithm>
#include <cstdio>
#include <iterator>

#include <nlohmann/json.hpp>

#include "base/document.h"
#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/held_desk.h"
#include "store/desk.h"
#include "store/store.h"

namespace beadle::cli {

int audit_verify(const AuditOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const auto proof = store->verify_audit();
  if (!proof) return fail(proof.error());
  if (options.json) {
    const nlohmann::ordered_json out{{"whole", proof->broken_at == 0}, {"rows", proof->rows}, {"head", proof->head},
                                     {"broken_at", proof->broken_at}, {"what", proof->what}};
    std::printf("%s\n", out.dump(2).c_str());
  } else if (proof->broken_at == 0) {
    std::printf("The audit trail is whole: %lld rows, head %s\n", static_cast<long long>(proof->rows), proof->head.c_str());
  } else {
    std::printf("The audit trail is broken at row %lld: %s\n", static_cast<long long>(proof->broken_at), proof->what.c_str());
  }
  return proof->broken_at == 0 ? exit_ok : exit_found;
}

namespace {

// For who asks for an act that has not happened here yet: it is none that there is not.
constexpr std::string_view acts_of_program[] = {
    "account-added", "account-disabled", "account-enabled", "annotated", "audit-head-sent", "audited", "break-glass-agreed", "break-glass-asked",
    "claimed", "conflict-overridden", "copy-disclosed", "deadline-passed", "deadline-set", "deferred", "delivered", "digest-sent", "downloaded",
    "escalated", "explained", "exported", "flagged", "held", "interrupted", "joined", "legal-hold-off", "legal-hold-on", "mailbox-move-refused",
    "noted", "notice-given-up", "notice-sent", "observed", "opened", "passed-on", "password-set", "placed-in-mailbox", "purged", "refused",
    "released", "released-asked", "released-asked-again", "reloaded", "reminder-closed", "reminder-due", "reminder-opened", "resealed", "returned",
    "roles-set", "second-factor-set", "sending", "sign-in-failed", "signed-in", "signed-out", "started", "store-created", "store-updated",
    "subject-access", "unclaimed", "withdrawn"};

/// usage, where there is no such act.
Result<void> check_act(store::Desk& desk, const std::string& act) {
  std::vector<std::string> known = TRY(desk.acts());
  known.insert(known.end(), std::begin(acts_of_program), std::end(acts_of_program));
  std::sort(known.begin(), known.end());
  known.erase(std::unique(known.begin(), known.end()), known.end());
  if (std::binary_search(known.begin(), known.end(), act)) return {};
  const auto near = nearest(act, known);
  return Error{ErrorKind::usage, "there is no act " + act + (near ? "; did you mean " + *near + "?" : "") + " There are: " + joined(known, " ")};
}

/// Newest first.
Result<std::vector<store::AuditRow>> rows_that_fit(store::Store& store, const AuditOptions& options) {
  store::Desk desk(store);
  if (!options.act.empty()) TRY(check_act(desk, options.act));
  store::RegisterQuery query;
  query.act = options.act;
  query.who = options.who;
  query.most = options.most;
  if (!options.held.empty()) {
    const auto id = whole_id(store, options.held);
    if (!id && id.error().kind != ErrorKind::not_found) return id.error();
    query.held = id ? *id : options.held;  // the trail also has acts on reminders
  }
  std::vector<store::AuditRow> rows;
  while (rows.size() < options.most) {
    // One more than is shown tells whether there are more.
    query.most = std::min(options.most - rows.size() + 1, limits::page_rows_max);
    const auto page = TRY(desk.register_rows(query));
    rows.insert(rows.end(), page.begin(), page.end());
    if (page.size() < query.most) break;
    query.before = rows.back().number;
  }
  if (rows.size() > options.most) {
    rows.resize(options.most);
    std::fprintf(stderr, "beadle: these are the newest %zu; --most shows more\n", rows.size());
  }
  return rows;
}

/// Oldest first: from the row that was asked for, else the last ones. Says what is left out.
Result<std::vector<store::AuditRow>> rows_in_order(store::Store& store, const AuditOptions& options) {
  const auto last = TRY(store::Desk(store).register_rows({.act = "", .who = "", .held = "", .from = {}, .until = {}, .most = 1}));
  const std::int64_t count = last.empty() ? 0 : last.front().number;
  const auto most = static_cast<std::int64_t>(options.most);
  const std::int64_t from = options.from != 0 ? options.from : std::max<std::int64_t>(1, count - most + 1);
  auto rows = TRY(store.audit_rows(from, options.most));
  if (rows.empty() || static_cast<std::int64_t>(rows.size()) == count) return rows;
  const std::int64_t first = rows.front().number, end = rows.back().number;
  std::string says = "these are rows " + std::to_string(first) + " to " + std::to_string(end) + " of " + std::to_string(count);
  if (first > 1) says += "; earlier ones: --from " + std::to_string(std::max<std::int64_t>(1, first - most));
  if (end < count) says += "; later ones: --from " + std::to_string(end + 1);
  std::fprintf(stderr, "beadle: %s\n", says.c_str());
  return rows;
}

}  // namespace

int audit_list(const AuditOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const bool filtered = !options.act.empty() || !options.who.empty() || !options.held.empty();
  const auto rows = filtered ? rows_that_fit(*store, options) : rows_in_order(*store, options);
  if (!rows) return fail(rows.error());
  nlohmann::ordered_json out = nlohmann::ordered_json::array();
  for (const store::AuditRow& row : *rows) {
    if (options.json) {
      out.push_back({{"number", row.number}, {"at", to_rfc3339(row.at)}, {"act", row.act}, {"who", row.who}, {"held", row.held},
                     {"detail", row.detail}, {"hash", row.hash}});
    } else {
      std::printf("%6lld  %s  %-14s %-16s %s %s\n", static_cast<long long>(row.number), to_rfc3339(row.at).c_str(), row.act.c_str(),
                  printable(row.who).c_str(), row.held.c_str(), printable(row.detail).c_str());
    }
  }
  if (options.json) std::printf("%s\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
