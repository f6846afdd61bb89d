// What a head asks of us, and whether we do that: method, host, length of the body, its type. Whatever two servers could understand two ways is
// refused (RFC 9110 §7.2, RFC 9112 §6).
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "web/http_head.h"

namespace beadle::web {

/// Where the body of a request ends.
struct Framing {
  bool chunked = false;
  std::size_t length = 0;  // of one that is not chunked
};

std::optional<Refusal> refusal_of_method(const Head& head);
/// Of fields that may come once and come twice.
std::optional<Refusal> refusal_of_repeats(const Head& head);
/// `hosts`: HttpSettings::hosts.
std::optional<Refusal> refusal_of_host(const Head& head, const std::vector<std::string>& hosts);
/// Of what a body may be, where there is one, and of Expect.
std::optional<Refusal> refusal_of_body(const Head& head);
/// Fills `framing`.
std::optional<Refusal> read_framing(const Head& head, Framing& framing);
/// The connection may be used again.
bool wants_keep_alive(const Head& head);

/// The first value; nullopt where there is none.
std::optional<std::string_view> field_of(const Head& head, std::string_view name);

}  // namespace beadle::web
