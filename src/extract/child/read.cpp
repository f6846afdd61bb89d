// Which reader reads what. The only file that knows all of them.
#include <exception>
#include <new>
#include <stdexcept>

#include "extract/child/archive.h"
#include "extract/child/document.h"
#include "extract/child/kind.h"
#include "extract/child/odf.h"
#include "extract/child/ole.h"
#include "extract/child/ooxml.h"
#include "extract/child/package.h"
#include "extract/child/pdf.h"
#include "extract/child/rtf.h"
#include "extract/child/tidy.h"
#include "extract/child/tnef.h"

namespace beadle::extract {
namespace {

void read_zip(Document& document) {
  const ZipKind kind = zip_kind_of(document);
  if (kind == ZipKind::office_open) return read_ooxml(document);
  if (kind == ZipKind::open_document) return read_odf(document);
  document.job().report.kind("zip");
  read_archive(document, ArchiveReader::Accept::archives);
}

// UTF-16 is made UTF-8 here, because its zeros would not survive a reader of lines; all else stays as it is.
void read_text(Document& document) {
  const std::string_view bytes = document.bytes();
  const bool big = bytes.starts_with("\xFE\xFF") || (!bytes.starts_with("\xFF\xFE") && bytes.front() == '\0');
  const bool wide = big || bytes.starts_with("\xFF\xFE") || (bytes.size() > 1 && bytes[1] == '\0');
  if (!wide) return document.add_raw(Place::raw_text, bytes);
  document.add_raw(Place::raw_text, big ? utf8_from_utf16be(bytes) : utf8_from_utf16le(bytes));
}

void read_by_kind(Document& document) {
  const Kind kind = kind_of(document.bytes());
  if (kind != Kind::zip && kind != Kind::ole) document.job().report.kind(to_string(kind));
  switch (kind) {
    case Kind::empty:
      return document.expect_no_text();
    case Kind::zip:
      return read_zip(document);
    case Kind::archive:
      return read_archive(document, ArchiveReader::Accept::archives);
    case Kind::compressed:
      return read_archive(document, ArchiveReader::Accept::compressed_tar);
    case Kind::pdf:
      return read_pdf(document);
    case Kind::rtf:
      return read_rtf(document);
    case Kind::ole:
      return read_ole(document);
    case Kind::tnef:
      return read_tnef(document);
    case Kind::html:
      return document.add_raw(Place::raw_html, document.bytes());
    case Kind::message:
      return document.add_raw(Place::raw_message, document.bytes());
    case Kind::text:
      return read_text(document);
    case Kind::image:
    case Kind::sound:
      return document.unread(Outcome::no_text, kind == Kind::image ? "a picture" : "sound or film");
    case Kind::unknown:
      return document.unread(Outcome::unreadable, "of a kind that is not read");
  }
}

}  // namespace

void read_guarded(Document& document, const std::function<void(Document&)>& read) {
  document.job().report.reading(document.path());
  try {
    read(document);
    document.finish();
  } catch (const std::bad_alloc&) {
    document.unread(Outcome::limit, "takes more memory than there is");
  } catch (const std::length_error&) {
    document.unread(Outcome::limit, "takes more memory than there is");
  } catch (const std::exception& failure) {
    document.unread(Outcome::unreadable, failure.what());
  }
}

void read_document(Document& document) { read_guarded(document, read_by_kind); }

void read_request(Report& report, std::string_view name, std::string_view bytes, std::size_t text_bytes_max) {
  Job job{.report = report, .text_bytes_max = text_bytes_max};
  const std::string shown = shown_name(name);
  Document document(job, bytes, shown, 0);
  if (!name.empty()) document.add(Place::file_name, shown);
  read_document(document);
}

}  // namespace beadle::extract
