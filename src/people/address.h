// One way of comparing addresses: lower case, no plus-tag, domain as A-labels (RFC 5890). Nothing here parses header fields.
// Keys are made of any bytes, in linear time; whether an address is well formed is asked of address_mistake.
#pragma once

#include <string>
#include <string_view>

namespace beadle::people {

/// The comparable form of `local@domain`: ASCII and full Unicode case folded, `+tag` dropped, quotes around a plain local
/// part dropped and put around one that needs them, trailing dot of the domain dropped, IDN as A-labels. "" where there is no @ with something on both sides.
/// Over limits::address_bytes_max only ASCII case is folded: such an address is nobody's in the roster, but still somebody's.
std::string address_key(std::string_view address);
/// Domain of an address in its comparable form, "" where there is none.
std::string domain_key(std::string_view address);
/// The comparable form of a bare domain: lower case, A-labels (UTS 46, nontransitional), no trailing dot.
std::string comparable_domain(std::string_view domain);

/// Why this is not an address (or a domain) that a person may write into a file, "" where it is one. Stricter than RFC 5321
/// §4.1.2: no address literals, no names without a dot, no display name or angle brackets.
std::string address_mistake(std::string_view address);
std::string domain_mistake(std::string_view domain);

}  // namespace beadle::people
