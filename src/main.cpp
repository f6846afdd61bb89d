// Names the parts and connects them. `beadle serve` and `beadle web` are here; every other command is in cli/.
#include <malloc.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <algorithm>
#include <thread>

#include "base/limits.h"
#include "base/log.h"
#include "base/network.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/start.h"
#include "config/settings.h"
#include "deliver/loop.h"
#include "imap/audit.h"
#include "intake/intake.h"
#include "intake/record.h"
#include "mailbox/loop.h"
#include "milter/server.h"
#include "smtp/door.h"
#include "web/app.h"

namespace beadle {
namespace {

// What came by a door is written down so often, whether or not anything else comes.
constexpr std::int64_t written_down_every_ms = 60'000;

/// What a reload replaces as a whole: settings and everything made of them.
struct InForce {
  std::shared_ptr<inspect::Policy> policy;
  std::shared_ptr<const deliver::NoticeWriter> notices;
  config::Settings::Retention retention;
  deliver::DeskDuties desk;
  std::shared_ptr<const intake::DocumentReader> documents;
};

deliver::DeskDuties desk_duties_of(const config::Settings& settings) {
  const config::Settings::Review& review = settings.review;
  deliver::DeskDuties duties;
  duties.digest_hour = static_cast<int>(review.digest_hour);
  duties.escalate_after = std::chrono::hours(review.escalate_after_hours);
  duties.return_after = std::chrono::days(review.return_after_days);
  duties.escalate_to = review.escalate_to;
  duties.audit_head_to = review.audit_head_to;
  return duties;
}

/// Days become moments.
store::Retention retention_at(const config::Settings::Retention& days, Time now) {
  const auto before = [&](std::int64_t count) { return now - std::chrono::days(count); };
  return {.record = before(days.record),
          .fingerprints = before(days.fingerprints),
          .reminders = before(days.reminders),
          .decided = before(days.decided),
          .notices = before(days.notices)};
}

/// Months before the known bank holidays end, somebody should add those of the next year.
void warn_of_last_holidays(const inspect::Policy& policy, const config::Settings& settings) {
  constexpr auto ahead = std::chrono::days(60);
  const auto reminders = policy.rules->reminders(policy.protocol);
  const bool counts = std::any_of(reminders.begin(), reminders.end(), [](const rules::Reminder& reminder) { return reminder.within.working; });
  if (!policy.reminders.on || !counts || policy.reminders.calendar.covers(day_of(system_now() + ahead))) return;
  log(LogLevel::warning, "holidays-end", {{"file", settings.holidays}, {"what", "add the bank holidays of the next year"}});
}

void log_problems(const Problems& problems) {
  for (const Problem& problem : problems) {
    const bool error = problem.severity == Problem::Severity::error;
    log(error ? LogLevel::error : LogLevel::warning, error ? "settings-problem" : "settings-odd", {{"what", to_string(problem)}});
  }
}

std::optional<InForce> load(const config::Settings& settings) {
  Problems problems;
  auto policy = config::load_policy(settings, problems);
  auto templates = deliver::load_templates(settings.notices_directory, problems);
  auto documents = std::make_shared<const intake::DocumentReader>(cli::document_reader(settings, problems));
  if (policy) config::note_odd_reviewers(settings, *policy->people, problems);
  log_problems(problems);
  if (!policy || !templates || has_errors(problems)) return std::nullopt;
  auto shared = std::make_shared<inspect::Policy>(std::move(*policy));
  auto notices = std::make_shared<const deliver::NoticeWriter>(cli::notice_settings_of(settings, *shared->people), std::move(*templates), shared->people);
  warn_of_last_holidays(*shared, settings);
  // What was read to be compiled is several times what is kept, in small pieces that the C library would hold on to.
  malloc_trim(0);
  return InForce{std::move(shared), std::move(notices), settings.retention, desk_duties_of(settings), std::move(documents)};
}

std::optional<config::Settings> load_settings(const std::string& file) {
  Problems problems;
  auto settings = config::load_settings(file, problems);
  log_problems(problems);
  return has_errors(problems) ? std::nullopt : std::move(settings);
}

void set_log(const config::Settings& settings) {
  static constexpr std::pair<std::string_view, LogLevel> levels[] = {
      {"error", LogLevel::error}, {"warning", LogLevel::warning}, {"notice", LogLevel::notice}, {"info", LogLevel::info}, {"debug", LogLevel::debug}};
  LogLevel level = LogLevel::info;
  for (const auto& [name, value] : levels) {
    if (settings.log_level == name) level = value;
  }
  // The journal reads priorities in front of a line; a terminal should not show them.
  set_log(level, ::isatty(STDERR_FILENO) == 0 && ::getenv("JOURNAL_STREAM") != nullptr);
}

struct Listeners {
  std::vector<net::Listener> milter, smtp;
};

Result<void> listen(const std::vector<std::string>& endpoints, std::string_view key, const net::Listener::UnixRights& rights,
                    std::vector<net::Listener>& out) {
  for (const std::string& text : endpoints) {
    std::string message;
    const auto endpoint = net::parse_endpoint(text, message);
    if (!endpoint) return Error{ErrorKind::bad_settings, std::string(key) + ": " + message};
    out.push_back(TRY(net::Listener::listen(*endpoint, rights)));
  }
  return {};
}

Result<Listeners> open_listeners(const config::Settings& settings) {
  Listeners listeners;
  // systemd.socket(5): FileDescriptorName= tells the doors apart; without one it is the milter's.
  for (const auto& [name, descriptor] : net::Listener::from_systemd()) {
    (name == "smtp" ? listeners.smtp : listeners.milter).push_back(TRY(net::Listener::adopt(descriptor)));
  }
  const net::Listener::UnixRights rights{settings.milter_socket_mode, settings.milter_socket_group};
  if (listeners.milter.empty()) TRY(listen(settings.milter_listen, "milter.listen", rights, listeners.milter));
  if (listeners.smtp.empty()) TRY(listen(settings.smtp.listen, "smtp.listen", rights, listeners.smtp));
  if (listeners.milter.empty() && listeners.smtp.empty()) {
    return Error{ErrorKind::bad_settings, "nothing to listen on: set milter.listen or smtp.listen, or enable beadle.socket or beadle-smtp.socket"};
  }
  return listeners;
}

/// Keys whose new value only a start puts into force: sockets are open, the store is. "" none.
std::string keys_for_a_start(const config::Settings& running, const config::Settings& newer) {
  std::vector<std::string> keys;
  const auto compare = [&](const char* key, const auto& before, const auto& now) {
    if (before != now) keys.emplace_back(key);
  };
  compare("smtp.listen", running.smtp.listen, newer.smtp.listen);
  compare("milter.listen", running.milter_listen, newer.milter_listen);
  compare("milter.socket-mode", running.milter_socket_mode, newer.milter_socket_mode);
  compare("milter.socket-group", running.milter_socket_group, newer.milter_socket_group);
  compare("milter.connections", running.connections, newer.connections);
  compare("store.database", running.database, newer.database);
  return joined(keys, ", ");
}

/// SIGTERM, SIGINT and SIGHUP come as reads of a descriptor, so no code runs inside a signal.
class Signals {
 public:
  Signals() {
    sigemptyset(&set_);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&set_, signal);
    // Before the first thread: all threads inherit the mask.
    pthread_sigmask(SIG_BLOCK, &set_, nullptr);
    ::signal(SIGPIPE, SIG_IGN);  // NOLINT
    descriptor_ = signalfd(-1, &set_, SFD_CLOEXEC);
  }
  ~Signals() { ::close(descriptor_); }
  Signals(const Signals&) = delete;
  Signals& operator=(const Signals&) = delete;

  int wait() const {
    signalfd_siginfo info{};
    while (::read(descriptor_, &info, sizeof info) != static_cast<ssize_t>(sizeof info)) {
    }
    return static_cast<int>(info.ssi_signo);
  }

 private:
  sigset_t set_{};
  int descriptor_ = -1;
};

int serve(const std::string& config_file) {
  const Signals signals;
  auto settings = load_settings(config_file);
  if (!settings) return cli::exit_config;
  set_log(*settings);
  auto first = load(*settings);
  if (!first) return cli::exit_config;
  auto opened = cli::open_store(*settings);
  if (!opened) return cli::fail(opened.error());
  store::Store& store = *opened;
  const auto footer_key = store.secret("footer");
  if (!footer_key) return cli::fail(footer_key.error());
  first->policy->footer_key = *footer_key;
  auto listeners = open_listeners(*settings);
  if (!listeners) return cli::fail(listeners.error());

  const auto routes = cli::routes_of(*settings, !listeners->smtp.empty());
  if (!routes) return cli::fail(routes.error());

  Guarded<std::shared_ptr<const deliver::NoticeWriter>> notices(first->notices);
  const auto current_notices = [&] { return *notices.access(); };
  Guarded<config::Settings::Retention> retention(first->retention);
  Guarded<deliver::DeskDuties> desk(first->desk);
  Guarded<std::shared_ptr<const intake::DocumentReader>> documents(first->documents);
  intake::Intake intake(
      store, first->policy,
      [&](const std::string& id, const intake::Arrival& arrival, const mail::Message& mail, const inspect::Verdict& verdict) {
        return current_notices()->on_hold(id, arrival, mail, verdict, system_now());
      },
      system_now,
      [&](mail::Message& mail) {
        const auto reader = *documents.access();
        if (*reader) (*reader)(mail);
      });

  const auto audited = store.audit("started", "beadle", "", "{\"rules\":\"" + first->policy->digest + "\"}", system_now());
  if (!audited) return cli::fail(audited.error());
  for (const net::Listener& listener : listeners->milter) log(LogLevel::notice, "listening", {{"milter", to_string(listener.endpoint())}});
  for (const net::Listener& listener : listeners->smtp) {
    log(LogLevel::notice, "listening", {{"smtp", to_string(listener.endpoint())}, {"next-hop", settings->smtp.next_hop}});
  }
  log(LogLevel::notice, "started",
      {{"version", BEADLE_VERSION},
       {"protocol", first->policy->protocol},
       {"mode", std::string(rules::to_string(first->policy->mode))},
       {"rules", first->policy->digest},
       {"documents", *first->documents ? "read" : "not read"}});

  net::StopSwitch stop;
  const auto receive = [&](intake::Arrival arrival) { return intake.receive(std::move(arrival)); };
  // One for all doors: the machine's cores and memory are the same.
  const auto capacity = std::make_shared<net::Capacity>();
  std::vector<std::jthread> doors;
  std::optional<milter::Server> milter_door;
  if (!listeners->milter.empty()) {
    milter_door.emplace(std::move(listeners->milter), receive, milter::ServerLimits{.connections = static_cast<std::size_t>(settings->connections)}, capacity);
    doors.emplace_back([&] { milter_door->run(stop); });
  }
  std::optional<smtp::Door> smtp_door;
  if (routes->door) {
    smtp_door.emplace(std::move(listeners->smtp), *routes->door, receive, system_now, capacity);
    doors.emplace_back([&] { smtp_door->run(stop); });
  }
  Guarded<deliver::DeliverSettings> delivery_settings(routes->delivery);
  const deliver::Duties duties{nullptr,
                               [&](const store::Held& held, Time now) { return intake::remember_released(held, *intake.policy(), store, now); },
                               [&](Time now) { return retention_at(*retention.access(), now); },
                               {}};
  const auto current_duties = [&] { return deliver::Duties{current_notices(), duties.on_released, duties.retention, *desk.access()}; };
  std::jthread delivery([&] { deliver::run_deliver_loop(store, current_duties, [&] { return *delivery_settings.access(); }, stop); });
  Guarded<config::Settings> audited_mailboxes(*settings);
  const imap::AuditTools audit_tools{.store = store, .policy = [&] { return intake.policy(); },
                                     .documents = [&](mail::Message& mail) {
                                       const auto reader = *documents.access();
                                       if (*reader) (*reader)(mail);
                                     },
                                     .now = system_now, .connect = [&](const imap::Login& login) { return cli::connect_to(login, &stop); }, .stop = &stop};
  std::jthread auditing([&] {
    imap::run_audit_loop([&] { return cli::audit_settings_of(*audited_mailboxes.access()); }, audit_tools, [&] { intake.flush(); }, stop);
  });
  const mailbox::Tools mailbox_tools{.store = store, .policy = [&] { return intake.policy(); }, .notices = current_notices, .documents = audit_tools.documents,
                                     .now = system_now, .connect = cli::connect_to_reviewer};
  log_problems(cli::review_account_problems(*settings, store));
  std::jthread reviewing([&] {
    mailbox::run_desk_loop([&] { return cli::desk_settings_of(*audited_mailboxes.access()); }, mailbox_tools, stop);
  });
  // So that an audit by another process knows what came by, also in a quiet hour.
  std::jthread writing_down([&] {
    while (!net::wait_for_stop(stop, net::after_ms(written_down_every_ms))) intake.flush();
  });
  net::notify_systemd("READY=1");

  while (signals.wait() == SIGHUP) {
    net::notify_systemd("RELOADING=1");
    const auto newer = load_settings(config_file);
    auto next = newer ? load(*newer) : std::nullopt;
    const auto next_routes = next ? cli::routes_of(*newer, smtp_door.has_value()) : Result<cli::Routes>(Error{ErrorKind::bad_settings, ""});
    if (next && next_routes) {
      *audited_mailboxes.access() = *newer;
      log_problems(cli::review_account_problems(*newer, store));
      next->policy->footer_key = *footer_key;
      intake.set_policy(next->policy);
      *notices.access() = next->notices;
      *retention.access() = next->retention;
      *desk.access() = next->desk;
      *documents.access() = next->documents;
      if (smtp_door) smtp_door->set_settings(*next_routes->door);
      *delivery_settings.access() = next_routes->delivery;
      set_log(*newer);
      if (const std::string keys = keys_for_a_start(*settings, *newer); !keys.empty()) {
        log(LogLevel::warning, "reload-needs-restart", {{"keys", keys}, {"what", "the old values stay in force until Beadle is started again"}});
      }
      const auto noted = store.audit("reloaded", "beadle", "", "{\"rules\":\"" + next->policy->digest + "\"}", system_now());
      log(LogLevel::notice, "reloaded", {{"rules", next->policy->digest}, {"audited", noted ? "yes" : noted.error().what}});
    } else {
      if (next) log(LogLevel::error, "settings-problem", {{"what", next_routes.error().what}});
      log(LogLevel::error, "reload-refused", {{"why", "the settings have mistakes; the old ones stay in force"}});
    }
    net::notify_systemd("READY=1");
  }
  log(LogLevel::notice, "stopping", {});
  net::notify_systemd("STOPPING=1");
  stop.stop();
  doors.clear();
  writing_down.join();
  auditing.join();
  reviewing.join();
  intake.flush();
  delivery.join();
  log(LogLevel::notice, "stopped", {});
  return cli::exit_ok;
}

std::shared_ptr<const web::InForce> load_for_web(config::Settings settings, const std::string& footer_key) {
  auto loaded = load(settings);
  Problems problems;
  auto catalogues = config::load_catalogues(settings.rules_directory, problems);
  log_problems(problems);
  if (!loaded || !catalogues) return nullptr;
  loaded->policy->footer_key = footer_key;
  return std::make_shared<const web::InForce>(web::InForce{std::move(settings), std::move(loaded->policy), std::move(*catalogues), std::move(loaded->notices)});
}

/// "https://[2001:db8::1]:8443" → "[2001:db8::1]"
std::string host_of(const std::string& url) {
  const std::string rest = url.substr(url.find("://") + 3);
  return rest.starts_with('[') ? rest.substr(0, rest.find(']') + 1) : rest.substr(0, rest.find(':'));
}

Result<web::HttpSettings> http_settings_of(const config::Settings& settings) {
  const config::Settings::Web& page = settings.web;
  web::HttpSettings out;
  if (!page.certificate.empty()) out.tls = TRY(net::TlsContext::server({.certificate = page.certificate, .key = page.key}));
  out.proxies = cli::networks_of(page.proxies);
  if (!page.url.empty()) out.hosts.push_back(host_of(page.url));
  out.connections = static_cast<std::size_t>(page.connections);
  return out;
}

Result<std::vector<net::Listener>> web_listeners(const config::Settings& settings) {
  std::vector<net::Listener> listeners;
  for (const auto& [name, descriptor] : net::Listener::from_systemd()) listeners.push_back(TRY(net::Listener::adopt(descriptor)));
  if (listeners.empty()) TRY(listen(settings.web.listen, "web.listen", {settings.web.socket_mode, settings.web.socket_group}, listeners));
  if (listeners.empty()) return Error{ErrorKind::bad_settings, "nothing to listen on: set web.listen"};
  return listeners;
}

// A person waits for the page; what is not read by then is shown as not read, as it was judged with the whole time.
constexpr std::int64_t page_documents_budget_ms = 5'000;

int web_page(const std::string& config_file) {
  const Signals signals;
  auto settings = load_settings(config_file);
  if (!settings) return cli::exit_config;
  set_log(*settings);
  const auto http = http_settings_of(*settings);
  if (!http) return cli::fail(http.error());
  const auto assets = web::StaticFiles::load(settings->web.assets);
  if (!assets) return cli::fail(assets.error());
  auto opened = cli::open_store(*settings);
  if (!opened) return cli::fail(opened.error());
  auto listeners = web_listeners(*settings);
  if (!listeners) return cli::fail(listeners.error());
  const auto footer_key = opened->secret("footer");
  if (!footer_key) return cli::fail(footer_key.error());
  auto first = load_for_web(*settings, *footer_key);
  if (!first) return cli::exit_config;
  Guarded<std::shared_ptr<const web::InForce>> in_force(std::move(first));
  Problems problems;
  config::Settings for_pages = *settings;
  for_pages.documents_budget_ms = std::min(for_pages.documents_budget_ms, page_documents_budget_ms);
  const auto documents = cli::document_reader(for_pages, problems);
  log_problems(problems);

  Turns sign_ins(limits::sign_ins_at_once_max);
  web::App app({*opened, [&] { return *in_force.access(); }, *assets, system_now, documents, sign_ins});
  for (const net::Listener& listener : *listeners) {
    log(LogLevel::notice, "listening", {{"web", to_string(listener.endpoint())}, {"tls", http->tls ? "yes" : "no"}, {"url", settings->web.url}});
  }
  net::StopSwitch stop;
  web::HttpServer server(std::move(*listeners), *http, [&](const web::Request& request) { return app(request); });
  std::jthread serving([&] { server.run(stop); });
  net::notify_systemd("READY=1");
  while (signals.wait() == SIGHUP) {
    net::notify_systemd("RELOADING=1");
    auto newer = load_settings(config_file);
    auto next = newer ? load_for_web(std::move(*newer), *footer_key) : nullptr;
    if (next) {
      log(LogLevel::notice, "reloaded", {{"rules", next->policy->digest}});
      *in_force.access() = std::move(next);
    } else {
      log(LogLevel::error, "reload-refused", {{"why", "the settings have mistakes; the old ones stay in force"}});
    }
    net::notify_systemd("READY=1");
  }
  net::notify_systemd("STOPPING=1");
  stop.stop();
  serving.join();
  log(LogLevel::notice, "stopped", {});
  return cli::exit_ok;
}

}  // namespace
}  // namespace beadle

int main(int count, char** words) {
  return beadle::cli::run(
      count, words, [](const std::string& config) { return beadle::serve(config); }, [](const std::string& config) { return beadle::web_page(config); });
}
