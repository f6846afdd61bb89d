#include "imap/connection.h"

#include <curl/curl.h>
#include <poll.h>

#include <algorithm>
#include <climits>
#include <mutex>

#include "base/network.h"
#include "base/text.h"
#include "imap/bounds.h"

namespace beadle::imap {
namespace {

void prepare_library() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

int on_progress(void* stop, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
  return stop != nullptr && static_cast<const net::StopSwitch*>(stop)->stopped() ? 1 : 0;
}

std::int64_t ms_left(net::Deadline deadline) {
  return std::max<std::int64_t>(0, std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count());
}

Error login_error(CURLcode code, const char* words) {
  const std::string what = words != nullptr && *words != '\0' ? printable(shortened(words, words_bytes_max)) : curl_easy_strerror(code);
  switch (code) {
    case CURLE_LOGIN_DENIED: return {ErrorKind::refused, "the mail server refused the login"};
    case CURLE_ABORTED_BY_CALLBACK: return {ErrorKind::try_later, "stopped"};
    case CURLE_COULDNT_RESOLVE_HOST: return {ErrorKind::try_later, "nobody knows the mail server's name"};
    case CURLE_COULDNT_CONNECT: return {ErrorKind::try_later, "the mail server cannot be reached"};
    case CURLE_OPERATION_TIMEDOUT: return {ErrorKind::try_later, "the mail server took too long"};
    case CURLE_USE_SSL_FAILED: return {ErrorKind::refused, "the mail server offers no STARTTLS, and nobody logs in without encryption"};
    case CURLE_PEER_FAILED_VERIFICATION: return {ErrorKind::refused, "the mail server's certificate is not valid: " + what};
    case CURLE_SSL_CACERT_BADFILE: return {ErrorKind::bad_settings, "authorities cannot be read: " + what};
    default: return {ErrorKind::try_later, what};
  }
}

}  // namespace

std::string host_of(const std::string& url) {
  const std::size_t scheme = url.find("://");
  const std::string rest = scheme == std::string::npos ? url : url.substr(scheme + 3);
  return rest.starts_with('[') ? rest.substr(0, rest.find(']') + 1) : rest.substr(0, rest.find(':'));
}

std::string url_mistake(const std::string& url) {
  if (!url.starts_with("imaps://") && !url.starts_with("imap://")) return "begins with neither imaps:// nor imap://";
  const std::string rest = url.substr(url.find("://") + 3);
  const bool plain = rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == std::string::npos;
  if (rest.empty() || !plain || host_of(url).empty()) return "is no host, with a port where it is not the usual one";
  return "";
}

bool is_on_loopback(const std::string& url) {
  static const std::vector<Network> loopback = [] {
    std::string message;
    return std::vector<Network>{*parse_network("127.0.0.0/8", message), *parse_network("::1", message)};
  }();
  std::string host = host_of(url);
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  // libcurl asks nobody what localhost is.
  return ascii_iequals(host, "localhost") || any_contains(loopback, host);
}

Connection::Connection(const net::StopSwitch* stop) : handle_(curl_easy_init()), stop_(stop) { CHECK(handle_ != nullptr); }

Connection::~Connection() { curl_easy_cleanup(handle_); }

Result<std::unique_ptr<Connection>> Connection::open(const Login& login, net::Deadline deadline, const net::StopSwitch* stop) {
  prepare_library();
  if (const std::string mistake = url_mistake(login.url); !mistake.empty()) return Error{ErrorKind::bad_settings, printable(login.url) + " " + mistake};
  std::unique_ptr<Connection> connection(new Connection(stop));
  TRY(connection->log_in(login, deadline));
  return connection;
}

Result<void> Connection::log_in(const Login& login, net::Deadline deadline) {
  CURL* curl = handle_;
  bool set = true;
  const auto option = [&](CURLoption key, auto value) { set = set && curl_easy_setopt(curl, key, value) == CURLE_OK; };
  char words[CURL_ERROR_SIZE] = "";
  option(CURLOPT_ERRORBUFFER, words);
  option(CURLOPT_URL, login.url.c_str());
  option(CURLOPT_PROTOCOLS_STR, "imap,imaps");
  option(CURLOPT_CONNECT_ONLY, 1L);
  option(CURLOPT_USE_SSL, static_cast<long>(is_on_loopback(login.url) ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  option(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
  option(CURLOPT_SSL_VERIFYPEER, 1L);
  option(CURLOPT_SSL_VERIFYHOST, 2L);
  if (!login.authorities.empty()) {
    option(CURLOPT_CAINFO, login.authorities.c_str());
    option(CURLOPT_CAPATH, static_cast<const char*>(nullptr));
  }
  option(CURLOPT_PROXY, "");  // whatever the environment says
  option(CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
  option(CURLOPT_NOSIGNAL, 1L);
  option(CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(1, ms_left(deadline))));
  option(CURLOPT_NOPROGRESS, 0L);
  option(CURLOPT_XFERINFOFUNCTION, &on_progress);
  option(CURLOPT_XFERINFODATA, const_cast<net::StopSwitch*>(stop_));
  option(CURLOPT_USERNAME, login.user.c_str());
  if (login.by == Login::By::password) {
    option(CURLOPT_PASSWORD, login.password.c_str());
  } else {
    option(CURLOPT_XOAUTH2_BEARER, login.password.c_str());
    option(CURLOPT_LOGIN_OPTIONS, login.by == Login::By::xoauth2 ? "AUTH=XOAUTH2" : "AUTH=OAUTHBEARER");
  }
  // RFC 4616: a master user acts for somebody else. PLAIN is the mechanism that has this.
  if (!login.mailbox.empty()) {
    option(CURLOPT_SASL_AUTHZID, login.mailbox.c_str());
    if (login.by == Login::By::password) option(CURLOPT_LOGIN_OPTIONS, "AUTH=PLAIN");
  }
  if (!set) return Error{ErrorKind::bad_settings, "this libcurl cannot log in to " + printable(login.url)};
  const CURLcode code = curl_easy_perform(curl);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, static_cast<char*>(nullptr));
  if (code != CURLE_OK) return login_error(code, words);
  return {};
}

Result<void> Connection::wait(short events, net::Deadline deadline) const {
  curl_socket_t socket = CURL_SOCKET_BAD;
  if (curl_easy_getinfo(handle_, CURLINFO_ACTIVESOCKET, &socket) != CURLE_OK || socket == CURL_SOCKET_BAD) {
    return Error{ErrorKind::try_later, "the connection is broken"};
  }
  const std::int64_t left = ms_left(deadline);
  if (left == 0) return Error{ErrorKind::try_later, "the mail server took too long"};
  pollfd waited[2] = {{socket, events, 0}, {stop_ != nullptr ? stop_->descriptor() : -1, POLLIN, 0}};
  ::poll(waited, 2, static_cast<int>(std::min<std::int64_t>(left, INT_MAX)));
  if (stop_ != nullptr && stop_->stopped()) return Error{ErrorKind::try_later, "stopped"};
  return {};
}

Result<void> Connection::send(std::string_view bytes, net::Deadline deadline) {
  while (!bytes.empty()) {
    std::size_t sent = 0;
    const CURLcode code = curl_easy_send(handle_, bytes.data(), bytes.size(), &sent);
    if (code != CURLE_OK && code != CURLE_AGAIN) return Error{ErrorKind::try_later, "the mail server has hung up"};
    bytes.remove_prefix(std::min(sent, bytes.size()));
    if (!bytes.empty() && code == CURLE_AGAIN) TRY(wait(POLLOUT, deadline));
  }
  return {};
}

Result<std::size_t> Connection::receive(char* buffer, std::size_t size, net::Deadline deadline) {
  while (true) {
    if (stop_ != nullptr && stop_->stopped()) return Error{ErrorKind::try_later, "stopped"};
    if (ms_left(deadline) == 0) return Error{ErrorKind::try_later, "the mail server took too long"};
    std::size_t received = 0;
    const CURLcode code = curl_easy_recv(handle_, buffer, size, &received);
    if (code == CURLE_OK) return received;
    if (code != CURLE_AGAIN) return Error{ErrorKind::try_later, std::string("the connection is broken: ") + curl_easy_strerror(code)};
    TRY(wait(POLLIN, deadline));
  }
}

}  // namespace beadle::imap
