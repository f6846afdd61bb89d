#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/limits.h"
#include "base/text.h"
#include "config/settings.h"

#include "catch.h"

namespace beadle::config {
namespace {

namespace fs = std::filesystem;

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

std::optional<Settings> parse(std::string_view text, Problems& problems) { return parse_settings(text, "/etc/beadle/beadle.toml", problems); }

Settings parse_good(std::string_view text) {
  Problems problems;
  auto settings = parse(text, problems);
  CHECK(to_string(problems) == "");
  REQUIRE(settings);
  return *settings;
}

/// The sample with each commented default in force.
std::string uncommented(std::string_view sample) {
  std::string out;
  for (std::string_view line : split(sample, '\n')) {
    if (line.size() > 1 && line[0] == '#' && line[1] != ' ') line.remove_prefix(1);
    out += std::string(line) + "\n";
  }
  return out;
}

constexpr std::string_view whole = R"([council]
roster = "people/roster.toml"
protocol = "exmouth"
mode = "enforce"
users-informed = 2026-05-13
reviewers = ["clerk@marrow.example", "monitoring@marrow.example"]
[rules]
directory = "../rules"
own = ["ours.toml", "/srv/theirs.toml"]
on-not-inspected = "hold"
on-broken-mime = "flag"
[rules.override."exmouth/correspondence-4"]
action = "flag"
[rules.override."exmouth/press-2"]
mode = "off"
[documents]
enabled = false
program = "bin/beadle-extract"
budget-ms = 60000
wall-clock-ms = 5000
memory-mb = 256
text-kb = 1024
[store]
database = "/srv/beadle.db"
key = "credential:store-key"
old-keys = ["keys/2025.key", "credential:store-key-old"]
[milter]
listen = ["unix:/run/beadle/milter.sock", "inet:8890@127.0.0.1"]
socket-mode = "0600"
socket-group = "postfix"
connections = 50
[smtp]
listen = "inet:127.0.0.1:10025"
next-hop = "inet:mail.marrow.example:25"
next-hop-tls = "must"
next-hop-verify = false
next-hop-name = "mx.marrow.example"
next-hop-certificate = "ours.pem"
next-hop-key = "/etc/ssl/ours.key"
require-field = "X-Marrow-Route"
require-field-file = "route"
user = "beadle"
password-file = "password"
relay-from = ["192.0.2.0/24", "unix"]
relay-certificates = ["00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"]
xforward-from = ["192.0.2.7"]
certificate = "mail.pem"
key = "/etc/ssl/mail.key"
connections-per-host = 10
spool = "spool"
[release]
reentry = "inet:[::1]:10026"
host-name = "mail.marrow.example"
[notices]
from = "clerk@marrow.example"
directory = "notices"
[reminders]
on = false
holidays = "days.txt"
[reminders.within]
"wendlebury/4.2c" = "3 working days"
[retention]
record = 1
fingerprints = 2
reminders = 3
decided = 4
notices = 5
[log]
level = "debug"
[web]
listen = ["unix:/run/beadle/web.sock", "inet:[::1]:8480"]
url = "https://review.marrow.example/"
certificate = "page.pem"
key = "/etc/ssl/page.key"
proxies = ["192.0.2.9", "2001:db8::/32"]
assets = "frontend"
connections = 8
second-factor = true
socket-mode = "0640"
socket-group = "www-data"
[review]
digest-hour = 0
escalate-after-hours = 24
escalate-to = "chair@marrow.example"
return-after-days = 7
audit-head-to = ["auditor@elsewhere.example", "keeper@elsewhere.example"]
[imap.audit]
every = 15
since = 2026-05-13
[[imap.audit.mailbox]]
url = "imap://imap.marrow.example:143"
user = "beadle"
users = ["clerk@marrow.example", "jo@marrow.example"]
password-file = "imap.password"
login = "oauthbearer"
authorities = "/etc/ssl/marrow.pem"
folders = ["\\Sent", "Anfonwyd"]
[[imap.audit.mailbox]]
url = "imaps://imap.marrow.example"
user = "journal@marrow.example"
password-file = "/etc/journal.password"
journal = true
[imap.review]
enabled = false
every-seconds = 5
attach-original = false
held = "Beadle/Gehalten"
release = "Beadle/Frei"
return = "Beadle/Zurück"
replies = "Beadle"
return-words = "Please ask the clerk."
[[imap.review.mailbox]]
url = "imaps://imap.marrow.example"
user = "beadle"
password-file = "imap.password"
mailbox = "jo@marrow.example"
account = "jo"
[[imap.review.mailbox]]
url = "imap://imap.marrow.example:143"
user = "ann@marrow.example"
password-file = "/etc/ann.token"
login = "xoauth2"
account = "ann@marrow.example"
)";

}  // namespace

TEST_CASE("settings are read whole") {
  const Settings settings = parse_good(whole);
  CHECK(settings.file == "/etc/beadle/beadle.toml");
  CHECK(settings.roster == "/etc/beadle/people/roster.toml");
  CHECK(settings.protocol == "exmouth");
  CHECK(settings.mode == rules::Mode::enforce);
  CHECK(settings.users_informed == "2026-05-13");
  CHECK(settings.reviewers.size() == 2);
  CHECK(settings.rules_directory == "/etc/rules");
  CHECK(settings.own_packs == std::vector<std::string>{"/etc/beadle/ours.toml", "/srv/theirs.toml"});
  CHECK(settings.on_not_inspected == rules::Action::hold);
  CHECK(settings.on_broken_mime == rules::Action::flag);
  REQUIRE(settings.overrides.size() == 2);
  CHECK(settings.overrides.at("exmouth/correspondence-4").action == rules::Action::flag);
  CHECK(!settings.overrides.at("exmouth/correspondence-4").mode);
  CHECK(settings.overrides.at("exmouth/press-2").mode == rules::Mode::off);
  CHECK(settings.places.at("rules.override.exmouth/press-2").line == 14);
  CHECK(settings.places.at("council.protocol") == Position{3, 12});
  CHECK_FALSE(settings.documents_enabled);
  CHECK(settings.documents_program == "/etc/beadle/bin/beadle-extract");
  CHECK(settings.places.at("documents.program") == Position{18, 11});
  CHECK(settings.documents_budget_ms == 60'000);
  CHECK(settings.document_wall_clock_ms == 5'000);
  CHECK(settings.document_memory_mb == 256);
  CHECK(settings.document_text_kb == 1024);
  CHECK(settings.database == "/srv/beadle.db");
  CHECK(settings.milter_listen == std::vector<std::string>{"unix:/run/beadle/milter.sock", "inet:8890@127.0.0.1"});
  CHECK(settings.milter_socket_mode == 0600);
  CHECK(settings.milter_socket_group == "postfix");
  CHECK(settings.connections == 50);
  const Settings::Smtp& smtp = settings.smtp;
  CHECK(smtp.listen == std::vector<std::string>{"inet:127.0.0.1:10025"});
  CHECK(smtp.next_hop == "inet:mail.marrow.example:25");
  CHECK(smtp.next_hop_tls == Settings::Smtp::Tls::must);
  CHECK_FALSE(smtp.next_hop_verify);
  CHECK(smtp.password_file.ends_with("/password"));
  CHECK(smtp.next_hop_certificate.ends_with("/ours.pem"));
  CHECK(smtp.next_hop_key == "/etc/ssl/ours.key");
  CHECK(smtp.require_field == "X-Marrow-Route");
  CHECK(smtp.require_field_file.ends_with("/route"));
  CHECK(smtp.relay_from == std::vector<std::string>{"192.0.2.0/24", "unix"});
  CHECK(smtp.xforward_from == std::vector<std::string>{"192.0.2.7"});
  CHECK(smtp.certificate.ends_with("/mail.pem"));
  CHECK(smtp.key == "/etc/ssl/mail.key");
  CHECK(smtp.connections == 200);
  CHECK(smtp.connections_per_host == 10);
  CHECK(settings.reentry_given);
  CHECK(settings.reentry == "inet:[::1]:10026");
  CHECK(settings.host_name == "mail.marrow.example");
  CHECK(settings.notices_from == "clerk@marrow.example");
  CHECK(settings.notices_directory == "/etc/beadle/notices");
  CHECK_FALSE(settings.reminders);
  CHECK(settings.holidays == "/etc/beadle/days.txt");
  REQUIRE(settings.within.size() == 1);
  CHECK(settings.within.at("wendlebury/4.2c") == Period{3, true});
  CHECK(settings.retention.record == 1);
  CHECK(settings.retention.fingerprints == 2);
  CHECK(settings.retention.reminders == 3);
  CHECK(settings.retention.decided == 4);
  CHECK(settings.retention.notices == 5);
  CHECK(settings.log_level == "debug");
}

TEST_CASE("settings of the review page, and of the key of the store, are read whole") {
  const Settings settings = parse_good(whole);
  CHECK(settings.store_key == "credential:store-key");
  CHECK(settings.store_old_keys == std::vector<std::string>{"/etc/beadle/keys/2025.key", "credential:store-key-old"});
  const Settings::Web& web = settings.web;
  CHECK(web.listen == std::vector<std::string>{"unix:/run/beadle/web.sock", "inet:[::1]:8480"});
  CHECK(web.url == "https://review.marrow.example");  // links are made by putting a path behind it
  CHECK(web.certificate == "/etc/beadle/page.pem");
  CHECK(web.key == "/etc/ssl/page.key");
  CHECK(web.proxies == std::vector<std::string>{"192.0.2.9", "2001:db8::/32"});
  CHECK(web.assets == "/etc/beadle/frontend");
  CHECK(web.connections == 8);
  CHECK(web.second_factor);
  CHECK(web.socket_mode == 0640);
  CHECK(web.socket_group == "www-data");
  const Settings::Review& review = settings.review;
  CHECK(review.digest_hour == 0);
  CHECK(review.escalate_after_hours == 24);
  CHECK(review.escalate_to == std::vector<std::string>{"chair@marrow.example"});
  CHECK(review.return_after_days == 7);
  CHECK(review.audit_head_to == std::vector<std::string>{"auditor@elsewhere.example", "keeper@elsewhere.example"});
}

TEST_CASE("without a word about it, the review page is on loopback only, nothing is sealed and nothing goes back by itself") {
  const Settings settings = parse_good("[council]\nprotocol = \"exmouth\"\n");
  CHECK(settings.web.listen == std::vector<std::string>{"inet:127.0.0.1:8480"});
  CHECK(settings.web.url.empty());
  CHECK(settings.web.certificate.empty());
  CHECK(settings.web.proxies == std::vector<std::string>{"unix"});
  CHECK_FALSE(settings.web.second_factor);
  CHECK(settings.review.digest_hour == 8);
  CHECK(settings.review.escalate_after_hours == 48);
  CHECK(settings.review.return_after_days == 0);
  CHECK(settings.review.escalate_to.empty());
  CHECK(settings.review.audit_head_to.empty());
  CHECK(settings.store_key.empty());
  CHECK(settings.store_old_keys.empty());
  // An empty text is as good as none; an empty list is one.
  const Settings empty = parse_good("[council]\nprotocol = \"x\"\n[store]\nkey = \"\"\n[web]\nurl = \"\"\ncertificate = \"\"\nkey = \"\"\nlisten = []\nproxies = []\n");
  CHECK(empty.store_key.empty());
  CHECK(empty.web.listen.empty());
  CHECK(empty.web.proxies.empty());
}

TEST_CASE("the page is reached by HTTPS, or on this very computer") {
  for (const char* good : {"https://review.marrow.example", "https://review.marrow.example:8443/", "https://192.0.2.7", "https://[2001:db8::7]:8480", "http://localhost:8480",
                           "http://127.0.0.1"}) {
    INFO(good);
    (void)parse_good(std::string("[council]\nprotocol = \"x\"\n[web]\nurl = \"") + good + "\"\n");
  }
  for (const char* bad : {"review.marrow.example", "http://review.marrow.example", "http://localhost.evil.example", "http://127.0.0.1.evil.example", "https://", "https:///", "ftp://a.example",
                          "https://a.example/beadle", "https://a.example?x", "https://user@a.example", "https://a b.example", "javascript:alert(1)", "http", "/", "http://localhost@evil.example"}) {
    INFO(bad);
    Problems problems;
    CHECK_FALSE(parse(std::string("[council]\nprotocol = \"x\"\n[web]\nurl = \"") + bad + "\"\n", problems));
    REQUIRE(problems.size() == 1);
    CHECK(problems.front().at == Position{4, 7});
  }
}

TEST_CASE("mailboxes that are audited are read whole") {
  const Settings::Imap imap = parse_good(whole).imap;
  CHECK(imap.every_minutes == 15);
  CHECK(imap.since == "2026-05-13");
  REQUIRE(imap.mailboxes.size() == 2);
  const Settings::Imap::Mailbox &many = imap.mailboxes[0], &journal = imap.mailboxes[1];
  CHECK(many.url == "imap://imap.marrow.example:143");
  CHECK(many.user == "beadle");
  CHECK(many.users == std::vector<std::string>{"clerk@marrow.example", "jo@marrow.example"});
  CHECK(many.password_file == "/etc/beadle/imap.password");
  CHECK(many.login == "oauthbearer");
  CHECK(many.authorities == "/etc/ssl/marrow.pem");
  CHECK(many.folders == std::vector<std::string>{"\\Sent", "Anfonwyd"});
  CHECK_FALSE(many.journal);
  CHECK(journal.journal);
  CHECK(journal.folders == std::vector<std::string>{"INBOX"});
  CHECK(journal.login == "password");
  CHECK(parse_good("[council]\nprotocol = \"x\"\n").imap.mailboxes.empty());
  const Settings sent = parse_good("[council]\nprotocol = \"x\"\nusers-informed = 2026-05-13\n[[imap.audit.mailbox]]\nurl = \"imaps://x\"\nuser = \"y\"\npassword-file = \"z\"\n");
  REQUIRE(sent.imap.mailboxes.size() == 1);
  CHECK(sent.imap.mailboxes[0].folders == std::vector<std::string>{"\\Sent"});
}

TEST_CASE("mailboxes that held mail is reviewed in are read whole") {
  const Settings::Imap::Review review = parse_good(whole).imap.review;
  CHECK_FALSE(review.enabled);
  CHECK(review.every_seconds == 5);
  CHECK_FALSE(review.attach_original);
  CHECK(review.held == "Beadle/Gehalten");
  CHECK(review.release == "Beadle/Frei");
  CHECK(review.give_back == "Beadle/Zurück");
  CHECK(review.replies == "Beadle");
  CHECK(review.return_words == "Please ask the clerk.");
  REQUIRE(review.mailboxes.size() == 2);
  const Settings::Imap::ReviewMailbox &jo = review.mailboxes[0], &ann = review.mailboxes[1];
  CHECK(jo.url == "imaps://imap.marrow.example");
  CHECK(jo.user == "beadle");
  CHECK(jo.password_file == "/etc/beadle/imap.password");
  CHECK(jo.mailbox == "jo@marrow.example");
  CHECK(jo.account == "jo");
  CHECK(jo.login == "password");
  CHECK(ann.login == "xoauth2");
  CHECK(ann.mailbox.empty());
  CHECK(ann.at.column == 11);
  CHECK(parse_good("[council]\nprotocol = \"x\"\n").imap.review.mailboxes.empty());
}

TEST_CASE("settings written as TOML give the same settings") {
  Settings settings = parse_good(whole);
  CHECK(to_toml(parse_good(to_toml(settings))) == to_toml(settings));
  const Settings plain = parse_good("[council]\nprotocol = \"exmouth\"\n");
  CHECK(to_toml(parse_good(to_toml(plain))) == to_toml(plain));
  settings.database = "/srv/\"quoted\" \\ \t\x7f é.db";
  CHECK(parse_good(to_toml(settings)).database == settings.database);
}

TEST_CASE("the sample loads, and its commented defaults are the defaults") {
  const std::string sample = bytes_of(BEADLE_SOURCE_DIR "/config/beadle.toml");
  const Settings as_is = parse_good(sample);
  Settings defaults;
  defaults.protocol = as_is.protocol;
  CHECK(to_toml(as_is) == to_toml(defaults));
  CHECK(to_toml(parse_good(uncommented(sample))) == to_toml(defaults));
  // Every key is explained: it stands in the sample, under its section.
  std::string section;
  const std::string written = to_toml(defaults);
  for (const std::string_view line : split(written, '\n')) {
    if (line.empty()) continue;
    INFO(line);
    if (line[0] == '[') section = std::string(line);
    const std::size_t at = sample.find("\n" + section + "\n");
    REQUIRE(at != std::string::npos);
    const std::string part = sample.substr(at, sample.find("\n[", at + 1) - at);
    CHECK(uncommented(part).find(line) != std::string::npos);
  }
}

TEST_CASE("a text stands for a list of one") {
  CHECK(parse_good("[council]\nprotocol = \"x\"\n[milter]\nlisten = \"local:/run/m.sock\"\n").milter_listen.size() == 1);
}

TEST_CASE("every mistake in settings is told with its place (broken/*)") {
  const bool update = std::getenv("BEADLE_UPDATE") != nullptr;
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(BEADLE_TEST_DATA "/config/broken")) {
    if (entry.path().extension() != ".toml") continue;
    ++count;
    INFO(entry.path().filename().string());
    Problems problems;
    const auto settings = parse_settings(bytes_of(entry.path()), entry.path().filename().string(), problems);
    CHECK(settings.has_value() == !has_errors(problems));
    CHECK(!problems.empty());
    fs::path expectation = entry.path();
    expectation.replace_extension(".error");
    if (update) std::ofstream(expectation, std::ios::binary) << to_string(problems);
    CHECK(to_string(problems) == bytes_of(expectation));
  }
  CHECK(count >= 10);
}

TEST_CASE("endpoints are spelled as Postfix or libmilter spell them") {
  for (const char* good : {"unix:/run/m.sock", "local:/run/m.sock", "inet:127.0.0.1:25", "inet:25@localhost", "inet6:[::1]:25", "inet6:25@::1", "inet:mail.example:0"}) {
    INFO(good);
    CHECK(endpoint_mistake(good) == "");
  }
  for (const std::string& bad : {std::string(""), std::string("/run/m.sock"), std::string("unix:m.sock"), std::string("unix:/run/"), "unix:/" + std::string(107, 'x'),
                                 std::string("inet:25"), std::string("inet::25"), std::string("inet:host:99999"), std::string("inet:host:"), std::string("inet:host:2 5"),
                                 std::string("inet:ho st:25"), std::string("tcp:host:25"), std::string("inet:25@"), std::string("inet:host:25\n")}) {
    INFO(bad);
    CHECK(endpoint_mistake(bad) != "");
  }
}

TEST_CASE("what leads back to where we listen is known, however it is spelled") {
  const auto leads = [](const char* target, const char* listening, const char* name = "") { return leads_to(target, listening, name); };
  CHECK(leads("inet:127.0.0.1:10025", "inet:127.0.0.1:10025"));
  CHECK(leads("inet:10025@127.0.0.1", "inet:127.0.0.1:10025"));
  CHECK(leads("inet:127.0.0.1:025", "inet:127.0.0.1:25"));
  CHECK(leads("inet:localhost:10025", "inet:127.0.0.1:10025"));
  CHECK(leads("inet6:[::1]:10025", "inet:localhost:10025"));
  CHECK(leads("inet:127.0.0.1:25", "inet:0.0.0.0:25"));
  CHECK(leads("inet:0.0.0.0:25", "inet:127.0.0.1:25"));
  CHECK(leads("inet:203.0.113.25:25", "inet:203.0.113.25:25"));
  CHECK(leads("inet:Beadle.Council.example:25", "inet:0.0.0.0:25", "beadle.council.example"));
  CHECK(leads("unix:/run/beadle//x.sock", "local:/run/beadle/x.sock"));
  CHECK_FALSE(leads("inet:127.0.0.1:10026", "inet:127.0.0.1:10025"));
  CHECK_FALSE(leads("inet:127.0.0.1:25", "inet:127.0.0.2:25"));
  CHECK_FALSE(leads("inet:localhost:25", "inet:127.0.0.2:25"));
  CHECK_FALSE(leads("inet:[::1]:25", "inet:127.0.0.1:25"));
  CHECK_FALSE(leads("inet:127.0.0.1:25", "inet:203.0.113.25:25"));
  CHECK_FALSE(leads("inet:mail.council.example:25", "inet:0.0.0.0:25", "beadle.council.example"));
  CHECK_FALSE(leads("unix:/run/a.sock", "unix:/run/b.sock"));
  CHECK_FALSE(leads("unix:/run/a.sock", "inet:127.0.0.1:25"));
  CHECK_FALSE(leads("nonsense", "nonsense"));
}

TEST_CASE("settings for each way to connect the SMTP door are good as they stand (config/examples)") {
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(BEADLE_SOURCE_DIR "/config/examples")) {
    ++count;
    INFO(entry.path().string());
    Problems problems;
    const auto settings = load_settings(entry.path().string(), problems);
    CHECK(to_string(problems) == "");
    REQUIRE(settings);
    CHECK(settings->mode == rules::Mode::observe);
    CHECK_FALSE(settings->smtp.next_hop.empty());
    CHECK_FALSE(settings->notices_from.empty());
    CHECK(settings->smtp.require_field.empty() == settings->smtp.certificate.empty());
  }
  CHECK(count == 3);
}

TEST_CASE("nobody enforces before the day on which people are told") {
  const fs::path file = fs::temp_directory_path() / ("beadle-informed-" + std::to_string(std::hash<std::string>{}(BEADLE_TEST_DATA)) + ".toml");
  const auto load = [&](const std::string& mode, const std::string& day) {
    std::ofstream(file, std::ios::binary) << "[council]\nprotocol = \"exmouth\"\nmode = \"" + mode + "\"\nusers-informed = " + day +
                                                 "\nreviewers = \"clerk@marrow.example\"\n[notices]\nfrom = \"clerk@marrow.example\"\n";
    Problems problems;
    const auto settings = load_settings(file.string(), problems);
    CHECK(settings.has_value() == problems.empty());
    return problems;
  };
  const Problems future = load("enforce", "2999-05-13");
  REQUIRE(future.size() == 1);
  CHECK(future[0].severity == Problem::Severity::error);
  CHECK(future[0].at == Position{4, 18});
  CHECK(future[0].what == "mode is enforce, but users-informed is 2999-05-13, a day to come");
  CHECK(load("observe", "2999-05-13").empty());
  CHECK(load("enforce", "2026-05-13").empty());
  fs::remove(file);
}

TEST_CASE("files that cannot be read say their path") {
  const auto absent = read_file("/nonexistent/beadle.toml");
  REQUIRE(!absent);
  CHECK(absent.error().kind == ErrorKind::not_found);
  CHECK(absent.error().what == "/nonexistent/beadle.toml: cannot be read: No such file or directory");
  const auto folder = read_file(BEADLE_TEST_DATA);
  REQUIRE(!folder);
  CHECK(folder.error().kind == ErrorKind::try_later);

  const fs::path large = fs::temp_directory_path() / ("beadle-large-" + std::to_string(std::hash<std::string>{}(BEADLE_TEST_DATA)) + ".toml");
  std::ofstream(large, std::ios::binary) << std::string(limits::settings_file_bytes_max + 1, '#');
  const auto refused = read_file(large.string());
  fs::remove(large);
  REQUIRE(!refused);
  CHECK(refused.error().kind == ErrorKind::bad_settings);
  CHECK(refused.error().what == large.string() + ": is larger than 4 MB");

  Problems problems;
  CHECK(!load_settings("/nonexistent/beadle.toml", problems));
  CHECK(to_string(problems) == "/nonexistent/beadle.toml: cannot be read: No such file or directory (copy config/beadle.toml there, or name yours with --config)\n");
  CHECK(!load_roster("/nonexistent/roster.toml", problems));
  CHECK(!load_rules("/nonexistent/rules", problems));
  CHECK(problems.size() == 4);
  for (const Problem& problem : problems) CHECK(problem.file.starts_with("/nonexistent/"));
}

}  // namespace beadle::config
