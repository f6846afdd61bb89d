// beadle held: what the page can do, on the command line. One message as a reviewer sees it is held_show.cpp.
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

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

/// Opens the desk, does `act` with the message's whole id, and says `words`, or the message as JSON.
int with_desk(const HeldOptions& options, const std::function<Result<std::string>(HeldDesk&, const std::string& id)>& act, Whom whom = Whom::reviewers) {
  auto desk = open_held_desk(options, whom);
  if (!desk) return fail(desk.error());
  const auto id = whole_id((*desk)->store, options.id);
  if (!id) return fail(id.error());
  const auto said = act(**desk, *id);
  if (!said) return fail(said.error());
  if (!options.json) {
    std::printf("%s\n", said->c_str());
    return exit_ok;
  }
  const auto row = store::Desk((*desk)->store).row(*id);
  if (!row) return fail(row.error());
  std::printf("%s\n", dump(to_json(*row)).c_str());
  return exit_ok;
}

std::string sent_to(HeldDesk& desk, const std::string& id) {
  const auto held = desk.store.get(id);
  return held ? id + " will be sent to " + printable(joined(held->recipients, ", ")) + "." : id + " will be sent.";
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

/// The words behind an act of the trail, which holds only their fingerprint; "" where there are none, or where they are kept no longer.
Result<std::string> reason_of(store::Desk& desk, const std::string& id, const store::AuditRow& act) {
  if (act.act == "break-glass-asked") {
    const auto asked = TRY(desk.break_glass(id, act.who));
    return asked ? asked->reason : std::string();
  }
  static constexpr std::string_view decisions[] = {"released-asked", "returned", "withdrawn"};
  if (std::find(std::begin(decisions), std::end(decisions), act.act) == std::end(decisions)) return std::string();
  const store::InboxRow row = TRY(desk.row(id));
  // A release that was called back has given its words up to what was decided then.
  return row.decided_by == act.who && row.decided == act.at ? row.reason : std::string();
}

/// "sender", where somebody did it in the sender's name.
std::string done_for_of(const store::AuditRow& act) {
  const auto detail = nlohmann::json::parse(act.detail, nullptr, false);
  return detail.is_object() && detail.contains("for") && detail["for"].is_string() ? detail["for"].get<std::string>() : "";
}

/// Every clause that could be asked for: of the rules that are installed, and those that Beadle finds by itself (inspect/inspect.cpp).
Result<std::vector<std::string>> known_clauses(const std::string& config_file) {
  const auto settings = settings_of(config_file);
  if (!settings) return Error{ErrorKind::bad_settings, "the configuration cannot be used"};
  Problems problems;
  const auto rules = config::load_rules(settings->rules_directory, problems, settings->own_packs);
  report(problems);
  if (!rules) return Error{ErrorKind::bad_rule, "rules cannot be used"};
  std::vector<std::string> clauses{"beadle/limit", "beadle/broken-mime", "beadle/not-inspected"};
  for (const rules::Pack& pack : rules->packs()) {
    for (const rules::Rule& rule : pack.rules) clauses.push_back(rule.clause);
  }
  // What no rule checks stands in the protocol all the same.
  const auto catalogues = config::load_catalogues(settings->rules_directory, problems);
  for (const rules::Catalogue& catalogue : catalogues ? *catalogues : std::vector<rules::Catalogue>()) {
    for (const rules::Paragraph& paragraph : catalogue.paragraphs) clauses.push_back(paragraph.clause);
  }
  std::sort(clauses.begin(), clauses.end());
  clauses.erase(std::unique(clauses.begin(), clauses.end()), clauses.end());
  return clauses;
}

/// Of a clause that nothing was held for: usage, where there is no such clause, with those that may be meant.
Result<void> check_clause(const std::string& clause, const std::string& config_file) {
  auto known = TRY(known_clauses(config_file));
  if (std::find(known.begin(), known.end(), clause) != known.end()) return {};
  static constexpr std::size_t most = 3;
  std::vector<std::string> near;
  const auto take = [&](const std::string& one) {
    near.push_back(one);
    std::erase(known, near.back());
  };
  // Without its protocol, or with the beginning of its name only; else spelt like one.
  const std::string ending = "/" + clause.substr(clause.find('/') + 1);
  for (const std::string& other : std::vector<std::string>(known)) {
    if (near.size() < most && (other.ends_with(ending) || other.starts_with(clause + "-"))) take(other);
  }
  for (auto one = nearest(clause, known); one && near.size() < most; one = nearest(clause, known)) take(*one);
  const std::string meant = near.empty() ? "\"beadle rules list\" has all of them" : "did you mean " + joined(near, ", ") + "?";
  return Error{ErrorKind::usage, "there is no clause " + clause + "; " + meant};
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
  if (count == 0 && !options.clause.empty()) {
    const auto known = check_clause(options.clause, options.config);
    if (!known) return fail(known.error());
  }
  if (options.json) std::printf("%s\n", dump(out).c_str());
  else if (count == 0) std::printf("Nothing is held.\n");
  if (count >= most) std::fprintf(stderr, "beadle: these are the first %zu; --search and --clause choose among them\n", most);
  return exit_ok;
}

int held_release(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    const Time now = system_now();
    if (options.again) {
      TRY(desk.acts().release_again(id, desk.actor, options.reason, now));
    } else if (options.disclose) {
      const auto disclosure = TRY(desk.acts().release_disclosed(id, desk.actor, options.reason, now));
      const bool line = disclosure.how == review::Disclosure::How::line;
      return sent_to(desk, id) + (line ? " It says: " + disclosure.line : " Its readers are told who else had it: " + joined(disclosure.names, ", "));
    } else {
      TRY(desk.acts().release(id, desk.actor, options.reason, now));
    }
    return sent_to(desk, id);
  });
}

int held_return(const HeldOptions& options) {
  if (trimmed(options.reason).empty()) return fail({ErrorKind::usage, "say why with --reason: the sender reads these words"});
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    TRY(desk.acts().return_to_sender(id, desk.actor, options.reason, system_now()));
    return id + " goes back to " + printable(TRY(desk.store.get(id)).sender) + ".";
  });
}

int held_withdraw(const HeldOptions& options) {
  const auto act = [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    if (desk.actor.roles.empty() && !TRY(desk.acts().is_by(id, desk.actor))) {
      return Error{ErrorKind::refused, desk.actor.name + " did not send this message, and is no reviewer here"};
    }
    TRY(desk.acts().withdraw(id, desk.actor, options.reason, system_now()));
    return id + " is withdrawn and will not be sent. Its sender is told.";
  };
  return with_desk(options, act, Whom::senders_too);
}

int held_claim(const HeldOptions& options, bool claim) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    if (claim) {
      TRY(desk.acts().claim(id, desk.actor, system_now()));
      return desk.actor.name + " has taken " + id + " on.";
    }
    TRY(desk.acts().unclaim(id, desk.actor, system_now()));
    return id + " is free again.";
  });
}

int held_pass_on(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    TRY(desk.acts().pass_on(id, desk.actor, options.to, options.reason, system_now()));
    return id + " waits for " + (options.to.empty() ? "whoever is free" : options.to) + ".";
  });
}

int held_note(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    TRY(desk.acts().note(id, desk.actor, options.reason, system_now()));
    return "The note is kept with " + id + ".";
  });
}

int held_keep(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    TRY(desk.acts().set_legal_hold(id, desk.actor, !options.off, options.reason, system_now()));
    return id + (options.off ? " is forgotten in its time." : " is kept until the legal hold is lifted.");
  });
}

int held_break_glass(const HeldOptions& options) {
  return with_desk(options, [&](HeldDesk& desk, const std::string& id) -> Result<std::string> {
    if (options.agree) {
      TRY(desk.acts().agree_break_glass(id, desk.actor, system_now()));
      return std::string("Agreed; both names stand in the audit trail.");
    }
    TRY(desk.acts().ask_break_glass(id, desk.actor, options.reason, system_now()));
    return "Asked. Another person now has to agree: beadle held break-glass --agree " + short_id(id) + " --by NAME";
  });
}

int held_history(const HeldOptions& options) {
  auto store = open_store_of(options.config);
  if (!store) return fail(store.error());
  const auto id = whole_id(*store, options.id);
  if (!id) return fail(id.error());
  store::Desk desk(*store);
  const auto rows = desk.history(*id);
  if (!rows) return fail(rows.error());
  const auto notes = desk.notes(*id);
  if (!notes) return fail(notes.error());
  ordered_json acts = ordered_json::array(), words = ordered_json::array();
  for (const store::AuditRow& row : *rows) {
    const auto reason = reason_of(desk, *id, row);
    if (!reason) return fail(reason.error());
    const std::string done_for = done_for_of(row);
    if (options.json) {
      acts.push_back({{"at", to_rfc3339(row.at)}, {"act", row.act}, {"who", row.who}, {"detail", row.detail}});
      if (!reason->empty()) acts.back()["reason"] = *reason;
    } else {
      std::printf("%s  %-18s %s%s%s\n", to_rfc3339(row.at).c_str(), row.act.c_str(), printable(row.who).c_str(),
                  done_for.empty() ? "" : (", for the " + printable(done_for)).c_str(), reason->empty() ? "" : (": " + printable(*reason)).c_str());
    }
  }
  for (const store::Note& note : *notes) {
    if (options.json) words.push_back({{"at", to_rfc3339(note.at)}, {"kind", note.kind}, {"who", note.who}, {"words", note.words}});
    else std::printf("%s  %s by %s: %s\n", to_rfc3339(note.at).c_str(), note.kind.c_str(), printable(note.who).c_str(), printable(note.words).c_str());
  }
  if (options.json) std::printf("%s\n", dump({{"acts", acts}, {"notes", words}}).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
