// One's own account: password and second factor. And, for administrators, the list of all accounts, which are made on the server only.
#include "base/limits.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "review/password.h"
#include "review/role.h"
#include "review/totp.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

constexpr std::size_t secret_digits = 32;  // 20 bytes in base 32

struct Forms {
  std::vector<FieldError> errors;
  std::string secret;  // base 32, while a second factor is being set up
  std::string done;    // said at the top
};

Html password_form(const Visit& visit, const Forms& forms) {
  return form_post(
      local_link("/account"), visit.session.csrf, heading_2("Change your password"), hidden_field("act", "password"),
      input_field(
          {.name = "old", .label = "Your password now", .error = error_of(forms.errors, "old"), .type = "password", .autocomplete = "current-password", .width = 20}),
      input_field({.name = "new",
                   .label = "New password",
                   .hint = "At least " + std::to_string(limits::password_characters_least) + " characters; three random words are easy to keep",
                   .error = error_of(forms.errors, "new"),
                   .type = "password",
                   .autocomplete = "new-password",
                   .width = 20}),
      input_field(
          {.name = "again", .label = "New password again", .error = error_of(forms.errors, "again"), .type = "password", .autocomplete = "new-password", .width = 20}),
      small_paragraph("You will be signed out everywhere, and sign in with the new one."), button({.words = "Change password"}));
}

/// Groups of four, as people read them.
std::string grouped(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && i % 4 == 0) out += ' ';
    out += digits[i];
  }
  return out;
}

Html second_factor_form(const Visit& visit, const Forms& forms) {
  if (!forms.secret.empty()) {
    return form_post(
        local_link("/account"), visit.session.csrf, heading_2("Set up codes from your telephone"), hidden_field("act", "confirm"),
        hidden_field("secret", forms.secret),
        numbered({"Open the app on your telephone that makes codes (an authenticator).",
                  fragment("Add an account by hand, and type this key: ", element("code", grouped(forms.secret)), ". It is shown this once."),
                  "Enter the code that the app shows now."}),
        input_field({.name = "code", .label = "Code", .error = error_of(forms.errors, "code"), .autocomplete = "one-time-code", .inputmode = "numeric", .width = 10}),
        html_if(!visit.account.totp_secret.empty(),
                [&] {
                  return input_field({.name = "password", .label = "Your password now", .error = error_of(forms.errors, "password"), .type = "password",
                                      .autocomplete = "current-password", .width = 20});
                }),
        button({.words = "Use these codes"}));
  }
  const bool has = !visit.account.totp_secret.empty();
  return form_post(
      local_link("/account"), visit.session.csrf, heading_2("Codes from your telephone"), hidden_field("act", "begin"),
      paragraph(has ? "Your account needs a code from your telephone besides the password. You can set up another telephone; the old one then counts no more."
                    : "With them nobody who learns your password can sign in as you."),
      button({.words = has ? "Set up another telephone" : "Set up codes", .kind = ButtonKind::secondary}));
}

Response shown(const Visit& visit, const Forms& forms) {
  const bool needed = visit.in_force->settings.web.second_factor && visit.account.totp_secret.empty();
  std::vector<Html> roles;
  for (const std::string& role : visit.account.roles) roles.emplace_back(review::says(role));
  return page(visit, {.title = "Your account",
                      .current = "/account",
                      .main = two_thirds(fragment(
                          error_summary(forms.errors), html_if(!forms.done.empty(), [&] { return success_banner(forms.done); }), heading_1("Your account"),
                          html_if(needed, [] { return important_banner("Your council asks for codes from a telephone. Set them up below to go on."); }),
                          summary_list({{"Name", visit.account.name}, {"Address", visit.account.address}, {"May", parted_by(Html::trusted("<br>"), roles)}}),
                          second_factor_form(visit, forms), password_form(visit, forms))),
                      .status = forms.errors.empty() ? 200 : 400,
                      .failed = !forms.errors.empty()});
}

/// "" where it is the visitor's. Who found this browser signed in must not guess it here without end. Takes the time of a password.
Result<std::string> mistake_of_password(const Visit& visit, store::Accounts& accounts, std::string_view password) {
  const std::string& name = visit.account.name;
  const auto failures = TRY(accounts.failures(name, visit.request.peer, visit.now - std::chrono::milliseconds(limits::sign_in_window_ms)));
  if (failures.of_account >= limits::sign_in_failures_of_account_max) return std::string("There were too many tries. Wait a quarter of an hour");
  if (review::password_is(visit.account.password_hash, password)) return std::string();
  TRY(accounts.note_failure(name, visit.request.peer, visit.now));
  return std::string("This is not your password");
}

Response change_password(const Visit& visit) {
  const Request& request = visit.request;
  Forms forms;
  const std::string_view fresh = request.form_value("new");
  const Turns::Turn turn(visit.world.sign_ins);
  store::Accounts accounts(visit.world.store);
  const auto mistake_of_old = mistake_of_password(visit, accounts, request.form_value("old"));
  if (!mistake_of_old) return failure_page(visit, mistake_of_old.error());
  if (!mistake_of_old->empty()) forms.errors.push_back({"old", *mistake_of_old});
  if (const std::string mistake = review::password_mistake(fresh, visit.account.name); !mistake.empty()) forms.errors.push_back({"new", mistake});
  if (fresh != request.form_value("again")) forms.errors.push_back({"again", "The two new passwords differ"});
  if (!forms.errors.empty()) return shown(visit, forms);
  const auto hash = review::hash_password(fresh);
  if (!hash) return failure_page(visit, hash.error());
  const auto set = accounts.set_password(visit.account.name, *hash, visit.account.name, visit.now);
  if (!set) return failure_page(visit, set.error());
  Response response = redirect("/sign-in");
  drop_cookie(response, session_cookie);
  return response;
}

Response confirm_second_factor(const Visit& visit) {
  Forms forms;
  forms.secret = std::string(visit.request.form_value("secret"));
  const auto secret = review::from_base32(forms.secret);
  if (!secret || forms.secret.size() != secret_digits) return shown(visit, {});
  store::Accounts accounts(visit.world.store);
  // With another telephone somebody who found this browser signed in would be the only one who can sign in.
  if (!visit.account.totp_secret.empty()) {
    const Turns::Turn turn(visit.world.sign_ins);
    const auto mistake = mistake_of_password(visit, accounts, visit.request.form_value("password"));
    if (!mistake) return failure_page(visit, mistake.error());
    if (!mistake->empty()) forms.errors.push_back({"password", *mistake});
  }
  const auto step = review::totp_step_of(*secret, visit.request.form_value("code"), visit.now);
  if (!step) {
    forms.errors.push_back({"code", "This is not the code that belongs to the key. Codes change every half minute: try the next one"});
  }
  if (!forms.errors.empty()) return shown(visit, forms);
  const auto set = accounts.set_totp(visit.account.name, *secret, visit.account.name, visit.now);
  if (!set) return failure_page(visit, set.error());
  const auto used = accounts.use_totp_step(visit.account.name, *step);
  if (!used) return failure_page(visit, used.error());
  return redirect("/account?done=codes");
}

}  // namespace

Response account_page(const Visit& visit) {
  Forms forms;
  if (visit.request.query_value("done") == "codes") forms.done = "Your account now needs a code from your telephone.";
  return shown(visit, forms);
}

Response account_act(const Visit& visit) {
  const std::string_view act = visit.request.form_value("act");
  if (act == "password") return change_password(visit);
  if (act == "confirm") return confirm_second_factor(visit);
  Forms forms;
  if (act == "begin") forms.secret = review::base32(review::new_totp_secret());
  return shown(visit, forms);
}

Response accounts_page(const Visit& visit) {
  store::Accounts accounts(visit.world.store);
  const auto all = accounts.all();
  if (!all) return failure_page(visit, all.error());
  Table list{.caption = "Accounts", .columns = {{"Name"}, {"Address"}, {"Roles"}, {"Second factor"}, {"Last here"}}, .rows = {}};
  list.first_is_header = true;
  list.stacked = true;
  for (const store::Account& account : *all) {
    list.rows.push_back({fragment(account.name, html_if(account.disabled, [] { return fragment(" ", tag("Locked", Colour::red)); })), account.address,
                         joined(account.roles, ", "), account.totp_secret.empty() ? "no" : "yes",
                         account.last_sign_in ? shown_moment(*account.last_sign_in) : Html("never")});
  }
  return page(visit, {.title = "Accounts",
                      .current = "/accounts",
                      .main = fragment(heading_1("Accounts"),
                                       paragraph("Accounts are made and locked on the server: ", element("code", "beadle user --help"), "."), table(list)),
                      .wide = true});
}

}  // namespace beadle::web
