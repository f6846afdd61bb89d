// The review page as one function from request to response: which address shows which page, who may see it, and what every page is handed.
// Checks come before any page runs: session, role, second factor, where a form comes from and its token. Pages are page_*.cpp.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/turns.h"
#include "config/settings.h"
#include "deliver/notices.h"
#include "inspect/inspect.h"
#include "review/role.h"
#include "store/accounts.h"
#include "store/desk.h"
#include "web/http.h"
#include "web/static_files.h"

namespace beadle::web {

/// What a reload replaces as a whole.
struct InForce {
  config::Settings settings;
  std::shared_ptr<const inspect::Policy> policy;
  std::vector<rules::Catalogue> catalogues;
  std::shared_ptr<const deliver::NoticeWriter> notices;
};

/// What all requests share.
struct World {
  store::Store& store;
  std::function<std::shared_ptr<const InForce>()> in_force;
  const StaticFiles& assets;
  std::function<Time()> clock;
  std::function<void(mail::Message&)> documents;  // reads attached documents; may be nullptr
  Turns& sign_ins;                            // how many at once
};

/// One request, after the checks.
struct Visit {
  const World& world;
  const Request& request;
  Time now{};
  std::shared_ptr<const InForce> in_force;
  std::string token;        // of the session
  store::Session session;
  store::Account account;
  std::vector<std::string> words;  // what stood for each "*" of the route

  const std::string& id() const { return words.front(); }
  const people::Directory& people() const { return *in_force->policy->people; }
  bool may(review::Permission permission) const { return review::may(account.roles, permission); }
};

class App {
 public:
  explicit App(World world);
  ~App();
  App(const App&) = delete;
  App& operator=(const App&) = delete;

  Response operator()(const Request& request);

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace beadle::web
