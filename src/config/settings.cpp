#include "config/settings.h"

#include <algorithm>
#include <filesystem>

#include "base/document.h"
#include "base/limits.h"
#include "base/network.h"
#include "base/text.h"
#include "config/files.h"
#include "config/imap_settings.h"
#include "people/address.h"

namespace beadle::config {
namespace {

constexpr std::string_view log_levels[] = {"error", "warning", "notice", "info", "debug"};
constexpr int socket_mode_most = 0777;

std::string shown(std::string_view text) { return "\"" + shortened(printable(text), 80) + "\""; }

class SettingsReader {
 public:
  SettingsReader(std::string_view file, Problems& problems) : file_(file), problems_(problems) { settings_.file = std::string(file); }

  std::optional<Settings> read(std::string_view text) {
    const std::size_t before = problems_.size();
    const auto document = parse_document(text, file_, problems_);
    if (!document) return std::nullopt;
    TableReader root(*document, file_, "the settings", problems_);
    // What is absent is read as an empty section, so that what must be there is missed.
    section(root, "council", [&](TableReader& reader) { read_council(reader); });
    section(root, "rules", [&](TableReader& reader) { read_rules(reader); });
    section(root, "documents", [&](TableReader& reader) { read_documents(reader); });
    section(root, "store", [&](TableReader& reader) { read_store(reader); });
    section(root, "milter", [&](TableReader& reader) { read_milter(reader); });
    section(root, "smtp", [&](TableReader& reader) { read_smtp(reader); });
    section(root, "release", [&](TableReader& reader) { read_release(reader); });
    section(root, "notices", [&](TableReader& reader) { read_notices(reader); });
    section(root, "web", [&](TableReader& reader) { read_web(reader); });
    section(root, "review", [&](TableReader& reader) { read_review(reader); });
    section(root, "imap", [&](TableReader& reader) {
      settings_.imap = read_imap(reader, settings_.file, problems_);
      if (settings_.imap.mailboxes.empty() || !settings_.users_informed.empty()) return;
      reader.error(reader.place("audit"), "mailboxes are audited, but users-informed in [council] is missing", "the day on which everybody was told that they are");
    });
    section(root, "reminders", [&](TableReader& reader) { read_reminders(reader); });
    section(root, "retention", [&](TableReader& reader) { read_retention(reader); });
    section(root, "log", [&](TableReader& reader) { read_log(reader); });
    root.finish();
    check_for_loops();
    const bool wrong = std::any_of(problems_.begin() + static_cast<std::ptrdiff_t>(before), problems_.end(),
                                   [](const Problem& problem) { return problem.severity == Problem::Severity::error; });
    if (wrong) return std::nullopt;
    return std::move(settings_);
  }

 private:
  template <class Read>
  void section(TableReader& root, const std::string& name, const Read& read) {
    static const Value empty{Table{}, {}};
    const Value* table = root.table(name);
    if (table == nullptr && root.has(name)) return;
    section_ = name;
    TableReader reader(table != nullptr ? *table : empty, file_, "[" + name + "]", problems_);
    read(reader);
    reader.finish();
  }

  /// What goes to where we listen ourselves comes back for ever.
  void check_for_loops() {
    const auto check = [&](const std::string& key, const std::string& target) {
      const std::pair<const char*, const std::vector<std::string>*> doors[] = {
          {"[smtp]", &settings_.smtp.listen}, {"[milter]", &settings_.milter_listen}, {"[web]", &settings_.web.listen}};
      for (const auto& [section, listening] : doors) {
        for (const std::string& own : *listening) {
          if (!leads_to(target, own, settings_.host_name)) continue;
          problems_.push_back({Problem::Severity::error, settings_.file, settings_.places[key],
                               key.substr(key.find('.') + 1) + " is " + shown(target) + ", where Beadle listens itself (listen of " + section +
                                   "): mail would go round for ever",
                               "the mail server's own address, as in inet:127.0.0.1:10026"});
          return;
        }
      }
    };
    check("smtp.next-hop", settings_.smtp.next_hop);
    constexpr const char* of_systemd = "inet:127.0.0.1:10025";  // beadle-smtp.socket as it is shipped
    if (settings_.smtp.listen.empty() && leads_to(settings_.smtp.next_hop, of_systemd, settings_.host_name)) {
      problems_.push_back({Problem::Severity::odd, settings_.file, settings_.places["smtp.next-hop"],
                           "next-hop is " + shown(settings_.smtp.next_hop) + ", where beadle-smtp.socket listens: where it is enabled, mail would go round for ever",
                           "the mail server's own address, as in inet:127.0.0.1:10026"});
    }
    if (settings_.reentry_given) check("release.reentry", settings_.reentry);
  }

  void keep_place(const TableReader& reader, const std::string& key) { settings_.places[section_ + "." + key] = reader.place(key); }

  /// Relative to the folder of the settings file.
  void path(TableReader& reader, const std::string& key, std::string& value) {
    const auto text = reader.text(key);
    keep_place(reader, key);
    if (!text) return;
    if (auto whole = whole_path(reader, key, *text)) value = std::move(*whole);
  }

  std::optional<std::string> whole_path(TableReader& reader, const std::string& key, const std::string& text) {
    if (text.empty() || text.find('\0') != std::string::npos) {
      reader.error(reader.place(key), key + " is no path");
      return std::nullopt;
    }
    const std::filesystem::path given(text);
    return given.is_absolute() ? given.string() : (std::filesystem::path(file_).parent_path() / given).lexically_normal().string();
  }

  void address(TableReader& reader, const std::string& key, Position at, const std::string& text) {
    const std::string mistake = people::address_mistake(text);
    if (!mistake.empty()) reader.error(at, key + ": " + shown(text) + " is no address: " + mistake);
  }

  template <class T>
  void choice(TableReader& reader, const std::string& key, std::optional<T> (*from)(std::string_view), const std::string& known, T& value) {
    const auto text = reader.text(key);
    if (!text) return;
    if (const auto chosen = from(*text)) {
      value = *chosen;
    } else {
      reader.error(reader.place(key), key + " is " + shown(*text), "one of " + known);
    }
  }

  void read_council(TableReader& reader) {
    path(reader, "roster", settings_.roster);
    settings_.protocol = reader.required_text("protocol");
    keep_place(reader, "protocol");
    choice(reader, "mode", &rules::mode_from, "off, observe, enforce", settings_.mode);
    settings_.users_informed = reader.text("users-informed").value_or("");
    keep_place(reader, "users-informed");
    if (!settings_.users_informed.empty() && !day_from(settings_.users_informed)) {
      reader.error(reader.place("users-informed"), "users-informed is " + shown(settings_.users_informed), "a day, as in 2026-05-13");
    }
    settings_.reviewers = each_text(reader, "reviewers", [&](const std::string& text, Position at) {
      address(reader, "reviewers", at, text);
      settings_.places["council.reviewers." + text] = at;
    });
    if (settings_.mode != rules::Mode::enforce) return;
    if (settings_.users_informed.empty()) {
      reader.error(reader.place("mode"), "mode is enforce, but users-informed is missing",
                   "the day on which everybody was told that mail is filtered; until then mode = \"observe\"");
    }
    if (settings_.reviewers.empty()) {
      reader.error(reader.place("mode"), "mode is enforce, but reviewers is empty", "held mail needs at least one person who decides");
    }
  }

  void read_rules(TableReader& reader) {
    path(reader, "directory", settings_.rules_directory);
    for (const std::string& file : reader.texts("own")) {
      if (auto whole = whole_path(reader, "own", file)) settings_.own_packs.push_back(std::move(*whole));
    }
    static const std::string actions = "pass, flag, annotate, hold";
    choice(reader, "on-not-inspected", &rules::action_from, actions, settings_.on_not_inspected);
    choice(reader, "on-broken-mime", &rules::action_from, actions, settings_.on_broken_mime);
    for (const char* key : {"on-not-inspected", "on-broken-mime"}) {
      if (reader.text(key) == "annotate") reader.error(reader.place(key), std::string(key) + " cannot be annotate", "nobody is there to be named; pass, flag or hold");
    }
    const Value* overrides = reader.table("override");
    if (overrides == nullptr) return;
    for (const Member& member : *overrides->table()) read_override(member);
  }

  void read_override(const Member& member) {
    const std::string label = "[rules.override." + shown(member.key) + "]";
    TableReader reader(member.value, file_, label, problems_);
    if (member.value.table() == nullptr) return;
    inspect::Override change;
    if (const auto action = reader.text("action")) {
      change.action = rules::action_from(*action);
      if (!change.action) reader.error(reader.place("action"), "action is " + shown(*action), "one of pass, flag, annotate, hold");
    }
    if (const auto mode = reader.text("mode")) {
      change.mode = rules::mode_from(*mode);
      if (!change.mode) reader.error(reader.place("mode"), "mode is " + shown(*mode), "one of off, observe, enforce");
    }
    if (!reader.has("action") && !reader.has("mode")) reader.error(member.at, label + " changes nothing", "action = \"flag\" or mode = \"off\"");
    reader.finish();
    settings_.overrides[member.key] = change;
    settings_.places["rules.override." + member.key] = member.at;
  }

  void read_documents(TableReader& reader) {
    settings_.documents_enabled = reader.boolean("enabled").value_or(settings_.documents_enabled);
    keep_place(reader, "program");
    if (const auto program = reader.text("program"); program && !program->empty()) {
      if (auto whole = whole_path(reader, "program", *program)) settings_.documents_program = std::move(*whole);
    }
    const auto number = [&](const char* key, std::size_t least, std::size_t most, std::int64_t& value) {
      value = reader.integer(key, static_cast<std::int64_t>(least), static_cast<std::int64_t>(most)).value_or(value);
    };
    number("budget-ms", limits::document_time_ms_least, limits::documents_of_mail_ms_most, settings_.documents_budget_ms);
    number("wall-clock-ms", limits::document_time_ms_least, limits::document_wall_clock_ms, settings_.document_wall_clock_ms);
    number("memory-mb", limits::document_memory_bytes_least >> 20, limits::document_memory_bytes_max >> 20,
           settings_.document_memory_mb);
    number("text-kb", limits::document_text_bytes_least >> 10, limits::document_text_bytes_max >> 10, settings_.document_text_kb);
  }

  void endpoint(TableReader& reader, const std::string& key, Position at, const std::string& text) {
    const std::string mistake = endpoint_mistake(text);
    if (!mistake.empty()) reader.error(at, key + ": " + shown(text) + ": " + mistake, "as in unix:/run/beadle/milter.sock or inet:127.0.0.1:8890");
  }

  /// Calls each(text, its place) for a key that is a text or a list of them.
  template <class Each>
  std::vector<std::string> each_text(TableReader& reader, const std::string& key, const Each& each) {
    std::vector<std::string> texts = reader.texts(key);
    if (const Value* value = reader.any(key)) {
      if (value->text() != nullptr) each(*value->text(), value->at);
      if (const Array* items = value->array()) {
        for (const Value& item : *items) {
          if (item.text() != nullptr) each(*item.text(), item.at);
        }
      }
    }
    return texts;
  }

  std::vector<std::string> listen(TableReader& reader) {
    return each_text(reader, "listen", [&](const std::string& text, Position at) { endpoint(reader, "listen", at, text); });
  }

  void read_milter(TableReader& reader) {
    settings_.milter_listen = listen(reader);
    read_socket_rights(reader, settings_.milter_socket_mode, settings_.milter_socket_group);
    settings_.connections = reader.integer("connections", 1, static_cast<std::int64_t>(limits::connections_max)).value_or(settings_.connections);
  }

  void read_smtp(TableReader& reader) {
    Settings::Smtp& smtp = settings_.smtp;
    smtp.listen = listen(reader);
    if (const auto next_hop = reader.text("next-hop"); next_hop && !next_hop->empty()) {
      endpoint(reader, "next-hop", reader.place("next-hop"), *next_hop);
      keep_place(reader, "next-hop");
      smtp.next_hop = *next_hop;
    }
    if (!smtp.listen.empty() && smtp.next_hop.empty()) {
      reader.error(reader.place("listen"), "the SMTP door listens, but next-hop is missing", "where inspected mail goes, as in inet:127.0.0.1:10026");
    }
    smtp.next_hop_tls = tls(reader, "next-hop-tls", smtp.next_hop_tls);
    smtp.next_hop_verify = reader.boolean("next-hop-verify").value_or(smtp.next_hop_verify);
    file(reader, "next-hop-authorities", smtp.next_hop_authorities);
    smtp.next_hop_name = reader.text("next-hop-name").value_or("");
    file(reader, "next-hop-certificate", smtp.next_hop_certificate);
    file(reader, "next-hop-key", smtp.next_hop_key);
    if (smtp.next_hop_certificate.empty() != smtp.next_hop_key.empty()) {
      reader.error(reader.place(smtp.next_hop_key.empty() ? "next-hop-certificate" : "next-hop-key"), "next-hop-certificate and next-hop-key belong together",
                   "two PEM files");
    }
    if (!smtp.next_hop_certificate.empty() && smtp.next_hop_tls == Settings::Smtp::Tls::never) {
      reader.error(reader.place("next-hop-certificate"), "a certificate is shown over TLS only, and next-hop-tls is never", "may or must");
    }
    smtp.user = reader.text("user").value_or("");
    file(reader, "password-file", smtp.password_file);
    if (smtp.user.empty() != smtp.password_file.empty()) {
      reader.error(reader.place(smtp.user.empty() ? "password-file" : "user"), "user and password-file belong together", "both, or neither");
    }
    networks(reader, "relay-from", smtp.relay_from, "list the mail servers: else this is an open relay");
    networks(reader, "xforward-from", smtp.xforward_from, "list the mail servers: else anybody can say to be another");
    read_required_field(reader, smtp);
    smtp.relay_certificates = each_text(reader, "relay-certificates", [&](const std::string& text, Position at) {
      const bool digits = text.size() == 64 && text.find_first_not_of("0123456789abcdef") == std::string::npos;
      if (digits) return;
      reader.error(at, "relay-certificates: " + shown(text) + " is no SHA-256",
                   "64 digits 0-9a-f, as `openssl x509 -fingerprint -sha256` shows them, lower case, without colons");
    });
    smtp.tls = tls(reader, "tls", smtp.tls);
    file(reader, "certificate", smtp.certificate);
    file(reader, "key", smtp.key);
    if (smtp.certificate.empty() != smtp.key.empty()) {
      reader.error(reader.place(smtp.key.empty() ? "certificate" : "key"), "certificate and key belong together", "two PEM files");
    }
    if (smtp.certificate.empty() && smtp.tls == Settings::Smtp::Tls::must) {
      reader.error(reader.place("tls"), "tls is must, but there is no certificate", "certificate and key: two PEM files");
    }
    if (smtp.certificate.empty() && !smtp.relay_certificates.empty()) {
      reader.error(reader.place("relay-certificates"), "clients can only show a certificate where the door has one itself", "certificate and key: two PEM files");
    }
    if (!smtp.certificate.empty() && smtp.tls == Settings::Smtp::Tls::never && !smtp.relay_certificates.empty()) {
      reader.error(reader.place("relay-certificates"), "relay-certificates does nothing: clients show a certificate over TLS only, and tls is never", "may or must");
    }
    smtp.connections = reader.integer("connections", 1, static_cast<std::int64_t>(limits::smtp_connections_max)).value_or(smtp.connections);
    smtp.connections_per_host = reader.integer("connections-per-host", 1, static_cast<std::int64_t>(limits::smtp_connections_max)).value_or(smtp.connections_per_host);
    path(reader, "spool", smtp.spool);
  }

  void read_required_field(TableReader& reader, Settings::Smtp& smtp) {
    smtp.require_field = reader.text("require-field").value_or("");
    file(reader, "require-field-file", smtp.require_field_file);
    if (smtp.require_field.empty() != smtp.require_field_file.empty()) {
      reader.error(reader.place(smtp.require_field.empty() ? "require-field-file" : "require-field"), "require-field and require-field-file belong together",
                   "the name of the field, and a file with its value");
    }
    // RFC 5322 §3.6.8; a field that means something to others would be taken from them.
    const bool is_name = std::all_of(smtp.require_field.begin(), smtp.require_field.end(), [](char c) { return c > ' ' && c < 0x7F && c != ':'; });
    const bool is_extension = smtp.require_field.size() > 2 && ascii_istarts_with(smtp.require_field, "X-");
    if (smtp.require_field.empty() || (is_name && is_extension)) return;
    reader.error(reader.place("require-field"), "require-field is " + shown(smtp.require_field), "the name of a field of your own, as in X-Council-Route");
  }

  void networks(TableReader& reader, const std::string& key, std::vector<std::string>& value, const std::string& instead) {
    auto texts = each_text(reader, key, [&](const std::string& text, Position at) {
      std::string mistake;
      if (!parse_network(text, mistake)) {
        reader.error(at, key + ": " + shown(text) + ": " + mistake, "as in 192.0.2.7, 192.0.2.0/24, 2001:db8::/32 or unix");
      } else if (text.ends_with("/0")) {
        reader.error(at, key + ": " + shown(text) + " is everybody", instead);
      }
    });
    if (reader.has(key)) value = std::move(texts);
  }

  /// A file, or a credential that systemd hands over.
  void key_file(TableReader& reader, const std::string& key, Position at, const std::string& text, std::string& value) {
    constexpr std::string_view credential = "credential:";
    if (!text.starts_with(credential)) {
      if (auto whole = whole_path(reader, key, text)) value = std::move(*whole);
    } else if (text.size() == credential.size() || text.find('/') != std::string::npos) {
      reader.error(at, key + " is " + shown(text), "the name that LoadCredential= gives it, as in credential:beadle-key");
    } else {
      value = text;
    }
  }

  void read_store(TableReader& reader) {
    path(reader, "database", settings_.database);
    if (const auto text = reader.text("key"); text && !text->empty()) key_file(reader, "key", reader.place("key"), *text, settings_.store_key);
    each_text(reader, "old-keys", [&](const std::string& text, Position at) {
      std::string value;
      key_file(reader, "old-keys", at, text, value);
      if (!value.empty()) settings_.store_old_keys.push_back(std::move(value));
    });
  }

  void read_web(TableReader& reader) {
    Settings::Web& web = settings_.web;
    auto endpoints = listen(reader);
    if (reader.has("listen")) web.listen = std::move(endpoints);
    web.url = reader.text("url").value_or("");
    while (web.url.size() > 1 && web.url.ends_with('/')) web.url.pop_back();
    check_url(reader, web.url);
    file(reader, "certificate", web.certificate);
    file(reader, "key", web.key);
    if (web.certificate.empty() != web.key.empty()) {
      reader.error(reader.place(web.key.empty() ? "certificate" : "key"), "certificate and key belong together", "two PEM files");
    }
    networks(reader, "proxies", web.proxies, "list the web servers in front: else anybody can say to be another");
    path(reader, "assets", web.assets);
    web.connections = reader.integer("connections", 1, static_cast<std::int64_t>(limits::web_connections_max)).value_or(web.connections);
    web.second_factor = reader.boolean("second-factor").value_or(web.second_factor);
    read_socket_rights(reader, web.socket_mode, web.socket_group);
  }

  /// Links are made of it, and the page answers to its host only.
  void check_url(TableReader& reader, const std::string& url) {
    if (url.empty()) return;
    const bool secure = url.starts_with("https://");
    const std::string_view rest = std::string_view(url).substr(secure ? 8 : std::min<std::size_t>(7, url.size()));
    const std::string host(rest.substr(0, rest.find(':')));
    const bool here = url.starts_with("http://") && (host == "localhost" || host == "127.0.0.1");
    const bool plain = !rest.empty() && rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-:[]") == std::string_view::npos;
    if ((secure || here) && plain) return;
    reader.error(reader.place("url"), "url is " + shown(url), "how people reach the page, without a path, as in https://review.council.example");
  }

  void read_review(TableReader& reader) {
    Settings::Review& review = settings_.review;
    review.digest_hour = reader.integer("digest-hour", 0, 23).value_or(review.digest_hour);
    review.escalate_after_hours = reader.integer("escalate-after-hours", 1, limits::retention_days_most * 24).value_or(review.escalate_after_hours);
    review.return_after_days = reader.integer("return-after-days", 0, limits::retention_days_most).value_or(review.return_after_days);
    const auto addresses = [&](const char* key, std::vector<std::string>& value) {
      value = each_text(reader, key, [&](const std::string& text, Position at) { address(reader, key, at, text); });
    };
    addresses("escalate-to", review.escalate_to);
    addresses("audit-head-to", review.audit_head_to);
    if (review.return_after_days > 0 && review.return_after_days * 24 <= review.escalate_after_hours) {
      reader.error(reader.place("return-after-days"), "mail would go back before anybody was reminded of it",
                   "return-after-days must be later than escalate-after-hours");
    }
  }

  /// A file that may be left out.
  void file(TableReader& reader, const std::string& key, std::string& value) {
    if (const auto text = reader.text(key); text && !text->empty()) {
      if (auto whole = whole_path(reader, key, *text)) value = std::move(*whole);
    }
  }

  Settings::Smtp::Tls tls(TableReader& reader, const std::string& key, Settings::Smtp::Tls otherwise) {
    const auto text = reader.text(key);
    if (!text) return otherwise;
    if (*text == "never") return Settings::Smtp::Tls::never;
    if (*text == "may") return Settings::Smtp::Tls::may;
    if (*text == "must") return Settings::Smtp::Tls::must;
    reader.error(reader.place(key), key + " is " + shown(*text), "never, may or must");
    return otherwise;
  }

  void read_socket_rights(TableReader& reader, int& mode, std::string& group) {
    if (const auto text = reader.text("socket-mode")) read_socket_mode(reader, *text, mode);
    group = reader.text("socket-group").value_or("");
    if (group.find_first_of(" :/\t\n") == std::string::npos) return;
    reader.error(reader.place("socket-group"), "socket-group is " + shown(group), "the name of a group, as in postfix");
  }

  void read_socket_mode(TableReader& reader, const std::string& text, int& value) {
    int mode = 0;
    bool octal = text.size() == 3 || (text.size() == 4 && text[0] == '0');
    for (const char c : text) {
      octal = octal && c >= '0' && c <= '7';
      if (octal) mode = mode * 8 + (c - '0');
    }
    if (!octal || mode > socket_mode_most) {
      reader.error(reader.place("socket-mode"), "socket-mode is " + shown(text), "three octal digits in quotes, as in \"0660\"");
      return;
    }
    value = mode;
    constexpr int others_write = 0002;
    if ((mode & others_write) != 0) reader.odd(reader.place("socket-mode"), "every user of this machine may speak to the filter", "\"0660\" and socket-group");
  }

  void read_release(TableReader& reader) {
    if (const auto reentry = reader.text("reentry")) {
      endpoint(reader, "reentry", reader.place("reentry"), *reentry);
      keep_place(reader, "reentry");
      settings_.reentry = *reentry;
      settings_.reentry_given = true;
    }
    settings_.host_name = reader.text("host-name").value_or("");
    // A name without a dot is poor, but what some machines have.
    const bool dotless = settings_.host_name.find('.') == std::string::npos;
    const std::string mistake = people::domain_mistake(dotless ? settings_.host_name + ".invalid" : settings_.host_name);
    if (!settings_.host_name.empty() && !mistake.empty())
      reader.error(reader.place("host-name"), "host-name: " + shown(settings_.host_name) + " is no host name: " + mistake);
  }

  void read_notices(TableReader& reader) {
    settings_.notices_from = reader.text("from").value_or("");
    if (!settings_.notices_from.empty()) address(reader, "from", reader.place("from"), settings_.notices_from);
    path(reader, "directory", settings_.notices_directory);
    if (settings_.mode == rules::Mode::enforce && settings_.notices_from.empty()) {
      reader.odd(reader.place("from"), "mode is enforce, but [notices] from is missing", "a monitored address that notices to senders and reviewers come from");
    }
  }

  void read_reminders(TableReader& reader) {
    settings_.reminders = reader.boolean("on").value_or(settings_.reminders);
    path(reader, "holidays", settings_.holidays);
    const Value* within = reader.table("within");
    if (within == nullptr) return;
    for (const Member& member : *within->table()) {
      const std::string* text = member.value.text();
      const auto period = text != nullptr ? period_from(*text) : std::nullopt;
      if (!period) {
        reader.error(member.at, "within: " + (text != nullptr ? shown(*text) : shown(member.key)) + " is no period", "as in 10 working days, or 5 days");
        continue;
      }
      settings_.within[member.key] = *period;
      settings_.places["reminders.within." + member.key] = member.at;
    }
  }

  void read_retention(TableReader& reader) {
    Settings::Retention& days = settings_.retention;
    const std::pair<const char*, std::int64_t*> kinds[] = {{"record", &days.record},
                                                           {"fingerprints", &days.fingerprints},
                                                           {"reminders", &days.reminders},
                                                           {"decided", &days.decided},
                                                           {"notices", &days.notices}};
    for (const auto& [key, value] : kinds) {
      *value = reader.integer(key, 1, limits::retention_days_most).value_or(*value);
    }
  }

  void read_log(TableReader& reader) {
    const auto level = reader.text("level");
    if (!level) return;
    settings_.log_level = *level;
    if (std::find(std::begin(log_levels), std::end(log_levels), *level) != std::end(log_levels)) return;
    reader.error(reader.place("level"), "level is " + shown(*level), "one of error, warning, notice, info, debug");
  }

  std::string_view file_;
  Problems& problems_;
  Settings settings_;
  std::string section_;
};

}  // namespace

std::optional<Settings> parse_settings(std::string_view text, std::string_view file, Problems& problems) {
  return SettingsReader(file, problems).read(text);
}

std::optional<Settings> load_settings(const std::string& file, Problems& problems) {
  const auto text = read_or_note(file, problems);
  if (!text) {
    problems.back().hint = "copy config/beadle.toml there, or name yours with --config";
    return std::nullopt;
  }
  auto settings = parse_settings(*text, file, problems);
  if (!settings || settings->mode != rules::Mode::enforce) return settings;
  // What is written down as done must have been done.
  const auto informed = day_from(settings->users_informed);
  if (!informed || *informed <= day_of(system_now())) return settings;
  problems.push_back({Problem::Severity::error, file, settings->places["council.users-informed"],
                      "mode is enforce, but users-informed is " + settings->users_informed + ", a day to come", "until that day mode = \"observe\""});
  return std::nullopt;
}

}  // namespace beadle::config
