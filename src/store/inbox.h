// The sets that inbox and register walk through, as statements: here, so that a test can look at their plans. Each asks an index for one key.
#pragma once

#include <string>
#include <string_view>

namespace beadle::store {

/// ?1 the value · ?2 from which key · ?3 which key not (that one itself, or NULL for none) · ?4 value of the second column, if any · gives one key
struct SetQuery {
  std::string_view table, column, key, second_column = "";
};

inline constexpr SetQuery held_of_state{"held", "state", "id"};
inline constexpr SetQuery held_of_word{"search_word", "hash", "held"};
inline constexpr SetQuery held_of_clause{"clause", "clause", "held"};
inline constexpr SetQuery held_of_claimant{"claim", "who", "held"};
inline constexpr SetQuery held_of_all{"held", "", "id"};
inline constexpr SetQuery audit_of_act{"audit", "act", "number"};
inline constexpr SetQuery audit_of_who{"audit", "who", "number"};
inline constexpr SetQuery audit_of_act_and_who{"audit", "act", "number", "who"};
inline constexpr SetQuery audit_of_held{"audit", "held", "number"};
inline constexpr SetQuery audit_of_all{"audit", "", "number"};

std::string sql_of(const SetQuery& set, bool ascending);

}  // namespace beadle::store
