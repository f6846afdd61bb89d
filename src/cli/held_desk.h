// What the commands of `beadle held` share: the desk that acts are done with, opened once a command, and a message in one line or as JSON.
// Who may do what is review/acts.h's; what goes wrong here is that settings, roster, rules or notices cannot be used.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/commands.h"
#include "review/acts.h"
#include "review/at_terminal.h"
#include "store/desk.h"

namespace beadle::cli {

struct HeldDesk {
  config::Settings settings;
  inspect::Policy policy;
  store::Store store;
  deliver::NoticeWriter notices;
  std::function<void(mail::Message&)> documents;
  review::Actor actor;

  review::Acts acts() { return {store, policy, notices, documents}; }
};
/// Whom the command is for. A sender needs no account to take his or her own mail back; programs decide as the account that they are told.
enum class Whom { reviewers, senders_too, programs };
/// As opened by options.by (review/at_terminal.h); without an actor where it is for programs. error: bad_settings; of actor_at().
Result<std::unique_ptr<HeldDesk>> open_held_desk(const HeldOptions& options, Whom whom = Whom::reviewers);

Result<store::Store> open_store_of(const std::string& config_file);
/// Whoever is at the terminal: by `by`, or without it by the account of the name that he or she logged in with.
/// error: refused (no reviewer, locked), usage (nobody is named and the login has no account)
Result<review::Actor> actor_at(const std::string& by, const review::Reviewers& reviewers);
/// `people`: nullptr, where the roster cannot be read.
Result<review::Reviewers> reviewers_of(store::Store& store, const config::Settings& settings, const people::Directory* people);

/// The id that a beginning or an end of one stands for. Where it stands for several, they are shown on standard error, with sender and subject.
/// error: usage, not_found, bad_data (several)
Result<std::string> whole_id(store::Store& store, const std::string& part);
/// Its last six characters, which are random: what people type. The first ten are the time, alike in all of one morning.
std::string short_id(const std::string& id);

std::string dump(const nlohmann::ordered_json& value);
nlohmann::ordered_json to_json(const store::HeldSummary& held);
nlohmann::ordered_json to_json(const store::InboxRow& row);
void print_row(const store::InboxRow& row);

}  // namespace beadle::cli
