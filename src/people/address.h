// One way of comparing addresses: lower case, no plus-tag, domain as A-labels (RFC 5890). Nothing here parses header fields.
#pragma once

#include <string>
#include <string_view>

namespace beadle::people {

/// The comparable form of `local@domain`: ASCII and full Unicode case folded, `+tag` dropped, quotes around a plain local
/// part dropped, trailing dot of the domain dropped, IDN as A-labels. "" where there is no @ with something on both sides.
std::string address_key(std::string_view address);
/// Domain of an address in its comparable form, "" where there is none.
std::string domain_key(std::string_view address);

}  // namespace beadle::people
