#include "extract/child/ole.h"

#include <algorithm>

#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

constexpr std::size_t head_bytes = 512;
constexpr std::size_t head_fat_sectors = 109;
constexpr std::size_t directory_entry_bytes = 128;
constexpr std::uint32_t last_sector = 0xFFFFFFFA;  // above it stand marks: end of chain, free …
constexpr std::size_t storage_depth_max = 20;      // messages within messages within messages

void append_numbers(std::vector<std::uint32_t>& out, std::string_view from) {
  for (std::size_t at = 0; at + 4 <= from.size(); at += 4) out.push_back(u32_at(from, at));
}

std::string entry_name(std::string_view entry) {
  const std::size_t bytes = std::min<std::size_t>(u16_at(entry, 64), 64);
  std::string name = utf8_from_utf16le(entry.substr(0, bytes < 2 ? 0 : bytes - 2));
  std::replace(name.begin(), name.end(), '/', '_');
  return name;
}

}  // namespace

std::optional<CompoundFile> CompoundFile::open(std::string_view bytes) {
  CompoundFile file(bytes);
  if (bytes.size() < head_bytes || !file.read_tables()) return std::nullopt;
  file.read_directory();
  if (file.entries_.empty()) return std::nullopt;
  return file;
}

std::string_view CompoundFile::sector(std::uint32_t number) const {
  const std::size_t at = (std::size_t{number} + 1) << sector_shift_;
  if (number > last_sector || at >= bytes_.size()) return {};
  return bytes_.substr(at, std::size_t{1} << sector_shift_);
}

bool CompoundFile::read_tables() {
  sector_shift_ = u16_at(bytes_, 30);
  small_shift_ = u16_at(bytes_, 32);
  small_below_ = u32_at(bytes_, 56);
  if (sector_shift_ < 7 || sector_shift_ > 16 || small_shift_ < 4 || small_shift_ >= sector_shift_) return false;
  const std::size_t sectors = (bytes_.size() >> sector_shift_) + 1;
  std::vector<std::uint32_t> fat_sectors;
  append_numbers(fat_sectors, bytes_.substr(76, head_fat_sectors * 4));
  std::uint32_t more = u32_at(bytes_, 68);
  for (std::size_t i = 0; i < sectors && more <= last_sector; ++i) {
    const std::string_view list = sector(more);
    if (list.size() < 8) break;
    append_numbers(fat_sectors, list.substr(0, list.size() - 4));
    more = u32_at(list, list.size() - 4);
  }
  for (const std::uint32_t each : fat_sectors) {
    if (each <= last_sector && next_.size() < sectors) append_numbers(next_, sector(each));
  }
  return !next_.empty();
}

std::string CompoundFile::chain(std::uint32_t start, std::size_t bytes_max) const {
  std::string out;
  std::size_t steps = 0;
  for (std::uint32_t at = start; at <= last_sector && out.size() < bytes_max && ++steps <= next_.size(); at = next_[at]) {
    const std::string_view piece = sector(at);
    out += piece.substr(0, bytes_max - out.size());
    if (piece.empty() || at >= next_.size()) break;
  }
  return out;
}

std::string CompoundFile::small_chain(std::uint32_t start, std::size_t bytes_max) const {
  std::string out;
  std::size_t steps = 0;
  for (std::uint32_t at = start; at < small_next_.size() && out.size() < bytes_max && ++steps <= small_next_.size();
       at = small_next_[at]) {
    const std::size_t place = std::size_t{at} << small_shift_;
    if (place >= small_sectors_.size()) break;
    out += std::string_view(small_sectors_).substr(place, std::min(std::size_t{1} << small_shift_, bytes_max - out.size()));
  }
  return out;
}

void CompoundFile::read_directory() {
  const std::string directory = chain(u32_at(bytes_, 48), bytes_.size());
  const std::size_t count = directory.size() / directory_entry_bytes;
  if (count == 0) return;
  const auto entry_at = [&](std::size_t i) {
    return std::string_view(directory).substr(i * directory_entry_bytes, directory_entry_bytes);
  };
  append_numbers(small_next_, chain(u32_at(bytes_, 60), bytes_.size()));
  small_sectors_ = chain(u32_at(entry_at(0), 116), u32_at(entry_at(0), 120));

  struct Visit {
    std::uint32_t index;
    std::string folder;
    std::size_t depth;
  };
  std::vector<Visit> open{{u32_at(entry_at(0), 76), "", 0}};
  std::vector<bool> seen(count, false);
  while (!open.empty()) {
    const Visit visit = std::move(open.back());
    open.pop_back();
    if (visit.index >= count || seen[visit.index]) continue;
    seen[visit.index] = true;
    const std::string_view raw = entry_at(visit.index);
    const bool storage = raw[66] == 1;
    Entry entry{visit.folder + entry_name(raw), storage, u32_at(raw, 116), u32_at(raw, 120)};
    open.push_back({u32_at(raw, 68), visit.folder, visit.depth});
    open.push_back({u32_at(raw, 72), visit.folder, visit.depth});
    if (storage && visit.depth < storage_depth_max) open.push_back({u32_at(raw, 76), entry.path + "/", visit.depth + 1});
    entries_.push_back(std::move(entry));
  }
  std::sort(entries_.begin(), entries_.end(), [](const Entry& a, const Entry& b) { return a.path < b.path; });
}

std::span<const CompoundFile::Entry> CompoundFile::below(std::string_view prefix) const {
  const auto start = [&](const Entry& entry) { return std::string_view(entry.path).substr(0, prefix.size()); };
  const auto first =
      std::partition_point(entries_.begin(), entries_.end(), [&](const Entry& entry) { return start(entry) < prefix; });
  const auto last = std::partition_point(first, entries_.end(), [&](const Entry& entry) { return start(entry) == prefix; });
  return {first, last};
}

const CompoundFile::Entry* CompoundFile::find(std::string_view path) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), path,
                                      [](const Entry& entry, std::string_view name) { return entry.path < name; });
  return found != entries_.end() && found->path == path ? &*found : nullptr;
}

std::string CompoundFile::stream(std::string_view path) const {
  const Entry* entry = find(path);
  return entry == nullptr ? std::string() : stream(*entry);
}

std::string CompoundFile::stream(const Entry& entry) const {
  if (entry.is_storage) return {};
  return entry.bytes < small_below_ ? small_chain(entry.start, entry.bytes) : chain(entry.start, entry.bytes);
}

}  // namespace beadle::extract
