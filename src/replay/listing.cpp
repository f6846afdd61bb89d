#include "replay/listing.h"

#include <algorithm>
#include <tuple>

#include "base/check.h"

namespace beadle::replay {

void Listing::add(std::uint16_t source, const Entry& entry) {
  CHECK(entry.name.size() <= std::numeric_limits<std::uint32_t>::max());
  Item item;
  item.name_begin = names_.size();
  item.name_size = static_cast<std::uint32_t>(entry.name.size());
  item.source = source;
  item.begin = entry.begin;
  item.size = entry.size;
  names_ += entry.name;
  items_.push_back(item);
}

void Listing::put_in_order() {
  std::vector<std::uint64_t> ids;
  for (const Item& item : items_) {
    if (item.id_hash != 0) ids.push_back(item.id_hash);
  }
  std::sort(ids.begin(), ids.end());
  for (Item& item : items_) {
    const auto [begin, end] = std::equal_range(ids.begin(), ids.end(), item.id_hash);
    item.repeated = end - begin > 1;
  }
  std::erase_if(items_, [](const Item& item) { return item.state != Item::State::wanted; });
  std::sort(items_.begin(), items_.end(), [&](const Item& a, const Item& b) {
    return std::tuple(a.at_ms, a.source, a.begin, name(a)) < std::tuple(b.at_ms, b.source, b.begin, name(b));
  });
}

}  // namespace beadle::replay
