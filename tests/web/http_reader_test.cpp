// Requests as bytes, without a socket. Most cases are in tests/data/web/requests.tsv.
#include "web/http_reader.h"

#include <random>
#include <set>
#include <string>

#include "base/text.h"
#include "mail/tables.h"
#include "web/http_source.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::web;

namespace {

using Wait = ByteSource::Wait;
const std::string host = "Host: desk.example\r\n";
const std::string form_head = "POST /in HTTP/1.1\r\n" + host + "Content-Type: application/x-www-form-urlencoded\r\n";

HttpSettings desk() {
  HttpSettings settings;
  settings.hosts = {"desk.example"};
  return settings;
}

std::string readings_of(const std::string& bytes, MemorySource::Then then = MemorySource::Then::closes) {
  MemorySource source(bytes, [] { return std::size_t{1000}; }, then);
  return readings_of(source, desk());
}

Request request_of(const std::string& bytes, const HttpSettings& settings = desk(), const Hop& hop = {"192.0.2.7", false}) {
  MemorySource source(bytes);
  RequestReader reader(source, settings, hop);
  const Reading reading = reader.next();
  REQUIRE(std::holds_alternative<Incoming>(reading));
  return std::get<Incoming>(reading).request;
}

std::string get(const std::string& fields) { return "GET / HTTP/1.1\r\n" + host + fields + "\r\n"; }

}  // namespace

TEST_CASE("requests are read one way, or refused") {
  const auto rows = mail::rows_of_file(BEADLE_TEST_DATA "/web/requests.tsv");
  REQUIRE(rows.size() >= 150);
  std::set<std::string> seen;
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(printable(row[0].substr(0, 200)) << " (" << row[2] << ")");
    CHECK(seen.insert(row[0]).second);
    const HttpSettings settings = desk();
    MemorySource whole(row[0]);
    CHECK(web::readings_of(whole, settings) == row[1]);
    // However it is cut.
    MemorySource bytes(row[0], [] { return std::size_t{1}; });
    CHECK(web::readings_of(bytes, settings) == row[1]);
    for (unsigned seed = 1; seed <= 10; ++seed) {
      std::mt19937 random(seed);
      MemorySource pieces(row[0], [&] { return std::size_t{random() % 40 + 1}; });
      CHECK(web::readings_of(pieces, settings) == row[1]);
    }
  }
}

TEST_CASE("a request has all that was sent") {
  const Request request = request_of("GET /held?q=a&q=b HTTP/1.1\r\n" + host + "Cookie: __Host-session=abc; theme=dark\r\nACCEPT: text/html\r\n\r\n");
  CHECK(request.method == "GET");
  CHECK(request.query == Pairs{{"q", "a"}, {"q", "b"}});
  CHECK(request.query_value("q") == "a");
  CHECK(request.query_value("p") == "");
  CHECK(request.header("accept") == "text/html");
  CHECK(request.header("host") == "desk.example");
  CHECK(request.cookie("__Host-session") == "abc");
  CHECK(request.cookie("theme") == "dark");
  CHECK(request.cookie("session") == "");
  CHECK(request.peer == "192.0.2.7");
  CHECK_FALSE(request.secure);
}

TEST_CASE("cookies are told apart whatever stands between them") {
  CHECK(request_of(get("Cookie: a=1;b=2 ;  c = 3\r\nCookie: d=x=y\r\n")).cookies == Pairs{{"a", "1"}, {"b", "2"}, {"c", "3"}, {"d", "x=y"}});
  CHECK(request_of(get("Cookie: ;;a;=b\r\n")).cookies == Pairs{{"", "b"}});
}

TEST_CASE("header values are text") {
  CHECK(request_of(get("X: Siân\r\n")).header("x") == "Siân");
  CHECK(request_of(get("X: a\xFFz\r\nCookie: a=\xC3\r\n")).headers == Pairs{{"host", "desk.example"}, {"x", "a\uFFFDz"}, {"cookie", "a=\uFFFD"}});
}

TEST_CASE("a request by TLS is secure, and one that says so is not") {
  CHECK(request_of(get(""), desk(), {"192.0.2.7", true}).secure);
  CHECK_FALSE(request_of(get("X-Forwarded-Proto: https\r\nX-Forwarded-For: 198.51.100.1\r\n")).secure);
  CHECK(request_of(get("X-Forwarded-For: 198.51.100.1\r\n")).peer == "192.0.2.7");
}

TEST_CASE("whatever host is asked for will do where no names are set") {
  HttpSettings settings;
  for (const char* name : {"a", "192.0.2.1:8080", "[2001:db8::1]", "[::1]:8443"}) {
    INFO(name);
    CHECK(request_of("GET / HTTP/1.1\r\nHost: " + std::string(name) + "\r\n\r\n", settings).header("host") == name);
  }
  settings.hosts = {"other.example", "2001:db8::1"};
  CHECK(request_of("GET / HTTP/1.1\r\nHost: [2001:db8::1]:443\r\n\r\n", settings).path == "/");
}

TEST_CASE("bounds of a head") {
  const std::string long_line = "GET /" + std::string(4096 - 5, 'a');
  CHECK(readings_of(long_line + " HTTP/1.1\r\n" + host + "\r\n") == "414");
  CHECK(readings_of("GET /" + std::string(4000, 'a') + " HTTP/1.1\r\n" + host + "\r\n").starts_with("GET /aaa"));
  // Without waiting for an end that may never come.
  CHECK(readings_of(long_line + "aa", MemorySource::Then::is_silent) == "414");
  CHECK(readings_of(get("X: " + std::string(limits::web_header_bytes_max, 'x') + "\r\n")) == "431");
  CHECK(readings_of("GET / HTTP/1.1\r\n" + host + "X: " + std::string(limits::web_header_bytes_max, 'x'), MemorySource::Then::is_silent) == "431");
  std::string fields;
  for (int i = 0; i < 99; ++i) fields += "X: y\r\n";
  CHECK(readings_of(get(fields)) == "GET /");
  CHECK(readings_of(get(fields + "X: y\r\n")) == "431");
  // To the byte.
  const std::size_t rest = limits::web_header_bytes_max - get("X: \r\n").size();
  CHECK(readings_of(get("X: " + std::string(rest, 'x') + "\r\n")) == "GET /");
  CHECK(readings_of(get("X: " + std::string(rest + 1, 'x') + "\r\n")) == "431");
}

TEST_CASE("bounds of a body") {
  const std::string most = "a=" + std::string(limits::web_body_bytes_max - 2, 'x');
  CHECK(readings_of(form_head + "Content-Length: " + std::to_string(most.size()) + "\r\n\r\n" + most) == "POST /in " + most);
  std::string chunks;
  for (std::size_t i = 0; i < limits::web_body_bytes_max; ++i) chunks += "1\r\nx\r\n";
  CHECK(readings_of(form_head + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "0\r\n\r\n").size() == limits::web_body_bytes_max + 10);
  CHECK(readings_of(form_head + "Transfer-Encoding: chunked\r\n\r\n" + chunks + "1\r\nx\r\n0\r\n\r\n") == "413");
  std::string fields = "a=1";
  for (std::size_t i = 1; i < limits::web_form_fields_max; ++i) fields += "&a=1";
  CHECK(readings_of(form_head + "Content-Length: " + std::to_string(fields.size()) + "\r\n\r\n" + fields) == "POST /in " + fields);
  fields += "&b";
  CHECK(readings_of(form_head + "Content-Length: " + std::to_string(fields.size()) + "\r\n\r\n" + fields) == "400");
}

TEST_CASE("who falls silent within a request is told, who does between requests is not") {
  using Then = MemorySource::Then;
  CHECK(readings_of("", Then::is_silent) == "-");
  CHECK(readings_of(get(""), Then::is_silent) == "GET /");
  CHECK(readings_of("G", Then::is_silent) == "408");
  CHECK(readings_of(get("") + "GET / HTTP/1.1\r\n", Then::is_silent) == "GET / ; 408");
  CHECK(readings_of(form_head + "Content-Length: 3\r\n\r\na=", Then::is_silent) == "408");
  CHECK(readings_of(form_head + "Transfer-Encoding: chunked\r\n\r\n3\r\n", Then::is_silent) == "408");
}

// A deadline that began anew with each byte would never come.
TEST_CASE("each wait begins once a request, however slowly its bytes come") {
  const std::string post = form_head + "Content-Length: 3\r\n\r\na=b";
  MemorySource source(post + get("") + post, [] { return std::size_t{1}; });
  const HttpSettings settings = desk();
  REQUIRE(web::readings_of(source, settings) == "POST /in a=b ; GET / ; POST /in a=b");
  CHECK(source.waits == std::vector<Wait>{Wait::idle, Wait::header, Wait::body, Wait::idle, Wait::header, Wait::idle, Wait::header, Wait::body, Wait::idle});
  // What is there already needs no wait of its own.
  MemorySource at_once(get("") + get(""));
  REQUIRE(web::readings_of(at_once, settings) == "GET / ; GET /");
  CHECK(at_once.waits == std::vector<Wait>{Wait::idle, Wait::header, Wait::header, Wait::idle});
}
