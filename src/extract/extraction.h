// What was read out of a document, where each text stands in it, and what could not be read and why.
// There is no silent "no text": whatever was not read in full stands in `unread`, for the document and for each member of an
// archive.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"

namespace beadle::extract {

/// What the child may take for one document. More than base/limits.h has is not given.
struct Bounds {
  std::size_t memory_bytes = limits::document_memory_bytes_max;
  std::size_t text_bytes = limits::document_text_bytes_max;  // of each document; raw_… passages have a bound of their own
  bool operator==(const Bounds&) const = default;
};

/// In order of weight: an extraction's own outcome is the gravest of its `unread`.
enum class Outcome {
  ok,
  no_text,     // read in full, but holds no text that can be read: a scan, a picture
  truncated,   // ends before it should, or is damaged from some place on; what stands before was read
  encrypted,   // needs a password or a key
  unreadable,  // of a kind that is not read, or too broken
  limit,       // met a bound of base/limits.h: too large, too deep, too slow
  crashed,     // the child ended without an answer, or was not there
};

enum class Place {
  file_name,      // of the document, or of a member of an archive
  properties,     // title, subject, keywords, comments, custom properties (sensitivity labels), a line each: `name: value`
  first_page,     // page 1; where pages are not marked the first lines; slide 1; the first rows of sheet 1
  header_footer,  // headers and footers of pages, masters of slides
  body,
  raw_text,     // the bytes of a text file, of unknown charset (UTF-8 where the file told)
  raw_html,     // the bytes of an HTML or XML file
  raw_message,  // the bytes of a mail (RFC 5322)
};

struct Passage {
  Place place = Place::body;
  std::string path;  // `papers.zip/report.docx`; the sender chose the names
  std::string text;  // UTF-8 with LF, but for raw_…: bytes as they are
  bool operator==(const Passage&) const = default;
};

struct Unread {
  std::string path;
  Outcome outcome = Outcome::unreadable;
  std::string detail;  // for the reviewer
  bool operator==(const Unread&) const = default;
};

struct Extraction {
  Outcome outcome = Outcome::ok;
  std::string kind;  // of the outermost document, by its bytes: `docx`, `pdf`, `zip`, …
  std::vector<Passage> passages;
  std::vector<Unread> unread;  // empty if, and only if, the outcome is ok
  bool operator==(const Extraction&) const = default;
};

std::string_view to_string(Outcome outcome);
std::string_view to_string(Place place);
inline bool is_raw(Place place) { return place >= Place::raw_text; }

}  // namespace beadle::extract
