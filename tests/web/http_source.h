// A connection in memory, which sends given bytes in pieces and then closes, or falls silent.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "web/http_reader.h"

namespace beadle::web {

class MemorySource : public ByteSource {
 public:
  enum class Then { closes, is_silent };
  /// `piece`: how many bytes come at once, asked each time.
  explicit MemorySource(std::string bytes, std::function<std::size_t()> piece = [] { return std::size_t{1} << 20; }, Then then = Then::closes)
      : bytes_(std::move(bytes)), piece_(std::move(piece)), then_(then) {}

  void begin(Wait wait) override { waits.push_back(wait); }
  Result<std::size_t> read_some(char* buffer, std::size_t size) override {
    const std::size_t count = std::min({size, std::max<std::size_t>(piece_(), 1), bytes_.size() - sent_});
    if (count == 0 && then_ == Then::is_silent) return Error{ErrorKind::try_later, "time is up"};
    std::copy_n(bytes_.data() + sent_, count, buffer);
    sent_ += count;
    return count;
  }

  std::vector<Wait> waits;

 private:
  std::string bytes_;
  std::function<std::size_t()> piece_;
  Then then_;
  std::size_t sent_ = 0;
};

inline std::string encoded(const Pairs& pairs) {
  std::string out;
  for (const auto& [name, value] : pairs) out += (out.empty() ? "" : "&") + url_encoded(name) + "=" + url_encoded(value);
  return out;
}

inline std::string words_of(const Incoming& incoming) {
  const Request& request = incoming.request;
  std::string out = request.method + " " + request.path;
  if (!request.query.empty()) out += "?" + encoded(request.query);
  if (!request.form.empty()) out += " " + encoded(request.form);
  return out + (incoming.keep_alive ? "" : " close");
}

/// All that comes of a connection, as in requests.tsv.
inline std::string readings_of(ByteSource& source, const HttpSettings& settings, const Hop& hop = {"192.0.2.7", false}) {
  RequestReader reader(source, settings, hop);
  std::string out;
  while (true) {
    const Reading reading = reader.next();
    if (std::holds_alternative<Gone>(reading)) break;
    if (!out.empty()) out += " ; ";
    if (const auto* refusal = std::get_if<Refusal>(&reading)) return out + std::to_string(refusal->status);
    const Incoming& incoming = std::get<Incoming>(reading);
    out += words_of(incoming);
    if (!incoming.keep_alive) break;
  }
  return out.empty() ? "-" : out;
}

}  // namespace beadle::web
