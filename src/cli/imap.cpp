// beadle imap audit, beadle coverage: what stands in mailboxes, and what of it never came by the filter.
#include <algorithm>
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "imap/bounds.h"
#include "review/coverage.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;
using ConfiguredMailbox = config::Settings::Imap::Mailbox;

std::string dump(const ordered_json& value) { return value.dump(2, ' ', false, ordered_json::error_handler_t::replace); }

long long shown(std::int64_t number) { return number; }

imap::AuditedMailbox mailbox_of(const ConfiguredMailbox& configured, const std::string& whose) {
  imap::AuditedMailbox mailbox;
  mailbox.name = mailbox_name(configured, whose);
  mailbox.login = login_of(configured, whose);
  mailbox.folders = configured.folders;
  mailbox.journal = configured.journal;
  mailbox.own_address = whose.empty() ? configured.user : whose;
  // Anew for each pass: tokens are changed while the program runs.
  auto password = read_password(configured.password_file);
  if (password) mailbox.login.password = std::move(*password);
  else mailbox.problem = password.error().what;
  return mailbox;
}

ordered_json to_json(const imap::MailboxOutcome& outcome) {
  ordered_json out{{"mailbox", outcome.mailbox}, {"new", outcome.fresh}, {"findings", outcome.findings}, {"never_seen", outcome.never_seen},
                   {"without_message_id", outcome.without_id}, {"too_old", outcome.too_old}, {"too_large", outcome.too_large}};
  if (!outcome.problem.empty()) out["problem"] = outcome.problem;
  return out;
}

void print_table(const std::vector<imap::MailboxOutcome>& outcomes) {
  std::printf("\n%-50s %8s %8s %8s %8s %8s\n", "Mailbox", "new", "findings", "never", "no id", "too old");
  imap::MailboxOutcome all;
  for (const imap::MailboxOutcome& one : outcomes) {
    std::printf("%-50s %8lld %8lld %8lld %8lld %8lld\n", printable(one.mailbox).c_str(), shown(one.fresh), shown(one.findings), shown(one.never_seen),
                shown(one.without_id), shown(one.too_old));
    if (!one.problem.empty()) std::printf("    not all of it: %s\n", one.problem.c_str());
    if (one.too_large > 0) std::printf("    not read, because they are too large: %lld\n", shown(one.too_large));
    all.fresh += one.fresh;
    all.findings += one.findings;
    all.never_seen += one.never_seen;
    all.without_id += one.without_id;
    all.too_old += one.too_old;
  }
  std::printf("%-50s %8lld %8lld %8lld %8lld %8lld\n", "All", shown(all.fresh), shown(all.findings), shown(all.never_seen), shown(all.without_id),
              shown(all.too_old));
  std::printf("\nnever: never came by the filter. no id: without Message-ID, so that nobody can tell. too old: from before it is known what came by.\n"
              "What was found is in the audit trail: beadle audit list --act audited\n");
}

std::string problems_in(const std::vector<imap::MailboxOutcome>& outcomes) {
  const auto failed = std::count_if(outcomes.begin(), outcomes.end(), [](const auto& one) { return !one.problem.empty(); });
  return failed == 0 ? "" : std::to_string(failed) + " of " + std::to_string(outcomes.size()) + " mailboxes could not be looked at to the end";
}

std::string_view bcc_words(const store::Cursor& cursor) { return cursor.names_bcc ? "names Bcc" : "records no Bcc"; }

void print_coverage(const review::Coverage& coverage, const std::vector<std::string>& unseen) {
  std::printf("%-50s %-16s %9s %9s %8s %8s  %s\n", "Mailbox", "Folder", "messages", "too old", "never", "no id", "Blind copies");
  for (const store::Cursor& one : coverage.folders) {
    std::printf("%-50s %-16s %9lld %9lld %8lld %8lld  %s\n", printable(one.mailbox).c_str(), printable(one.folder).c_str(),
                shown(one.messages), shown(one.too_old), shown(one.never_seen), shown(one.without_id), std::string(bcc_words(one)).c_str());
  }
  for (const std::string& name : unseen) std::printf("%-50s never looked at\n", printable(name).c_str());
  std::printf("\nnever: never came by the filter, of those that are not too old for it to know.\n");
  const auto& without = coverage.without_mailbox;
  std::printf("Councillors without a mailbox of the council: %zu of %zu%s%s\n", without.size(), coverage.councillors, without.empty() ? "" : ": ",
              printable(joined(without, ", ")).c_str());
}

ordered_json to_json(const store::Cursor& one) {
  return {{"mailbox", one.mailbox}, {"folder", one.folder}, {"messages", one.messages}, {"too_old", one.too_old}, {"never_seen", one.never_seen},
          {"without_message_id", one.without_id}, {"too_large", one.too_large}, {"findings", one.findings}, {"names_bcc", one.names_bcc},
          {"looked", to_rfc3339(one.looked)}};
}

}  // namespace

std::string mailbox_name(const config::Settings::Imap::Server& server, const std::string& whose) {
  const std::string owner = whose.empty() ? server.user : whose;
  return owner + (owner.find('@') == std::string::npos ? "@" : " at ") + imap::host_of(server.url);
}

imap::Login login_of(const config::Settings::Imap::Server& server, const std::string& whose) {
  imap::Login login{.url = server.url, .user = server.user, .password = {}, .mailbox = whose, .by = imap::Login::By::password, .authorities = server.authorities};
  if (server.login == "xoauth2") login.by = imap::Login::By::xoauth2;
  if (server.login == "oauthbearer") login.by = imap::Login::By::oauthbearer;
  return login;
}

Result<std::string> read_password(const std::string& file) {
  const std::string text = TRY(config::read_file(file));
  const std::string password(trimmed(text));
  if (password.empty()) return Error{ErrorKind::bad_settings, file + " is empty"};
  return password;
}

imap::AuditSettings audit_settings_of(const config::Settings& settings) {
  imap::AuditSettings out;
  out.every = std::chrono::minutes(settings.imap.every_minutes);
  if (!settings.imap.since.empty()) out.since = day_from(settings.imap.since);
  for (const ConfiguredMailbox& configured : settings.imap.mailboxes) {
    const std::vector<std::string> own = {""};
    for (const std::string& whose : configured.users.empty() ? own : configured.users) {
      out.mailboxes.push_back(mailbox_of(configured, whose));
    }
  }
  return out;
}

Result<std::unique_ptr<imap::Transport>> connect_to(const imap::Login& login, const net::StopSwitch* stop) {
  auto connection = TRY(imap::Connection::open(login, net::after_ms(imap::login_timeout_ms), stop));
  return std::unique_ptr<imap::Transport>(std::move(connection));
}

int imap_audit(const ImapOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  if (settings->imap.mailboxes.empty()) return fail({ErrorKind::bad_settings, "[imap.audit] names no mailbox"});
  Problems problems;
  auto loaded = config::load_policy(*settings, problems);
  const auto documents = document_reader(*settings, problems);
  if (const int code = report(problems); !loaded) return code == exit_ok ? static_cast<int>(exit_config) : code;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const auto footer_key = store->secret("footer");
  if (!footer_key) return fail(footer_key.error());
  loaded->footer_key = *footer_key;
  const auto policy = std::make_shared<const inspect::Policy>(std::move(*loaded));
  const imap::AuditTools tools{.store = *store, .policy = [&] { return policy; }, .documents = documents, .now = system_now,
                               .connect = [](const imap::Login& login) { return connect_to(login, nullptr); }, .stop = nullptr};
  const imap::AuditSettings audit = audit_settings_of(*settings);
  std::size_t done = 0;
  const auto outcomes = imap::audit_mailboxes(audit, tools, [&](const imap::MailboxOutcome& outcome) {
    ++done;
    std::fprintf(stderr, "%zu of %zu  %s: %lld new%s%s\n", done, audit.mailboxes.size(), printable(outcome.mailbox).c_str(), shown(outcome.fresh),
                 outcome.problem.empty() ? "" : "; ", outcome.problem.c_str());
  });
  if (options.json) {
    ordered_json rows = ordered_json::array();
    for (const imap::MailboxOutcome& outcome : outcomes) rows.push_back(to_json(outcome));
    std::printf("%s\n", dump({{"mailboxes", rows}}).c_str());
  } else {
    print_table(outcomes);
  }
  const std::string failed = problems_in(outcomes);
  return failed.empty() ? static_cast<int>(exit_ok) : fail({ErrorKind::try_later, failed});
}

int coverage(const ImapOptions& options) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  Problems problems;
  auto roster = config::load_roster(settings->roster, problems);
  if (const int code = report(problems); !roster) return code == exit_ok ? static_cast<int>(exit_config) : code;
  const people::Directory people(std::move(*roster));
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  const auto covered = review::coverage_of(*store, people);
  if (!covered) return fail(covered.error());
  std::vector<std::string> unseen;
  for (const imap::AuditedMailbox& mailbox : audit_settings_of(*settings).mailboxes) {
    const bool seen = std::any_of(covered->folders.begin(), covered->folders.end(), [&](const store::Cursor& one) { return one.mailbox == mailbox.name; });
    if (!seen) unseen.push_back(mailbox.name);
  }
  if (!options.json) {
    print_coverage(*covered, unseen);
    return exit_ok;
  }
  ordered_json rows = ordered_json::array();
  for (const store::Cursor& one : covered->folders) rows.push_back(to_json(one));
  const ordered_json out{{"folders", rows}, {"never_looked_at", unseen}, {"councillors", covered->councillors},
                         {"councillors_without_mailbox", covered->without_mailbox}};
  std::printf("%s\n", dump(out).c_str());
  return exit_ok;
}

}  // namespace beadle::cli
