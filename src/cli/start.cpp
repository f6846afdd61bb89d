#include "cli/start.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/limits.h"
#include "base/text.h"
#include "cli/commands.h"
#include "deliver/templates.h"
#include "store/store.h"
#include "store/vault.h"

namespace beadle::cli {
namespace {

using Tls = config::Settings::Smtp::Tls;

Result<smtp::NextHopSettings> next_hop_of(const config::Settings& settings) {
  const config::Settings::Smtp& smtp = settings.smtp;
  smtp::NextHopSettings out;
  std::string message;
  const auto endpoint = net::parse_endpoint(smtp.next_hop, message);
  if (!endpoint) return Error{ErrorKind::bad_settings, "smtp.next-hop: " + message};
  out.endpoint = *endpoint;
  out.helo_name = settings.host_name;
  out.tls = smtp.next_hop_tls == Tls::must  ? smtp::NextHopSettings::Tls::required
            : smtp.next_hop_tls == Tls::may ? smtp::NextHopSettings::Tls::if_offered
                                            : smtp::NextHopSettings::Tls::never;
  if (smtp.next_hop_tls != Tls::never) {
    out.tls_context = TRY(net::TlsContext::client({.verify = smtp.next_hop_verify, .authorities = smtp.next_hop_authorities,
                                               .certificate = smtp.next_hop_certificate, .key = smtp.next_hop_key}));
  }
  out.tls_name = smtp.next_hop_name;
  out.user = smtp.user;
  if (!smtp.password_file.empty()) {
    std::string password = TRY(config::read_file(smtp.password_file));
    while (password.ends_with('\n') || password.ends_with('\r')) password.pop_back();
    if (password.empty()) return Error{ErrorKind::bad_settings, smtp.password_file + " is empty"};
    out.password = std::move(password);
  }
  out.connect_timeout_ms = limits::smtp_connect_timeout_ms;
  out.command_timeout_ms = limits::smtp_command_timeout_ms;
  out.data_timeout_ms = limits::smtp_data_timeout_ms;
  return out;
}

Result<smtp::RequiredField> required_field_of(const config::Settings::Smtp& settings) {
  smtp::RequiredField field{settings.require_field, {}};
  if (field.name.empty()) return field;
  const std::string text = TRY(config::read_file(settings.require_field_file));
  for (const std::string_view line : split(text, '\n')) {
    const std::string_view value = trimmed(line);
    if (value.empty()) continue;
    if (value.size() < smtp::required_field_bytes_least) {
      return Error{ErrorKind::bad_settings, settings.require_field_file + ": a value of less than " + std::to_string(smtp::required_field_bytes_least) +
                                                " characters can be guessed; openssl rand -hex 32 makes a good one"};
    }
    field.values.emplace_back(value);
  }
  if (field.values.empty()) return Error{ErrorKind::bad_settings, settings.require_field_file + " is empty"};
  return field;
}

Result<smtp::DoorSettings> door_of(const config::Settings& settings, smtp::NextHopSettings next_hop) {
  const config::Settings::Smtp& smtp = settings.smtp;
  smtp::DoorSettings out;
  out.host_name = settings.host_name;
  out.next_hop = std::move(next_hop);
  if (!smtp.certificate.empty() && smtp.tls != Tls::never) {
    out.tls = TRY(net::TlsContext::server({.certificate = smtp.certificate, .key = smtp.key, .ask_client = !smtp.relay_certificates.empty()}));
  }
  out.tls_required = smtp.tls == Tls::must;
  out.relay_from = networks_of(smtp.relay_from);
  out.relay_certificates = smtp.relay_certificates;
  out.xforward_from = networks_of(smtp.xforward_from);
  out.required_field = TRY(required_field_of(smtp));
  std::error_code ignored;
  if (!std::filesystem::is_directory(smtp.spool, ignored)) {
    return Error{ErrorKind::bad_settings, "smtp.spool: " + smtp.spool + ": no such folder: create it, owned by the user that runs Beadle"};
  }
  out.spool_directory = smtp.spool;
  out.connections = static_cast<std::size_t>(smtp.connections);
  out.connections_per_host = static_cast<std::size_t>(smtp.connections_per_host);
  return out;
}

Result<void> check_keys(const config::Settings& settings) {
  // A credential is there only where systemd has started us.
  const auto is_credential = [](const std::string& key) { return key.starts_with("credential:"); };
  const bool credentials = is_credential(settings.store_key) || std::any_of(settings.store_old_keys.begin(), settings.store_old_keys.end(), is_credential);
  if (credentials && std::getenv("CREDENTIALS_DIRECTORY") == nullptr) return {};
  TRY(store::Vault::load(settings.store_key, settings.store_old_keys));
  return {};
}

}  // namespace

std::vector<Network> networks_of(const std::vector<std::string>& texts) {
  std::vector<Network> parsed;
  for (const std::string& text : texts) {
    std::string message;
    const auto network = parse_network(text, message);
    CHECK(network.has_value());
    parsed.push_back(*network);
  }
  return parsed;
}

Result<Routes> routes_of(const config::Settings& settings, bool with_door) {
  std::string message;
  const auto reentry = net::parse_endpoint(settings.reentry, message);
  if (!reentry) return Error{ErrorKind::bad_settings, "release.reentry: " + message};
  Routes routes{std::nullopt, {*reentry, settings.host_name, {}, false}};
  if (!with_door) return routes;
  if (settings.smtp.next_hop.empty()) return Error{ErrorKind::bad_settings, "smtp.next-hop is missing: where does inspected mail go?"};
  smtp::NextHopSettings next_hop = TRY(next_hop_of(settings));
  routes.door = TRY(door_of(settings, std::move(next_hop)));
  routes.delivery.next_hop = routes.door->next_hop;
  routes.delivery.notices_to_next_hop = !settings.reentry_given;
  return routes;
}

std::optional<inspect::Policy> check_start(const config::Settings& settings, Problems& problems) {
  auto policy = config::load_policy(settings, problems);
  (void)document_reader(settings, problems);
  if (policy) config::note_odd_reviewers(settings, *policy->people, problems);
  const auto note = [&](const Error& error, Position at = {}) { problems.push_back({Problem::Severity::error, settings.file, at, error.what, ""}); };
  const auto place_of = [&](const std::string& key) {
    const auto place = settings.places.find(key);
    return place == settings.places.end() ? Position{} : place->second;
  };
  std::error_code ignored;
  if (std::filesystem::is_directory(settings.notices_directory, ignored)) {
    (void)deliver::load_templates(settings.notices_directory, problems);
  } else {  // once, and not for each of the templates
    problems.push_back({Problem::Severity::error, settings.file, place_of("notices.directory"), settings.notices_directory + ": no such folder of notices",
                        "copy config/notices there, or name yours as directory in [notices]"});
  }
  if (const auto place = store::Store::check_place(settings.database); !place) note(place.error(), place_of("store.database"));
  if (const auto keys = check_keys(settings); !keys) note(keys.error());
  // The socket of the door may be systemd's: then only the next hop tells that it is used.
  const bool with_door = !settings.smtp.listen.empty() || !settings.smtp.next_hop.empty();
  if (const auto routes = routes_of(settings, with_door); !routes) note(routes.error());
  return policy;
}

}  // namespace beadle::cli
