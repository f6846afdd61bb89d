// What a replay has to do, in order: every message of its sources by name, as small as can be, since there may be a million.
#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "replay/source.h"

namespace beadle::replay {

class Listing {
 public:
  struct Item {
    std::uint64_t name_begin = 0;
    std::uint32_t name_size = 0;
    std::uint16_t source = 0;
    enum class State : std::uint8_t { listed, wanted, incoming, done, failed } state = State::listed;
    bool repeated = false;  // others have its Message-ID
    std::uint64_t begin = 0, size = 0;
    std::int64_t at_ms = undated;
    std::uint64_t id_hash = 0;  // of its Message-ID; 0: it has none
    char digest[32] = {};
  };
  static constexpr std::int64_t undated = std::numeric_limits<std::int64_t>::max();

  void add(std::uint16_t source, const Entry& entry);
  std::size_t size() const { return items_.size(); }
  Item& item(std::size_t index) { return items_[index]; }
  std::string_view name(const Item& item) const { return std::string_view(names_).substr(item.name_begin, item.name_size); }
  Entry entry(const Item& item) const { return {std::string(name(item)), item.begin, item.size}; }

  /// Leaves what is wanted, oldest first, undated last, and notes which share a Message-ID.
  void put_in_order();

 private:
  std::vector<Item> items_;
  std::string names_;
};

}  // namespace beadle::replay
