#include "web/http_response.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::web {
namespace {

struct Usual {
  std::string_view name, value;
};
// Sent with each response that does not bring its own.
constexpr Usual usual_fields[] = {
    {"Cache-Control", "no-store"},
    {"Content-Security-Policy",
     "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'none'; connect-src 'none'; form-action 'self'; "
     "frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"},
    {"X-Frame-Options", "DENY"},
    {"X-Content-Type-Options", "nosniff"},
    // Not no-referrer: with that browsers send "Origin: null" with forms of our own (Fetch §3.2), which could not be told from those of others.
    {"Referrer-Policy", "same-origin"},
    {"Permissions-Policy", "camera=(), microphone=(), geolocation=(), display-capture=(), payment=(), usb=()"},
    {"Cross-Origin-Opener-Policy", "same-origin"},
    {"Cross-Origin-Resource-Policy", "same-origin"},
};
// Ours alone: a second one would say something else about where the response ends.
constexpr std::string_view own_fields[] = {"Content-Length", "Transfer-Encoding", "Connection", "Date", "Content-Type", "Server"};
constexpr std::string_view year_of_tls = "max-age=31536000";

struct Meaning {
  int status;
  std::string_view reason, heading, advice;
};
constexpr Meaning meanings[] = {
    {200, "OK", "", ""},
    {204, "No Content", "", ""},
    {303, "See Other", "", ""},
    {304, "Not Modified", "", ""},
    {400, "Bad Request", "Bad request", "Your browser sent something that could not be understood. Go back and try again."},
    {401, "Unauthorized", "Please sign in", "You need to sign in to see this page."},
    {403, "Forbidden", "Not allowed", "You may not see or do this. If you think that you should, ask whoever looks after Beadle."},
    {404, "Not Found", "Page not found", "There is no page here. Check the address, or start again from the first page."},
    {405, "Method Not Allowed", "Not possible here", "This cannot be done with this page. Go back and try again."},
    {408, "Request Timeout", "Too slow", "Your browser took too long to send the request. Check your connection and try again."},
    {409, "Conflict", "Changed in the meantime", "Somebody else has changed this. Go back, load the page again and see what it says now."},
    {410, "Gone", "No longer here", "This has been used or has run out."},
    {411, "Length Required", "Bad request", "Your browser did not say how much it would send. Go back and try again."},
    {413, "Content Too Large", "Too long", "What you sent is too long. Go back, shorten it and try again."},
    {414, "URI Too Long", "Address too long", "The address of this page is too long. Go back and search for less."},
    {415, "Unsupported Media Type", "Bad request", "Only forms of these pages can be sent here. Go back and try again."},
    {417, "Expectation Failed", "Bad request", "Your program expects something that is not done here."},
    {421, "Misdirected Request", "Wrong address", "These pages have another address. Ask whoever looks after Beadle for it."},
    {429, "Too Many Requests", "Too many tries", "Wait a quarter of an hour and try again."},
    {431, "Request Header Fields Too Large", "Bad request", "Your browser sent too much. Delete the cookies of this site and try again."},
    {500, "Internal Server Error", "Something went wrong",
     "This is a fault of Beadle, not yours. Go back, check whether what you did has been done, and try again. If it happens again, tell whoever looks "
     "after Beadle."},
    {501, "Not Implemented", "Bad request", "Your browser sent this in a way that is not understood here."},
    {503, "Service Unavailable", "Not available", "Beadle cannot answer at the moment. Try again in a few minutes."},
    {505, "HTTP Version Not Supported", "Bad request", "Your browser speaks another version of HTTP."},
};

const Meaning* meaning_of(int status) {
  for (const Meaning& meaning : meanings) {
    if (meaning.status == status) return &meaning;
  }
  return nullptr;
}

bool is_name(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

bool is_value(std::string_view value) {
  return std::none_of(value.begin(), value.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

bool brings(const Response& response, std::string_view name) {
  return std::any_of(response.headers.begin(), response.headers.end(), [&](const auto& field) { return ascii_iequals(field.first, name); });
}

bool is_ours_alone(std::string_view name) {
  return std::any_of(std::begin(own_fields), std::end(own_fields), [&](std::string_view own) { return ascii_iequals(own, name); });
}

/// RFC 9110 §5.6.7: as in mail, but for the zone.
std::string http_date(Time now) {
  std::string date = to_rfc5322(now);
  date.replace(date.rfind(' ') + 1, std::string::npos, "GMT");
  return date;
}

/// RFC 9110 §8.6, §15.4.5
bool may_have_body(int status) { return status >= 200 && status != 204 && status != 304; }

void append(std::string& out, std::string_view name, std::string_view value) { out.append(name).append(": ").append(value).append("\r\n"); }

}  // namespace

std::string_view reason_of(int status) {
  const Meaning* meaning = meaning_of(status);
  return meaning != nullptr ? meaning->reason : "";
}

bool is_sendable(const Response& response) {
  return response.status >= 200 && response.status <= 599 && is_value(response.type) &&
         std::all_of(response.headers.begin(), response.headers.end(), [](const auto& field) { return is_name(field.first) && is_value(field.second); });
}

bool has_body(const Response& response, const Sending& sending) { return !sending.head && may_have_body(response.status); }

std::string head_of(const Response& response, const Sending& sending) {
  CHECK(is_sendable(response));
  std::string out = "HTTP/1.1 " + std::to_string(response.status) + " " + std::string(reason_of(response.status)) + "\r\n";
  append(out, "Date", http_date(sending.now));
  if (may_have_body(response.status)) {
    append(out, "Content-Length", std::to_string(response.body.size()));
    append(out, "Content-Type", response.type);
  }
  for (const auto& [name, value] : usual_fields) {
    if (!brings(response, name)) append(out, name, value);
  }
  for (const auto& [name, value] : response.headers) {
    if (!is_ours_alone(name)) append(out, name, value);
  }
  if (sending.secure && !brings(response, "Strict-Transport-Security")) append(out, "Strict-Transport-Security", year_of_tls);
  if (sending.close) append(out, "Connection", "close");
  return out + "\r\n";
}

Response redirect(std::string location) {
  const bool is_ours = location.starts_with('/') && !location.starts_with("//") && location.find('\\') == std::string::npos &&
                       std::all_of(location.begin(), location.end(), [](char c) { return c > ' ' && c < '\x7F'; });
  return {.status = 303, .body = "", .headers = {{"Location", is_ours ? std::move(location) : "/"}}};
}

Response error_page(int status) {
  const Meaning* meaning = meaning_of(status);
  if (meaning == nullptr || meaning->heading.empty()) meaning = meaning_of(500);
  const std::string heading(meaning->heading);
  Response response{.status = status, .body = "", .headers = {}};
  response.body =
      "<!DOCTYPE html>\n<html lang=\"en-GB\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<title>" + heading + " – Beadle</title></head>\n<body><main><h1>" + heading + "</h1><p>" + std::string(meaning->advice) +
      "</p></main></body></html>\n";
  if (status == 405) response.headers.emplace_back("Allow", "GET, HEAD, POST");
  return response;
}

}  // namespace beadle::web
