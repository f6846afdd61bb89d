// beadle held: what the page can do, on the command line.
#include <cstdio>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "deliver/notices.h"
#include "review/acts.h"
#include "store/accounts.h"
#include "store/desk.h"
#include "store/store.h"

namespace beadle::cli {
namespace {

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

/// What acts are done with: opened once a command.
struct Desk {
  config::Settings settings;
  inspect::Policy policy;
  store::Store store;
  deliver::NoticeWriter notices;
  std::function<void(mail::Message&)> documents;
  review::Actor actor;

  review::Acts acts() { return {store, policy, notices, documents}; }
};

/// Whoever is at the terminal: by the account of that name, where there is one. Who has no account reads the database all the same, so that roles
/// would keep nobody out; but a conflict of interest does (by name or address).
Result<review::Actor> actor_of(store::Store& store, const std::string& by) {
  const std::string who = find_actor(by);
  const auto account = TRY(store::Accounts(store).find(who));
  if (account) return review::actor_of(*account);
  return review::Actor{.name = who, .address = "", .roles = {"reviewer"}};
}

Result<std::unique_ptr<Desk>> open_desk(const HeldOptions& options) {
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
  auto actor = TRY(actor_of(store, options.by));
  deliver::NoticeWriter notices(notice_settings_of(*settings, *policy->people), std::move(*templates), policy->people);
  return std::make_unique<Desk>(Desk{std::move(*settings), std::move(*policy), std::move(store), std::move(notices), std::move(documents), std::move(actor)});
}

/// Opens the desk, does `act`, and says `words`, or the message as JSON.
int with_desk(const HeldOptions& options, const std::function<Result<std::string>(Desk&)>& act) {
  auto desk = open_desk(options);
  if (!desk) return fail(desk.error());
  const auto said = act(**desk);
  if (!said) return fail(said.error());
  if (!options.json) {
    std::printf("%s\n", said->c_str());
    return exit_ok;
  }
  const auto row = store::Desk((*desk)->store).row(options.id);
  if (!row) return fail(row.error());
  std::printf("%s\n", dump(to_json(*row)).c_str());
  return exit_ok;
}

std::string sent_to(Desk& desk, const std::string& id) {
  const auto held = desk.store.get(id);
  return held ? held->id + " will be sent to " + printable(joined(held->recipients, ", ")) + "." : id + " will be sent.";
}

store::InboxQuery query_of(const HeldOptions& options) {
  store::InboxQuery query;
  query.states = {store::HeldState::held, store::HeldState::releasing};
  if (options.all) query.states.clear();
  query.words = options.search;
  query.clause = options.clause;
  query.claimed_by = options.claimed_by;
  query.most = limits::page_rows_max;
  return query;
}

}  // namespace

int held_list(const HeldOptions& options) {
  auto store = open_store_of(options.config);
  if (!store) return fail(store.error());
  store::InboxQuery query = query_of(options);
  if (!options.state.empty()) {
    const auto state = store::held_state_from(options.state);
    if (!state) return fail({ErrorKind::usage, "unknown state " + options.state + " (held releasing released returned withdrawn)"});
    query.states = {*state};
  }
  store::Desk desk(*store);
  ordered_json out = ordered_json::array();
  static constexpr std::size_t most = 10'000;
  std::size_t count = 0;
  for (bool more = true; more && count < most;) {
    const auto page = desk.inbox(query);
    if (!page) return fail(page.error());
    for (const store::InboxRow& row : page->rows) {
      ++count;
      if (options.json) out.push_back(to_json(row));
      else print_row(row);
    }
    more = page->more;
    query.after = page->after;
  }
  if (options.json) std::printf("%s\n", dump(out).c_str());
  else if (count == 0) std::printf("Nothing is held.\n");
  if (count >= most) std::fprintf(stderr, "beadle: these are the first %zu; --search and --clause choose among them\n", most);
  return exit_ok;
}

int held_show(const HeldOptions& options) {
  auto store = open_store_of(options.config);
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
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    const Time now = system_now();
    if (options.again) {
      TRY(desk.acts().release_again(options.id, desk.actor, options.reason, now));
    } else if (options.disclose) {
      const auto disclosure = TRY(desk.acts().release_disclosed(options.id, desk.actor, options.reason, now));
      const bool line = disclosure.how == review::Disclosure::How::line;
      return sent_to(desk, options.id) + (line ? " It says: " + disclosure.line : " Its readers are told who else had it: " + joined(disclosure.names, ", "));
    } else {
      TRY(desk.acts().release(options.id, desk.actor, options.reason, now));
    }
    return sent_to(desk, options.id);
  });
}

int held_return(const HeldOptions& options) {
  if (trimmed(options.reason).empty()) return fail({ErrorKind::usage, "say why with --reason: the sender reads these words"});
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    TRY(desk.acts().return_to_sender(options.id, desk.actor, options.reason, system_now()));
    const auto held = TRY(desk.store.get(options.id));
    return held.id + " goes back to " + printable(held.sender) + ".";
  });
}

int held_withdraw(const HeldOptions& options) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    TRY(desk.acts().withdraw(options.id, desk.actor, options.reason, system_now()));
    return options.id + " is withdrawn and will not be sent.";
  });
}

int held_claim(const HeldOptions& options, bool claim) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    if (claim) {
      TRY(desk.acts().claim(options.id, desk.actor, system_now()));
      return desk.actor.name + " has taken " + options.id + " on.";
    }
    TRY(desk.acts().unclaim(options.id, desk.actor, system_now()));
    return options.id + " is free again.";
  });
}

int held_pass_on(const HeldOptions& options) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    TRY(desk.acts().pass_on(options.id, desk.actor, options.to, options.reason, system_now()));
    return options.id + " waits for " + (options.to.empty() ? "whoever is free" : options.to) + ".";
  });
}

int held_note(const HeldOptions& options) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    TRY(desk.acts().note(options.id, desk.actor, options.reason, system_now()));
    return "The note is kept with " + options.id + ".";
  });
}

int held_keep(const HeldOptions& options) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    TRY(desk.acts().set_legal_hold(options.id, desk.actor, !options.off, options.reason, system_now()));
    return options.id + (options.off ? " is forgotten in its time." : " is kept until the legal hold is lifted.");
  });
}

int held_break_glass(const HeldOptions& options) {
  return with_desk(options, [&](Desk& desk) -> Result<std::string> {
    if (options.agree) {
      TRY(desk.acts().agree_break_glass(options.id, desk.actor, system_now()));
      return std::string("Agreed; both names stand in the audit trail.");
    }
    TRY(desk.acts().ask_break_glass(options.id, desk.actor, options.reason, system_now()));
    return std::string("Asked. Another person now has to agree: beadle held break-glass --agree " + options.id);
  });
}

int held_history(const HeldOptions& options) {
  auto store = open_store_of(options.config);
  if (!store) return fail(store.error());
  store::Desk desk(*store);
  const auto rows = desk.history(options.id);
  if (!rows) return fail(rows.error());
  const auto notes = desk.notes(options.id);
  if (!notes) return fail(notes.error());
  ordered_json acts = ordered_json::array(), words = ordered_json::array();
  for (const store::AuditRow& row : *rows) {
    if (options.json) acts.push_back({{"at", to_rfc3339(row.at)}, {"act", row.act}, {"who", row.who}, {"detail", row.detail}});
    else std::printf("%s  %-18s %s\n", to_rfc3339(row.at).c_str(), row.act.c_str(), printable(row.who).c_str());
  }
  for (const store::Note& note : *notes) {
    if (options.json) words.push_back({{"at", to_rfc3339(note.at)}, {"kind", note.kind}, {"who", note.who}, {"words", note.words}});
    else std::printf("%s  %s by %s: %s\n", to_rfc3339(note.at).c_str(), note.kind.c_str(), printable(note.who).c_str(), printable(note.words).c_str());
  }
  if (options.json) std::printf("%s\n", dump({{"acts", acts}, {"notes", words}}).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
