// beadle user: accounts of the review page. There is no default account and no default password.
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iostream>
#include <memory>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "people/address.h"
#include "people/directory.h"
#include "review/at_terminal.h"
#include "review/password.h"
#include "review/role.h"
#include "review/totp.h"
#include "store/accounts.h"

namespace beadle::cli {
namespace {

/// No echo while it lives.
class QuietTerminal {
 public:
  QuietTerminal() {
    if (::tcgetattr(STDIN_FILENO, &before_) != 0) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    changed_ = ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet) == 0;
  }
  ~QuietTerminal() {
    if (changed_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    std::fprintf(stderr, "\n");
  }
  QuietTerminal(const QuietTerminal&) = delete;
  QuietTerminal& operator=(const QuietTerminal&) = delete;

 private:
  termios before_{};
  bool changed_ = false;
};

Result<std::string> read_line() {
  std::string line;
  if (!std::getline(std::cin, line)) return Error{ErrorKind::usage, "no password was given on standard input"};
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

Result<std::string> ask_password(const UserOptions& options) {
  if (options.password_stdin) return read_line();
  if (::isatty(STDIN_FILENO) == 0) return Error{ErrorKind::usage, "nobody is at the terminal: give the password with --password-stdin"};
  std::string first, second;
  {
    std::fprintf(stderr, "Password for %s (at least %zu characters, for example three random words): ", options.name.c_str(), limits::password_characters_least);
    const QuietTerminal quiet;
    first = TRY(read_line());
  }
  {
    std::fprintf(stderr, "The same again: ");
    const QuietTerminal quiet;
    second = TRY(read_line());
  }
  if (first != second) return Error{ErrorKind::usage, "the two passwords differ; nothing was changed"};
  return first;
}

Result<std::string> new_hash(const UserOptions& options) {
  const std::string password = TRY(ask_password(options));
  const std::string mistake = review::password_mistake(password, options.name);
  if (!mistake.empty()) return Error{ErrorKind::bad_data, mistake};
  return review::hash_password(password);
}

Result<std::vector<std::string>> roles_of(const UserOptions& options) {
  for (const std::string& role : options.roles) {
    if (!review::is_role(role)) return Error{ErrorKind::usage, "unknown role " + printable(role) + " (reviewer auditor administrator)"};
  }
  if (options.roles.empty()) return Error{ErrorKind::usage, "give at least one --role: reviewer, auditor or administrator"};
  return options.roles;
}

std::string name_mistake(const std::string& name) {
  const bool plain = !name.empty() && name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789._-") == std::string::npos;
  if (!plain) return "a name has the letters a to z, digits, dots, hyphens and underscores only";
  if (name.size() > limits::account_name_bytes_max) return "a name has at most " + std::to_string(limits::account_name_bytes_max) + " characters";
  // Names that the audit trail uses for others.
  if (name == "beadle" || name == "sender") return name + " is not a person";
  return "";
}

/// What an account that may be made cannot do: nothing is refused, since a council may know better than its roster.
void warn_of(const store::Account& account, const config::Settings& settings) {
  const std::string address = printable(account.address);
  Problems ignored;
  auto roster = config::load_roster(settings.roster, ignored);
  const std::unique_ptr<const people::Directory> people = roster ? std::make_unique<const people::Directory>(std::move(*roster)) : nullptr;
  if (people == nullptr || people->person_at(account.address) == nullptr) {
    const std::string why = people == nullptr ? "the roster cannot be read (beadle roster check)" : "nobody in the roster has " + address;
    std::fprintf(stderr, "beadle: %s, so conflicts of interest of this account cannot be seen\n", why.c_str());
  }
  if (!account.has_role("reviewer") || review::is_listed(account.address, {.accounts = {}, .addresses = settings.reviewers, .people = people.get()})) return;
  std::fprintf(stderr, "beadle: %s is not in [council] reviewers, so %s is not told when something is held\n", address.c_str(), account.name.c_str());
}

/// Opens the store and does `act` with its accounts.
int with_accounts(const UserOptions& options, const std::function<Result<void>(store::Accounts&, const config::Settings&)>& act) {
  const auto settings = settings_of(options.config);
  if (!settings) return exit_config;
  auto store = open_store(*settings);
  if (!store) return fail(store.error());
  store::Accounts accounts(*store);
  const auto done = act(accounts, *settings);
  return done ? exit_ok : fail(done.error());
}

Result<void> add(const UserOptions& options, store::Accounts& accounts, const config::Settings& settings) {
  const std::string mistake = name_mistake(options.name);
  if (!mistake.empty()) return Error{ErrorKind::usage, mistake};
  const std::string no_address = people::address_mistake(options.address);
  if (!no_address.empty()) return Error{ErrorKind::usage, "--address: " + printable(options.address) + " is no address: " + no_address};
  store::Account account;
  account.name = options.name;
  account.address = options.address;
  account.roles = TRY(roles_of(options));
  if (TRY(accounts.find(options.name))) return Error{ErrorKind::refused, options.name + " has an account already"};
  account.password_hash = TRY(new_hash(options));
  TRY(accounts.add(account, find_actor(options.by), system_now()));
  std::printf("%s may sign in now, as %s.\n", options.name.c_str(), joined(account.roles, ", ").c_str());
  warn_of(account, settings);
  return {};
}

nlohmann::ordered_json to_json(const store::Account& account) {
  nlohmann::ordered_json out{{"name", account.name},         {"address", account.address},
                             {"roles", account.roles},       {"second_factor", !account.totp_secret.empty()},
                             {"disabled", account.disabled}, {"created", to_rfc3339(account.created)}};
  if (account.last_sign_in) out["last_sign_in"] = to_rfc3339(*account.last_sign_in);
  return out;
}

}  // namespace

int user_add(const UserOptions& options) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings& settings) { return add(options, accounts, settings); });
}

int user_list(const UserOptions& options) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings&) -> Result<void> {
    const auto all = TRY(accounts.all());
    nlohmann::ordered_json out = nlohmann::ordered_json::array();
    for (const store::Account& account : all) {
      if (options.json) {
        out.push_back(to_json(account));
        continue;
      }
      std::printf("%-20s %-36s %-30s %s%s%s\n", account.name.c_str(), printable(account.address).c_str(), joined(account.roles, ", ").c_str(),
                  account.totp_secret.empty() ? "" : "second factor  ", account.disabled ? "disabled  " : "",
                  account.last_sign_in ? ("last here " + to_rfc3339(*account.last_sign_in)).c_str() : "never here");
    }
    if (options.json) std::printf("%s\n", out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace).c_str());
    if (!options.json && all.empty()) std::printf("No accounts yet: beadle user add NAME --address ADDRESS --role reviewer\n");
    return {};
  });
}

int user_password(const UserOptions& options) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings&) -> Result<void> {
    if (!TRY(accounts.find(options.name))) return Error{ErrorKind::not_found, "no account " + printable(options.name)};
    TRY(accounts.set_password(options.name, TRY(new_hash(options)), find_actor(options.by), system_now()));
    std::printf("%s has a new password, and is signed out everywhere.\n", options.name.c_str());
    return {};
  });
}

int user_roles(const UserOptions& options) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings&) -> Result<void> {
    TRY(accounts.set_roles(options.name, TRY(roles_of(options)), find_actor(options.by), system_now()));
    std::printf("%s is now: %s.\n", options.name.c_str(), joined(options.roles, ", ").c_str());
    return {};
  });
}

int user_disable(const UserOptions& options, bool disabled) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings&) -> Result<void> {
    TRY(accounts.set_disabled(options.name, disabled, find_actor(options.by), system_now()));
    std::printf(disabled ? "%s cannot sign in any more, and is signed out everywhere.\n" : "%s may sign in again.\n", options.name.c_str());
    return {};
  });
}

int user_second_factor(const UserOptions& options) {
  return with_accounts(options, [&](store::Accounts& accounts, const config::Settings&) -> Result<void> {
    const std::string secret = options.off ? "" : review::new_totp_secret();
    TRY(accounts.set_totp(options.name, secret, find_actor(options.by), system_now()));
    if (options.off) {
      std::printf("%s needs the password only.\n", options.name.c_str());
      return {};
    }
    std::printf("Key for the code generator on %s's telephone (shown this once):\n  %s\n  %s\n", options.name.c_str(), review::base32(secret).c_str(),
                review::totp_uri(secret, options.name, "Beadle").c_str());
    return {};
  });
}

}  // namespace beadle::cli
