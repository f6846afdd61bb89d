// beadle held: what the page can do, on the command line. One message as a reviewer sees it is held_show.cpp.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/held_desk.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

/// Opens the desk, does `act`, and says `words`, or the message as JSON.
int with_desk(const HeldOptions& options, const std::function<Result<std::string>(HeldDesk&)>& act) {
  auto desk = open_held_desk(options);
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

std::string sent_to(HeldDesk& desk, const std::string& id) {
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

int held_release(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
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
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    TRY(desk.acts().return_to_sender(options.id, desk.actor, options.reason, system_now()));
    const auto held = TRY(desk.store.get(options.id));
    return held.id + " goes back to " + printable(held.sender) + ".";
  });
}

int held_withdraw(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    TRY(desk.acts().withdraw(options.id, desk.actor, options.reason, system_now()));
    return options.id + " is withdrawn and will not be sent.";
  });
}

int held_claim(const HeldOptions& options, bool claim) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    if (claim) {
      TRY(desk.acts().claim(options.id, desk.actor, system_now()));
      return desk.actor.name + " has taken " + options.id + " on.";
    }
    TRY(desk.acts().unclaim(options.id, desk.actor, system_now()));
    return options.id + " is free again.";
  });
}

int held_pass_on(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    TRY(desk.acts().pass_on(options.id, desk.actor, options.to, options.reason, system_now()));
    return options.id + " waits for " + (options.to.empty() ? "whoever is free" : options.to) + ".";
  });
}

int held_note(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    TRY(desk.acts().note(options.id, desk.actor, options.reason, system_now()));
    return "The note is kept with " + options.id + ".";
  });
}

int held_keep(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
    TRY(desk.acts().set_legal_hold(options.id, desk.actor, !options.off, options.reason, system_now()));
    return options.id + (options.off ? " is forgotten in its time." : " is kept until the legal hold is lifted.");
  });
}

int held_break_glass(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk) -> Result<std::string> {
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
