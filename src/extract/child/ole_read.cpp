// Which old format a compound file is, by the streams that it holds; and the documents that are embedded in it.
#include <algorithm>

#include "base/limits.h"
#include "extract/child/kind.h"
#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

using Reader = void (*)(Document&, const CompoundFile&, const std::string&);

struct OleKind {
  const char* stream;
  const char* name;
  Reader read;
};

constexpr OleKind kinds[] = {
    {"WordDocument", "doc", read_doc},
    {"Workbook", "xls", read_xls},
    {"Book", "xls", read_xls},
    {"PowerPoint Document", "ppt", read_ppt},
    {"__properties_version1.0", "msg", read_msg},
};

const OleKind* kind_of_storage(const CompoundFile& file, const std::string& prefix) {
  for (const OleKind& kind : kinds) {
    if (file.has(prefix + kind.stream)) return &kind;
  }
  return nullptr;
}

bool is_protected(const CompoundFile& file, const std::string& prefix) {
  return file.has(prefix + "EncryptedPackage") || file.has(prefix + "EncryptionInfo") || file.has(prefix + "EncryptedSummary") ||
         file.has(prefix +
                  "\x09"
                  "DRMContent") ||
         file.has(prefix +
                  "\x06"
                  "DataSpaces");
}

// [MS-OLEDS] §2.3.6: a file that was dropped into a document, after its names.
bool read_native(Document& document, const CompoundFile& file, const std::string& prefix) {
  const std::string bytes = file.stream(prefix +
                                        "\x01"
                                        "Ole10Native");
  if (bytes.empty()) return false;
  const auto past_text = [&](std::size_t at) {
    const std::size_t end = bytes.find('\0', std::min(at, bytes.size()));
    return end == std::string::npos ? bytes.size() : end + 1;
  };
  constexpr std::size_t names_at = 6;
  const std::size_t path_at = past_text(names_at);
  const std::size_t temporary_at = past_text(path_at) + 4;
  const std::size_t data_at = temporary_at + 4 + u32_at(bytes, temporary_at);
  const std::string name = bytes.substr(std::min(names_at, bytes.size()), path_at > names_at ? path_at - names_at - 1 : 0);
  if (data_at + 4 > bytes.size()) {
    document.unread(Outcome::unreadable, "an embedded object of another program");
    return true;
  }
  document.read_member(name, std::string_view(bytes).substr(data_at + 4, u32_at(bytes, data_at)));
  return true;
}

bool read_wrapped(Document& document, const CompoundFile& file, const std::string& prefix) {
  if (read_native(document, file, prefix)) return true;
  for (const char* name : {"Package", "CONTENTS", "Contents", "package_stream"}) {
    const std::string bytes = file.stream(prefix + name);
    const Kind kind = kind_of(bytes);
    if (kind == Kind::empty || kind == Kind::unknown) continue;
    document.read_member(name, bytes);
    return true;
  }
  return false;
}

bool is_macros(const CompoundFile& file, const std::string& prefix) {
  return file.has(prefix + "VBA/_VBA_PROJECT") || file.has(prefix + "VBA/dir");
}

// The last part of a path.
std::string_view last_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

// Storages of embedded objects: ObjectPool/_123 in doc, MBD0012 in xls. Those within them are found by the readers of those.
void read_embedded(Document& document, const CompoundFile& file, const std::string& prefix) {
  std::string done;  // below it all is read
  for (const CompoundFile::Entry& entry : file.below(prefix)) {
    if (!entry.is_storage || (!done.empty() && entry.path.starts_with(done))) continue;
    const std::string inner = entry.path + "/";
    const bool document_within = kind_of_storage(file, inner) != nullptr || is_protected(file, inner) ||
                                 file.has(inner + "Package") ||
                                 file.has(inner +
                                          "\x01"
                                          "Ole10Native") ||
                                 file.has(inner + "CONTENTS");
    if (!document_within) continue;
    done = inner;
    if (++document.job().entries > limits::document_entries_max)
      return document.unread(Outcome::limit, "more embedded objects than are read");
    document.read_member_by(last_name(entry.path), {}, [&](Document& member) {
      read_guarded(member, [&](Document& each) {
        const OleKind* kind = kind_of_storage(file, inner);
        if (is_protected(file, inner)) return each.unread(Outcome::encrypted, "needs a password");
        if (kind == nullptr) {
          if (!read_wrapped(each, file, inner)) each.unread(Outcome::unreadable, "an embedded object of another program");
          return;
        }
        kind->read(each, file, inner);
        if (kind->read != read_msg) read_embedded(each, file, inner);
      });
    });
  }
}

}  // namespace

void read_ole(Document& document) {
  const auto file = CompoundFile::open(document.bytes());
  if (!file) {
    document.job().report.kind("ole");
    return document.unread(Outcome::unreadable, "a damaged compound file");
  }
  const OleKind* kind = kind_of_storage(*file, "");
  document.job().report.kind(kind == nullptr ? "ole" : kind->name);
  read_ole_properties(document, *file, "");
  if (is_protected(*file, "")) return document.unread(Outcome::encrypted, "needs a password or a right");
  if (kind != nullptr) {
    kind->read(document, *file, "");
    if (kind->read != read_msg) read_embedded(document, *file, "");
    return;
  }
  if (read_wrapped(document, *file, "")) return;
  if (is_macros(*file, "")) return document.expect_no_text();
  document.unread(Outcome::unreadable, "an Office file of a kind that is not read");
}

}  // namespace beadle::extract
