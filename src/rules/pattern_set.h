// Many patterns held against one line at once. The only place that knows RE2. Immutable once compiled, shared by all threads.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace beadle::rules {

/// What RE2 has against an expression; "" where nothing. Only reads it.
std::string expression_mistake(std::string_view expression);

class PatternSet {
 public:
  explicit PatternSet(std::int64_t memory_bytes_max);
  ~PatternSet();
  PatternSet(const PatternSet&) = delete;
  PatternSet& operator=(const PatternSet&) = delete;

  /// Index of the pattern; the same for the same text. It must be one that `expression_mistake` takes.
  std::size_t add(const std::string& expression);
  /// false where the patterns together are too large.
  bool compile();
  std::size_t size() const;

  /// Puts the indices of all patterns that match somewhere in `line` in `found`, in no order.
  /// error: out of memory, also pattern by pattern; never taken as "no match".
  Result<void> match(std::string_view line, std::vector<int>& found) const;

 private:
  struct Content;
  std::unique_ptr<Content> content_;
};

}  // namespace beadle::rules
