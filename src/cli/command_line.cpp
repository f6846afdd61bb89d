// The words of the command line (CLI11), with help that teaches. The acts are in the other files of this folder.
#include <CLI/CLI.hpp>

#include "base/document.h"
#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"

namespace beadle::cli {
namespace {

constexpr const char* exit_codes =
    "Exit codes: 0 done, 1 found (--fail-on, audit broken), 64 usage, 65 data, 66 no such file or message,\n"
    "69 refused: not yours to decide, or somebody was first, 75 try again, 78 configuration, roster or rules.";

CLI::App* command(CLI::App& parent, const char* name, const char* what, const std::string& example) {
  CLI::App* app = parent.add_subcommand(name, what);
  app->footer("Example:\n  " + example);
  return app;
}

void add_check(CLI::App& app, CheckOptions& options, int& code) {
  CLI::App* check_command = command(
      app, "check", "Inspect one message as if it came in now, and print the verdict; nothing is sent or held",
      "beadle check --roster roster.toml --protocol exmouth --from clerk@council.example \\\n"
      "    --to jane.holt@council.example --to ian@home.example message.eml\n\n"
      "The envelope decides who was blind-copied, so name every recipient with --to.\n" + std::string(exit_codes));
  check_command->add_option("--config", options.config, "Settings file to take roster, protocol and actions from");
  check_command->add_option("--roster", options.roster, "Roster, TOML or JSON");
  check_command->add_option("--protocol", options.protocol, "Name of the rule pack: exmouth");
  check_command->add_option("--rules", options.rules, "Folder of rule packs; default: the one that came with the program");
  check_command->add_option("--record", options.record, "Database of earlier correspondence; is created, read and added to");
  check_command->add_option("--from", options.from, "Envelope sender; \"\" for the null sender")->required();
  check_command->add_option("--to", options.to, "Envelope recipient; once for each")
      ->required()
      ->allow_extra_args(false);  // or the file behind it would be taken for a recipient
  check_command->add_option("--login", options.login, "User who logged in to send");
  check_command->add_option("--at", options.at, "When it came in, as in 2026-01-05T10:00:00Z; default: now");
  check_command
      ->add_option("--body", options.body,
                   "What the sender said of the body (RFC 6152): 7BIT, or 8BITMIME, with which a name outside ASCII may be written as it is")
      ->transform(CLI::IsMember({"7BIT", "8BITMIME"}, CLI::ignore_case));
  check_command->add_option("--annotated", options.annotated, "Write the message as it would leave to this file");
  check_command->add_option("--fail-on", options.fail_on, "Exit with 1 if the action is this or stronger")
      ->check(CLI::IsMember({"flag", "annotate", "hold"}));
  check_command->add_flag("--json", options.json, "Print JSON");
  check_command->add_option("file", options.file, "The message; - for standard input")->required();
  check_command->callback([&] { code = check(options); });
}

void add_show(CLI::App& app, ShowOptions& options, int& code) {
  CLI::App* show_command = command(app, "show", "Show one message as Beadle reads it: parts, own and quoted words, what is odd, what was not read",
                                   "beadle show message.eml\n  beadle show --json - < message.eml");
  show_command->add_flag("--json", options.json, "Print JSON; ranges are bytes of the message (header, body) or of the decoded text (zones)");
  show_command->add_option("file", options.file, "The message; - for standard input")->required();
  show_command->callback([&] { code = show(options); });
}

void add_eval(CLI::App& app, EvalOptions& options, int& code) {
  CLI::App* eval = command(app, "eval", "Judge folders of labelled messages, and say how many breaches were found and how many alarms were false",
                           "beadle eval --misses tests/data/eval/exmouth\n\n"
                           "A folder has cases.jsonl, roster.json (or .toml) and the messages; rules/README.md says how to label some of your own.\n"
                           "Cases are judged in order, with one record of earlier mail a folder.");
  eval->add_option("--rules", options.rules, "Folder of rule packs");
  eval->add_option("--own", options.own, "Pack of your own, besides those of the folder; once for each")->allow_extra_args(false);
  eval->add_option("--roster", options.roster, "Roster; default: the one in the folder");
  eval->add_option("--protocol", options.protocol, "Name of the rule pack; default: the one that the labels name");
  eval->add_flag("--misses", options.misses, "Also print every message that was judged otherwise, and why");
  eval->add_flag("--json", options.json, "Print JSON, with every miss");
  eval->add_flag("--tune", options.tune, "Choose the threshold of each weighed cue by these messages, and write them into the lexicons; takes minutes");
  eval->add_option("folder", options.folders, "Folders")->required();
  eval->callback([&] { code = options.tune ? eval_tune(options) : eval_folders(options); });
}

void add_replay(CLI::App& app, ReplayOptions& options, JudgeOptions& judging, int& code) {
  CLI::App* replay = command(
      app, "replay", "Inspect mail of the past, and report what would have been held, annotated and flagged; nothing is sent or held",
      "beadle replay --maildir /home/clerk/Maildir/.Sent --config /etc/beadle/beadle.toml --html last-year.html\n"
      "  beadle replay --mbox sent.mbox --roster roster.toml --protocol exmouth --json - > last-year.json\n"
      "  beadle replay --maildir D --recursive --config C --state last-year.state    (again, after Ctrl-C: goes on)\n"
      "  beadle replay --imap imaps://clerk@imap.council.example/Sent --password-file clerk.password --config C --state S\n"
      "  beadle replay --eml D --config C --against ./rules-draft                    (what would the draft change?)\n"
      "  beadle replay judge --state last-year.state\n\n"
      "Reads copies of mail that was sent, oldest first, so that what depends on earlier letters is found as a door would find it. Who sent to whom is\n"
      "taken from the header; blind copies are seen only where the copies record them (Bcc). Mail that nobody of the council sent is passed over.\n"
      "Report, state and page hold words of confidential mail. " + std::string(exit_codes));
  replay->add_option("--maildir", options.maildirs, "Maildir (a folder with cur and new); may be given several times")->allow_extra_args(false);
  replay->add_option("--mbox", options.mboxes, "Mbox file; may be given several times")->allow_extra_args(false);
  replay->add_option("--eml", options.folders, "Folder of .eml files; may be given several times")->allow_extra_args(false);
  replay->add_option("--imap", options.mailboxes,
                     "Folder on a mail server, imaps://USER@HOST/FOLDER (without a folder: what is for sent mail); may be given several times")
      ->allow_extra_args(false);
  replay->add_option("--password-file", options.password_file,
                     "File with the password, or the token, of --imap; default: that of the same mailbox in the settings");
  replay->add_option("--authorities", options.authorities, "PEM file of the authorities that mail servers' certificates are of; default: those of the system");
  replay->add_flag("--journal", options.journal, "Copies are those of a journal, which knows all recipients");
  replay->add_flag("--recursive", options.recursive, "Also the folders below, as of Maildir++");
  replay->add_option("--config", options.config, "Settings file to take roster, protocol and actions from");
  replay->add_option("--roster", options.roster, "Roster, TOML or JSON");
  replay->add_option("--protocol", options.protocol, "Name of the rule pack: exmouth");
  replay->add_option("--rules", options.rules, "Folder of rule packs; default: the one that came with the program");
  replay->add_option("--own", options.own, "Pack of your own, besides those of the folder; once for each")->allow_extra_args(false);
  replay->add_option("--against", options.against, "Folder of other rules: also report what only one of the two finds");
  replay->add_option("--against-protocol", options.against_protocol, "Name of another rule pack, for the same");
  replay->add_option("--record", options.record, "Database of earlier correspondence; is created, read and added to. Default: one in memory");
  replay->add_option("--state", options.state, "File that keeps what is done, so that the next run goes on there");
  replay->add_option("--json", options.json, "Write the report as JSON to this file; - for standard output");
  replay->add_option("--html", options.html, "Write the report as a page to this file");
  replay->add_option("--jobs", options.jobs, "How many messages to inspect at once; default: one for each processor")->check(CLI::Range(1, 256));
  replay->add_flag("--all", options.all, "Also mail that nobody of the council sent");
  replay->add_flag("--documents", options.documents, "Also read attached documents; takes many times as long");
  CLI::App* judge = command(*replay, "judge", "Go through a sample of findings, say of each whether it is right, and print the precision of each clause",
                            "beadle replay judge --state last-year.state --sample 50\n\n"
                            "Answers are kept beside the state, in FILE.judged; findings that have one are not asked about again.");
  judge->add_option("--state", judging.state, "The state that a replay wrote")->required();
  judge->add_option("--sample", judging.sample, "How many findings to go through; each clause in turn, 20 of each at most")
      ->capture_default_str()
      ->check(CLI::Range(0, 10'000));
  judge->add_flag("--json", judging.json, "Print JSON");
  judge->callback([&] { code = replay_judge(judging); });
  replay->callback([&options, &code, judge] {
    if (!judge->parsed()) code = replay_mail(options);
  });
}

void add_explain(CLI::App& app, ExplainOptions& options, int& code) {
  CLI::App* explain_command = command(app, "explain", "Say for one message, in sentences, why a rule finds something, or what was lacking",
                                      "beadle explain --clause exmouth/correspondence-4 --config /etc/beadle/beadle.toml --from clerk@council.example \\\n"
                                      "    --to editor@gazette.example message.eml");
  explain_command->add_option("--config", options.config, "Settings file to take roster, protocol and actions from");
  explain_command->add_option("--clause", options.clause, "Clause, as in exmouth/correspondence-4; default: every rule of --protocol");
  explain_command->add_option("--protocol", options.protocol, "Name of the rule pack; default: that of the settings, or the first half of the clause");
  explain_command->add_option("--roster", options.roster, "Roster, TOML or JSON");
  explain_command->add_option("--rules", options.rules, "Folder of rule packs");
  explain_command->add_option("--own", options.own, "Pack of your own, besides those of the folder; once for each")->allow_extra_args(false);
  explain_command->add_option("--record", options.record, "Database of earlier correspondence; is only read");
  explain_command->add_option("--from", options.from, "Envelope sender; \"\" for the null sender")->required();
  explain_command->add_option("--to", options.to, "Envelope recipient; once for each")->required()->allow_extra_args(false);
  explain_command->add_option("file", options.file, "The message; - for standard input")->required();
  explain_command->callback([&] { code = explain(options); });
}

void add_held(CLI::App& app, HeldOptions& options, int& code) {
  static constexpr const char* why_kept = "Why; kept with the message, and its fingerprint in the audit trail";
  CLI::App* held = app.add_subcommand("held", "Mail in quarantine: list, show, claim, note, release, return, withdraw …");
  held->require_subcommand(1);
  const auto common = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "Settings file")->capture_default_str();
    sub->add_flag("--json", options.json, "Print JSON");
  };
  const auto with_id = [&](CLI::App* sub) {
    common(sub);
    sub->add_option("id", options.id, "Id of the held message, or its last six or more characters (held list shows them)")->required();
    sub->add_option("--by", options.by,
                    "Who does it: an account (beadle user list), or name or address of somebody in [council] reviewers; default: the account of your login");
  };
  const auto act = [&](const char* name, const char* what, const char* example, const char* reason) {
    CLI::App* sub = command(*held, name, what, std::string(example) + "\n\n" + exit_codes);
    with_id(sub);
    if (reason != nullptr) sub->add_option("--reason", options.reason, reason);
    return sub;
  };
  CLI::App* list = command(*held, "list", "What is held, oldest first", "beadle held list\n  beadle held list --all --search fence --json");
  common(list);
  list->add_option("--state", options.state, "Only this state: held releasing released returned withdrawn");
  list->add_flag("--all", options.all, "Also what was decided");
  list->add_option("--search", options.search, "Only with these whole words in subject or addresses");
  list->add_option("--clause", options.clause, "Only what was held for this clause");
  list->add_option("--claimed-by", options.claimed_by, "Only what this account has taken on");
  list->callback([&] { code = held_list(options); });

  CLI::App* show = act("show", "One message: why it is held, its text, what became of it. Is noted in the audit trail", "beadle held show wt1wcr --by m.clarke", nullptr);
  show->add_flag("--raw", options.raw, "Print the exact bytes of the message");
  show->callback([&] { code = held_show(options); });

  CLI::App* release = act("release", "Send a held message to its recipients, as it was sent",
                          "beadle held release wt1wcr --by m.clarke --reason \"agreed with the chair\"", why_kept);
  CLI::Option* again = release->add_flag("--again", options.again, "Try refused recipients again");
  release->add_flag("--disclose", options.disclose, "Also disclose who had a blind copy, by a line in it or a message to its readers")->excludes(again);
  release->callback([&] { code = held_release(options); });

  CLI::App* give_back = act("return", "Give a held message back to its sender, with your words",
                            "beadle held return wt1wcr --by m.clarke --reason \"please ask me to send this order\"", "Your words to the sender");
  give_back->get_option("--reason")->required();
  give_back->callback([&] { code = held_return(options); });

  act("withdraw", "Take a held message back: as its sender, by the address it came from, or for the sender as a reviewer. The sender is told",
      "beadle held withdraw wt1wcr --by jane.holt@council.example\n  beadle held withdraw wt1wcr --by m.clarke --reason \"you rang\"",
      "Why; its sender reads it, and it is kept with the message")
      ->callback([&] { code = held_withdraw(options); });
  act("claim", "Take a message on, so that other reviewers see it", "beadle held claim wt1wcr --by m.clarke",
      nullptr)->callback([&] { code = held_claim(options, true); });
  act("unclaim", "Give it up again", "beadle held unclaim wt1wcr --by m.clarke", nullptr)->callback([&] { code = held_claim(options, false); });
  CLI::App* pass_on =
      act("pass-on", "Hold it for another reviewer", "beadle held pass-on wt1wcr --by t.orme --to m.clarke --reason \"you know the fencer\"", "Your words to him or her");
  pass_on->add_option("--to", options.to, "Name of an account; default: whoever is free");
  pass_on->callback([&] { code = held_pass_on(options); });
  CLI::App* note = act("note", "Write a note for other reviewers", "beadle held note wt1wcr --by m.clarke --reason \"asked the chair\"", "The note");
  note->get_option("--reason")->required();
  note->callback([&] { code = held_note(options); });
  CLI::App* keep = act("legal-hold", "Keep its content beyond the usual time, also when it is decided",
                       "beadle held legal-hold wt1wcr --by m.clarke --reason \"complaint 7\"\n  beadle held legal-hold wt1wcr --by m.clarke --off", "Why");
  keep->add_flag("--off", options.off, "Lift it");
  keep->callback([&] { code = held_keep(options); });
  CLI::App* glass =
      act("break-glass", "Decide in spite of a conflict of interest: one person asks, another one agrees",
          "beadle held break-glass wt1wcr --by m.clarke --reason \"nobody else is here and it cannot wait\"\n"
          "  beadle held break-glass wt1wcr --by t.orme --agree", "Why it cannot wait; beadle held history shows it to whoever agrees");
  glass->add_flag("--agree", options.agree, "Agree to what somebody else has asked");
  glass->callback([&] { code = held_break_glass(options); });
  act("history", "Every act on it with its reason, and every note", "beadle held history wt1wcr", nullptr)->callback([&] { code = held_history(options); });
}

void add_due(CLI::App& app, DueOptions& options, int& code) {
  CLI::App* due_command = command(app, "due", "Clauses that wait for an answer: which are due, and which are open; or close one by hand",
                                  "beadle due\n  beadle due --all --json\n  beadle due --close wt1wcr --reason \"answered by telephone\"");
  due_command->add_option("--config", options.config, "Settings file")->capture_default_str();
  due_command->add_option("--at", options.at, "What is due at that time, as in 2026-01-05; default: now");
  due_command->add_flag("--all", options.all, "Also what is closed");
  due_command->add_flag("--json", options.json, "Print JSON");
  CLI::Option* close = due_command->add_option("--close", options.close, "Id of a reminder, or its last six or more characters: close it");
  due_command->add_option("--reason", options.reason, "Why it is closed; kept in the audit trail")->needs(close);
  due_command->add_option("--by", options.by, "Who closes it, in words for the trail, which nobody checks; default: who is logged in")->needs(close);
  due_command->callback([&] { code = due(options); });
}

void add_rules(CLI::App& app, RulesOptions& options, int& code) {
  CLI::App* rules = app.add_subcommand("rules", "Rule packs and lexicons: check, list, coverage, learn, cues");
  rules->require_subcommand(1);
  const auto common = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "Settings file to take the folder from");
    sub->add_option("--rules", options.rules, "Folder of rule packs");
    sub->add_option("--own", options.own, "Pack of your own, besides those of the folder; once for each")->allow_extra_args(false);
  };
  CLI::App* check_command = command(*rules, "check", "Read every pack and lexicon and run every example; mistakes with file, line and column",
                                       "beadle rules check --rules ./rules");
  common(check_command);
  check_command->callback([&] { code = rules_check(options); });
  CLI::App* list = command(*rules, "list", "Every rule: clause, action, what it asks", "beadle rules list --protocol exmouth");
  common(list);
  list->add_option("--protocol", options.protocol, "Only this pack");
  list->add_flag("--json", options.json, "Print JSON");
  list->callback([&] { code = rules_list(options); });

  CLI::App* coverage = command(*rules, "coverage", "Each paragraph of a protocol: whether it is checked, partly or not, by which rule, and what then happens",
                               "beadle rules coverage --protocol exmouth\n"
                               "  beadle rules coverage --config /etc/beadle/beadle.toml --html coverage.html --contact \"the clerk, clerk@council.example\"\n\n"
                               "With --config, what the settings change counts, and the page says what your own filter does.");
  common(coverage);
  coverage->add_option("--protocol", options.protocol, "Only this pack; default: the one in the settings, else all");
  coverage->add_flag("--json", options.json, "Print JSON");
  coverage->add_option("--html", options.html, "Write a page to publish to this file; - for standard output");
  coverage->add_option("--date", options.date, "The day that the page gives, as in 2026-05-13; default: today");
  coverage->add_option("--contact", options.contact, "Whom readers can ask, in your words; default: the clerk to the council");
  coverage->callback([&] { code = rules_coverage(options); });

  CLI::App* learn = command(*rules, "learn", "Learn the weights of words from labelled sentences, and write them into weights/",
                            "beadle rules learn --rules ./rules\n\n"
                            "Reads sentences/*.tsv of the folder of rules and learns a table for each cue that has points in a lexicon. The same\n"
                            "sentences give the same tables. With --measure or --cue also says what each is worth on sentences that it has not seen.");
  common(learn);
  learn->add_option("--sentences", options.sentences, "Folder or file of labelled sentences; default: sentences/ of the folder of rules");
  learn->add_option("--out", options.weights, "Folder to write to; default: weights/ of the folder of rules");
  learn->add_option("--cue", options.cues, "Only this cue; once for each")->allow_extra_args(false);
  learn->add_flag("--measure", options.measure, "Also print what each table is worth on sentences that it has not seen; takes some minutes");
  learn->callback([&] { code = rules_learn(options); });
  CLI::App* take_apart = command(*rules, "sentences", "Print the sentences of messages as rows to label",
                                 "beadle rules sentences sent/*.eml > rows.tsv\n\n"
                                 "One row a sentence, with cue \"none\"; the note says in which file and zone it stands. Label them, exhaustively, by the label\n"
                                 "\"only\" and all cues that a sentence does (rules/README.md), and put them into sentences/.");
  take_apart->add_option("file", options.messages, "Messages")->required();
  take_apart->callback([&] { code = rules_sentences(options); });
  CLI::App* cues = command(*rules, "cues", "Hold the lexicons against labelled sentences: how many are found, how many alarms are false",
                           "beadle rules cues --misses sentences.tsv");
  common(cues);
  cues->add_option("file", options.sentences, "Labelled sentences: cue, label, writer, sentence, note, with tabs between")->required();
  cues->add_option("--cue", options.cues, "Only this cue; once for each")->allow_extra_args(false);
  cues->add_flag("--misses", options.misses, "Print each sentence that was judged wrongly");
  cues->add_flag("--json", options.json, "Print JSON");
  cues->callback([&] { code = rules_cues(options); });
}

void add_files(CLI::App& app, FileOptions& options, int& code) {
  CLI::App* roster = app.add_subcommand("roster", "The roster: who is who");
  roster->require_subcommand(1);
  CLI::App* roster_command = command(*roster, "check", "Read a roster: mistakes with line and column, and what is odd", "beadle roster check roster.toml");
  roster_command->add_option("file", options.file, "Roster; default: the one in the settings");
  roster_command->add_option("--config", options.config, "Settings file");
  roster_command->callback([&] { code = roster_check(options); });

  CLI::App* config = app.add_subcommand("config", "The settings: check, show");
  config->require_subcommand(1);
  CLI::App* check_command = command(*config, "check", "Read settings, roster and rules as `serve` would", "beadle config check /etc/beadle/beadle.toml");
  CLI::App* show = command(*config, "show", "Every setting as in force", "beadle config show");
  for (CLI::App* sub : {check_command, show}) {
    sub->add_option("file", options.file, "Settings file");
    sub->add_option("--config", options.config, "Settings file");
  }
  check_command->callback([&] { code = config_check(options); });
  show->callback([&] { code = config_show(options); });
}

void add_audit(CLI::App& app, AuditOptions& options, int& code) {
  CLI::App* audit = app.add_subcommand("audit", "The audit trail: verify, list");
  audit->require_subcommand(1);
  CLI::App* verify = command(*audit, "verify", "Prove that no row was changed, added in between or cut off", "beadle audit verify");
  CLI::App* list = command(*audit, "list", "Who did what: the last 100 acts, oldest of them first; with a filter, newest first",
                           "beadle audit list\n  beadle audit list --from 1200 --most 50\n  beadle audit list --act released --who ruth");
  for (CLI::App* sub : {verify, list}) {
    sub->add_option("--config", options.config, "Settings file")->capture_default_str();
    sub->add_flag("--json", options.json, "Print JSON");
  }
  CLI::Option* from = list->add_option("--from", options.from, "Number of the first row; default: so that the last ones are shown")->check(CLI::PositiveNumber);
  list->add_option("--most", options.most, "How many rows")->capture_default_str()->check(CLI::PositiveNumber);
  list->add_option("--act", options.act, "Only this act")->excludes(from);
  list->add_option("--who", options.who, "Only what this person did")->excludes(from);
  list->add_option("--held", options.held, "Only what was done to this message: its id, or the last six or more characters of it")->excludes(from);
  verify->callback([&] { code = audit_verify(options); });
  list->callback([&] { code = audit_list(options); });
}

void add_user(CLI::App& app, UserOptions& options, int& code) {
  CLI::App* user = app.add_subcommand("user", "Accounts of the review page: add, list, password, roles, disable, enable, second-factor");
  user->require_subcommand(1);
  const auto common = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "Settings file")->capture_default_str();
    sub->add_option("--by", options.by, "Who does it; default: who is logged in");
  };
  const auto with_name = [&](CLI::App* sub) {
    common(sub);
    sub->add_option("name", options.name, "Name to sign in with")->required();
  };
  const auto with_roles = [&](CLI::App* sub) {
    sub->add_option("--role", options.roles, "reviewer (reads held mail and decides), auditor (register and figures) or administrator; once for each")
        ->allow_extra_args(false);
  };
  const auto with_password = [&](CLI::App* sub) { sub->add_flag("--password-stdin", options.password_stdin, "Read the password from standard input, one line"); };
  CLI::App* add = command(*user, "add", "Make an account; asks for the password", "beadle user add m.clarke --address clerk@council.example --role reviewer");
  with_name(add);
  add->add_option("--address", options.address, "E-mail address: says who of the roster it is")->required();
  with_roles(add);
  with_password(add);
  add->callback([&] { code = user_add(options); });
  CLI::App* list = command(*user, "list", "Every account: roles, second factor, when last here", "beadle user list --json");
  common(list);
  list->add_flag("--json", options.json, "Print JSON");
  list->callback([&] { code = user_list(options); });
  CLI::App* password = command(*user, "password", "Set a new password, and sign out everywhere", "beadle user password m.clarke");
  with_name(password);
  with_password(password);
  password->callback([&] { code = user_password(options); });
  CLI::App* roles = command(*user, "roles", "Set the roles, instead of those before", "beadle user roles m.clarke --role reviewer --role auditor");
  with_name(roles);
  with_roles(roles);
  roles->callback([&] { code = user_roles(options); });
  CLI::App* disable = command(*user, "disable", "Lock an account, and sign it out everywhere", "beadle user disable m.clarke");
  with_name(disable);
  disable->callback([&] { code = user_disable(options, true); });
  CLI::App* enable = command(*user, "enable", "Unlock an account", "beadle user enable m.clarke");
  with_name(enable);
  enable->callback([&] { code = user_disable(options, false); });
  CLI::App* factor = command(*user, "second-factor", "Set up codes from a telephone (RFC 6238): prints the key, this once",
                             "beadle user second-factor m.clarke\n  beadle user second-factor m.clarke --off");
  with_name(factor);
  factor->add_flag("--off", options.off, "Take it away, as when the telephone is lost");
  factor->callback([&] { code = user_second_factor(options); });
}

void add_report(CLI::App& app, ReportOptions& options, int& code) {
  const auto common = [&](CLI::App* sub) {
    sub->add_option("--config", options.config, "Settings file")->capture_default_str();
    sub->add_flag("--json", options.json, "Print JSON");
  };
  CLI::App* report_command =
      command(app, "report", "The quarterly report: what was found and decided, without names, small numbers suppressed", "beadle report --quarter 2026-Q3");
  common(report_command);
  report_command->add_option("--quarter", options.quarter, "As in 2026-Q3; default: the last one that is over");
  report_command->callback([&] { code = report(options); });
  CLI::App* figures_command = command(app, "figures", "Messages and findings by week, action, kind of sender and clause, of half a year", "beadle figures --json");
  common(figures_command);
  figures_command->callback([&] { code = figures(options); });
}

void add_subject_access(CLI::App& app, SubjectOptions& options, int& code) {
  CLI::App* subject = command(app, "subject-access", "Gather everything that is kept about one person into a folder with an index (UK GDPR Art 15)",
                              "beadle subject-access \"Jane Holt\" --out jane-holt\n  beadle subject-access ross@home.example --out ross");
  subject->add_option("--config", options.config, "Settings file")->capture_default_str();
  subject->add_option("person", options.person, "Name of somebody in the roster, or any address")->required();
  subject->add_option("--out", options.out, "Folder to make")->required();
  subject->add_option("--by", options.by, "Who asks for it; default: who is logged in. Kept in the audit trail");
  subject->add_flag("--json", options.json, "Print the index as JSON");
  subject->callback([&] { code = subject_access(options); });
}

void add_imap(CLI::App& app, ImapOptions& options, int& code) {
  CLI::App* imap = app.add_subcommand("imap", "Mailboxes of [imap.audit] and [imap.review]: audit, review");
  imap->require_subcommand(1);
  CLI::App* audit = command(*imap, "audit", "Inspect what is new in Sent folders and journals, and count what never came by the filter; changes nothing there",
                            "beadle imap audit\n  beadle imap audit --json\n\nOne pass; `beadle serve` makes one every so many minutes.");
  CLI::App* review = command(*imap, "review", "Show held mail in folders of reviewers' mailboxes, and do what was moved to Release or Return there",
                             "beadle imap review\n  beadle imap review --json\n\n"
                             "One pass over each mailbox of [imap.review]; `beadle serve` does it all the time. Held mail stands in the folder Held; a message that was\n"
                             "moved to Release or Return is decided by the account that the mailbox belongs to, and the outcome is put into INBOX.\n"
                             "placed, removed: messages in Held. refused: moves that decided nothing, because of a conflict of interest, because somebody was\n"
                             "first, or because the message was not one that Beadle had put there. " + std::string(exit_codes));
  CLI::App* covered = command(app, "coverage", "Mail that never came by the filter, by mailbox; councillors without a mailbox of the council", "beadle coverage --json");
  for (CLI::App* one : {audit, review, covered}) {
    one->add_option("--config", options.config, "Settings file")->capture_default_str();
    one->add_flag("--json", options.json, "Print JSON");
  }
  audit->callback([&] { code = imap_audit(options); });
  review->callback([&] { code = imap_review(options); });
  covered->callback([&] { code = coverage(options); });
}

void add_store(CLI::App& app, StoreOptions& options, int& code) {
  CLI::App* store = app.add_subcommand("store", "The key that content of held mail is sealed with: new-key, seal");
  store->require_subcommand(1);
  CLI::App* new_key = command(*store, "new-key", "Make a key and write it to a file, readable by you alone", "beadle store new-key /etc/beadle/store.key");
  new_key->add_option("file", options.file, "Where to; must not be there")->required();
  new_key->callback([&] { code = store_new_key(options); });
  CLI::App* seal = command(*store, "seal", "Seal with the key of the settings what is not sealed, or was with an old key", "beadle store seal");
  seal->add_option("--config", options.config, "Settings file")->capture_default_str();
  seal->callback([&] { code = store_seal(options); });
}

/// Commands below `app`, by name.
std::vector<std::string> names_below(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* sub : app.get_subcommands([](const CLI::App*) { return true; })) names.push_back(sub->get_name());
  return names;
}

/// What to type instead of `word` below `app`, which is reached by `path`: a command that is spelt like it, else one that stands in another group; "".
std::string meant_by(const std::string& word, const CLI::App& app, const std::string& path, const CLI::App& all) {
  if (const auto near = nearest(word, names_below(app))) return path + " " + *near;
  for (const CLI::App* group : all.get_subcommands([](const CLI::App*) { return true; })) {
    for (const std::string& name : names_below(*group)) {
      if (name == word) return "beadle " + group->get_name() + " " + name;
    }
  }
  return "";
}

/// The first word that should name a command and does not, told with what may be meant; "" where that is not what is wrong.
std::string unknown_command(const CLI::App& app, int count, char** words) {
  const CLI::App* at = &app;
  std::string path = "beadle";
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    const auto below = at->get_subcommands([&](const CLI::App* sub) { return sub->get_name() == word; });
    if (below.empty()) {
      if (word.starts_with('-') || at->get_require_subcommand_min() == 0) return "";
      const std::string meant = meant_by(word, *at, path, app);
      return "there is no command \"" + path + " " + word + "\"; " +
             (meant.empty() ? "there are: " + joined(names_below(*at), ", ") : "did you mean \"" + meant + "\"?");
    }
    at = below.front();
    path += " " + word;
  }
  return "";
}

}  // namespace

int run(int count, char** words, int (*serve)(const std::string& config), int (*web)(const std::string& config)) {
  CLI::App app("Beadle holds a council's outgoing mail against its councillor-officer protocol.", "beadle");
  app.set_version_flag("--version", "beadle " BEADLE_VERSION);
  app.require_subcommand(1);
  app.footer("Start with `beadle check --help`: it inspects one message and sends nothing.\n" + std::string(exit_codes));
  int code = exit_ok;

  std::string serve_config = default_config;
  CLI::App* serve_command = command(app, "serve", "The filter itself: milter, release loop, notices",
                                    "beadle serve --config /etc/beadle/beadle.toml\n\n"
                                    "SIGHUP reads settings, roster and rules again and keeps the old ones if something is wrong; SIGTERM finishes\n"
                                    "what it has and stops. Runs under systemd with beadle.service and beadle.socket.");
  serve_command->add_option("--config", serve_config, "Settings file")->capture_default_str();
  serve_command->callback([&] { code = serve(serve_config); });

  CLI::App* web_command = command(app, "web", "The review page, for browsers; a process beside serve",
                                  "beadle web --config /etc/beadle/beadle.toml\n\n"
                                  "Make an account first: beadle user add NAME --address ADDRESS --role reviewer. docs/web.md says how to give it HTTPS.\n"
                                  "SIGHUP reads settings, roster and rules again. Runs under systemd with beadle-web.service.");
  web_command->add_option("--config", serve_config, "Settings file")->capture_default_str();
  web_command->callback([&] { code = web(serve_config); });

  CheckOptions check_options;
  ShowOptions show_options;
  HeldOptions held_options;
  held_options.config = default_config;
  RulesOptions rules_options;
  FileOptions file_options;
  AuditOptions audit_options;
  audit_options.config = default_config;
  add_check(app, check_options, code);
  add_show(app, show_options, code);
  EvalOptions eval_options;
  ExplainOptions explain_options;
  add_eval(app, eval_options, code);
  add_explain(app, explain_options, code);
  ReplayOptions replay_options;
  JudgeOptions judge_options;
  add_replay(app, replay_options, judge_options, code);
  add_held(app, held_options, code);
  DueOptions due_options;
  due_options.config = default_config;
  add_due(app, due_options, code);
  add_rules(app, rules_options, code);
  add_files(app, file_options, code);
  add_audit(app, audit_options, code);
  UserOptions user_options;
  user_options.config = default_config;
  add_user(app, user_options, code);
  ReportOptions report_options;
  report_options.config = default_config;
  add_report(app, report_options, code);
  SubjectOptions subject_options;
  subject_options.config = default_config;
  add_subject_access(app, subject_options, code);
  ImapOptions imap_options;
  imap_options.config = default_config;
  add_imap(app, imap_options, code);
  StoreOptions store_options;
  store_options.config = default_config;
  add_store(app, store_options, code);
  try {
    app.parse(count, words);
  } catch (const CLI::ParseError& error) {
    const std::string unknown = error.get_exit_code() == 0 ? "" : unknown_command(app, count, words);
    if (!unknown.empty()) return fail({ErrorKind::usage, unknown});
    return app.exit(error) == 0 ? exit_ok : exit_usage;
  }
  return code;
}

}  // namespace beadle::cli
