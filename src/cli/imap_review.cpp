// beadle imap review: held mail in folders of reviewers' mailboxes, and what was moved there; and what `beadle serve` needs for
// the same.
#include <cstdio>

#include <nlohmann/json.hpp>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/held_desk.h"
#include "imap/bounds.h"
#include "mailbox/loop.h"

namespace beadle::cli {
namespace {

using nlohmann::ordered_json;

ordered_json to_json(const std::string& mailbox, const mailbox::PassOutcome& outcome) {
  ordered_json out{{"mailbox", mailbox},           {"placed", outcome.placed},     {"removed", outcome.removed},
                   {"released", outcome.released}, {"returned", outcome.returned}, {"refused", outcome.refused},
                   {"left_out", outcome.left_out}};
  if (!outcome.problem.empty()) out["problem"] = outcome.problem;
  return out;
}

void print_row(const std::string& mailbox, const mailbox::PassOutcome& outcome) {
  std::printf("%-50s %8zu %8zu %8zu %8zu %8zu\n", printable(mailbox).c_str(), outcome.placed, outcome.removed, outcome.released,
              outcome.returned, outcome.refused);
  if (outcome.left_out > 0)
    std::printf("    only the oldest %zu are shown; %lld more wait\n", mailbox::shown_most,
                static_cast<long long>(outcome.left_out));
  if (!outcome.problem.empty()) std::printf("    %s\n", outcome.problem.c_str());
}

}  // namespace

mailbox::DeskSettings desk_settings_of(const config::Settings& settings) {
  const config::Settings::Imap::Review& review = settings.imap.review;
  mailbox::DeskSettings out{.mailboxes = {},
                            .held = review.held,
                            .release = review.release,
                            .give_back = review.give_back,
                            .replies = review.replies,
                            .every = std::chrono::seconds(review.every_seconds),
                            .attach_original = review.attach_original,
                            .return_words = review.return_words};
  if (!review.enabled) return out;
  for (const config::Settings::Imap::ReviewMailbox& configured : review.mailboxes) {
    mailbox::Mailbox mailbox;
    mailbox.login = login_of(configured, configured.mailbox);
    mailbox.name = mailbox_name(configured, configured.mailbox);
    mailbox.account = configured.account;
    mailbox.password_file = configured.password_file;
    out.mailboxes.push_back(std::move(mailbox));
  }
  return out;
}

Result<std::unique_ptr<imap::Transport>> connect_to_reviewer(const mailbox::Mailbox& mailbox, const net::StopSwitch* stop) {
  imap::Login login = mailbox.login;
  login.password = TRY(read_password(mailbox.password_file));
  return connect_to(login, stop);
}

Problems review_account_problems(const config::Settings& settings, store::Store& store) {
  Problems problems;
  if (!settings.imap.review.enabled) return problems;
  for (const config::Settings::Imap::ReviewMailbox& configured : settings.imap.review.mailboxes) {
    const auto account = mailbox::account_of(store, configured.account);
    const std::string mistake = account ? mailbox::obstacle_of(*account) : account.error().what;
    if (mistake.empty()) continue;
    problems.push_back({Problem::Severity::error, settings.file, configured.at,
                        "held mail cannot be reviewed in the mailbox of " + printable(configured.user) + ": " + mistake,
                        "beadle user list shows the accounts, beadle user roles gives one the role reviewer"});
  }
  return problems;
}

int imap_review(const ImapOptions& options) {
  HeldOptions held;
  held.config = options.config;
  auto desk = open_held_desk(held, Whom::programs);
  if (!desk) return fail(desk.error());
  const mailbox::DeskSettings settings = desk_settings_of((*desk)->settings);
  if (settings.mailboxes.empty()) return fail({ErrorKind::bad_settings, "[imap.review] names no mailbox, or is not enabled"});
  if (const int code = report(review_account_problems((*desk)->settings, (*desk)->store)); code != exit_ok) return code;
  // Both live as long as the desk.
  const std::shared_ptr<const inspect::Policy> policy(std::shared_ptr<const inspect::Policy>(), &(*desk)->policy);
  const std::shared_ptr<const deliver::NoticeWriter> notices(std::shared_ptr<const deliver::NoticeWriter>(), &(*desk)->notices);
  const mailbox::Tools tools{.store = (*desk)->store,
                             .policy = [&] { return policy; },
                             .notices = [&] { return notices; },
                             .documents = (*desk)->documents,
                             .now = system_now,
                             .connect = connect_to_reviewer};
  ordered_json rows = ordered_json::array();
  std::size_t failed = 0;
  if (!options.json)
    std::printf("%-50s %8s %8s %8s %8s %8s\n", "Mailbox", "placed", "removed", "released", "returned", "refused");
  for (const mailbox::Mailbox& mailbox : settings.mailboxes) {
    const mailbox::PassOutcome outcome = mailbox::review_once(mailbox, settings, tools, nullptr);
    if (!outcome.problem.empty()) ++failed;
    if (options.json)
      rows.push_back(to_json(mailbox.name, outcome));
    else
      print_row(mailbox.name, outcome);
  }
  if (options.json) std::printf("%s\n", dump({{"mailboxes", rows}}).c_str());
  if (failed == 0) return exit_ok;
  return fail({ErrorKind::try_later, std::to_string(failed) + " of " + std::to_string(settings.mailboxes.size()) +
                                         " mailboxes do not agree with the store"});
}

}  // namespace beadle::cli
