// Every page, each in page_<name>.cpp: a request that was checked in, a response out. POST pages act, and answer with a redirect, so that a reload
// repeats nothing. For app.cpp.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "web/app.h"
#include "web/components.h"
#include "web/components_form.h"
#include "web/layout.h"

namespace beadle::web {

// Before signing in.
struct Guest {
  const World& world;
  const Request& request;
  Time now{};
  std::shared_ptr<const InForce> in_force;
  std::string form_token;  // of the cookie that the form has to match
};
Response sign_in_page(const Guest& guest, std::string_view problem = {}, std::string_view name = {}, bool code_wanted = false, int status = 200);
Response sign_in(const Guest& guest);
Response sender_page(const Guest& guest, const std::string& token);
Response sender_act(const Guest& guest, const std::string& token);

// Signed in.
Response sign_out(const Visit& visit);
Response inbox_page(const Visit& visit);
Response message_page(const Visit& visit);
Response message_frame(const Visit& visit);
Response message_original(const Visit& visit);
Response message_act(const Visit& visit);
/// For who may be the second person of a break-glass request, without reading the message.
Response agree_page(const Visit& visit);
Response agree(const Visit& visit);
Response people_page(const Visit& visit);
Response rules_page(const Visit& visit);
Response register_page(const Visit& visit);
Response register_export(const Visit& visit);
Response figures_page(const Visit& visit);
Response report_page(const Visit& visit);
Response account_page(const Visit& visit);
Response account_act(const Visit& visit);
Response accounts_page(const Visit& visit);

// What pages have in common (page.cpp; query.cpp: what filters and pages of lists ask for).

/// A day of the query, as its first moment or (`end`) the first after it; nullopt where it is absent, or none: then with an error for its field.
std::optional<Time> day_asked(const Request& request, std::string_view name, bool end, std::vector<FieldError>& errors);
/// What is wrong with a field, "" nothing.
std::string error_of(const std::vector<FieldError>& errors, std::string_view field_id);
/// `path` with the same query, but another place in its list: `name` is "after" or "before", or "as" of a download; "" for the beginning.
Link same_query(const Request& request, std::string_view path, std::string_view name, std::string_view value);

/// A page in the frame that all share, with the navigation of what the visitor may see. `current` is the path of its entry.
struct Frame {
  std::string title;
  std::string current = {};
  Html before = {};
  Html main = {};
  int status = 200;
  bool failed = false, wide = false, keys = false;
};
Response page(const Visit& visit, Frame frame);
Response page(const Guest& guest, Frame frame);
/// What went wrong, in the shape that its kind has: 404, 409, 503 …
Response failure_page(const Visit& visit, const Error& error);
Response failure_page(const Guest& guest, const Error& error);
/// Of an act: with a way back to where it was tried, and with what somebody had typed, which would be lost otherwise.
Response failure_page(const Visit& visit, const Error& error, const Link& back, std::string_view typed);
/// The words of a form that was not carried out, to be copied; nothing where there are none.
Html typed_words(std::string_view words);

/// "24 November 2026 at 14:03", United Kingdom.
Html shown_moment(Time time);
/// "3 days", "5 hours".
std::string shown_age(Time since, Time now);
/// "under an hour", "14 hours", "3 days".
std::string shown_hours(double hours);
/// "Councillor Jane Holt", "Sam Reed (clerk)", or the address.
Html shown_party(std::string_view address, const people::Directory& people);
/// Name of an account with the person's.
std::string shown_actor(std::string_view who, const Visit& visit);
/// An act of the audit trail as words: "notice-sent" is "Notice sent".
std::string shown_act(std::string_view act);
Html state_tag(store::HeldState state);

/// Cookies. Names with __Host- are kept by browsers for this host, path / and HTTPS only (RFC 6265bis §4.1.3.2).
inline constexpr std::string_view session_cookie = "__Host-beadle-session";
inline constexpr std::string_view form_cookie = "__Host-beadle-form";
inline constexpr std::string_view known_cookie = "__Host-beadle-known";  // review::known_browser
/// Until the browser is closed, or for a year.
void set_cookie(Response& response, std::string_view name, std::string_view value, bool for_a_year = false);
void drop_cookie(Response& response, std::string_view name);

}  // namespace beadle::web
