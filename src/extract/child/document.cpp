#include "extract/child/document.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/tidy.h"

namespace beadle::extract {

void Document::emit(Place place, std::string_view text) {
  if (full_) return;
  const std::size_t room = job_.text_bytes_max - text_bytes_;
  if (text.size() > room) {
    text = text.substr(0, std::min(room, last_whole_character(text, room)));
    full_ = true;
    unread(Outcome::limit, "more text than is read of one document");
  }
  if (text.empty()) return;
  text_bytes_ += text.size();
  if (place != Place::file_name && place != Place::properties) has_text_ = true;
  if (!job_.report.passage(place, path_, text)) full_ = has_unread_ = true;
}

void Document::add(Place place, std::string_view text) {
  if (full_) return;
  const std::string tidy = tidied(text);
  if (!trimmed(tidy).empty()) emit(place, tidy);
}

void Document::add_property(std::string_view name, std::string_view value) {
  const std::string tidy = tidied(value);
  if (trimmed(tidy).empty()) return;
  emit(Place::properties, tidied(name) + ": " + std::string(trimmed(tidy)));
}

void Document::add_pages(std::string_view text, std::size_t first_page_bytes) {
  const std::size_t cut = std::min(first_page_bytes, text.size());
  add(Place::first_page, text.substr(0, cut));
  add(Place::body, text.substr(cut));
}

void Document::add_raw(Place place, std::string_view bytes) {
  if (bytes.empty()) return;
  if (bytes.size() > limits::document_raw_bytes_max) unread(Outcome::limit, "longer than is read of one text");
  has_text_ = true;
  if (!job_.report.passage(place, path_, bytes.substr(0, limits::document_raw_bytes_max))) full_ = has_unread_ = true;
}

void Document::unread(Outcome outcome, std::string_view detail) {
  has_unread_ = true;
  job_.report.unread(path_, outcome, detail);
}

std::string Document::member_path(std::string_view name) const { return path_ + "/" + std::string(name); }

void Document::read_member(std::string_view name, std::string_view bytes) { read_member_by(name, bytes, read_document); }

void Document::read_member_by(std::string_view name, std::string_view bytes, const std::function<void(Document&)>& read) {
  has_members_ = true;
  const std::string shown = shown_name(name);
  Document member(job_, bytes, member_path(shown), depth_ + 1);
  member.emit(Place::file_name, shown);
  if (depth_ + 1 > limits::document_nesting_max) {
    member.unread(Outcome::limit, "too many documents within documents");
    return;
  }
  read(member);
}

void Document::unread_member(std::string_view name, Outcome outcome, std::string_view detail) {
  has_members_ = true;
  const std::string shown = shown_name(name);
  Document member(job_, {}, member_path(shown), depth_ + 1);
  member.emit(Place::file_name, shown);
  member.unread(outcome, detail);
}

bool Document::count_inflated(std::size_t bytes) {
  job_.inflated_bytes += bytes;
  return job_.inflated_bytes <= limits::document_inflated_total_bytes_max;
}

void Document::finish() {
  if (!has_text_ && !has_members_ && !has_unread_) unread(Outcome::no_text, "holds no text: a scan or a picture?");
}

}  // namespace beadle::extract
