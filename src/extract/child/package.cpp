#include "extract/child/package.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/archive.h"
#include "extract/child/kind.h"

namespace beadle::extract {
namespace {

constexpr std::size_t peek_bytes = 512;

std::string part_name(std::string_view name) {
  std::string out(name);
  std::replace(out.begin(), out.end(), '\\', '/');  // some writers use the other slash
  return out.starts_with('/') ? out.substr(1) : out;
}

bool is_picture(std::string_view bytes) {
  const Kind kind = kind_of(bytes);
  return kind == Kind::image || kind == Kind::sound;
}

// Data of programs, by where they stand and only while they are small. A document put there is told by its bytes, so it is read
// all the same.
bool is_program_data(const Part& part) {
  constexpr std::size_t program_data_bytes_max = 1u << 20;
  if (part.bytes.size() > program_data_bytes_max) return false;
  const std::string name = ascii_lower(part.name);
  for (const char* folder : {"printersettings", "activex/", "customproperty", "/fonts/", "fonts/", "configurations2/",
                             "object replacements/", "media/", "vbaproject"}) {
    if (name.find(folder) != std::string::npos) return true;
  }
  return name.ends_with(".odttf") || name.ends_with(".fntdata") || name.ends_with(".wdp") || name.ends_with(".pict");
}

}  // namespace

Part* Package::find(std::string_view name) {
  const auto found = std::find_if(parts.begin(), parts.end(), [&](const Part& part) { return ascii_iequals(part.name, name); });
  return found == parts.end() ? nullptr : &*found;
}

ZipKind zip_kind_of(Document& document) {
  const std::size_t entries_before = document.job().entries;  // the list is not yet a reading
  ArchiveReader reader(document, ArchiveReader::Accept::archives);
  bool mimetype = false;
  bool content = false;
  ZipKind kind = ZipKind::archive;
  while (kind == ZipKind::archive && reader.next() == ArchiveReader::Step::entry) {
    const std::string name = part_name(reader.name());
    if (ascii_iequals(name, "[Content_Types].xml")) kind = ZipKind::office_open;
    mimetype = mimetype || name == "mimetype" || name == "META-INF/manifest.xml";
    content = content || name == "content.xml" || name == "encrypted-package";
    if (mimetype && content) kind = ZipKind::open_document;
  }
  document.job().entries = entries_before;
  return kind;
}

Package load_package(Document& document) {
  Package package;
  ArchiveReader reader(document, ArchiveReader::Accept::archives);
  while (true) {
    const ArchiveReader::Step step = reader.next();
    if (step == ArchiveReader::Step::end) return package;
    if (step == ArchiveReader::Step::limit) document.unread(Outcome::limit, "more entries than are read");
    if (step == ArchiveReader::Step::encrypted) document.unread(Outcome::encrypted, "needs a password");
    if (step == ArchiveReader::Step::damaged) document.unread(Outcome::truncated, reader.problem());
    if (step != ArchiveReader::Step::entry) return package;
    if (!reader.is_file()) continue;
    Part part{part_name(reader.name()), ""};
    ArchiveReader::Data data = reader.is_encrypted() ? ArchiveReader::Data::encrypted : reader.read_until(part.bytes, peek_bytes);
    if (is_picture(part.bytes)) {
      package.has_pictures = true;
      continue;
    }
    if (data == ArchiveReader::Data::more) data = reader.read_until(part.bytes, std::string::npos);
    if (data == ArchiveReader::Data::encrypted) document.unread(Outcome::encrypted, part.name + " needs a password");
    if (data == ArchiveReader::Data::limit) document.unread(Outcome::limit, part.name + " inflates to more than is read");
    if (data == ArchiveReader::Data::damaged) document.unread(Outcome::truncated, part.name + ": " + reader.problem());
    const bool of_use = data == ArchiveReader::Data::whole || kind_of(part.bytes) != Kind::unknown;
    if (!part.bytes.empty() && of_use) package.parts.push_back(std::move(part));
    if (data == ArchiveReader::Data::limit || data == ArchiveReader::Data::damaged) return package;
  }
}

void read_other_part(Document& document, const Part& part) {
  const Kind kind = kind_of(part.bytes);
  if (kind == Kind::empty || (kind == Kind::unknown && is_program_data(part))) return;
  document.read_member(part.name, part.bytes);
}

}  // namespace beadle::extract
