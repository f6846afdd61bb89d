#include "cli/replay_mailbox.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <iterator>

#include "base/guarded.h"
#include "base/text.h"
#include "imap/mailbox_url.h"
#include "replay/mailbox.h"

namespace beadle::cli {
namespace {

using Configured = config::Settings::Imap::Mailbox;

struct Access {
  imap::Login login;
  std::string password_file;
};

/// The settings' mailbox of that server that this user logs in to, or whose mailbox a master user of it may see.
const Configured* configured_as(const imap::MailboxUrl& url, const config::Settings& settings) {
  const auto& all = settings.imap.mailboxes;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Configured& one) {
    const auto& users = one.users;
    const bool same_user = users.empty() ? one.user == url.user : std::find(users.begin(), users.end(), url.user) != users.end();
    return one.url == url.server && same_user;
  });
  return found == all.end() ? nullptr : &*found;
}

Result<Access> access_to(const imap::MailboxUrl& url, const ReplayOptions& options, const config::Settings& settings) {
  Access access{.login = {.url = url.server, .user = url.user, .password = {}, .mailbox = {}, .by = url.by, .authorities = options.authorities},
                .password_file = options.password_file};
  if (!access.password_file.empty()) return access;
  const Configured* configured = configured_as(url, settings);
  if (configured == nullptr) {
    return Error{ErrorKind::usage, "--password-file is missing, and no [[imap.audit.mailbox]] of the settings has url = \"" + url.server + "\" and this user"};
  }
  access.login = login_of(*configured, configured->users.empty() ? "" : url.user);
  if (!options.authorities.empty()) access.login.authorities = options.authorities;
  access.password_file = configured->password_file;
  return access;
}

/// Says once what several threads wait for.
class Announcer {
 public:
  void say(const std::string& sentence) {
    auto said = said_.access();
    if (*said == sentence) return;
    *said = sentence;
    std::fprintf(stderr, "%s%s\n", isatty(STDERR_FILENO) != 0 ? "\r\033[K" : "", printable(sentence).c_str());
  }
  void forget() { said_.access()->clear(); }

 private:
  Guarded<std::string> said_;
};

Result<void> add_mailbox(const std::string& text, const ReplayOptions& options, const config::Settings& settings, const net::StopSwitch& stop,
                         std::vector<std::unique_ptr<replay::Source>>& sources) {
  imap::MailboxUrl url;
  if (const std::string mistake = imap::read_mailbox_url(text, url); !mistake.empty()) return Error{ErrorKind::usage, mistake};
  const Access access = TRY(access_to(url, options, settings));
  replay::MailboxChoice choice{.name = url.user + " at " + imap::host_of(url.server),
                               .folder = url.folder,
                               .depth = options.recursive ? replay::Depth::recursive : replay::Depth::flat,
                               .journal = options.journal,
                               .own_address = url.user};
  if (choice.folder.empty() && !options.recursive) choice.folder = options.journal ? "INBOX" : "\\Sent";
  const auto announcer = std::make_shared<Announcer>();
  const replay::MailboxTools tools{
      .connect = [access, announcer, &stop]() -> Result<std::unique_ptr<imap::Transport>> {
        imap::Login login = access.login;
        // Anew each time: tokens are changed while the program runs.
        login.password = TRY(read_password(access.password_file));
        auto connected = connect_to(login, &stop);
        if (connected) announcer->forget();
        return connected;
      },
      .wait =
          [announcer, &stop](const std::string& why, std::chrono::seconds time) {
            if (stop.stopped()) return false;
            announcer->say(why);
            return !net::wait_for_stop(stop, net::after_ms(std::chrono::milliseconds(time).count()));
          }};
  auto found = TRY(replay::mailbox_sources(choice, tools));
  std::move(found.begin(), found.end(), std::back_inserter(sources));
  return {};
}

}  // namespace

Result<void> add_mailboxes(const ReplayOptions& options, const config::Settings& settings, const net::StopSwitch& stop,
                           std::vector<std::unique_ptr<replay::Source>>& sources) {
  for (const std::string& text : options.mailboxes) {
    const auto added = add_mailbox(text, options, settings, stop, sources);
    // What is typed there may be a password by mistake, and is not said again.
    if (!added) return in_context("--imap", added.error());
  }
  return {};
}

}  // namespace beadle::cli
