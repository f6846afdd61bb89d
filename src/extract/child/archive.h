// The members of an archive in memory, one after the other, counted while they inflate. Nothing is written and no name is
// believed.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "extract/child/document.h"

struct archive;
struct archive_entry;

namespace beadle::extract {

class ArchiveReader {
 public:
  /// Compressed files hold a tar, or else are one member that is anything.
  enum class Accept { archives, compressed_tar, compressed_file };
  /// Counts against the document's and the run's bounds; both must outlive it.
  ArchiveReader(Document& document, Accept accept);

  enum class Step { entry, end, damaged, encrypted, limit };
  Step next();
  /// As the archive holds it, not shown yet.
  std::string_view name() const { return name_; }
  bool is_file() const;
  bool is_encrypted() const;

  enum class Data { whole, more, damaged, encrypted, limit };
  /// Appends to `out` until it holds `bytes` or the member ends.
  Data read_until(std::string& out, std::size_t bytes);
  std::string problem() const;

 private:
  struct Free {
    void operator()(archive* handle) const;
  };

  bool count(std::size_t bytes);

  Document& document_;
  std::unique_ptr<archive, Free> archive_;
  archive_entry* entry_ = nullptr;
  std::string name_;
  std::size_t inflated_ = 0;
  bool open_ = false;
};

/// Reads every member as a document of its own.
void read_archive(Document& document, ArchiveReader::Accept accept);

}  // namespace beadle::extract
