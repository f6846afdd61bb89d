#include "web/app.h"

#include <algorithm>

#include "base/digest.h"
#include "base/log.h"
#include "base/text.h"
#include "review/sign_in.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

using review::Permission;

struct Route {
  std::string_view method;
  std::string_view pattern;  // "*" is one segment
  std::optional<Permission> needs;
  Response (*page)(const Visit&);
};

// Everything that there is, and who may have it. What is not here does not exist.
constexpr Route routes[] = {
    {"GET", "/inbox", Permission::list_held, &inbox_page},
    {"GET", "/held/*", Permission::read_content, &message_page},
    {"GET", "/held/*/part/*", Permission::read_content, &message_frame},
    {"GET", "/held/*/original", Permission::read_content, &message_original},
    {"POST", "/held/*/act", Permission::decide, &message_act},
    {"GET", "/held/*/agree", Permission::agree, &agree_page},
    {"POST", "/held/*/agree", Permission::agree, &agree},
    {"GET", "/people", Permission::read_people, &people_page},
    {"GET", "/rules", Permission::read_rules, &rules_page},
    {"GET", "/register", Permission::read_register, &register_page},
    {"GET", "/register/export", Permission::read_register, &register_export},
    {"GET", "/figures", Permission::read_figures, &figures_page},
    {"GET", "/report", Permission::read_figures, &report_page},
    {"GET", "/accounts", Permission::manage_accounts, &accounts_page},
    {"GET", "/account", std::nullopt, &account_page},
    {"POST", "/account", std::nullopt, &account_act},
    {"POST", "/sign-out", std::nullopt, &sign_out},
};

/// Whether `path` has the shape of `pattern`; what stands for each "*" goes into `words`.
bool fits(std::string_view pattern, std::string_view path, std::vector<std::string>& words) {
  const auto expected = split(pattern, '/');
  const auto given = split(path, '/');
  if (expected.size() != given.size()) return false;
  words.clear();
  for (std::size_t i = 0; i < expected.size(); ++i) {
    if (expected[i] == "*" && !given[i].empty()) {
      words.emplace_back(given[i]);
    } else if (expected[i] != given[i]) {
      return false;
    }
  }
  return true;
}

/// Of a POST: whether a page of ours sent it, as far as the browser tells. The token in the form is what proves it; this stops what old browsers
/// would let through, such as a form in somebody's mail (Fetch Metadata; RFC 6454 §7).
bool is_from_here(const Request& request) {
  const std::string_view site = request.header("sec-fetch-site");
  if (!site.empty() && site != "same-origin") return false;
  const std::string_view origin = request.header("origin");
  if (origin.empty()) return true;
  const std::size_t at = origin.find("://");
  return at != std::string_view::npos && ascii_iequals(origin.substr(at + 3), request.header("host"));
}

Response forbidden(const Visit& visit) {
  return page(visit, {.title = "You cannot see this page",
                      .main = fragment(heading_1("You cannot see this page"), paragraph("Your account does not have the role that this page needs. "
                                                                                        "If you think it should, ask whoever looks after Beadle's accounts.")),
                      .status = 403});
}

Response not_found(const Visit& visit) {
  return page(visit, {.title = "Page not found",
                      .main = fragment(heading_1("Page not found"), paragraph("There is nothing at this address. Please check it, or begin with the menu above.")),
                      .status = 404});
}

std::string new_token() { return hex(random_bytes(32)); }

}  // namespace

class App::Impl {
 public:
  explicit Impl(World world) : world_(std::move(world)) {}

  Response answer(const Request& request) {
    if (request.path == "/health") return health();
    if (request.path.starts_with("/assets/")) return world_.assets.serve(request);
    if (request.method == "POST" && !is_from_here(request)) return elsewhere(request);
    if (request.path == "/sign-in" || request.path.starts_with("/sender/")) return for_guest(request);
    return for_visitor(request);
  }

 private:
  /// For whoever watches the service: whether the store answers. Says nothing else.
  Response health() {
    const auto counts = world_.store.counts();
    Response response{.status = counts ? 200 : 503, .type = "text/plain; charset=utf-8", .body = counts ? "ok\n" : "the store does not answer\n", .headers = {}};
    return response;
  }

  Guest guest_of(const Request& request) {
    Guest guest{world_, request, world_.clock(), world_.in_force(), std::string(request.cookie(form_cookie))};
    return guest;
  }

  /// `typed`: what is shown again, so that it can be copied; of a form that another site may have sent nothing is.
  Response elsewhere(const Request& request, std::string_view typed = {}) {
    return page(guest_of(request),
                {.title = "This form has expired",
                 .main = fragment(heading_1("This form has expired"),
                                  paragraph("Nothing was done. Either you have signed in again since the page was opened, or the form came from another "
                                            "website. Please open the page again and repeat what you wanted to do."),
                                  typed_words(typed), paragraph(link(local_link("/"), "Open the first page"))),
                 .status = 403});
  }

  Response for_guest(const Request& request) {
    Guest guest = guest_of(request);
    std::vector<std::string> words;
    const bool sender = fits("/sender/*", request.path, words);
    if (!sender && request.path != "/sign-in") return redirect("/sign-in");
    if (request.method == "POST") {
      // Before there is a session, cookie and form have to say the same: another site can set neither (OWASP "double submit").
      if (guest.form_token.empty() || !equal_secret(guest.form_token, request.form_value("csrf"))) return elsewhere(request, request.form_value("words"));
      return sender ? sender_act(guest, words.front()) : sign_in(guest);
    }
    const bool fresh = guest.form_token.size() != 64;
    if (fresh) guest.form_token = new_token();
    Response response = sender ? sender_page(guest, words.front()) : sign_in_page(guest);
    if (fresh) set_cookie(response, form_cookie, guest.form_token);
    return response;
  }

  Response for_visitor(const Request& request) {
    const Time now = world_.clock();
    const std::string token(request.cookie(session_cookie));
    Result<std::optional<store::Session>> session = std::optional<store::Session>();
    store::Accounts accounts(world_.store);
    if (!token.empty()) {
      session = review::session_of(accounts, token, now);
      if (!session) return failure_page(guest_of(request), session.error());
    }
    if (!*session) return to_sign_in(request, !token.empty());
    const auto account = accounts.find((*session)->account);
    if (!account) return failure_page(guest_of(request), account.error());
    if (!*account || (*account)->disabled) return to_sign_in(request, true);
    Visit visit{world_, request, now, world_.in_force(), token, **session, **account, {}};
    return for_account(visit);
  }

  /// Whoever was signed out while writing must not believe that it was sent, nor lose the words.
  Response signed_out(const Request& request) {
    const Html words = paragraph("Nothing was done: nobody had used the page for a while. Sign in, and do it again.");
    return page(guest_of(request), {.title = "You have been signed out",
                                    .main = two_thirds(fragment(heading_1("You have been signed out"), words, typed_words(request.form_value("words")),
                                                                paragraph(link(local_link("/sign-in"), "Sign in")))),
                                    .status = 403});
  }

  Response to_sign_in(const Request& request, bool drop) {
    const bool wrote = request.method == "POST" && !trimmed(request.form_value("words")).empty();
    // Where to go afterwards; only pages, and only of this site.
    const bool page = request.method != "POST" && request.path != "/";
    Response response = wrote ? signed_out(request) : redirect(page ? "/sign-in?next=" + url_encoded(request.path) : "/sign-in");
    if (drop) drop_cookie(response, session_cookie);
    return response;
  }

  Response for_account(Visit& visit) {
    const Request& request = visit.request;
    if (request.method == "POST" && !equal_secret(visit.session.csrf, request.form_value("csrf"))) return elsewhere(request, request.form_value("words"));
    // Who must have a second factor and has none yet sees the page where it is set up, and nothing else.
    const bool incomplete = visit.in_force->settings.web.second_factor && visit.account.totp_secret.empty();
    if (incomplete && request.path != "/account" && request.path != "/sign-out") return redirect("/account");
    if (request.path == "/") return redirect(visit.may(Permission::list_held) ? "/inbox" : visit.may(Permission::read_register) ? "/register" : "/figures");
    std::string known;  // the methods that the address is there for (RFC 9110 §10.2.1)
    for (const Route& route : routes) {
      if (!fits(route.pattern, request.path, visit.words)) continue;
      known += (known.empty() ? "" : ", ") + std::string(route.method == "GET" ? "GET, HEAD" : route.method);
      const bool same = route.method == request.method || (route.method == "GET" && request.method == "HEAD");
      if (!same) continue;
      if (route.needs && !visit.may(*route.needs)) return refuse(visit);
      return route.page(visit);
    }
    if (known.empty()) return not_found(visit);
    return Response{.status = 405, .type = "text/plain; charset=utf-8", .body = "This address is used another way.\n", .headers = {{"Allow", known}}};
  }

  /// Looking for doors is worth a line in the register.
  Response refuse(const Visit& visit) {
    log(LogLevel::notice, "web-forbidden", {{"account", visit.account.name}, {"path", printable(visit.request.path)}});
    return forbidden(visit);
  }

  World world_;
};

App::App(World world) : impl_(std::make_unique<Impl>(std::move(world))) {}
App::~App() = default;

Response App::operator()(const Request& request) { return impl_->answer(request); }

}  // namespace beadle::web
