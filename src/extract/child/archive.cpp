#include "extract/child/archive.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>

#include "base/limits.h"

namespace beadle::extract {
namespace {

// No "all": that would include filters that start other programs.
void accept_formats(archive* handle, ArchiveReader::Accept accept) {
  if (accept == ArchiveReader::Accept::archives) {
    archive_read_support_format_zip(handle);
    archive_read_support_format_tar(handle);
    archive_read_support_format_7zip(handle);
    archive_read_support_format_rar(handle);
    archive_read_support_format_rar5(handle);
    archive_read_support_format_cab(handle);
    return;
  }
  if (accept == ArchiveReader::Accept::compressed_tar) archive_read_support_format_tar(handle);
  if (accept == ArchiveReader::Accept::compressed_file) archive_read_support_format_raw(handle);
  archive_read_support_filter_gzip(handle);
  archive_read_support_filter_bzip2(handle);
  archive_read_support_filter_xz(handle);
  archive_read_support_filter_zstd(handle);
}

Outcome outcome_of(ArchiveReader::Data data) {
  switch (data) {
    case ArchiveReader::Data::encrypted:
      return Outcome::encrypted;
    case ArchiveReader::Data::limit:
      return Outcome::limit;
    default:
      return Outcome::truncated;
  }
}

// What a compressed file holds bears its name, less the ending; gzip may also store one.
std::string inner_name(std::string_view path, std::string_view stored) {
  if (!stored.empty() && stored != "data") return std::string(stored);
  const std::size_t slash = path.rfind('/');
  std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  return std::string(dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot));
}

// False where the archive cannot be read on.
bool read_entry(Document& document, ArchiveReader& reader, const std::string& name) {
  if (reader.is_encrypted()) {
    document.unread_member(name, Outcome::encrypted, "needs a password");
    return true;
  }
  std::string bytes;
  const ArchiveReader::Data data = reader.read_until(bytes, std::string::npos);
  if (data == ArchiveReader::Data::whole) {
    document.read_member(name, bytes);
    return true;
  }
  if (data == ArchiveReader::Data::damaged && !bytes.empty()) document.read_member(name, bytes);  // as far as it goes
  document.unread_member(name, outcome_of(data), reader.problem());
  return data == ArchiveReader::Data::encrypted;
}

}  // namespace

void ArchiveReader::Free::operator()(archive* handle) const { archive_read_free(handle); }

ArchiveReader::ArchiveReader(Document& document, Accept accept) : document_(document), archive_(archive_read_new()) {
  if (!archive_) throw std::bad_alloc();
  accept_formats(archive_.get(), accept);
  const std::string_view bytes = document.bytes();
  open_ = archive_read_open_memory(archive_.get(), bytes.data(), bytes.size()) == ARCHIVE_OK;
}

ArchiveReader::Step ArchiveReader::next() {
  if (!open_) return Step::damaged;
  int status = ARCHIVE_RETRY;
  for (int tries = 0; status == ARCHIVE_RETRY && tries < 10; ++tries) status = archive_read_next_header(archive_.get(), &entry_);
  if (status == ARCHIVE_EOF) return Step::end;
  if (status != ARCHIVE_OK && status != ARCHIVE_WARN)
    return archive_read_has_encrypted_entries(archive_.get()) == 1 ? Step::encrypted : Step::damaged;
  if (++document_.job().entries > limits::document_entries_max) return Step::limit;
  const char* utf8 = archive_entry_pathname_utf8(entry_);
  const char* raw = utf8 == nullptr ? archive_entry_pathname(entry_) : utf8;
  name_ = raw == nullptr ? "" : raw;
  return Step::entry;
}

bool ArchiveReader::is_file() const {
  const auto type = archive_entry_filetype(entry_);
  return type == AE_IFREG || type == 0;
}

bool ArchiveReader::is_encrypted() const { return archive_entry_is_encrypted(entry_) != 0; }

std::string ArchiveReader::problem() const {
  const char* words = archive_error_string(archive_.get());
  return words == nullptr ? "the archive is larger inside than what is read" : words;
}

bool ArchiveReader::count(std::size_t bytes) {
  inflated_ += bytes;
  if (!document_.count_inflated(bytes) || inflated_ > limits::document_inflated_bytes_max) return false;
  return inflated_ < limits::document_ratio_bytes_least || inflated_ / limits::document_ratio_most <= document_.bytes().size();
}

ArchiveReader::Data ArchiveReader::read_until(std::string& out, std::size_t bytes) {
  constexpr std::size_t piece_bytes = 64u << 10;
  while (out.size() < bytes) {
    const std::size_t had = out.size();
    const std::size_t asked = std::min(piece_bytes, bytes - had);
    out.resize(had + asked);
    const la_ssize_t count_read = archive_read_data(archive_.get(), out.data() + had, asked);
    out.resize(had + static_cast<std::size_t>(std::max<la_ssize_t>(count_read, 0)));
    if (count_read < 0) return archive_read_has_encrypted_entries(archive_.get()) == 1 ? Data::encrypted : Data::damaged;
    if (count_read == 0) return Data::whole;
    if (!count(static_cast<std::size_t>(count_read))) {
      archive_clear_error(archive_.get());
      return Data::limit;
    }
  }
  return Data::more;
}

void read_archive(Document& document, ArchiveReader::Accept accept) {
  ArchiveReader reader(document, accept);
  std::size_t seen = 0;
  while (true) {
    const ArchiveReader::Step step = reader.next();
    // Not a tar, or one without members, which is how a file of zeros looks.
    const bool ended = step == ArchiveReader::Step::end || step == ArchiveReader::Step::damaged;
    if (seen == 0 && ended && accept == ArchiveReader::Accept::compressed_tar)
      return read_archive(document, ArchiveReader::Accept::compressed_file);
    switch (step) {
      case ArchiveReader::Step::end:
        return;
      case ArchiveReader::Step::limit:
        document.unread(Outcome::limit, "more entries than are read");
        return;
      case ArchiveReader::Step::encrypted:
        document.unread(Outcome::encrypted, "its list of members needs a password");
        return;
      case ArchiveReader::Step::damaged:
        document.unread(seen > 0 ? Outcome::truncated : Outcome::unreadable, reader.problem());
        return;
      case ArchiveReader::Step::entry:
        break;
    }
    ++seen;
    if (!reader.is_file()) continue;
    const bool inner = accept == ArchiveReader::Accept::compressed_file;
    if (!read_entry(document, reader, inner ? inner_name(document.path(), reader.name()) : std::string(reader.name()))) return;
  }
}

}  // namespace beadle::extract
