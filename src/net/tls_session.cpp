#include "net/tls_session.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

#include "base/digest.h"
#include "net/address.h"
#include "net/socket.h"

namespace beadle::net {
namespace {

bool is_literal(const std::string& name) {
  unsigned char address[sizeof(in6_addr)];
  return ::inet_pton(AF_INET, name.c_str(), address) == 1 || ::inet_pton(AF_INET6, name.c_str(), address) == 1;
}

}  // namespace

/// OpenSSL's way to the socket. Its own one calls write(), which raises SIGPIPE when the peer has gone.
struct TlsSession::Transport {
  static TlsSession& session(BIO* bio) { return *static_cast<TlsSession*>(BIO_get_data(bio)); }

  static int write(BIO* bio, const char* bytes, std::size_t size, std::size_t* written) {
    BIO_clear_retry_flags(bio);
    return note(bio, ::send(session(bio).descriptor_, bytes, size, MSG_NOSIGNAL), written, BIO_FLAGS_WRITE);
  }

  static int read(BIO* bio, char* buffer, std::size_t size, std::size_t* got) {
    BIO_clear_retry_flags(bio);
    const ssize_t count = ::recv(session(bio).descriptor_, buffer, size, 0);
    if (count == 0) BIO_set_flags(bio, BIO_FLAGS_IN_EOF);
    if (count < 0 && session(bio).tcp_) acknowledge(session(bio).descriptor_);  // it will be waited for
    return count == 0 ? 0 : note(bio, count, got, BIO_FLAGS_READ);
  }

  static int note(BIO* bio, ssize_t count, std::size_t* done, int direction) {
    if (count >= 0) {
      *done = static_cast<std::size_t>(count);
      return 1;
    }
    if (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR) BIO_set_flags(bio, direction | BIO_FLAGS_SHOULD_RETRY);
    session(bio).transport_error_ = errno;
    return 0;
  }

  static long control(BIO* bio, int command, long, void*) {
    if (command == BIO_CTRL_EOF) return BIO_test_flags(bio, BIO_FLAGS_IN_EOF) != 0 ? 1 : 0;
    return command == BIO_CTRL_FLUSH ? 1 : 0;
  }

  static BIO_METHOD* method() {
    static BIO_METHOD* const made = [] {
      BIO_METHOD* method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "beadle socket");
      CHECK(method != nullptr);
      BIO_meth_set_write_ex(method, write);
      BIO_meth_set_read_ex(method, read);
      BIO_meth_set_ctrl(method, control);
      return method;
    }();
    return made;
  }
};

TlsSession::TlsSession(const TlsContext& context, int descriptor, bool tcp)
    : descriptor_(descriptor), tcp_(tcp), verifies_(context.verifies()), ssl_(SSL_new(context.handle().context.get())) {
  BIO* bio = ssl_ ? BIO_new(Transport::method()) : nullptr;
  broken_ = bio == nullptr;  // out of memory
  if (broken_) return;
  BIO_set_data(bio, this);
  BIO_set_init(bio, 1);
  SSL_set_bio(ssl_.get(), bio, bio);
  if (context.handle().side == TlsContext::Handle::Side::server) {
    SSL_set_accept_state(ssl_.get());
  } else {
    SSL_set_connect_state(ssl_.get());
  }
}

TlsSession::~TlsSession() = default;

/// Calls `act`, which gives 1 when it is done, as often as it takes. False: the peer has closed.
template <class Act>
Result<bool> TlsSession::carry_out(std::string_view doing, Act act, Deadline deadline, const StopSwitch* stop) {
  if (broken_) return Error{ErrorKind::try_later, "the TLS connection is broken"};
  while (true) {
    ERR_clear_error();
    transport_error_ = 0;
    const int done = act();
    if (done == 1) return true;
    // Either may be wanted by either: keys are changed in the midst of reading, and of writing.
    const int wanted = SSL_get_error(ssl_.get(), done);
    if (wanted == SSL_ERROR_ZERO_RETURN) return false;
    if (wanted != SSL_ERROR_WANT_READ && wanted != SSL_ERROR_WANT_WRITE) return failure(doing);
    TRY(wait_ready(descriptor_, wanted == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT, deadline, stop));
  }
}

Error TlsSession::failure(std::string_view doing) {
  broken_ = true;
  if (ERR_peek_error() == 0 && transport_error_ != 0) {
    errno = transport_error_;
    return system_error(doing);
  }
  const unsigned long last = ERR_peek_last_error();
  const bool of_certificate = ERR_GET_LIB(last) == ERR_LIB_SSL && ERR_GET_REASON(last) == SSL_R_CERTIFICATE_VERIFY_FAILED;
  std::string why = tls_reason();
  if (of_certificate)
    why = std::string("the certificate is not accepted: ") + X509_verify_cert_error_string(SSL_get_verify_result(ssl_.get()));
  return {ErrorKind::try_later, std::string(doing) + ": " + why};
}

Result<void> TlsSession::shake_hands(Deadline deadline, const StopSwitch* stop) {
  constexpr std::string_view doing = "TLS handshake";
  const auto done = carry_out(
      doing, [&] { return SSL_do_handshake(ssl_.get()); }, deadline, stop);
  established_ = done && *done;
  if (established_) return {};
  const bool said_why = broken_;
  broken_ = true;  // a handshake left half-way must not go on with the next read
  if (done) return Error{ErrorKind::try_later, std::string(doing) + ": the peer closed the connection"};
  return said_why ? done.error() : in_context(doing, done.error());
}

Result<void> TlsSession::accept(Deadline deadline, const StopSwitch* stop) { return shake_hands(deadline, stop); }

Result<void> TlsSession::connect(const std::string& name, Deadline deadline, const StopSwitch* stop) {
  auto named = demand_name(name);
  if (!named) {
    broken_ = true;
    return named;
  }
  auto done = shake_hands(deadline, stop);
  return done ? done : in_context(name.empty() ? "server" : name, done.error());
}

Result<void> TlsSession::demand_name(const std::string& given) {
  if (broken_) return Error{ErrorKind::try_later, "TLS: out of memory"};
  const std::string name = given.ends_with('.') ? given.substr(0, given.size() - 1) : given;
  const Error no_name{ErrorKind::bad_settings, "TLS: \"" + given + "\" is no name that a certificate could have"};
  if (name.empty() && !verifies_) return {};
  if (name.empty() || name.find('\0') != std::string::npos) return no_name;
  ERR_clear_error();
  X509_VERIFY_PARAM* demands = SSL_get0_param(ssl_.get());
  if (is_literal(name)) {
    // RFC 6066 §3: an address is not sent as name.
    if (verifies_ && X509_VERIFY_PARAM_set1_ip_asc(demands, name.c_str()) != 1) return no_name;
    return {};
  }
  if (SSL_set_tlsext_host_name(ssl_.get(), name.c_str()) != 1) return no_name;
  X509_VERIFY_PARAM_set_hostflags(demands, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  if (verifies_ && X509_VERIFY_PARAM_set1_host(demands, name.data(), name.size()) != 1) return no_name;
  return {};
}

Result<std::size_t> TlsSession::read_some(char* buffer, std::size_t size, Deadline deadline, const StopSwitch* stop) {
  std::size_t got = 0;
  const bool open = TRY(carry_out(
      "reading", [&] { return SSL_read_ex(ssl_.get(), buffer, size, &got); }, deadline, stop));
  return open ? got : 0;
}

Result<void> TlsSession::write_all(std::string_view bytes, Deadline deadline, const StopSwitch* stop) {
  while (!bytes.empty()) {
    if (std::chrono::steady_clock::now() >= deadline) return timed_out();
    std::size_t sent = 0;
    const bool open = TRY(carry_out(
        "writing", [&] { return SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &sent); }, deadline, stop));
    if (!open) return Error{ErrorKind::try_later, "writing: the peer has closed"};
    bytes.remove_prefix(sent);
  }
  return {};
}

bool TlsSession::has_input() {
  if (broken_) return true;
  // Asked of OpenSSL, not of the socket: what waits there may be a ticket or a change of keys. It takes one of those at a time; a
  // peer who sends more than a few of them wants something, too.
  constexpr int records_most = 8;
  for (int i = 0; i < records_most; ++i) {
    ERR_clear_error();
    char byte = 0;
    std::size_t seen = 0;
    const int done = SSL_peek_ex(ssl_.get(), &byte, 1, &seen);
    if (done == 1) return true;
    const int wanted = SSL_get_error(ssl_.get(), done);
    if (wanted == SSL_ERROR_WANT_WRITE) return false;
    if (wanted != SSL_ERROR_WANT_READ) {
      broken_ = wanted != SSL_ERROR_ZERO_RETURN;
      ERR_clear_error();
      return true;
    }
    if (!is_readable(descriptor_)) return false;
  }
  return true;
}

void TlsSession::say_goodbye() {
  if (!established_ || broken_) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  ERR_clear_error();
}

std::string TlsSession::description() const {
  if (!established_) return "";
  return std::string(SSL_get_version(ssl_.get())) + " with cipher " + SSL_get_cipher_name(ssl_.get());
}

std::string TlsSession::peer_certificate_sha256() const {
  const X509* certificate = established_ ? SSL_get0_peer_certificate(ssl_.get()) : nullptr;
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  if (certificate == nullptr || X509_digest(certificate, EVP_sha256(), digest, &size) != 1) return "";
  return hex({reinterpret_cast<const char*>(digest), size});
}

}  // namespace beadle::net
