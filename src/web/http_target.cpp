#include "web/http_target.h"

#include <algorithm>

#include "base/text.h"
#include "web/form.h"

namespace beadle::web {
namespace {

/// Takes "http://host" off; false where there is none, or another host's.
bool take_authority(std::string_view& target, std::string_view host) {
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (!ascii_istarts_with(target, scheme)) continue;
    target.remove_prefix(scheme.size());
    const std::string_view authority = target.substr(0, target.find_first_of("/?"));
    target.remove_prefix(authority.size());
    return ascii_iequals(authority, host);
  }
  return false;
}

bool has_control(std::string_view text) {
  return std::any_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7F'; });
}

/// nullopt: could be read two ways. A slash that was encoded is one for some programs and none for others; so is a backslash.
std::optional<std::string> decoded_segment(std::string_view encoded) {
  auto segment = percent_decoded(encoded, Plus::is_plus);
  if (!segment || *segment == "." || *segment == ".." || has_control(*segment) || !is_valid_utf8(*segment)) return std::nullopt;
  if (segment->find_first_of("/\\") != std::string::npos) return std::nullopt;
  return segment;
}

std::optional<Refusal> read_path(std::string_view path, Request& request) {
  if (!path.starts_with('/')) return Refusal{400, "path that is not one of ours"};
  const auto segments = split(path.substr(1), '/');
  request.path.clear();
  for (std::size_t i = 0; i < segments.size(); ++i) {
    // Only the last may be empty: "/" and "/held/".
    if (segments[i].empty() && i + 1 < segments.size()) return Refusal{400, "empty segment in the path"};
    const auto segment = decoded_segment(segments[i]);
    if (!segment) return Refusal{400, "path that can be read two ways"};
    request.path += "/" + *segment;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> read_target(std::string_view target, std::string_view host, Request& request) {
  if (target.find('#') != std::string_view::npos) return Refusal{400, "fragment in the target"};
  if (!target.starts_with('/') && !take_authority(target, host)) return Refusal{400, "target of another host, or none"};
  const std::size_t mark = target.find('?');
  if (const auto refusal = read_path(target.substr(0, mark), request)) return refusal;
  auto query = parse_form(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  if (!query) return Refusal{400, "query that cannot be decoded"};
  request.query = std::move(*query);
  return std::nullopt;
}

}  // namespace beadle::web
