// Compound files ([MS-CFB]), a small file system within a file, and the old formats of Office that live in them: doc, xls, ppt,
// msg. Also the shell around an encrypted docx. All numbers in it are the sender's: every chain is followed only as long as the
// file can be.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/child/document.h"

namespace beadle::extract {

class CompoundFile {
 public:
  struct Entry {
    std::string path;  // `ObjectPool/_12/WordDocument`; `/` within names becomes `_`
    bool is_storage = false;
    std::uint32_t start = 0;
    std::uint32_t bytes = 0;
  };

  /// `bytes` must outlive it. nullopt where the head or the tables make no sense.
  static std::optional<CompoundFile> open(std::string_view bytes);

  const std::vector<Entry>& entries() const { return entries_; }
  /// Those whose path begins with `prefix`.
  std::span<const Entry> below(std::string_view prefix) const;
  const Entry* find(std::string_view path) const;
  bool has(std::string_view path) const { return find(path) != nullptr; }
  /// The content of a stream, as far as it goes; empty where there is none.
  std::string stream(std::string_view path) const;
  std::string stream(const Entry& entry) const;

 private:
  explicit CompoundFile(std::string_view bytes) : bytes_(bytes) {}
  bool read_tables();
  void read_directory();
  std::string_view sector(std::uint32_t number) const;
  std::string chain(std::uint32_t start, std::size_t bytes_max) const;
  std::string small_chain(std::uint32_t start, std::size_t bytes_max) const;

  std::string_view bytes_;
  unsigned sector_shift_ = 9;
  unsigned small_shift_ = 6;
  std::uint32_t small_below_ = 4096;
  std::vector<std::uint32_t> next_;        // the FAT
  std::vector<std::uint32_t> small_next_;  // the mini FAT
  std::string small_sectors_;
  std::vector<Entry> entries_;
};

/// Tells by its streams what `document` is, and reads it.
void read_ole(Document& document);

/// Readers of one storage: `prefix` is empty or ends in a slash.
void read_doc(Document& document, const CompoundFile& file, const std::string& prefix);
void read_xls(Document& document, const CompoundFile& file, const std::string& prefix);
void read_ppt(Document& document, const CompoundFile& file, const std::string& prefix);
void read_msg(Document& document, const CompoundFile& file, const std::string& prefix);
/// Summary information ([MS-OLEPS]): title, subject, … and custom properties.
void read_ole_properties(Document& document, const CompoundFile& file, const std::string& prefix);

}  // namespace beadle::extract
