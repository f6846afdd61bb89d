// What the commands of `beadle held` share: the desk that acts are done with, opened once a command, and a message in one line or as JSON.
// Who may do what is review/acts.h's; what goes wrong here is that settings, roster, rules or notices cannot be used.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json_fwd.hpp>

#include "cli/commands.h"
#include "review/acts.h"
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
Result<std::unique_ptr<HeldDesk>> open_held_desk(const HeldOptions& options);

Result<store::Store> open_store_of(const std::string& config_file);
/// Whoever is at the terminal: by the account of that name, where there is one. Who has no account reads the database all the same, so that roles
/// would keep nobody out; but a conflict of interest does (by name or address).
Result<review::Actor> actor_at(store::Store& store, const std::string& by);

std::string dump(const nlohmann::ordered_json& value);
nlohmann::ordered_json to_json(const store::HeldSummary& held);
nlohmann::ordered_json to_json(const store::InboxRow& row);
void print_row(const store::HeldSummary& held);

}  // namespace beadle::cli
