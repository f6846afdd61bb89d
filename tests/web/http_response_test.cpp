#include "web/http_response.h"

#include <string>

#include "base/text.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::web;

namespace {

const Sending usual = {.now = time_from("2026-11-24T14:03:05Z").value()};

std::size_t count_of(std::string_view text, std::string_view wanted) {
  std::size_t count = 0;
  for (std::size_t at = 0; (at = text.find(wanted, at)) != std::string_view::npos; at += wanted.size()) ++count;
  return count;
}

bool has_line(const std::string& head, const std::string& line) { return head.find("\r\n" + line + "\r\n") != std::string::npos; }

}  // namespace

TEST_CASE("every response says what keeps a browser safe") {
  for (const Response& response : {Response{.body = "Hello"}, error_page(400), redirect("/held")}) {
    const std::string head = head_of(response, usual);
    INFO(head);
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(count_of(head, "\r\n\r\n") == 1);
    CHECK(has_line(head, "Date: Tue, 24 Nov 2026 14:03:05 GMT"));
    CHECK(has_line(head, "Content-Length: " + std::to_string(response.body.size())));
    CHECK(has_line(head, "Cache-Control: no-store"));
    CHECK(has_line(head, "X-Content-Type-Options: nosniff"));
    CHECK(has_line(head, "X-Frame-Options: DENY"));
    CHECK(has_line(head, "Referrer-Policy: same-origin"));
    CHECK(has_line(head, "Cross-Origin-Opener-Policy: same-origin"));
    CHECK(has_line(head, "Cross-Origin-Resource-Policy: same-origin"));
    CHECK(has_line(head,
                   "Content-Security-Policy: default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'none'; connect-src "
                   "'none'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"));
    CHECK(head.find("Permissions-Policy: camera=(), microphone=(), geolocation=()") != std::string::npos);
    CHECK(head.find("Strict-Transport-Security") == std::string::npos);
    CHECK(head.find("Connection") == std::string::npos);
    CHECK(head.find("Server:") == std::string::npos);
  }
}

TEST_CASE("a response may bring its own of most headers, and never of some") {
  const Response response{.type = "text/css",
                          .body = "x",
                          .headers = {{"content-security-policy", "default-src 'none'; frame-ancestors 'self'"},
                                      {"Cache-Control", "no-cache"},
                                      {"X-Frame-Options", "SAMEORIGIN"},
                                      {"Set-Cookie", "a=1"},
                                      {"Set-Cookie", "b=2"},
                                      {"content-length", "0"},
                                      {"Transfer-Encoding", "chunked"},
                                      {"Connection", "keep-alive"},
                                      {"Content-Type", "text/html"},
                                      {"Server", "Beadle"}}};
  const std::string head = head_of(response, usual);
  INFO(head);
  CHECK(has_line(head, "content-security-policy: default-src 'none'; frame-ancestors 'self'"));
  CHECK(head.find("script-src") == std::string::npos);
  CHECK(has_line(head, "Cache-Control: no-cache"));
  CHECK(head.find("no-store") == std::string::npos);
  CHECK(has_line(head, "X-Frame-Options: SAMEORIGIN"));
  CHECK(head.find("DENY") == std::string::npos);
  CHECK(has_line(head, "Set-Cookie: a=1"));
  CHECK(has_line(head, "Set-Cookie: b=2"));
  CHECK(has_line(head, "Content-Length: 1"));
  CHECK(has_line(head, "Content-Type: text/css"));
  CHECK(count_of(ascii_lower(head), "content-length") == 1);
  CHECK(count_of(ascii_lower(head), "content-type:") == 1);
  CHECK(head.find("Transfer-Encoding") == std::string::npos);
  CHECK(head.find("Connection") == std::string::npos);
  CHECK(head.find("Server") == std::string::npos);
}

TEST_CASE("only who came by TLS is told to stay there") {
  Sending sending = usual;
  sending.secure = true;
  CHECK(has_line(head_of({}, sending), "Strict-Transport-Security: max-age=31536000"));
  sending.close = true;
  CHECK(has_line(head_of({}, sending), "Connection: close"));
}

TEST_CASE("HEAD is answered as GET, without the body") {
  Sending sending = usual;
  sending.head = true;
  const Response response{.body = "Hello"};
  CHECK(head_of(response, sending) == head_of(response, usual));
  CHECK_FALSE(has_body(response, sending));
  CHECK(has_body(response, usual));
  for (const int status : {204, 304}) {
    const Response empty{.status = status, .body = "must not be sent"};
    CHECK_FALSE(has_body(empty, usual));
    CHECK(head_of(empty, usual).find("Content-Length") == std::string::npos);
  }
}

TEST_CASE("a header that would begin another one is not sent") {
  for (const std::string& odd : {std::string("a\r\nSet-Cookie: b=1"), std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3), std::string("\x7F")}) {
    INFO(printable(odd));
    CHECK_FALSE(is_sendable({.headers = {{"Location", odd}}}));
    CHECK_FALSE(is_sendable({.type = odd}));
    CHECK_FALSE(is_sendable({.headers = {{odd, "x"}}}));
  }
  CHECK_FALSE(is_sendable({.headers = {{"", "x"}}}));
  CHECK_FALSE(is_sendable({.headers = {{"X Y", "x"}}}));
  CHECK_FALSE(is_sendable({.headers = {{"X:", "x"}}}));
  CHECK_FALSE(is_sendable({.status = 101}));
  CHECK_FALSE(is_sendable({.status = 0}));
  CHECK(is_sendable({.headers = {{"Content-Disposition", "attachment; filename=\"Siân.eml\""}}}));
}

TEST_CASE("redirects stay with us") {
  const auto location = [](const char* wanted) { return redirect(wanted).headers.at(0).second; };
  CHECK(redirect("/held/1").status == 303);
  CHECK(location("/held/1?a=b#c") == "/held/1?a=b#c");
  for (const char* elsewhere :
       {"", "held", "//evil.example", "/\\evil.example", "https://evil.example/", "javascript:alert(1)",
        "/a\r\nX: y", "/a b", "/\tb", "/é", "\\\\evil"}) {
    INFO(elsewhere);
    CHECK(location(elsewhere) == "/");
  }
}

TEST_CASE("error pages say what to do, for every status that we refuse with") {
  for (const int status : {400, 401, 403, 404, 405, 408, 409, 410, 411, 413, 414, 415, 417, 421, 429, 431, 500, 501, 503, 505, 599}) {
    const Response page = error_page(status);
    INFO(status << page.body);
    CHECK(page.status == status);
    CHECK(page.body.find("<html lang=\"en-GB\">") != std::string::npos);
    CHECK(page.body.find("<h1></h1>") == std::string::npos);
    CHECK(page.body.find("<p></p>") == std::string::npos);
    CHECK((status == 599 || !reason_of(status).empty()));
  }
  CHECK(has_line(head_of(error_page(405), usual), "Allow: GET, HEAD, POST"));
}
