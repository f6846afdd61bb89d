// Signing in and out. Which half of name and password was wrong is never said.
#include "base/digest.h"
#include "base/text.h"
#include "base/turns.h"
#include "review/sign_in.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

/// Where to go afterwards: a page of this site, as app.cpp asked for.
std::string next_of(const Request& request) {
  const std::string_view asked = request.method == "POST" ? request.form_value("next") : request.query_value("next");
  const bool ours = asked.starts_with("/") && !asked.starts_with("//") && asked.find('\\') == std::string_view::npos;
  return ours ? std::string(asked) : "/";
}

}  // namespace

Response sign_in_page(const Guest& guest, std::string_view problem, std::string_view name, bool code_wanted, int status) {
  std::vector<FieldError> errors;
  if (!problem.empty()) errors.push_back({code_wanted ? "code" : "name", std::string(problem)});
  const Html form = form_post(
      local_link("/sign-in"), guest.form_token, hidden_field("next", next_of(guest.request)),
      input_field({.name = "name", .label = "Name of your account", .value = std::string(name), .autocomplete = "username", .width = 20, .required = true}),
      input_field({.name = "password", .label = "Password", .type = "password", .autocomplete = "current-password", .width = 20, .required = true}),
      input_field({.name = "code", .label = "Code from your telephone", .hint = code_wanted ? "Your account needs it" : "Leave it empty if you have not set one up",
                   .autocomplete = "one-time-code", .inputmode = "numeric", .width = 10}),
      button({.words = "Sign in"}));
  const Html insecure = html_if(!guest.request.secure, [] {
    return warning_text("This connection is not encrypted. Browsers keep nobody signed in without HTTPS, unless Beadle runs on this very computer.");
  });
  return page(guest, {.title = "Sign in",
                      .main = two_thirds(fragment(error_summary(errors), heading_1("Sign in"), insecure,
                                                  paragraph("For those who answer for held mail. Opening a message is noted, and so is every decision."), form)),
                      .status = status,
                      .failed = !errors.empty()});
}

Response sign_in(const Guest& guest) {
  const Request& request = guest.request;
  const std::string name = ascii_lower(trimmed(request.form_value("name")));
  store::Accounts accounts(guest.world.store);
  const auto secret = guest.world.store.secret("known-browser");
  if (!secret) return failure_page(guest, secret.error());
  const std::string known = review::known_browser(*secret, name);
  const auto outcome = [&] {
    // Each takes 64 MB for a moment.
    const Turns::Turn turn(guest.world.sign_ins);
    return review::sign_in(accounts,
                           {.name = name,
                            .password = std::string(request.form_value("password")),
                            .code = std::string(request.form_value("code")),
                            .host = request.peer,
                            .known = equal_secret(request.cookie(known_cookie), known)},
                           guest.now);
  }();
  if (!outcome) return failure_page(guest, outcome.error());
  using Kind = review::SignIn::Kind;
  switch (outcome->kind) {
    case Kind::ok: {
      Response response = redirect(next_of(request));
      set_cookie(response, session_cookie, outcome->token);
      set_cookie(response, known_cookie, known, true);
      drop_cookie(response, form_cookie);
      return response;
    }
    case Kind::second_factor:
      return sign_in_page(guest, "Enter your password again, and the code that your telephone shows now", name, true, 401);
    case Kind::throttled:
      return sign_in_page(guest, "There were too many tries. Wait a quarter of an hour, or ask whoever looks after Beadle's accounts", name, false, 429);
    case Kind::wrong:
      break;
  }
  return sign_in_page(guest, "Name, password or code is not right", name, false, 401);
}

Response sign_out(const Visit& visit) {
  store::Accounts accounts(visit.world.store);
  const auto ended = accounts.end_session(visit.token, visit.account.name, visit.now);
  if (!ended) return failure_page(visit, ended.error());
  Response response = redirect("/sign-in");
  drop_cookie(response, session_cookie);
  return response;
}

}  // namespace beadle::web
