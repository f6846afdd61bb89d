// beadle audit: the trail of who did what, and the proof that nobody changed it.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
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

int audit_list(const AuditOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const bool filtered = !options.act.empty() || !options.who.empty() || !options.held.empty();
  store::RegisterQuery query;
  query.act = options.act;
  query.who = options.who;
  query.held = options.held;
  query.most = options.most;
  const auto rows = filtered ? store::Desk(*store).register_rows(query) : store->audit_rows(options.from, options.most);
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
