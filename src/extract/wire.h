// What the caller and the child say to each other. Once a document has taken over the child, every byte of its answer is hostile:
// the caller's Reader takes nothing on trust, and whatever does not fit ends the conversation.
//
// request, on the child's standard input, until its end:
//   "beadle-extract 2\n"  u64 bytes of memory  u64 bytes of text  u32 bytes of the name, name  u64 bytes of the document,
//   document
// answer, on its standard output: frames, each
//   u8 type  u32 bytes of the payload, payload
//   'K' kind      text; once, somewhere before the end
//   'R' reading   path of the document that is read from here on, so that a crash can be laid at its door
//   'P' passage   u8 place  u16 bytes of the path, path  text (the rest)
//   'U' unread    u8 outcome (not ok)  u16 bytes of the path, path  detail (the rest)
//   'F' failed    why the child could not even start; last
//   'E' end       empty; last. An answer without it is not whole.
// Numbers are unsigned and little-endian. Texts are UTF-8, but for those of raw_… passages.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "extract/extraction.h"

namespace beadle::extract::wire {

/// What stands before the document's bytes.
std::string request_head(const Bounds& bounds, std::string_view name, std::uint64_t document_bytes);

struct Request {
  Bounds bounds;  // no more than base/limits.h has, whatever was asked for
  std::string_view name;
  std::string_view document;
};
/// nullopt where `input` is not exactly one request. The views point into `input`.
std::optional<Request> parse_request(std::string_view input);

void append_kind(std::string& out, std::string_view kind);
void append_reading(std::string& out, std::string_view path);
void append_passage(std::string& out, Place place, std::string_view path, std::string_view text);
void append_unread(std::string& out, Outcome outcome, std::string_view path, std::string_view detail);
void append_failed(std::string& out, std::string_view why);
void append_end(std::string& out);

/// Takes an answer apart, piece by piece.
class Reader {
 public:
  /// False once the answer breaks the rules above or a bound; `problem` says which. Nothing is taken after that.
  bool feed(std::string_view bytes);
  /// An 'E' or 'F' was seen.
  bool ended() const { return ended_; }
  const std::string& problem() const { return problem_; }
  /// Why the child could not start; empty where it could.
  const std::string& failed() const { return failed_; }
  /// Path of the document that was being read last.
  const std::string& reading() const { return reading_; }
  /// What came so far; `outcome` is the gravest of what is unread.
  Extraction& extraction() { return extraction_; }

 private:
  bool take_frame(char type, std::string_view payload);
  bool take_passage(std::string_view payload);
  bool take_unread(std::string_view payload);
  bool broken(std::string_view why);

  std::string buffer_;
  std::size_t seen_bytes_ = 0;
  std::size_t frames_ = 0;
  bool ended_ = false;
  std::string problem_;
  std::string failed_;
  std::string reading_;
  Extraction extraction_;
};

}  // namespace beadle::extract::wire
