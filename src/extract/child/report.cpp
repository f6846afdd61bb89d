#include "extract/child/report.h"

#include "base/limits.h"
#include "base/text.h"
#include "extract/wire.h"

namespace beadle::extract {
namespace {

constexpr std::size_t flush_bytes = 64u << 10;
constexpr std::size_t frames_kept_back = 10;  // for the last words: what did not fit, and the end

}  // namespace

bool Report::fits(std::size_t bytes) const {
  return said_bytes_ + bytes <= limits::document_output_bytes_max && frames_ + frames_kept_back < limits::document_frames_max;
}

void Report::flush() {
  if (!pending_.empty()) write_(pending_);
  pending_.clear();
}

void Report::kind(std::string_view kind) {
  if (kind_said_) return;
  kind_said_ = true;
  ++frames_;
  wire::append_kind(pending_, kind);
}

void Report::reading(std::string_view path) {
  if (fits(path.size())) {
    ++frames_;
    said_bytes_ += path.size();
    wire::append_reading(pending_, path);
  }
  flush();
}

bool Report::passage(Place place, std::string_view path, std::string_view text) {
  if (!fits(path.size() + text.size())) {
    unread(path, Outcome::limit, "more text than is read of one attachment");
    return false;
  }
  ++frames_;
  said_bytes_ += path.size() + text.size();
  wire::append_passage(pending_, place, path, text);
  if (pending_.size() > flush_bytes) flush();
  return true;
}

void Report::unread(std::string_view path, Outcome outcome, std::string_view detail) {
  const std::string shown = shortened(printable(detail), limits::document_detail_bytes_max);
  const bool fit = fits(path.size() + shown.size());
  if (!fit && overflow_said_) return;
  if (!fit) overflow_said_ = true;
  ++frames_;
  said_bytes_ += path.size() + shown.size();
  wire::append_unread(pending_, fit ? outcome : Outcome::limit, path,
                      fit ? std::string_view(shown) : "and more is left unread from here on");
  if (pending_.size() > flush_bytes) flush();
}

void Report::end() {
  kind("unknown");
  wire::append_end(pending_);
  flush();
}

}  // namespace beadle::extract
