// Excel 97 to 2003 ([MS-XLS]) and Excel 5 and 95: strings, labels and numbers of cells, names of sheets, headers and footers,
// comments.
#include <algorithm>
#include <cstring>

#include "base/limits.h"
#include "extract/child/office_text.h"
#include "extract/child/ole.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

enum Record : std::uint16_t {
  header_record = 0x14,
  footer_record = 0x15,
  file_pass_record = 0x2F,
  continue_record = 0x3C,
  code_page_record = 0x42,
  bound_sheet_record = 0x85,
  rich_string_record = 0xD6,
  shared_strings_record = 0xFC,
  label_shared_record = 0xFD,
  text_object_record = 0x1B6,
  number_record = 0x203,
  label_record = 0x204,
  string_record = 0x207,
  rk_record = 0x27E,
  multiple_rk_record = 0xBD,
  begin_record = 0x809,
};

constexpr std::size_t record_head_bytes = 4;
constexpr std::uint16_t version_97 = 0x0600;

// A record with those that continue it: long strings go over the seam, where one byte says again how wide characters are
// ([MS-XLS] §2.5.293).
class Cursor {
 public:
  explicit Cursor(std::vector<std::string_view> pieces) : pieces_(std::move(pieces)) {}

  bool at_end() const { return piece_ >= pieces_.size(); }

  unsigned byte() {
    settle();
    return at_end() ? 0 : static_cast<unsigned char>(pieces_[piece_][at_++]);
  }
  unsigned u16() {
    const unsigned low = byte();
    return low | byte() << 8;
  }
  unsigned u32() {
    const unsigned low = u16();
    return low | u16() << 16;
  }
  void skip(std::size_t bytes) {
    for (settle(); bytes > 0 && !at_end(); settle()) {
      const std::size_t here = std::min(bytes, pieces_[piece_].size() - at_);
      at_ += here;
      bytes -= here;
    }
  }

  // `count` characters; `wide` changes where a continuation says so.
  std::string characters(std::size_t count, bool wide) {
    std::string units;
    while (count > 0 && !at_end()) {
      if (at_ >= pieces_[piece_].size()) {
        ++piece_;
        at_ = 0;
        if (at_end() || pieces_[piece_].empty()) break;
        wide = (pieces_[piece_][at_++] & 1) != 0;
        continue;
      }
      const std::size_t width = wide ? 2 : 1;
      const std::size_t here = std::min(count, (pieces_[piece_].size() - at_) / width);
      if (here == 0) {
        at_ = pieces_[piece_].size();
        continue;
      }
      append(units, pieces_[piece_].substr(at_, here * width), wide);
      at_ += here * width;
      count -= here;
    }
    return utf8_from_utf16le(units);
  }

 private:
  static void append(std::string& units, std::string_view bytes, bool wide) {
    if (wide) {
      units += bytes;
      return;
    }
    for (const char c : bytes) {
      units += c;
      units += '\0';
    }
  }
  void settle() {
    while (piece_ < pieces_.size() && at_ >= pieces_[piece_].size()) {
      ++piece_;
      at_ = 0;
    }
  }

  std::vector<std::string_view> pieces_;
  std::size_t piece_ = 0;
  std::size_t at_ = 0;
};

// XLUnicodeRichExtendedString ([MS-XLS] §2.5.293).
std::string rich_string(Cursor& cursor, std::size_t count) {
  const unsigned flags = cursor.byte();
  const std::size_t runs = (flags & 8) != 0 ? cursor.u16() : 0;
  const std::size_t phonetic = (flags & 4) != 0 ? cursor.u32() : 0;
  std::string text = cursor.characters(count, (flags & 1) != 0);
  cursor.skip(runs * 4 + phonetic);
  return text;
}

std::string number_text(double value) {
  char text[40];
  std::snprintf(text, sizeof text, "%.15g", value);
  return text;
}

// RkNumber ([MS-XLS] §2.5.217).
double rk_value(std::uint32_t rk) {
  double value = 0;
  if ((rk & 2) != 0) {
    value = static_cast<std::int32_t>(rk) >> 2;
  } else {
    const std::uint64_t bits = std::uint64_t{rk & ~3u} << 32;
    std::memcpy(&value, &bits, sizeof value);
  }
  return (rk & 1) != 0 ? value / 100 : value;
}

class Workbook {
 public:
  Workbook(Document& document, std::string_view stream) : document_(document), stream_(stream) {}

  void read() {
    for (std::size_t at = 0;
         at + record_head_bytes <= stream_.size() && !stopped_ && text_.size() <= limits::document_text_bytes_max;) {
      const std::uint16_t type = u16_at(stream_, at);
      const std::size_t length = u16_at(stream_, at + 2);
      at += record_head_bytes;
      if (at + length > stream_.size()) document_.unread(Outcome::truncated, "ends within a record");
      std::vector<std::string_view> pieces{stream_.substr(at, length)};
      at += std::min(length, stream_.size() - at);
      while (u16_at(stream_, at) == continue_record && at + record_head_bytes <= stream_.size()) {
        const std::size_t more = u16_at(stream_, at + 2);
        pieces.push_back(stream_.substr(at + record_head_bytes, more));
        at += std::min(record_head_bytes + more, stream_.size() - at);
      }
      record(type, std::move(pieces));
    }
    if (!stopped_) finish();
  }

 private:
  void record(std::uint16_t type, std::vector<std::string_view> pieces) {
    const std::string_view body = pieces.front();
    Cursor cursor(std::move(pieces));
    switch (type) {
      case begin_record:
        return begin(body);
      case file_pass_record:
        stopped_ = true;
        return document_.unread(Outcome::encrypted, "needs a password");
      case code_page_record:
        code_page_ = u16_at(body, 0) == 0x8000 ? 10000 : u16_at(body, 0);
        return;
      case bound_sheet_record:
        return bound_sheet(body);
      case shared_strings_record:
        return shared_strings(cursor);
      case label_shared_record:
        return label_shared(body);
      case label_record:
      case rich_string_record:
        return cell(u16_at(body, 0), plain_string(cursor, 6));
      case string_record:
        return append(plain_string(cursor, 0));
      case number_record:
        return number(body);
      case rk_record:
        return cell(u16_at(body, 0), number_text(rk_value(u32_at(body, 6))));
      case multiple_rk_record:
        return multiple_rk(body);
      case header_record:
      case footer_record:
        return page_header(cursor, body);
      case text_object_record:
        return text_object(cursor, body);
      default:
        return;
    }
  }

  // Substreams of type 0x10 are sheets; the first begins with the globals.
  void begin(std::string_view body) {
    is_97_ = u16_at(body, 0) >= version_97;
    if (u16_at(body, 2) != 0x10) return;
    if (sheet_ == 1 && first_rows_bytes_ == 0) first_rows_bytes_ = text_.size();
    if (sheet_ < sheets_.size()) text_.append("\n").append(sheets_[sheet_]);
    ++sheet_;
    row_ = -1;
    rows_ = 0;
  }

  void bound_sheet(std::string_view body) {
    Cursor cursor({body});
    cursor.skip(6);
    const unsigned count = cursor.byte();
    sheets_.push_back(is_97_ ? rich_string(cursor, count)
                             : utf8_from_code_page(body.substr(std::min<std::size_t>(7, body.size()), count), code_page_));
  }

  std::string plain_string(Cursor& cursor, std::size_t before) {
    cursor.skip(before);
    const unsigned count = cursor.u16();
    if (is_97_) return rich_string(cursor, count);
    std::string bytes;
    for (unsigned i = 0; i < count && !cursor.at_end(); ++i) bytes += static_cast<char>(cursor.byte());
    return utf8_from_code_page(bytes, code_page_);
  }

  void shared_strings(Cursor& cursor) {
    cursor.skip(4);
    const unsigned count = cursor.u32();
    std::size_t bytes = 0;
    for (unsigned i = 0; i < count && !cursor.at_end() && bytes < limits::document_text_bytes_max; ++i) {
      const unsigned characters = cursor.u16();
      shared_.push_back(rich_string(cursor, characters));
      bytes += shared_.back().size() + 1;
    }
    used_.resize(shared_.size());
  }

  void label_shared(std::string_view body) {
    const std::size_t index = u32_at(body, 6);
    if (index >= shared_.size()) return;
    used_[index] = true;
    cell(u16_at(body, 0), shared_[index]);
  }

  void number(std::string_view body) {
    const std::uint64_t bits = u32_at(body, 6) | std::uint64_t{u32_at(body, 10)} << 32;
    double value = 0;
    std::memcpy(&value, &bits, sizeof value);
    cell(u16_at(body, 0), number_text(value));
  }

  void multiple_rk(std::string_view body) {
    for (std::size_t at = 4; at + 8 <= body.size(); at += 6) cell(u16_at(body, 0), number_text(rk_value(u32_at(body, at + 2))));
  }

  void page_header(Cursor& cursor, std::string_view body) {
    if (body.empty()) return;
    const unsigned count = is_97_ ? cursor.u16() : cursor.byte();
    const std::string coded = is_97_ ? rich_string(cursor, count) : utf8_from_code_page(body.substr(1, count), code_page_);
    document_.add(Place::header_footer, sheet_header_words(coded));
  }

  // The text of a comment or a box stands in the first continuation ([MS-XLS] §2.4.329).
  void text_object(Cursor& cursor, std::string_view body) {
    if (!is_97_) return;
    const unsigned count = u16_at(body, 10);
    cursor.skip(body.size());
    if (count == 0 || cursor.at_end()) return;
    const bool wide = (cursor.byte() & 1) != 0;
    notes_.append(cursor.characters(count, wide)).append("\n");
  }

  void cell(int row, std::string_view text) {
    if (row != row_) {
      text_ += '\n';
      row_ = row;
      if (sheet_ == 1 && ++rows_ == limits::document_first_rows + 1) first_rows_bytes_ = text_.size();
    } else {
      text_ += '\t';
    }
    text_ += text;
  }

  void append(std::string_view text) { text_.append("\t").append(text); }

  void finish() {
    document_.add_pages(text_, first_rows_bytes_ == 0 ? text_.size() : first_rows_bytes_);
    std::string rest = notes_;
    for (std::size_t i = 0; i < shared_.size(); ++i) {
      if (!used_[i]) rest.append(shared_[i]).append("\n");
    }
    document_.add(Place::body, rest);
  }

  Document& document_;
  std::string_view stream_;
  bool is_97_ = true;
  bool stopped_ = false;
  unsigned code_page_ = 1252;
  std::vector<std::string> sheets_;
  std::vector<std::string> shared_;
  std::vector<bool> used_;
  std::string text_;
  std::string notes_;
  std::size_t sheet_ = 0;
  int row_ = -1;
  std::size_t rows_ = 0;
  std::size_t first_rows_bytes_ = 0;
};

}  // namespace

void read_xls(Document& document, const CompoundFile& file, const std::string& prefix) {
  std::string stream = file.stream(prefix + "Workbook");
  if (stream.empty()) stream = file.stream(prefix + "Book");
  if (!prefix.empty()) read_ole_properties(document, file, prefix);
  Workbook(document, stream).read();
}

}  // namespace beadle::extract
