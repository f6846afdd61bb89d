// One document while it is read: where it stands among documents within documents, and what may still be taken from it.
// Readers of formats hand their text in here; the bounds and the outcome are kept here, for all formats alike.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "base/limits.h"
#include "extract/child/report.h"
#include "extract/extraction.h"

namespace beadle::extract {

/// What all documents of one run share: the report, and the bounds that hold for them together.
struct Job {
  Report& report;
  std::size_t text_bytes_max = limits::document_text_bytes_max;  // of each document
  std::size_t inflated_bytes = 0;
  std::size_t entries = 0;
};

class Document {
 public:
  /// `bytes` must outlive the document. `depth` counts the documents around it.
  Document(Job& job, std::string_view bytes, std::string path, std::size_t depth)
      : job_(job), bytes_(bytes), path_(std::move(path)), depth_(depth) {}

  std::string_view bytes() const { return bytes_; }
  const std::string& path() const { return path_; }
  std::size_t depth() const { return depth_; }
  Job& job() { return job_; }

  /// Text of any line ends, with or without stray control characters; it is tidied here. Nothing where it is blank.
  void add(Place place, std::string_view text);
  /// `name: value` among the properties.
  void add_property(std::string_view name, std::string_view value);
  /// The first `first_page_bytes` as first page, the rest as body.
  void add_pages(std::string_view text, std::size_t first_page_bytes);
  /// raw_… : the bytes as they are.
  void add_raw(Place place, std::string_view bytes);
  /// Something of this document was not read.
  void unread(Outcome outcome, std::string_view detail);
  /// True once its text has met the bound; a reader may stop then.
  bool full() const { return full_; }
  bool has_text() const { return has_text_; }
  bool has_unread() const { return has_unread_; }

  /// Reads a document within this one. `name` is as the sender wrote it.
  void read_member(std::string_view name, std::string_view bytes);
  /// The same for one that has no bytes of its own, but stands in pieces within this one: `read` does it.
  void read_member_by(std::string_view name, std::string_view bytes, const std::function<void(Document&)>& read);
  /// A member that cannot even be had: its name is said, and why.
  void unread_member(std::string_view name, Outcome outcome, std::string_view detail);
  /// Counts `bytes` that came out of something compressed; false where the run's bound is met.
  bool count_inflated(std::size_t bytes);

  /// Of a kind that has no text by nature, and is no picture of one either: nothing is said about its lack of text.
  void expect_no_text() { has_members_ = true; }
  /// Says so where nothing at all was found.
  void finish();

 private:
  void emit(Place place, std::string_view text);
  std::string member_path(std::string_view name) const;

  Job& job_;
  std::string_view bytes_;
  std::string path_;
  std::size_t depth_;
  std::size_t text_bytes_ = 0;
  bool full_ = false;
  bool has_text_ = false;
  bool has_members_ = false;
  bool has_unread_ = false;
};

/// Reads any document: tells its kind by its bytes and hands it to the reader of that kind. Defined in read.cpp.
void read_document(Document& document);
/// Reads the outermost document, all that is within it, and reports. `name` is as the sender wrote it; each document gives
/// `text_bytes_max`.
void read_request(Report& report, std::string_view name, std::string_view bytes,
                  std::size_t text_bytes_max = limits::document_text_bytes_max);
/// Calls `read`, and says what went wrong in it or was not found.
void read_guarded(Document& document, const std::function<void(Document&)>& read);

}  // namespace beadle::extract
