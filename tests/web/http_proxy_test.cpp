#include "web/http_proxy.h"

#include <string>

#include "catch.h"

using namespace beadle;
using namespace beadle::web;

namespace {

std::vector<Network> networks(const std::vector<std::string>& texts) {
  std::vector<Network> all;
  std::string message;
  for (const std::string& text : texts) all.push_back(parse_network(text, message).value());
  return all;
}

const std::vector<Network> proxies = networks({"unix", "192.0.2.0/28", "2001:db8::1"});

std::string host_of(const std::string& forwarded_for, const std::string& hop = "unix") {
  return browser_of({{"x-forwarded-for", forwarded_for}}, {hop, false}, proxies).host;
}

}  // namespace

TEST_CASE("the browser's address is the last that no proxy of ours has") {
  CHECK(host_of("198.51.100.1") == "198.51.100.1");
  CHECK(host_of("198.51.100.1", "192.0.2.1") == "198.51.100.1");
  CHECK(host_of("203.0.113.9, 198.51.100.1") == "198.51.100.1");
  CHECK(host_of("203.0.113.9, 198.51.100.1, 192.0.2.2,2001:db8::1") == "198.51.100.1");
  CHECK(host_of("192.0.2.3, 198.51.100.1, 192.0.2.2") == "198.51.100.1");
  CHECK(host_of("192.0.2.3, 192.0.2.2") == "192.0.2.3");
  CHECK(host_of("2001:DB8:0::2") == "2001:db8::2");
  CHECK(host_of("198.51.100.1:50123") == "198.51.100.1");
  CHECK(host_of("[2001:db8::2]:50123") == "2001:db8::2");
  CHECK(host_of("::ffff:198.51.100.1") == "198.51.100.1");
  const Pairs two = {{"x-forwarded-for", "203.0.113.9"}, {"x-forwarded-for", "198.51.100.1"}};
  CHECK(browser_of(two, {"unix", false}, proxies).host == "198.51.100.1");
}

TEST_CASE("nobody else is believed") {
  CHECK(host_of("198.51.100.1", "203.0.113.5") == "203.0.113.5");
  CHECK(host_of("192.0.2.1", "203.0.113.5") == "203.0.113.5");
  CHECK(browser_of({{"x-forwarded-proto", "https"}}, {"203.0.113.5", false}, proxies).secure == false);
  CHECK(browser_of({{"x-forwarded-proto", "http"}}, {"203.0.113.5", true}, proxies).secure);
  CHECK(browser_of({{"x-forwarded-for", "198.51.100.1"}}, {"unix", false}, {}).host == "unix");
}

TEST_CASE("what is no address stays with the proxy that said it") {
  for (const char* odd :
       {"", ",", "unknown", "unix", "198.51.100.0/24", "0.0.0.0/0", "198.51.100.1.example", "_hidden", "[", "[]", "[2001:db8::2", "1:2",
        "\"198.51.100.1\""}) {
    INFO(odd);
    CHECK(host_of(odd, "192.0.2.1") == "192.0.2.1");
  }
  // Not what stands further left, which anybody may have written.
  CHECK(host_of("198.51.100.1, unknown, 192.0.2.2", "192.0.2.1") == "192.0.2.2");
  CHECK(host_of("198.51.100.1, unix", "192.0.2.1") == "192.0.2.1");
}

TEST_CASE("the last proxy says whether the browser came by TLS") {
  const auto secure = [](const Pairs& headers, bool tls = false) { return browser_of(headers, {"unix", tls}, proxies).secure; };
  CHECK(secure({{"x-forwarded-proto", "https"}}));
  CHECK(secure({{"x-forwarded-proto", "HTTPS"}}));
  CHECK_FALSE(secure({{"x-forwarded-proto", "http"}}, true));
  CHECK_FALSE(secure({{"x-forwarded-proto", "https, http"}}));
  CHECK_FALSE(secure({{"x-forwarded-proto", "https"}, {"x-forwarded-proto", "http"}}));
  CHECK_FALSE(secure({{"x-forwarded-proto", "httpsx"}}));
  CHECK_FALSE(secure({}));
  CHECK(secure({}, true));
}
