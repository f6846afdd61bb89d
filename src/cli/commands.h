// What the command line can do, each act a function over plain options. The words of the command line themselves are in command_line.cpp.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "config/settings.h"
#include "deliver/notices.h"
#include "imap/audit.h"
#include "mailbox/desk.h"
#include "store/store.h"

namespace beadle::cli {

struct CheckOptions {
  std::string config, roster, rules, protocol, record, from, login, at, body, file = "-", annotated, fail_on;
  std::vector<std::string> to;
  bool json = false;
};
int check(const CheckOptions& options);

struct HeldOptions {
  std::string config, id, by, reason, state, search, clause, claimed_by, to;
  bool json = false, raw = false, all = false, again = false, disclose = false, off = false, agree = false;
};
int held_list(const HeldOptions& options);
int held_show(const HeldOptions& options);
int held_release(const HeldOptions& options);
int held_return(const HeldOptions& options);
int held_withdraw(const HeldOptions& options);
int held_claim(const HeldOptions& options, bool claim);
int held_pass_on(const HeldOptions& options);
int held_note(const HeldOptions& options);
int held_keep(const HeldOptions& options);
int held_break_glass(const HeldOptions& options);
int held_history(const HeldOptions& options);

struct DueOptions {
  std::string config, at, close, by, reason;
  bool json = false, all = false;
};
int due(const DueOptions& options);

struct ShowOptions {
  std::string file;
  bool json = false;
};
int show(const ShowOptions& options);

/// The bytes of a message file; "-" is standard input.
Result<std::string> read_message(const std::string& file);

struct RulesOptions {
  std::string config, rules, protocol;
  std::vector<std::string> messages;  // sentences: files to take apart
  std::string sentences, weights;  // learn: folders to read and to write; cues: file of labelled sentences
  std::vector<std::string> cues;   // only these
  std::vector<std::string> own;    // packs besides those of the folder
  std::string html, date, contact; // coverage: the page, the day it is of, whom to ask
  bool json = false;
  bool misses = false;
  bool measure = false;  // learn: also what the weights are worth on sentences that they have not seen
};
int rules_check(const RulesOptions& options);
int rules_list(const RulesOptions& options);
int rules_learn(const RulesOptions& options);
int rules_sentences(const RulesOptions& options);
int rules_cues(const RulesOptions& options);
int rules_coverage(const RulesOptions& options);
/// Packs of one's own: those of the options and of the settings that they name.
std::vector<std::string> own_packs(const RulesOptions& options);
/// The folder of rules that options name.
std::string rules_folder(const RulesOptions& options);

struct EvalOptions {
  std::vector<std::string> folders, own;
  std::string rules, protocol, roster;
  bool json = false, misses = false, tune = false;
};
int eval_folders(const EvalOptions& options);
int eval_tune(const EvalOptions& options);

struct ExplainOptions {
  std::string config, rules, roster, protocol, record, clause, from, file = "-";
  std::vector<std::string> to, own;
};
int explain(const ExplainOptions& options);

struct ReplayOptions {
  std::vector<std::string> maildirs, mboxes, folders, mailboxes, own;
  std::string config, roster, rules, protocol, record, state, json, html;
  std::string password_file, authorities;  // of mailboxes
  std::string against, against_protocol;  // a second set of rules: its folder, its pack
  unsigned jobs = 0;                      // 0: as many as the machine has
  bool recursive = false, all = false, documents = false, journal = false;
};
int replay_mail(const ReplayOptions& options);

struct JudgeOptions {
  std::string state;
  std::size_t sample = 20;
  bool json = false;
};
int replay_judge(const JudgeOptions& options);

struct FileOptions {
  std::string config, file;
  bool json = false;
};
int roster_check(const FileOptions& options);
int config_check(const FileOptions& options);
int config_show(const FileOptions& options);

struct UserOptions {
  std::string config, name, address, by;
  std::vector<std::string> roles;
  bool password_stdin = false, off = false, json = false;
};
int user_add(const UserOptions& options);
int user_list(const UserOptions& options);
int user_password(const UserOptions& options);
int user_roles(const UserOptions& options);
int user_disable(const UserOptions& options, bool disabled);
int user_second_factor(const UserOptions& options);

struct StoreOptions {
  std::string config, file;
};
int store_new_key(const StoreOptions& options);
int store_seal(const StoreOptions& options);

struct ReportOptions {
  std::string config, quarter;
  bool json = false;
};
int report(const ReportOptions& options);
int figures(const ReportOptions& options);

struct ImapOptions {
  std::string config;
  bool json = false;
};
int imap_audit(const ImapOptions& options);
int imap_review(const ImapOptions& options);
int coverage(const ImapOptions& options);
/// Mailboxes as the settings say, with the passwords that their files hold now.
imap::AuditSettings audit_settings_of(const config::Settings& settings);
/// Held mail in reviewers' mailboxes, as [imap.review] says; none where it is not enabled.
mailbox::DeskSettings desk_settings_of(const config::Settings& settings);
/// With the password that its file holds now.
Result<std::unique_ptr<imap::Transport>> connect_to_reviewer(const mailbox::Mailbox& mailbox, const net::StopSwitch* stop);
/// Accounts of [imap.review] that are not there, or may not decide.
Problems review_account_problems(const config::Settings& settings, store::Store& store);
/// "ruth@council.example at imap.council.example". `whose`: "" for that of the user who logs in.
std::string mailbox_name(const config::Settings::Imap::Server& server, const std::string& whose);
/// Without the password.
imap::Login login_of(const config::Settings::Imap::Server& server, const std::string& whose);
/// bad_settings, not_found: it cannot be read, or is empty.
Result<std::string> read_password(const std::string& file);
/// Connects as [imap.audit] is meant: encrypted, within a minute.
Result<std::unique_ptr<imap::Transport>> connect_to(const imap::Login& login, const net::StopSwitch* stop);

struct SubjectOptions {
  std::string config, person, out, by;
  bool json = false;
};
int subject_access(const SubjectOptions& options);

struct AuditOptions {
  std::string config, act, who, held;
  std::int64_t from = 0;  // 0: the last ones
  std::size_t most = 100;
  bool json = false;
};
int audit_verify(const AuditOptions& options);
int audit_list(const AuditOptions& options);

/// The database that the settings name, with the key that its content is sealed with.
Result<store::Store> open_store(const config::Settings& settings);
/// What notices are made of, as the settings say.
deliver::NoticeSettings notice_settings_of(const config::Settings& settings, const people::Directory& people);
/// Settings of `file`, problems shown on standard error; nullopt where they cannot be used.
std::optional<config::Settings> settings_of(const std::string& file);
/// What the options of a command name, each "" where it is not given, over what the settings file says. nullopt: it cannot be used (`problems`).
struct Named {
  const std::string &config, &roster, &rules, &protocol;
};
std::optional<config::Settings> settings_with(const Named& named, Problems& problems);
/// Reads attached documents as the settings say; nullptr where they say that none are read. `problems` says where the program is not there.
std::function<void(mail::Message&)> document_reader(const config::Settings& settings, Problems& problems);
/// The rules folder: `given`, else the one beside the installed program, else the one of the source tree that it was built in.
std::string find_rules(const std::string& given);
/// Replaces the file as a whole, or leaves it as it was.
Result<void> write_file(const std::string& path, const std::string& text);
/// The name of the person at the terminal: `given`, else who logged in.
std::string find_actor(const std::string& given);

/// The moment that `given` names ("2026-01-05", "2026-01-05T10:00:00Z"), now where it is ""; nullopt where it names none.
std::optional<Time> find_moment(const std::string& given);

/// Everything: parses the words, runs the act. `serve` and `web` are handed in by main. Gives the exit code.
int run(int count, char** words, int (*serve)(const std::string& config), int (*web)(const std::string& config));

inline constexpr const char* default_config = "/etc/beadle/beadle.toml";

}  // namespace beadle::cli
