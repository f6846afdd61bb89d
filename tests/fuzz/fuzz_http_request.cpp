// Any bytes as a browser's connection. However they are cut, the same comes of them, and every request that comes is what the contract of Request
// says. The first byte chooses the size of pieces, the second the settings.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/text.h"
#include "../web/http_source.h"

namespace {

using namespace beadle;
using namespace beadle::web;

void require(bool holds) {
  if (!holds) std::abort();
}

bool is_clean(std::string_view text) { return is_valid_utf8(text) && text.find('\0') == std::string_view::npos; }

void check(const Request& request) {
  require(request.method == "GET" || request.method == "HEAD" || request.method == "POST");
  require(request.method == "POST" || request.form.empty());
  require(request.path.starts_with('/') && is_clean(request.path) && request.path.find('\\') == std::string::npos);
  require(request.path.find("//") == std::string::npos && (request.path + "/").find("/../") == std::string::npos);
  require((request.path + "/").find("/./") == std::string::npos);
  require(request.query.size() <= limits::web_form_fields_max && request.form.size() <= limits::web_form_fields_max);
  for (const Pairs* pairs : {&request.query, &request.form}) {
    for (const auto& [name, value] : *pairs) require(is_clean(name) && is_clean(value));
  }
  std::size_t hosts = 0;
  for (const auto& [name, value] : request.headers) {
    require(name == ascii_lower(name) && is_clean(value) && value.find_first_of("\r\n") == std::string::npos);
    hosts += name == "host" ? 1 : 0;
  }
  require(hosts == 1 && !request.peer.empty());
}

std::string played(const std::string& bytes, std::size_t piece, const HttpSettings& settings) {
  MemorySource source(bytes, [piece] { return piece; });
  const Hop hop{"192.0.2.7", false};
  RequestReader reader(source, settings, hop);
  std::string out;
  while (true) {
    const Reading reading = reader.next();
    if (std::holds_alternative<Gone>(reading)) return out + "gone";
    if (const auto* refusal = std::get_if<Refusal>(&reading)) return out + std::to_string(refusal->status) + std::string(refusal->why);
    const Incoming& incoming = std::get<Incoming>(reading);
    check(incoming.request);
    out += words_of(incoming) + incoming.request.peer + ";";
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size < 2) return 0;
  const std::string bytes(reinterpret_cast<const char*>(data + 2), size - 2);
  HttpSettings settings;
  if ((data[1] & 1) != 0) settings.hosts = {"desk.example"};
  if ((data[1] & 2) != 0) settings.proxies = {Network{Network::Kind::inet4, {192, 0, 2, 7}, 32}};
  require(played(bytes, bytes.size() + 1, settings) == played(bytes, 1 + data[0] % 64u, settings));
  return 0;
}
