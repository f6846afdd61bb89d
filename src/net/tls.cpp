#include "net/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include <system_error>

#include "net/tls_session.h"

namespace beadle::net {
namespace {

Error bad_file(std::string_view what, const std::string& path) {
  return {ErrorKind::bad_settings, std::string(what) + " " + path + ": " + tls_reason()};
}

/// A daemon has nobody to ask for a password; without this OpenSSL asks the terminal.
int no_password(char*, int, int, void*) { return -1; }

/// Whoever has the key to a certificate may come; which certificates may do what is decided by their fingerprints.
int any_certificate(X509_STORE_CTX*, void*) { return 1; }

Result<std::unique_ptr<TlsContext::Handle>> new_handle(TlsContext::Handle::Side side) {
  const bool server = side == TlsContext::Handle::Side::server;
  auto handle = std::make_unique<TlsContext::Handle>();
  handle->side = side;
  handle->context.reset(SSL_CTX_new(server ? TLS_server_method() : TLS_client_method()));
  if (!handle->context) return Error{ErrorKind::bad_settings, "TLS cannot be set up: " + tls_reason()};
  SSL_CTX* context = handle->context.get();
  // The system's openssl.cnf may ask for more than we do, never for less.
  if (SSL_CTX_get_min_proto_version(context) < TLS1_2_VERSION) SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  // Ends without close_notify are common, and harmless here: an SMTP message says itself where it ends.
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION | SSL_OP_IGNORE_UNEXPECTED_EOF);
  SSL_CTX_set_mode(context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | SSL_MODE_RELEASE_BUFFERS);
  // Back to us after each record without content, so that a peer who sends nothing else meets the deadline.
  SSL_CTX_clear_mode(context, SSL_MODE_AUTO_RETRY);
  // Tickets are kept by the clients. A cache would keep up to 20,000 sessions of strangers with their certificates.
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_default_passwd_cb(context, no_password);
  return handle;
}

Result<void> load_identity(SSL_CTX* context, const std::string& certificate, const std::string& key) {
  ERR_clear_error();
  if (SSL_CTX_use_certificate_chain_file(context, certificate.c_str()) != 1) return bad_file("certificate", certificate);
  if (SSL_CTX_use_PrivateKey_file(context, key.c_str(), SSL_FILETYPE_PEM) != 1) return bad_file("key", key);
  if (SSL_CTX_check_private_key(context) != 1) return bad_file("key", key);
  return {};
}

Result<void> load_authorities(SSL_CTX* context, const std::string& authorities) {
  ERR_clear_error();
  if (authorities.empty()) {
    if (SSL_CTX_set_default_verify_paths(context) == 1) return {};
    return Error{ErrorKind::bad_settings, "certificates of the system: " + tls_reason()};
  }
  if (SSL_CTX_load_verify_file(context, authorities.c_str()) != 1) return bad_file("authorities", authorities);
  X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context), X509_V_FLAG_PARTIAL_CHAIN);
  return {};
}

}  // namespace

std::string tls_reason() {
  const auto is = [](unsigned long code, int library, int reason) {
    return ERR_GET_LIB(code) == library && ERR_GET_REASON(code) == reason;
  };
  // The first of the list is the cause; those after it say who noticed.
  const unsigned long code = ERR_peek_error();
  ERR_clear_error();
  const int reason = ERR_GET_REASON(code);
  if (code == 0) return "unknown reason";
  if (ERR_SYSTEM_ERROR(code)) return std::system_category().message(reason);
  if (is(code, ERR_LIB_PEM, PEM_R_NO_START_LINE) || is(code, ERR_LIB_OSSL_DECODER, ERR_R_UNSUPPORTED)) {
    return "there is none in it (PEM is expected)";
  }
  if (reason == ERR_R_INTERRUPTED_OR_CANCELLED) return "it is locked by a password";  // of no_password
  if (is(code, ERR_LIB_SSL, SSL_R_WRONG_VERSION_NUMBER)) return "the peer does not speak TLS";
  if (ERR_GET_LIB(code) == ERR_LIB_SSL && reason > SSL_AD_REASON_OFFSET) {
    return std::string("the peer says: ") + SSL_alert_desc_string_long(reason - SSL_AD_REASON_OFFSET);
  }
  const char* words = ERR_reason_error_string(code);
  return words != nullptr ? words : "error " + std::to_string(code);
}

TlsContext::TlsContext(std::unique_ptr<Handle> handle, bool verifies) : handle_(std::move(handle)), verifies_(verifies) {}

TlsContext::~TlsContext() = default;

Result<std::shared_ptr<const TlsContext>> TlsContext::server(const ServerFiles& files) {
  auto handle = TRY(new_handle(Handle::Side::server));
  SSL_CTX* context = handle->context.get();
  TRY(load_identity(context, files.certificate, files.key));
  // Without a name for them, tickets of clients with certificates would be an error.
  constexpr unsigned char sessions_of[] = {'b', 'e', 'a', 'd', 'l', 'e'};
  SSL_CTX_set_session_id_context(context, sessions_of, sizeof sessions_of);
  if (files.ask_client) {
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
    SSL_CTX_set_cert_verify_callback(context, any_certificate, nullptr);
  }
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handle), false));
}

Result<std::shared_ptr<const TlsContext>> TlsContext::client(const Trust& trust) {
  auto handle = TRY(new_handle(Handle::Side::client));
  SSL_CTX* context = handle->context.get();
  if (trust.certificate.empty() != trust.key.empty()) {
    return Error{ErrorKind::bad_settings, "a certificate and its key are named both or not at all"};
  }
  if (!trust.certificate.empty()) TRY(load_identity(context, trust.certificate, trust.key));
  if (trust.verify) TRY(load_authorities(context, trust.authorities));
  SSL_CTX_set_verify(context, trust.verify ? SSL_VERIFY_PEER : SSL_VERIFY_NONE, nullptr);
  return std::shared_ptr<const TlsContext>(new TlsContext(std::move(handle), trust.verify));
}

}  // namespace beadle::net
