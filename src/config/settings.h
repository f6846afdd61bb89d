// All settings of the installation as one value, read from beadle.toml. Each key, its default and its reason stand in config/beadle.toml.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"
#include "base/limits.h"
#include "base/problem.h"
#include "base/result.h"
#include "inspect/inspect.h"
#include "people/directory.h"
#include "rules/catalogue.h"
#include "rules/labelled.h"

namespace beadle::config {

struct Settings {
  std::string file;

  // [council]
  std::string roster = "/etc/beadle/roster.toml";
  std::string protocol;                 // name of the pack
  rules::Mode mode = rules::Mode::observe;
  std::string users_informed;           // date on which users were told that mail is filtered; enforce is refused without it
  std::vector<std::string> reviewers;   // addresses of those who review; enforce needs one

  // [rules]
  std::string rules_directory = "/usr/share/beadle/rules";
  std::vector<std::string> own_packs;                  // files read besides those of the directory
  std::map<std::string, inspect::Override> overrides;  // [rules.override."exmouth/correspondence-4"]
  rules::Action on_not_inspected = rules::Action::pass;
  rules::Action on_broken_mime = rules::Action::pass;

  // [documents]
  bool documents_enabled = true;
  std::string documents_program;  // beadle-extract; "": the one beside the program, else the installed one
  std::int64_t documents_budget_ms = limits::documents_of_mail_ms;
  std::int64_t document_wall_clock_ms = limits::document_wall_clock_ms;
  std::int64_t document_memory_mb = limits::document_memory_bytes_max >> 20;
  std::int64_t document_text_kb = limits::document_text_bytes_max >> 10;

  // [store]
  std::string database = "/var/lib/beadle/beadle.db";
  std::string store_key;                    // file, or "credential:NAME"; "": content is not sealed
  std::vector<std::string> store_old_keys;  // keys before it, as long as something is sealed with them

  // [milter]
  std::vector<std::string> milter_listen;  // endpoints
  int milter_socket_mode = 0660;
  std::string milter_socket_group;
  std::int64_t connections = 200;

  // [smtp]
  struct Smtp {
    std::vector<std::string> listen;  // endpoints; empty: no SMTP door
    std::string next_hop;             // endpoint
    enum class Tls { never, may, must };
    Tls next_hop_tls = Tls::may;
    bool next_hop_verify = true;            // its certificate, by authorities and name
    std::string next_hop_authorities;       // PEM file; "": those of the system
    std::string next_hop_name;              // that its certificate must have; "": the host of next_hop
    std::string next_hop_certificate, next_hop_key;  // PEM files, our own, where the next hop asks for one; "": none
    std::string user, password_file;        // AUTH to the next hop; "": none
    std::vector<std::string> relay_from = {"127.0.0.0/8", "::1", "unix"};  // networks
    std::vector<std::string> relay_certificates;  // SHA-256, hexadecimal
    std::vector<std::string> xforward_from;       // networks
    std::string require_field, require_field_file;  // a field that all mail must have, and the file with its values; "": none
    Tls tls = Tls::may;                     // towards clients; where there is a certificate
    std::string certificate, key;           // PEM files; "": no STARTTLS
    std::int64_t connections = 200;
    std::int64_t connections_per_host = limits::smtp_connections_per_host_max;
    std::string spool = "/var/lib/beadle";
  } smtp;

  // [release]
  std::string reentry = "inet:127.0.0.1:10026";
  bool reentry_given = false;  // in the file: then notices go there, whatever doors there are
  std::string host_name;  // for EHLO, Received and Message-ID; default: gethostname

  // [notices]
  std::string notices_from;
  std::string notices_directory = "/etc/beadle/notices";

  // [web]
  struct Web {
    std::vector<std::string> listen = {"inet:127.0.0.1:8480"};
    std::string url;               // "https://review.council.example": as people reach it; "": notices have no links
    std::string certificate, key;  // PEM files; "": plain HTTP, for a unix socket or loopback behind a proxy
    std::vector<std::string> proxies = {"unix"};  // networks
    std::string assets = "/usr/share/beadle/web";
    std::int64_t connections = 64;
    bool second_factor = false;    // everybody needs one
    int socket_mode = 0660;
    std::string socket_group;
  } web;

  // [review]
  struct Review {
    std::int64_t digest_hour = 8;          // of the day, United Kingdom
    std::int64_t escalate_after_hours = 48;
    std::vector<std::string> escalate_to;  // addresses; empty: the reviewers
    std::int64_t return_after_days = 0;    // 0: never
    std::vector<std::string> audit_head_to;
  } review;

  // [imap.audit], [imap.review]
  struct Imap {
    /// How a mailbox is reached.
    struct Server {
      std::string url;
      std::string user;  // who logs in
      std::string password_file;
      std::string login = "password";  // "xoauth2" "oauthbearer": the file holds a token
      std::string authorities;         // PEM file; "": those of the system
    };
    struct Mailbox : Server {
      std::vector<std::string> users;  // whose mailboxes, where `user` is a master user; empty: the user's own
      std::vector<std::string> folders;
      bool journal = false;
    };
    std::int64_t every_minutes = 60;
    std::string since;  // a day; "": from when it is known what came by
    std::vector<Mailbox> mailboxes;

    struct ReviewMailbox : Server {
      std::string mailbox;  // whose it is, where `user` is a master user; "": the user's own
      std::string account;  // of the reviewer: name or address
      Position at;          // of `account`
    };
    struct Review {
      bool enabled = true;
      std::int64_t every_seconds = 60;
      bool attach_original = true;
      std::string held = "Held", release = "Release", give_back = "Return", replies = "INBOX";  // folders
      std::string return_words =
          "A reviewer has looked at this message and gives it back to you. If you do not see why, or do not agree, please ask: answer this mail.";
      std::vector<ReviewMailbox> mailboxes;
    } review;
  } imap;

  // [reminders]
  bool reminders = true;
  std::string holidays = "/etc/beadle/holidays.txt";
  std::map<std::string, Period> within;  // [reminders.within] "wendlebury/4.2c" = "3 working days"

  // [retention], in days
  struct Retention {
    std::int64_t record = 400;
    std::int64_t fingerprints = 1'096;
    std::int64_t reminders = 400;
    std::int64_t decided = 180;
    std::int64_t notices = 5;
  } retention;

  // [log]
  std::string log_level = "info";

  // Where keys stand in the file: "council.protocol", "rules.override.exmouth/correspondence-4"; for mistakes found later.
  std::map<std::string, Position> places;
};

/// Relative paths are relative to the settings file. nullopt where something is wrong; every mistake is in `problems`.
std::optional<Settings> parse_settings(std::string_view text, std::string_view file, Problems& problems);
std::optional<Settings> load_settings(const std::string& file, Problems& problems);
/// TOML with every key, as in force.
std::string to_toml(const Settings& settings);

/// Why this is no endpoint, "" where it is one: unix:/path local:/path inet:host:port inet:port@host (also inet6:).
std::string endpoint_mistake(std::string_view endpoint);

/// Whether a client that connects to `target` may reach who listens at `listening`: the same unix path, or the same port on this machine.
/// host_name: ours, "" where the settings have none.
bool leads_to(std::string_view target, std::string_view listening, std::string_view host_name);

/// A whole file, bounded by limits::settings_file_bytes_max; not_found or try_later (bad_settings where it is too large) with the path.
Result<std::string> read_file(const std::string& path);

/// Roster, packs and lexicons read, checked and compiled. nullopt where something is wrong.
std::optional<inspect::Policy> load_policy(const Settings& settings, Problems& problems);
/// Reviewers in whom something is odd: that the roster does not know, and councillors.
void note_odd_reviewers(const Settings& settings, const people::Directory& people, Problems& problems);
/// All packs of `directory`/*.toml and those in `own_packs` (files), lexicons of `directory`/lexicon/*.toml and weights of `directory`/weights/*.tsv.
std::optional<rules::RuleSet> load_rules(const std::string& directory, Problems& problems, const std::vector<std::string>& own_packs = {});
/// Word vectors of `directory`/vectors.tsv; nullptr where there is no such file, nullopt where it is wrong.
std::optional<std::shared_ptr<const rules::WordVectors>> load_vectors(const std::string& directory, Problems& problems);
/// What each protocol asks and how much of it is checked: `directory`/catalogue/*.toml; none where there is no such folder.
std::optional<std::vector<rules::Catalogue>> load_catalogues(const std::string& directory, Problems& problems);
/// The lexicons of a folder of rules, by themselves.
std::optional<std::vector<rules::Lexicon>> load_lexicons(const std::string& directory, Problems& problems);
/// Labelled sentences of one .tsv file, or of every one in a folder, in the order of their names.
std::optional<std::vector<rules::LabelledSentence>> load_sentences(const std::string& path, Problems& problems);
std::optional<people::Roster> load_roster(const std::string& file, Problems& problems);

}  // namespace beadle::config
