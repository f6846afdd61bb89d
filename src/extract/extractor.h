// Reads the text out of attached documents, by a child program that is locked in and lives for one document.
// Leaves to others: what an outcome means for the mail (the caller's policy), and the parsing of raw_… passages (mail/).
// Never fails: a child that crashes, hangs, lies or is missing is an Outcome with its detail.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "extract/extraction.h"

namespace beadle::extract {

class Nursery;

struct ExtractorSettings {
  std::string program;  // absolute path of `beadle-extract`
  std::int64_t wall_clock_ms = limits::document_wall_clock_ms;
  Bounds bounds{};
  std::size_t document_bytes_max = limits::message_bytes_max;
  bool nursery = false;  // readers are forked from one that is kept ready (nursery.h): for who reads many documents
};

class Extractor {
 public:
  explicit Extractor(ExtractorSettings settings);
  ~Extractor();

  /// `file_name` (UTF-8, as the sender wrote it) is shown and a hint, no more. Safe to call from several threads at once.
  /// cost: one process, some 10 ms before the document counts, or one from a nursery; blocks until `wall_clock_ms` at the latest, or `ms_left` where
  /// that is less.
  Extraction run(std::string_view bytes, std::string_view file_name, std::int64_t ms_left = limits::document_wall_clock_ms) const;

 private:
  ExtractorSettings settings_;
  std::unique_ptr<Nursery> nursery_;
};

}  // namespace beadle::extract
