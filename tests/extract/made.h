// Small documents made from scratch, so that each test shows what it reads. Zips by libarchive, the rest byte by byte.
#pragma once

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace beadle::extract::made {

using Members = std::vector<std::pair<std::string, std::string>>;

enum class Format { zip, encrypted_zip, tar, tar_gz, seven_zip, gz };

/// A last member of nothing but noughts, too many to hold.
struct Noughts {
  std::string name;
  std::size_t count = 0;
};

inline std::string archive_of(const Members& members, Format format = Format::zip, const Noughts& noughts = {}) {
  struct archive* out = archive_write_new();
  if (format == Format::tar_gz || format == Format::gz) archive_write_add_filter_gzip(out);
  if (format == Format::tar || format == Format::tar_gz) archive_write_set_format_ustar(out);
  if (format == Format::seven_zip) archive_write_set_format_7zip(out);
  if (format == Format::gz) archive_write_set_format_raw(out);
  if (format == Format::zip || format == Format::encrypted_zip) archive_write_set_format_zip(out);
  if (format == Format::encrypted_zip) {
    archive_write_set_options(out, "zip:encryption=traditional");
    archive_write_set_passphrase(out, "secret");
  }
  std::string bytes;
  archive_write_set_bytes_in_last_block(out, 1);
  archive_write_open2(
      out, &bytes, nullptr,
      [](struct archive*, void* into, const void* from, std::size_t count) {
        static_cast<std::string*>(into)->append(static_cast<const char*>(from), count);
        return static_cast<la_ssize_t>(count);
      },
      nullptr, nullptr);
  const auto begin_member = [&](const std::string& name, std::size_t size) {
    archive_entry* entry = archive_entry_new();
    archive_entry_set_pathname(entry, name.c_str());
    archive_entry_set_size(entry, static_cast<la_int64_t>(size));
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, 0644);
    if (archive_write_header(out, entry) != ARCHIVE_OK) throw std::runtime_error(archive_error_string(out));
    archive_entry_free(entry);
  };
  for (const auto& [name, content] : members) {
    begin_member(name, content.size());
    archive_write_data(out, content.data(), content.size());
  }
  if (noughts.count > 0) {
    const std::string piece(1u << 20, '\0');
    begin_member(noughts.name, noughts.count);
    for (std::size_t left = noughts.count; left > 0; left -= std::min(left, piece.size()))
      archive_write_data(out, piece.data(), std::min(left, piece.size()));
  }
  archive_write_close(out);
  archive_write_free(out);
  return bytes;
}

inline std::string le(std::uint64_t value, std::size_t bytes) {
  std::string out;
  for (std::size_t i = 0; i < bytes; ++i) out += i < 8 ? static_cast<char>(value >> (8 * i) & 0xFF) : '\0';
  return out;
}

inline std::string wide(std::string_view ascii) {
  std::string out;
  for (const char c : ascii) out += std::string{c, '\0'};
  return out;
}

inline std::string word_paragraphs(const std::vector<std::string>& paragraphs) {
  std::string out;
  for (const std::string& each : paragraphs) out += "<w:p><w:r><w:t xml:space=\"preserve\">" + each + "</w:t></w:r></w:p>";
  return out;
}

inline std::string word_part(std::string_view root, std::string_view content) {
  return "<?xml version=\"1.0\" encoding=\"UTF-8\"?><w:" + std::string(root) +
         " xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">" + std::string(content) +
         "</w:" + std::string(root) + ">";
}

inline Members docx_members(std::string_view body) {
  return {{"[Content_Types].xml", "<Types/>"},
          {"word/document.xml", word_part("document", "<w:body>" + std::string(body) + "</w:body>")}};
}

inline std::string docx(const std::vector<std::string>& paragraphs) {
  return archive_of(docx_members(word_paragraphs(paragraphs)));
}

inline std::string relationships(const std::vector<std::pair<std::string, std::string>>& targets) {
  std::string out = "<Relationships>";
  for (const auto& [id, target] : targets) out += "<Relationship Id=\"" + id + "\" Target=\"" + target + "\"/>";
  return out + "</Relationships>";
}

/// `objects` are numbered from 1, the first must be the catalog; `trailer` stands beside /Root.
inline std::string pdf_of_objects(const std::vector<std::string>& objects, const std::string& trailer = "") {
  std::string out = "%PDF-1.4\n";
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < objects.size(); ++i) {
    places.push_back(out.size());
    out += std::to_string(i + 1) + " 0 obj\n" + objects[i] + "\nendobj\n";
  }
  const std::size_t table = out.size();
  out += "xref\n0 " + std::to_string(objects.size() + 1) + "\n0000000000 65535 f \n";
  for (const std::size_t place : places) {
    const std::string number = std::to_string(place);
    out += std::string(10 - number.size(), '0') + number + " 00000 n \n";
  }
  return out + "trailer << /Root 1 0 R /Size " + std::to_string(objects.size() + 1) + " " + trailer + " >>\nstartxref\n" +
         std::to_string(table) + "\n%%EOF\n";
}

inline std::string stream_object(const std::string& content, const std::string& entries = "") {
  return "<< /Length " + std::to_string(content.size()) + " " + entries + " >>\nstream\n" + content + "\nendstream";
}

/// One line a page; an empty one makes a page without text.
inline std::string pdf(const std::vector<std::string>& pages, const std::string& trailer = "",
                       const std::vector<std::string>& more = {}) {
  std::vector<std::string> objects = {"<< /Type /Catalog /Pages 2 0 R >>", "",
                                      "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"};
  std::string kids;
  for (const std::string& text : pages) {
    kids += std::to_string(objects.size() + 1) + " 0 R ";
    objects.push_back("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >> /Contents " +
                      std::to_string(objects.size() + 2) + " 0 R >>");
    objects.push_back(stream_object(text.empty() ? "" : "BT /F1 12 Tf 72 720 Td (" + text + ") Tj ET"));
  }
  objects[1] = "<< /Type /Pages /Count " + std::to_string(pages.size()) + " /Kids [" + kids + "] >>";
  objects.insert(objects.end(), more.begin(), more.end());
  return pdf_of_objects(objects, trailer);
}

/// A compound file: every stream as sectors of 512 bytes (none is small). Storages are made of the slashes in names.
class CompoundFileMaker {
 public:
  explicit CompoundFileMaker(const Members& streams) {
    add_entry("Root Entry", 5);
    for (const auto& [path, bytes] : streams) add_stream(path, bytes);
  }

  std::string bytes() {
    std::string directory;
    for (std::size_t i = 0; i < entries_.size(); ++i) directory += entry_bytes(i);
    const std::uint32_t directory_start = place(directory);
    const std::size_t fat_sectors = (sectors_.size() / sector_bytes) / 128 + 2;
    const std::uint32_t fat_start = static_cast<std::uint32_t>(next_.size());
    for (std::size_t i = 0; i < fat_sectors; ++i) next_.push_back(0xFFFFFFFD);
    next_.resize(fat_sectors * 128, 0xFFFFFFFF);
    std::string fat;
    for (const std::uint32_t each : next_) fat += le(each, 4);
    std::string head = "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + std::string(16, '\0') + le(0x3E, 2) + le(3, 2) + le(0xFFFE, 2) +
                       le(9, 2) + le(6, 2) + std::string(10, '\0') + le(fat_sectors, 4) + le(directory_start, 4) + le(0, 4) +
                       le(0, 4) + le(0xFFFFFFFE, 4) + le(0, 4) + le(0xFFFFFFFE, 4) + le(0, 4);
    for (std::size_t i = 0; i < 109; ++i) head += le(i < fat_sectors ? fat_start + i : 0xFFFFFFFF, 4);
    return head + sectors_ + fat;
  }

 private:
  static constexpr std::size_t sector_bytes = 512;
  struct Entry {
    std::string name;
    int type;
    std::vector<std::size_t> children;
    std::uint32_t start = 0;
    std::size_t bytes = 0;
  };

  std::size_t add_entry(const std::string& name, int type) {
    entries_.push_back({name, type, {}});
    return entries_.size() - 1;
  }

  void add_stream(const std::string& path, const std::string& bytes) {
    std::size_t parent = 0;
    std::size_t from = 0;
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', from)) {
      parent = storage(parent, path.substr(from, slash - from));
      from = slash + 1;
    }
    const std::size_t entry = add_entry(path.substr(from), 2);
    entries_[parent].children.push_back(entry);
    entries_[entry].start = place(bytes);
    entries_[entry].bytes = bytes.size();
  }

  std::size_t storage(std::size_t parent, const std::string& name) {
    for (const std::size_t each : entries_[parent].children) {
      if (entries_[each].name == name) return each;
    }
    const std::size_t made = add_entry(name, 1);
    entries_[parent].children.push_back(made);
    return made;
  }

  std::uint32_t place(const std::string& bytes) {
    const std::uint32_t start = static_cast<std::uint32_t>(next_.size());
    const std::size_t count = std::max<std::size_t>(1, (bytes.size() + sector_bytes - 1) / sector_bytes);
    for (std::size_t i = 0; i < count; ++i)
      next_.push_back(i + 1 < count ? static_cast<std::uint32_t>(next_.size()) + 1 : 0xFFFFFFFE);
    sectors_ += bytes;
    sectors_.resize(next_.size() * sector_bytes, '\0');
    return start;
  }

  // Siblings hang as a list to the right.
  std::string entry_bytes(std::size_t index) const {
    const Entry& entry = entries_[index];
    std::uint32_t right = 0xFFFFFFFF;
    for (const Entry& parent : entries_) {
      for (std::size_t i = 0; i + 1 < parent.children.size(); ++i) {
        if (parent.children[i] == index) right = static_cast<std::uint32_t>(parent.children[i + 1]);
      }
    }
    std::string name = wide(entry.name);
    const std::size_t name_bytes = name.size() + 2;
    name.resize(64, '\0');
    const std::uint32_t child = entry.children.empty() ? 0xFFFFFFFF : static_cast<std::uint32_t>(entry.children.front());
    return name + le(name_bytes, 2) + le(static_cast<std::uint64_t>(entry.type), 1) + le(1, 1) + le(0xFFFFFFFF, 4) +
           le(right, 4) + le(child, 4) + std::string(36, '\0') + le(entry.start, 4) + le(entry.bytes, 8);
  }

  std::vector<Entry> entries_;
  std::vector<std::uint32_t> next_;
  std::string sectors_;
};

inline std::string compound_file(const Members& streams) { return CompoundFileMaker(streams).bytes(); }

/// A Word 97 file of two pieces: one of single bytes, one of UTF-16. Lengths are those of body, footnotes and headers.
inline Members doc_streams(const std::string& narrow, const std::string& other, std::size_t body, std::size_t headers) {
  std::string main(0x400, '\0');
  main.replace(0, 4, le(0xA5EC, 2) + le(0x00C1, 2));
  main.replace(0x0A, 2, le(0x0200, 2));
  main.replace(0x4C, 4, le(body, 4));
  main.replace(0x54, 4, le(headers, 4));
  const std::size_t wide_at = main.size() + narrow.size() + narrow.size() % 2;
  std::string pieces = le(0, 4) + le(narrow.size(), 4) + le(narrow.size() + other.size(), 4);
  pieces += le(0, 2) + le(main.size() * 2 | 0x40000000, 4) + le(0, 2) + le(0, 2) + le(wide_at, 4) + le(0, 2);
  const std::string clx = le(2, 1) + le(pieces.size(), 4) + pieces;
  main.replace(0x1A2, 8, le(0, 4) + le(clx.size(), 4));
  std::string bytes = main + narrow;
  bytes.resize(wide_at, '\0');
  bytes += wide(other);
  bytes.resize(std::max<std::size_t>(bytes.size(), 4096), '\0');
  std::string table = clx;
  table.resize(4096, '\0');
  return {{"WordDocument", bytes}, {"1Table", table}};
}

inline std::string xls_record(unsigned type, const std::string& body) { return le(type, 2) + le(body.size(), 2) + body; }

/// TNEF: a message with a body and attachments.
inline std::string tnef_attribute(unsigned level, std::uint32_t id, const std::string& data) {
  unsigned sum = 0;
  for (const char c : data) sum += static_cast<unsigned char>(c);
  return le(level, 1) + le(id, 4) + le(data.size(), 4) + data + le(sum & 0xFFFF, 2);
}

inline std::string tnef(const std::string& subject, const std::string& body, const Members& attachments) {
  std::string text = body + '\0';
  const std::size_t length = text.size();
  text.resize((length + 3) / 4 * 4, '\0');
  const std::string properties = le(1, 4) + le(0x1000001E, 4) + le(1, 4) + le(length, 4) + text;
  std::string out = "\x78\x9F\x3E\x22" + le(1, 2) + tnef_attribute(1, 0x00089006, le(0x10000, 4)) +
                    tnef_attribute(1, 0x00069007, le(1252, 8)) + tnef_attribute(1, 0x00018004, subject + '\0') +
                    tnef_attribute(1, 0x00069003, properties);
  for (const auto& [name, content] : attachments) {
    out += tnef_attribute(2, 0x00069002, std::string(14, '\0')) + tnef_attribute(2, 0x00018010, name + '\0') +
           tnef_attribute(2, 0x0006800F, content);
  }
  return out;
}

}  // namespace beadle::extract::made
