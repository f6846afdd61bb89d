// Reads the requests of a connection one after the other, from any source of bytes: whole and checked, or not at all. After a refusal nothing more is
// read, because nobody knows any longer where the next request begins.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "base/result.h"
#include "web/http_check.h"
#include "web/http_head.h"
#include "web/http_proxy.h"

namespace beadle::web {

/// Bytes of one connection.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  enum class Wait { idle, header, body };
  /// What is waited for from now on; its time begins now.
  virtual void begin(Wait wait) = 0;
  /// Bytes read, at least one; 0: there will be no more. error: the time is up, or the connection broke.
  virtual Result<std::size_t> read_some(char* buffer, std::size_t size) = 0;
};

struct Incoming {
  Request request;
  bool keep_alive = true;
};
/// The connection ended, or was silent for too long, between requests or within one that will never be whole: there is nothing to say.
struct Gone {};
using Reading = std::variant<Incoming, Refusal, Gone>;

class RequestReader {
 public:
  /// All of these outlive the reader.
  RequestReader(ByteSource& source, const HttpSettings& settings, const Hop& hop) : source_(source), settings_(settings), hop_(hop) {}
  /// Not to be called again after a Refusal or Gone.
  Reading next();

 private:
  enum class More { yes, ended, failed };

  Reading read_body_of(Incoming incoming, const Head& head, const Framing& framing);
  std::optional<Refusal> read_sized(std::size_t size, std::string& body);
  std::optional<Refusal> read_chunked(std::string& body);
  std::optional<Refusal> read_chunk_size(std::size_t& size);
  std::optional<Refusal> read_line_end();
  /// Until the buffer has `size` bytes.
  std::optional<Refusal> fill(std::size_t size);
  More more();
  std::string_view rest() const { return std::string_view(buffer_).substr(taken_); }

  ByteSource& source_;
  const HttpSettings& settings_;
  const Hop& hop_;
  std::string buffer_;
  std::size_t taken_ = 0;  // bytes of it that belong to what has been read
  bool ended_ = false;     // without more bytes that were needed
};

/// All that a head by itself says, into `incoming` and `framing`.
std::optional<Refusal> read_request(const Head& head, const HttpSettings& settings, const Hop& hop, Incoming& incoming, Framing& framing);

}  // namespace beadle::web
