// How a name is kept that somebody tried to sign in with. For the .cpp files of accounts only.
#pragma once

#include <string>
#include <string_view>

namespace beadle::store {

/// Enough to count by, too little to guess a password by that was typed into the wrong field. `known`: of a browser that the account has used before;
/// no name that is typed has the same.
std::string failure_key(std::string_view name, bool known = false);

}  // namespace beadle::store
