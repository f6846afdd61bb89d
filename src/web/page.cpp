// What pages have in common: the frame with its navigation, failures, and how times, people and states are put.
#include <algorithm>
#include <cmath>

#include "base/calendar.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "review/role.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

using review::Permission;

struct Entry {
  std::string_view words, path;
  Permission needs;
};

constexpr Entry entries[] = {
    {"Held mail", "/inbox", Permission::list_held},       {"Register", "/register", Permission::read_register},
    {"Figures", "/figures", Permission::read_figures},    {"Report", "/report", Permission::read_figures},
    {"People", "/people", Permission::read_people},       {"Rules", "/rules", Permission::read_rules},
    {"Accounts", "/accounts", Permission::manage_accounts},
};

std::vector<NavigationItem> navigation_of(const Visit& visit, std::string_view current) {
  std::vector<NavigationItem> items;
  for (const Entry& entry : entries) {
    if (!visit.may(entry.needs)) continue;
    items.push_back({.words = std::string(entry.words), .link = local_link(entry.path), .current = entry.path == current});
  }
  return items;
}

struct FailureWords {
  int status;
  std::string title;
  std::string advice;
};

FailureWords words_of(const Error& error) {
  switch (error.kind) {
    case ErrorKind::not_found:
      return {404, "There is no such message", "It may have been mistyped, or forgotten when its time was up: the register still says what was decided."};
    case ErrorKind::refused:
      return {409, "That is not possible", "Nothing was done."};
    case ErrorKind::try_later:
      return {503, "Please try again in a minute", "Beadle's database did not answer in time. Nothing was done, and nothing is lost."};
    case ErrorKind::bad_data:
      return {500, "This cannot be read", "What is stored does not fit its digest, or its key is not there. Please tell whoever runs the mail server."};
    case ErrorKind::usage:
      return {400, "Please check what you entered", "Nothing was done."};
    case ErrorKind::bad_settings:
    case ErrorKind::bad_rule:
      break;
  }
  return {500, "The settings are not in order", "Please tell whoever runs the mail server."};
}

Frame failure_frame(const Error& error) {
  const FailureWords words = words_of(error);
  return {.title = words.title,
          .main = fragment(heading_1(words.title), paragraph(error.what), paragraph(words.advice), paragraph(link(local_link("/"), "Go to the first page"))),
          .status = words.status};
}

Page framed(Frame&& frame, const std::string& council) {
  Page page;
  page.title = std::move(frame.title);
  page.council = council;
  page.before = std::move(frame.before);
  page.main = std::move(frame.main);
  page.failed = frame.failed;
  page.wide = frame.wide;
  page.keys = frame.keys;
  return page;
}

}  // namespace

Response page(const Visit& visit, Frame frame) {
  const int status = frame.status;
  const std::string current = frame.current;
  Page page = framed(std::move(frame), visit.people().roster().council);
  page.navigation = navigation_of(visit, current);
  page.signed_in_as = visit.account.name;
  page.csrf = visit.session.csrf;
  return {.status = status, .body = render(page), .headers = {}};
}

Response page(const Guest& guest, Frame frame) {
  const int status = frame.status;
  return {.status = status, .body = render(framed(std::move(frame), guest.in_force->policy->people->roster().council)), .headers = {}};
}

Html typed_words(std::string_view words) {
  if (trimmed(words).empty()) return {};
  return fragment(heading_2("What you wrote"), paragraph("Copy it, if you want to use it again:"), verbatim(words));
}

Response failure_page(const Visit& visit, const Error& error, const Link& back, std::string_view typed) {
  const FailureWords words = words_of(error);
  return page(visit, {.title = words.title,
                      .main = fragment(heading_1(words.title), paragraph(error.what), paragraph(words.advice), typed_words(typed),
                                       paragraph(link(back, "Go back to the message"))),
                      .status = words.status,
                      .failed = true});
}

Response failure_page(const Visit& visit, const Error& error) { return page(visit, failure_frame(error)); }
Response failure_page(const Guest& guest, const Error& error) { return page(guest, failure_frame(error)); }

Html shown_moment(Time time) { return element("time", {{"datetime", to_rfc3339(time)}}, deliver::shown_time(time)); }

std::string shown_age(Time since, Time now) {
  const auto count = [](std::int64_t number, const char* unit) { return std::to_string(number) + " " + unit + (number == 1 ? "" : "s"); };
  const std::int64_t minutes = std::max<std::int64_t>(0, to_ms(now) - to_ms(since)) / 60'000;
  if (minutes < 60) return count(minutes, "minute");
  if (minutes < 48 * 60) return count(minutes / 60, "hour");
  return count(minutes / (24 * 60), "day");
}

std::string shown_hours(double hours) {
  const auto whole = static_cast<std::int64_t>(std::llround(hours));
  if (whole < 1) return "under an hour";
  if (whole < 48) return std::to_string(whole) + (whole == 1 ? " hour" : " hours");
  return std::to_string((whole + 12) / 24) + " days";
}

Html shown_party(std::string_view address, const people::Directory& people) {
  if (address.empty()) return "nobody (an automatic message)";
  return deliver::shown_person(address, people);
}

std::string shown_actor(std::string_view who, const Visit& visit) {
  if (who == "beadle") return "Beadle";
  if (who == "sender") return "the sender";
  if (who == visit.account.name) return "you";
  return std::string(who);
}

std::string shown_act(std::string_view act) {
  std::string words(act);
  std::replace(words.begin(), words.end(), '-', ' ');
  if (!words.empty()) words.front() = ascii_upper(words.substr(0, 1)).front();
  return words;
}

Html state_tag(store::HeldState state) {
  switch (state) {
    case store::HeldState::held:
      return tag("Waiting", Colour::yellow);
    case store::HeldState::releasing:
      return tag("Being sent", Colour::blue);
    case store::HeldState::released:
      return tag("Released", Colour::green);
    case store::HeldState::returned:
      return tag("Returned", Colour::purple);
    case store::HeldState::withdrawn:
      return tag("Withdrawn", Colour::grey);
  }
  return {};
}

void set_cookie(Response& response, std::string_view name, std::string_view value, bool for_a_year) {
  const std::string cookie = std::string(name) + "=" + std::string(value) + "; Path=/; Secure; HttpOnly; SameSite=Lax";
  response.headers.emplace_back("Set-Cookie", cookie + (for_a_year ? "; Max-Age=31536000" : ""));
}

void drop_cookie(Response& response, std::string_view name) {
  response.headers.emplace_back("Set-Cookie", std::string(name) + "=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0");
}

}  // namespace beadle::web
