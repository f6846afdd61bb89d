// TLS between two Streams, and between a Stream and OpenSSL by hand where a peer has to misbehave.
#include <fcntl.h>
#include <openssl/ssl.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "net/certificates.h"
#include "net/stream.h"
#include "net/tls.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::net;

namespace {

using Context = std::shared_ptr<const TlsContext>;
const std::string name = "mx.harbridge.example", usual = "DNS:" + name;

const Certificates& certificates() {
  static const Certificates made;
  return made;
}

Context server_context(const Certificates::Files& files, bool ask_client = false) {
  return TlsContext::server({files.certificate, files.key, ask_client}).value();
}

/// Of a server called mx.harbridge.example.
Context usual_server() { return server_context(certificates().issue()); }
Context usual_client() { return TlsContext::client({.authorities = certificates().authorities()}).value(); }

struct Connection {
  Stream server, client;
};

enum class Over { unix_pair, loopback };

Connection connect(Over over = Over::unix_pair) {
  if (over == Over::loopback) {
    StopSwitch stop;
    auto listener = Listener::listen(any_port(), {});
    REQUIRE(listener);
    auto client = Stream::connect(listener->endpoint(), patience(), nullptr);
    REQUIRE(client);
    auto server = listener->accept(stop);
    REQUIRE((server && *server));
    return {std::move(**server), std::move(*client)};
  }
  int descriptors[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, descriptors) == 0);
  return {Stream(descriptors[0]), Stream(descriptors[1])};
}

struct Outcome {
  std::string server, client;  // what went wrong there; "" nothing
};

/// Both sides at once.
Outcome shake_hands(Connection& connection, const Context& server, const Context& client, const std::string& demanded = name) {
  Outcome outcome;
  {
    std::jthread serving([&] {
      const auto done = connection.server.start_tls_server(*server, patience(), nullptr);
      if (!done) outcome.server = done.error().what;
    });
    const auto done = connection.client.start_tls_client(*client, demanded, patience(), nullptr);
    if (!done) outcome.client = done.error().what;
  }
  return outcome;
}

Connection usual_connection(Over over = Over::unix_pair) {
  Connection connection = connect(over);
  const Outcome outcome = shake_hands(connection, usual_server(), usual_client());
  REQUIRE(outcome.server == "");
  REQUIRE(outcome.client == "");
  return connection;
}

std::string read(Stream& stream, std::size_t bytes) {
  std::string all;
  char buffer[4096];
  while (all.size() < bytes) {
    const auto got = stream.read_some(buffer, std::min(sizeof buffer, bytes - all.size()), patience(), nullptr);
    if (!got || *got == 0) break;
    all.append(buffer, *got);
  }
  return all;
}

/// OpenSSL as it comes, in blocking calls: a client that does what ours never would.
class OddClient {
 public:
  explicit OddClient(Stream& stream) : context_(SSL_CTX_new(TLS_client_method()), SSL_CTX_free), stream_(stream) {
    // Its own way to the socket raises SIGPIPE, which no other test may miss.
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, nullptr);
  }
  ~OddClient() {
    const timespec at_once{};
    sigtimedwait(&pipe_, nullptr, &at_once);
    pthread_sigmask(SIG_UNBLOCK, &pipe_, nullptr);
  }
  OddClient(const OddClient&) = delete;
  OddClient& operator=(const OddClient&) = delete;
  SSL_CTX* context() { return context_.get(); }
  bool connect(SSL_SESSION* session = nullptr) {
    ::fcntl(stream_.descriptor(), F_SETFL, 0);
    ssl_.reset(SSL_new(context_.get()), SSL_free);
    SSL_set_fd(ssl_.get(), stream_.descriptor());
    if (session != nullptr) SSL_set_session(ssl_.get(), session);
    return SSL_connect(ssl_.get()) == 1;
  }
  SSL* ssl() { return ssl_.get(); }

 private:
  std::shared_ptr<SSL_CTX> context_;
  std::shared_ptr<SSL> ssl_;
  Stream& stream_;
  sigset_t pipe_{};
};

}  // namespace

TEST_CASE("a handshake with name and chain, and words both ways") {
  for (const Over over : {Over::unix_pair, Over::loopback}) {
    Connection connection = connect(over);
    CHECK_FALSE(connection.client.is_tls());
    CHECK(connection.client.tls_description() == "");
    CHECK(connection.client.peer_certificate_sha256() == "");
    const auto files = certificates().issue();
    const Outcome outcome = shake_hands(connection, server_context(files), usual_client());
    CHECK(outcome.server == "");
    CHECK(outcome.client == "");
    CHECK(connection.server.is_tls());
    CHECK(connection.client.is_tls());
    CHECK(connection.client.tls_description().starts_with("TLSv1.3 with cipher TLS_"));
    CHECK(connection.server.tls_description() == connection.client.tls_description());
    CHECK(connection.client.peer_certificate_sha256() == files.sha256);
    CHECK(connection.server.peer_certificate_sha256() == "");  // was not asked for
    REQUIRE(connection.client.write_all("good day", patience(), nullptr));
    CHECK(read(connection.server, 8) == "good day");
    REQUIRE(connection.server.write_all("how are you", patience(), nullptr));
    CHECK(read(connection.client, 11) == "how are you");
  }
}

TEST_CASE("megabytes go both ways, through a stream that was moved") {
  Connection connection = usual_connection(Over::loopback);
  Connection moved = std::move(connection);
  Stream server = std::move(moved.server);
  CHECK_FALSE(moved.server.is_tls());  // NOLINT(bugprone-use-after-move): that is what is tested
  std::string large;
  for (int i = 0; large.size() < (5u << 20); ++i) large += std::to_string(i) + "\r\n";
  std::string heard;
  bool written = false;
  {
    std::jthread serving([&] {
      heard = read(server, large.size());
      written = server.write_all(heard, patience(), nullptr).has_value();
    });
    CHECK(moved.client.write_all(large, patience(), nullptr));
    CHECK((read(moved.client, large.size()) == large));
  }
  CHECK(written);
  CHECK((heard == large));
}

TEST_CASE("a certificate is not accepted of another name, of a stranger, before or after its time") {
  const Certificates others("Another authority"), impostor;
  const struct {
    Certificates::Files files;
    std::string demanded, why;
  } cases[] = {
      {certificates().issue(), "mail.harbridge.example", "hostname mismatch"},
      {certificates().issue(), "127.0.0.1", "IP address mismatch"},
      {certificates().issue({.names = ""}), name, "hostname mismatch"},
      {certificates().issue({.names = usual, .from_days = -3, .until_days = -1}), name, "certificate has expired"},
      {certificates().issue({.names = usual, .from_days = 2, .until_days = 3}), name, "certificate is not yet valid"},
      {others.issue(), name, "unable to get local issuer certificate"},
      {impostor.issue(), name, "certificate signature failure"},
      {others.authority(), name, "self-signed certificate"},
  };
  for (const auto& [files, demanded, why] : cases) {
    INFO(why);
    Connection connection = connect();
    const Outcome outcome = shake_hands(connection, server_context(files), usual_client(), demanded);
    CHECK(outcome.client == demanded + ": TLS handshake: the certificate is not accepted: " + why);
    CHECK(outcome.server.starts_with("TLS handshake: the peer says: "));
    CHECK_FALSE(connection.client.is_tls());
    CHECK(connection.client.peer_certificate_sha256() == "");
    // Nothing goes out in the clear after it.
    CHECK_FALSE(connection.client.write_all("secret", patience(), nullptr));
    char buffer[8];
    CHECK_FALSE(connection.server.read_some(buffer, sizeof buffer, patience(), nullptr));
    CHECK(connection.client.has_input());

    Connection trusting = connect();
    const Outcome accepted =
        shake_hands(trusting, server_context(files), TlsContext::client({.verify = false}).value(), demanded);
    CHECK(accepted.client == "");
    CHECK(accepted.server == "");
    CHECK(trusting.client.peer_certificate_sha256() == files.sha256);
  }
}

TEST_CASE("names of certificates: addresses, wildcards, a closing dot") {
  const auto files = certificates().issue({.names = "DNS:*.harbridge.example,IP:127.0.0.1,IP:::1"});
  for (const char* right : {"mx.harbridge.example", "MX.harbridge.example", "mx.harbridge.example.", "127.0.0.1", "::1"}) {
    INFO(right);
    Connection connection = connect();
    CHECK(shake_hands(connection, server_context(files), usual_client(), right).client == "");
  }
  for (const char* wrong : {"harbridge.example", "a.mx.harbridge.example", "127.0.0.2", "::2"}) {
    INFO(wrong);
    Connection connection = connect();
    CHECK_FALSE(shake_hands(connection, server_context(files), usual_client(), wrong).client.empty());
  }
}

TEST_CASE("a context that verifies demands a name") {
  for (const std::string& none : {std::string(), std::string("."), std::string("mx\0.example", 11), std::string(300, 'x')}) {
    Connection connection = connect();
    const auto done = connection.client.start_tls_client(*usual_client(), none, patience(), nullptr);
    REQUIRE_FALSE(done);
    CHECK(done.error().kind == ErrorKind::bad_settings);
    CHECK_FALSE(connection.client.write_all("x", patience(), nullptr));
  }
  Connection connection = connect();
  CHECK(shake_hands(connection, usual_server(), TlsContext::client({.verify = false}).value(), "").client == "");
}

TEST_CASE("a certificate that was named is trusted without its authority") {
  const auto files = certificates().issue();
  Connection connection = connect();
  const Outcome outcome =
      shake_hands(connection, server_context(files), TlsContext::client({.authorities = files.certificate}).value());
  CHECK(outcome.client == "");
}

TEST_CASE("a client is told apart by its certificate, whoever issued it") {
  const Certificates others;
  const auto theirs = others.issue({.names = "", .from_days = -3, .until_days = -2});
  const Context client =
      TlsContext::client({.authorities = certificates().authorities(), .certificate = theirs.certificate, .key = theirs.key})
          .value();
  const auto ours = certificates().issue();
  for (const bool asked : {true, false}) {
    Connection connection = connect();
    const Outcome outcome = shake_hands(connection, server_context(ours, asked), client);
    CHECK(outcome.server == "");
    CHECK(outcome.client == "");
    CHECK(connection.server.peer_certificate_sha256() == (asked ? theirs.sha256 : ""));
    REQUIRE(connection.client.write_all("x", patience(), nullptr));
    CHECK(read(connection.server, 1) == "x");
  }
  Connection without = connect();
  CHECK(shake_hands(without, server_context(ours, true), usual_client()).server == "");
  CHECK(without.server.peer_certificate_sha256() == "");
}

TEST_CASE("who comes back with a ticket keeps its certificate") {
  const auto files = certificates().issue();
  const auto theirs = certificates().issue();
  const Context context = server_context(files, true);
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    std::shared_ptr<SSL_SESSION> session;
    for (const bool again : {false, true}) {
      Connection connection = connect();
      std::string fingerprint;
      bool done = false;
      {
        std::jthread serving([&] {
          done = connection.server.start_tls_server(*context, patience(), nullptr) &&
                 connection.server.write_all("x", patience(), nullptr);
          fingerprint = connection.server.peer_certificate_sha256();
        });
        OddClient client(connection.client);
        SSL_CTX_set_max_proto_version(client.context(), version);
        SSL_CTX_use_certificate_file(client.context(), theirs.certificate.c_str(), SSL_FILETYPE_PEM);
        SSL_CTX_use_PrivateKey_file(client.context(), theirs.key.c_str(), SSL_FILETYPE_PEM);
        REQUIRE(client.connect(session.get()));
        char byte;
        CHECK(SSL_read(client.ssl(), &byte, 1) == 1);  // and with it the tickets
        CHECK(SSL_session_reused(client.ssl()) == (again ? 1 : 0));
        session.reset(SSL_get1_session(client.ssl()), SSL_SESSION_free);
        SSL_shutdown(client.ssl());
      }
      CHECK(done);
      CHECK(fingerprint == theirs.sha256);
    }
  }
}

TEST_CASE("versions before TLS 1.2 are refused, 1.2 is not, and hands are shaken once") {
  for (const int version : {TLS1_VERSION, TLS1_1_VERSION, TLS1_2_VERSION}) {
    Connection connection = connect();
    std::optional<Result<void>> done;
    std::string heard;
    bool connected = false, again = true, wrote = false;
    {
      std::jthread serving([&] {
        done = connection.server.start_tls_server(*usual_server(), patience(), nullptr);
        if (*done) heard = read(connection.server, 5);
      });
      OddClient client(connection.client);
      SSL_CTX_set_security_level(client.context(), 0);
      SSL_CTX_set_min_proto_version(client.context(), version);
      SSL_CTX_set_max_proto_version(client.context(), version);
      connected = client.connect();
      if (connected) {
        wrote = SSL_write(client.ssl(), "one", 3) == 3;
        again = SSL_renegotiate(client.ssl()) == 1 && SSL_do_handshake(client.ssl()) == 1;
        CHECK(SSL_get_error(client.ssl(), 0) == SSL_ERROR_SSL);
        connection.client.close();
      }
    }
    REQUIRE(done);
    if (version == TLS1_2_VERSION) {
      CHECK(*done);
      CHECK(connected);
      CHECK(wrote);
      CHECK_FALSE(again);
      CHECK(heard == "one");
      CHECK(connection.server.tls_description().starts_with("TLSv1.2 with cipher "));
    } else {
      CHECK_FALSE(connected);
      REQUIRE_FALSE(*done);
      CHECK(done->error().what == "TLS handshake: unsupported protocol");
    }
  }
}

TEST_CASE("keys may be changed in the midst") {
  Connection connection = connect();
  std::string heard;
  {
    std::jthread serving([&] {
      if (!connection.server.start_tls_server(*usual_server(), patience(), nullptr)) return;
      heard = read(connection.server, 6);
      if (!connection.server.write_all("end", patience(), nullptr)) heard += "?";
    });
    OddClient client(connection.client);
    REQUIRE(client.connect());
    CHECK(SSL_write(client.ssl(), "one", 3) == 3);
    CHECK(SSL_key_update(client.ssl(), SSL_KEY_UPDATE_REQUESTED) == 1);
    CHECK(SSL_write(client.ssl(), "two", 3) == 3);
    char buffer[8];
    CHECK(SSL_read(client.ssl(), buffer, sizeof buffer) == 3);
  }
  CHECK(heard == "onetwo");
}

TEST_CASE("a peer without TLS is told apart") {
  Connection plain = connect();
  REQUIRE(plain.client.write_all("EHLO client.example\r\n", patience(), nullptr));
  auto done = plain.server.start_tls_server(*usual_server(), patience(), nullptr);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::try_later);
  CHECK(done.error().what == "TLS handshake: the peer does not speak TLS");

  plain = connect();
  REQUIRE(plain.server.write_all("220 mx.harbridge.example ESMTP\r\n", patience(), nullptr));
  done = plain.client.start_tls_client(*usual_client(), name, patience(), nullptr);
  REQUIRE_FALSE(done);
  CHECK(done.error().what == name + ": TLS handshake: the peer does not speak TLS");
}

TEST_CASE("a silent peer meets the deadline of a handshake, a stop ends it, and a peer that goes is told apart") {
  Connection connection = connect();
  auto done = connection.server.start_tls_server(*usual_server(), after_ms(20), nullptr);
  REQUIRE_FALSE(done);
  CHECK(done.error().kind == ErrorKind::try_later);
  CHECK(done.error().what == "TLS handshake: timed out");
  CHECK_FALSE(connection.server.is_tls());
  char buffer[8];
  CHECK(connection.server.read_some(buffer, sizeof buffer, patience(), nullptr).error().what == "the TLS connection is broken");
  CHECK(connection.server.peer() == "unix");

  connection = connect();
  done = connection.client.start_tls_client(*usual_client(), name, after_ms(20), nullptr);
  CHECK(done.error().what == name + ": TLS handshake: timed out");

  connection = connect();
  {
    StopSwitch stop;
    std::jthread thrower([&] { stop.stop(); });
    CHECK(connection.server.start_tls_server(*usual_server(), patience(), &stop).error().what == "TLS handshake: stopping");
  }

  connection = connect();
  connection.client.close();
  CHECK(connection.server.start_tls_server(*usual_server(), patience(), nullptr).error().what ==
        "TLS handshake: the peer closed the connection");
  connection = connect();
  {
    // After the client's first words.
    std::jthread leaving([&] {
      char first[1];
      if (connection.server.read_some(first, 1, patience(), nullptr)) ::shutdown(connection.server.descriptor(), SHUT_RDWR);
    });
    done = connection.client.start_tls_client(*usual_client(), name, patience(), nullptr);
  }
  CHECK_FALSE(done);
}

TEST_CASE("deadlines and the stop switch hold after the handshake, too") {
  Connection connection = usual_connection();
  char buffer[8];
  CHECK(connection.server.read_some(buffer, sizeof buffer, after_ms(20), nullptr).error().what == "timed out");
  CHECK(connection.server.read_some(buffer, sizeof buffer, after_ms(-1), nullptr).error().what == "timed out");
  {
    StopSwitch stop;
    std::jthread thrower([&] { stop.stop(); });
    CHECK(connection.server.read_some(buffer, sizeof buffer, patience(), &stop).error().what == "stopping");
  }
  // None of that harmed the connection.
  REQUIRE(connection.client.write_all("x", patience(), nullptr));
  CHECK(read(connection.server, 1) == "x");

  StopSwitch stop;
  std::jthread thrower([&] { stop.stop(); });
  CHECK(connection.client.write_all(std::string(8 << 20, 'x'), patience(), &stop).error().what == "stopping");
  CHECK(connection.server.write_all(std::string(8 << 20, 'x'), after_ms(20), nullptr).error().what == "timed out");
  connection.server.close();  // does not wait, though the goodbye cannot go out
  CHECK_FALSE(connection.server.is_open());
}

TEST_CASE("records that do not end, or that carry nothing, meet the deadline") {
  Connection connection = usual_connection();
  char buffer[8];
  const std::string half("\x17\x03\x03\x01\x00half", 9);  // application data of 256 bytes
  REQUIRE(::send(connection.client.descriptor(), half.data(), half.size(), MSG_NOSIGNAL) == 9);
  CHECK(connection.server.read_some(buffer, sizeof buffer, after_ms(20), nullptr).error().what == "timed out");
  CHECK_FALSE(connection.server.has_input());

  Connection other = connect();
  std::string what;
  {
    std::jthread serving([&] {
      if (!other.server.start_tls_server(*usual_server(), patience(), nullptr)) return;
      const auto got = other.server.read_some(buffer, sizeof buffer, after_ms(50), nullptr);
      what = got ? "read" : got.error().what;
      other.server.close();
    });
    OddClient client(other.client);
    REQUIRE(client.connect());
    // Until the server has had enough of it.
    while (SSL_key_update(client.ssl(), SSL_KEY_UPDATE_NOT_REQUESTED) == 1 && SSL_do_handshake(client.ssl()) == 1) {
    }
  }
  CHECK(what == "timed out");
}

TEST_CASE("bytes that are not what was encrypted end the connection") {
  Connection connection = usual_connection();
  const std::string forged("\x17\x03\x03\x00\x20", 5);
  REQUIRE(::send(connection.client.descriptor(), (forged + std::string(32, 'x')).data(), 37, MSG_NOSIGNAL) == 37);
  char buffer[8];
  CHECK(connection.server.read_some(buffer, sizeof buffer, patience(), nullptr).error().what ==
        "reading: decryption failed or bad record mac");
  CHECK(connection.server.read_some(buffer, sizeof buffer, patience(), nullptr).error().what == "the TLS connection is broken");
}

TEST_CASE("the end of a stream is a zero, with a goodbye or without") {
  for (const bool said : {true, false}) {
    Connection connection = usual_connection(Over::loopback);
    REQUIRE(connection.client.write_all("last", patience(), nullptr));
    if (!said) ::shutdown(connection.client.descriptor(), SHUT_WR);
    if (said) connection.client.close();
    CHECK(read(connection.server, 4) == "last");
    char buffer[8];
    for (int i = 0; i < 2; ++i) {
      const auto got = connection.server.read_some(buffer, sizeof buffer, patience(), nullptr);
      REQUIRE(got);
      CHECK(*got == 0);
    }
    CHECK(connection.server.has_input());
  }
}

TEST_CASE("writing to a peer that has gone is an error, not a signal, with TLS too") {
  Connection connection = usual_connection();
  connection.client.close();
  const auto written = connection.server.write_all(std::string(8 << 20, 'x'), patience(), nullptr);
  REQUIRE_FALSE(written);
  CHECK(written.error().kind == ErrorKind::try_later);
  CHECK(written.error().what == "writing: Broken pipe");
}

TEST_CASE("whether the peer has left is told from what it said before, without TLS and with it") {
  const bool tls = GENERATE(false, true);
  Connection connection = tls ? usual_connection(Over::loopback) : connect(Over::loopback);
  CHECK(connection.server.peer_is_here());
  CHECK_FALSE(connection.server.peer_has_left());
  REQUIRE(connection.client.write_all("x", patience(), nullptr));
  CHECK_FALSE(connection.server.peer_has_left());
  CHECK(read(connection.server, 1) == "x");
  CHECK_FALSE(connection.server.peer_has_left());
  connection.client.close();
  CHECK(connection.server.peer_has_left());
}

TEST_CASE("whether there is input can be asked, without TLS and with it") {
  Connection plain = connect();
  CHECK_FALSE(plain.server.has_input());
  REQUIRE(plain.client.write_all("x", patience(), nullptr));
  CHECK(plain.server.has_input());
  CHECK(read(plain.server, 1) == "x");
  CHECK_FALSE(plain.server.has_input());
  plain.client.close();
  CHECK(plain.server.has_input());
  plain.server.close();
  CHECK_FALSE(plain.server.has_input());

  Connection connection = usual_connection();
  // The server's tickets have come, but they are nothing to read.
  CHECK_FALSE(connection.client.has_input());
  REQUIRE(connection.server.write_all("xy", patience(), nullptr));
  CHECK(connection.client.has_input());
  CHECK(read(connection.client, 1) == "x");
  CHECK(connection.client.has_input());
  CHECK(read(connection.client, 1) == "y");
  CHECK_FALSE(connection.client.has_input());
  connection.server.close();
  CHECK(connection.client.has_input());
}

TEST_CASE("files that cannot be used are named, with the reason") {
  const auto good = certificates().issue();
  const auto other = certificates().issue();
  const std::string none = certificates().path("none"), empty = certificates().path("empty"),
                    locked = certificates().path("locked");
  std::ofstream(empty).close();
  {
    std::FILE* file = std::fopen(locked.c_str(), "w");
    EVP_PKEY* key = EVP_EC_gen("P-256");
    PEM_write_PrivateKey(file, key, EVP_aes_128_cbc(), reinterpret_cast<const unsigned char*>("word"), 4, nullptr, nullptr);
    EVP_PKEY_free(key);
    std::fclose(file);
  }
  const struct {
    std::string certificate, key, what;
  } cases[] = {
      {none, good.key, "certificate " + none + ": No such file or directory"},
      {empty, good.key, "certificate " + empty + ": there is none in it (PEM is expected)"},
      {good.key, good.key, "certificate " + good.key + ": there is none in it (PEM is expected)"},
      {good.certificate, none, "key " + none + ": No such file or directory"},
      {good.certificate, empty, "key " + empty + ": there is none in it (PEM is expected)"},
      {good.certificate, good.certificate, "key " + good.certificate + ": there is none in it (PEM is expected)"},
      {good.certificate, locked, "key " + locked + ": it is locked by a password"},
      {good.certificate, other.key, "key " + other.key + ": key values mismatch"},
  };
  for (const auto& [certificate, key, what] : cases) {
    for (const auto& made :
         {TlsContext::server({certificate, key, false}), TlsContext::client({.certificate = certificate, .key = key})}) {
      REQUIRE_FALSE(made);
      CHECK(made.error().kind == ErrorKind::bad_settings);
      CHECK(made.error().what == what);
    }
  }
  CHECK(TlsContext::client({.authorities = none}).error().what == "authorities " + none + ": No such file or directory");
  CHECK(TlsContext::client({.authorities = empty}).error().what.starts_with("authorities " + empty + ": "));
  CHECK(TlsContext::client({.certificate = good.certificate}).error().what ==
        "a certificate and its key are named both or not at all");
  CHECK(TlsContext::client({}));  // whatever the system trusts
}
