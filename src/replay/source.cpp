#include "replay/source.h"

#include "base/limits.h"
#include "replay/outline.h"

namespace beadle::replay {

Result<void> Source::read_together(const std::vector<Entry>& entries, Part part, const Take& take) const {
  for (std::size_t i = 0; i < entries.size(); ++i) take(i, read(entries[i], part == Part::header ? head_bytes : limits::message_bytes_max + 1));
  return {};
}

}  // namespace beadle::replay
