#include "mail/structure.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "base/limits.h"
#include "base/text.h"
#include "mail/boundaries.h"
#include "mail/header_block.h"
#include "mail/header_value.h"

namespace beadle::mail {
namespace {

constexpr std::size_t none = std::string_view::npos;

struct KnownField {
  std::string_view name;  // lower case
  bool of_any_part = false;
};
// Fields that may stand once: RFC 5322 §3.6 for a message, RFC 2045 §3 for any part. The order of the last three is used below.
constexpr std::array<KnownField, 14> single_fields{{{"date"},
                                                    {"from"},
                                                    {"sender"},
                                                    {"reply-to"},
                                                    {"to"},
                                                    {"cc"},
                                                    {"bcc"},
                                                    {"message-id"},
                                                    {"in-reply-to"},
                                                    {"references"},
                                                    {"subject"},
                                                    {"content-type", true},
                                                    {"content-transfer-encoding", true},
                                                    {"content-disposition", true}}};
constexpr std::size_t content_type = 11, content_transfer_encoding = 12, content_disposition = 13;

// The first field of each name, and which stand more than once.
struct Singles {
  std::array<const Field*, single_fields.size()> first{};
  std::array<bool, single_fields.size()> doubled{};
};

std::size_t index_of(std::string_view name) {
  for (std::size_t i = 0; i < single_fields.size(); ++i) {
    if (name.size() == single_fields[i].name.size() && ascii_iequals(name, single_fields[i].name)) return i;
  }
  return none;
}

Singles singles_of(const Part& part) {
  Singles out;
  for (const Field& field : part.fields) {
    const std::size_t index = index_of(field.name);
    if (index == none) continue;
    if (out.first[index] == nullptr) {
      out.first[index] = &field;
    } else {
      out.doubled[index] = true;
    }
  }
  return out;
}

// Is there a byte for which `odd(byte, the one behind it)` holds? In blocks of a fixed size, because the compiler then looks at
// sixteen bytes at once: every byte of every mail comes by here.
template <class Odd>
bool has_odd_byte(std::string_view bytes, Odd odd) {
  constexpr std::size_t block = 64;
  std::size_t at = 0;
  for (; at + block < bytes.size(); at += block) {
    const char* const data = bytes.data() + at;
    unsigned char found = 0;
    for (std::size_t i = 0; i < block; ++i)
      found = static_cast<unsigned char>(found | static_cast<unsigned char>(odd(data[i], data[i + 1])));
    if (found != 0) return true;
  }
  for (; at < bytes.size(); ++at) {
    if (odd(bytes[at], at + 1 < bytes.size() ? bytes[at + 1] : '\0')) return true;
  }
  return false;
}

bool has_bare_cr(std::string_view bytes) {
  return has_odd_byte(bytes, [](char c, char next) { return static_cast<bool>((c == '\r') & (next != '\n')); });
}

bool has_8bit(std::string_view bytes) {
  return has_odd_byte(bytes, [](char c, char) { return static_cast<signed char>(c) < 0; });
}

bool is_media_type(std::string_view value) {
  const std::size_t slash = value.find('/');
  return slash != none && slash > 0 && slash + 1 < value.size() && value.find('/', slash + 1) == none;
}

bool names_container(std::string_view raw) {
  const std::string value = ascii_lower(raw);
  return value.find("multipart") != none || value.find("message") != none;
}

// RFC 2046 §5.1.1: at most 70 characters, none of them a control character, the last one no blank. All readers agree on such a
// one only if it also stands in the field as it is used: not folded, escaped or in pieces.
bool is_odd_boundary(std::string_view boundary, std::string_view raw) {
  constexpr std::size_t boundary_bytes_max = 70;
  const bool printable = std::all_of(boundary.begin(), boundary.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return !printable || boundary.size() > boundary_bytes_max || boundary.front() == ' ' || boundary.back() == ' ' ||
         raw.find(boundary) == none;
}

Encoding encoding_named(std::string_view value) {
  if (value.empty() || value == "7bit" || value == "8bit" || value == "binary") return Encoding::none;
  if (value == "quoted-printable") return Encoding::quoted_printable;
  if (value == "base64") return Encoding::base64;
  return Encoding::unknown;
}

class Scanner {
 public:
  explicit Scanner(Message& message) : message_(message), bytes_(message.bytes) {}

  void run() {
    message_.parts.clear();
    if (bytes_.find('\0') != none) add_message_defect(DefectKind::nul_byte);
    if (has_bare_cr(bytes_)) add_message_defect(DefectKind::bare_cr);
    read_entities(-1, Role::message);
    while (const auto line = next_delimiter()) {
      if (!take_delimiter(*line)) break;
    }
    end_parts(0, bytes_.size());
  }

 private:
  enum class Role { message, body_part };

  // A part whose end has not come yet.
  struct Open {
    std::size_t part = 0;
    std::size_t level = none;  // of Boundaries, where it has one
  };

  struct Delimiter {
    RawLine line;
    Boundaries::Match match;
  };

  // Of one kind one for each part: a list that a sender cannot make long.
  void add_defect(std::size_t part, DefectKind kind, std::string_view detail) {
    const std::uint32_t bit = 1u << static_cast<unsigned>(kind);
    if ((reported_[part] & bit) != 0) return;
    reported_[part] |= bit;
    message_.defects.push_back({kind, message_.parts[part].id, std::string(detail)});
  }

  void add_message_defect(DefectKind kind) { message_.defects.push_back({kind, "", ""}); }

  // One part, and the message within it, and the one within that: a loop, because a sender chooses how deep they go.
  void read_entities(int parent, Role role) {
    while (true) {
      const std::size_t index = add_part(parent, role);
      if (!holds_message(index)) return;
      if (open_.size() > limits::mime_depth_max) return add_defect(index, DefectKind::limit, "mime_depth_max");
      if (message_.parts.size() == limits::mime_parts_max) return add_defect(index, DefectKind::limit, "mime_parts_max");
      parent = static_cast<int>(index);
      role = Role::message;
    }
  }

  // Encoded ones (RFC 2046 §5.2.1 forbids them) have no bytes here that could be parts.
  bool holds_message(std::size_t index) const {
    const Part& part = message_.parts[index];
    const bool in_place = part.encoding == Encoding::none || part.encoding == Encoding::unknown;
    return part.is_message() && in_place && at_ < bytes_.size() && at_ > part.header.end;
  }

  std::size_t add_part(int parent, Role role) {
    const std::size_t index = message_.parts.size();
    message_.parts.emplace_back();
    reported_.push_back(0);
    Part& part = message_.parts[index];
    part.parent = parent;
    if (parent >= 0) {
      Part& above = message_.parts[static_cast<std::size_t>(parent)];
      above.children.push_back(static_cast<int>(index));
      part.inside_original = above.inside_original || above.is_message();
      if (above.type == "multipart/digest") part.type = "message/rfc822";  // RFC 2046 §5.1.5
    }
    const bool envelope_line = role == Role::message && skip_envelope_line();
    HeaderBlock header = read_header_block(bytes_, at_, boundaries_);
    part.header = header.range;
    part.fields = std::move(header.fields);
    at_ = header.body;
    part.body = {at_, at_};
    const Singles singles = singles_of(part);
    std::string boundary = read_content_type(part, singles.first[content_type]);
    part.id = id_of(part);
    open_.push_back({index, none});
    read_encoding(index, singles.first[content_transfer_encoding]);
    read_disposition(index, singles.first[content_disposition]);
    report_header(index, role, header, envelope_line);
    report_duplicates(index, role, singles);
    report_content_type(index, singles.first[content_type]);
    if (part.is_multipart() && part.encoding != Encoding::none)  // against RFC 2045 §6.4: some decode it, and find other parts
      add_defect(index, DefectKind::ambiguous_structure, "encoded multipart");
    if (part.is_multipart()) open_multipart(index, std::move(boundary), singles.first[content_type]);
    return index;
  }

  // "From jane@exmouth.example Mon Jun  2 …" as mailbox files have in front of each message (RFC 4155).
  bool skip_envelope_line() {
    if (!bytes_.substr(at_).starts_with("From ")) return false;
    at_ = raw_line_at(bytes_, at_).next;
    return true;
  }

  std::string_view raw(const Field* field) const {
    return field == nullptr ? std::string_view() : bytes_.substr(field->value.begin, field->value.size());
  }

  // Gives the boundary. RFC 2045 §5.2: what is no type is plain text.
  std::string read_content_type(Part& part, const Field* field) {
    content_regular_ = true;
    content_limit_ = false;
    if (field == nullptr) return "";
    ContentField content = parse_content_field(raw(field));
    part.type = is_media_type(content.value) ? std::move(content.value) : "text/plain";
    part.parameters = std::move(content.parameters);
    part.charset = ascii_lower(trimmed(part.parameter("charset")));
    part.file_name = part.parameter("name");
    content_regular_ = content.regular;
    content_limit_ = content.limit;
    return part.is_multipart() ? std::string(part.parameter("boundary")) : "";
  }

  void read_encoding(std::size_t index, const Field* field) {
    if (field == nullptr) return;
    const ContentField content = parse_token_field(raw(field));
    Part& part = message_.parts[index];
    part.encoding = encoding_named(content.value);
    if (part.encoding == Encoding::unknown) {
      add_defect(index, DefectKind::unknown_encoding, "");
    } else if (!content.regular) {
      add_defect(index, DefectKind::unknown_encoding, "written oddly");
    }
  }

  void read_disposition(std::size_t index, const Field* field) {
    Part& part = message_.parts[index];
    ContentField content;
    if (field != nullptr) content = parse_content_field(raw(field));
    const auto name = std::find_if(content.parameters.begin(), content.parameters.end(),
                                   [](const Parameter& parameter) { return parameter.name == "filename"; });
    if (name != content.parameters.end() && !name->value.empty()) part.file_name = name->value;
    if (content.limit) add_defect(index, DefectKind::limit, "header_parameters_max");
    // RFC 2183 §2.8: dispositions that nobody knows are attachments.
    const bool aside = !content.value.empty() && content.value != "inline";
    part.attachment = aside || (!part.file_name.empty() && part.parent >= 0 && !part.is_multipart());
  }

  // IMAP section numbers (RFC 9051 §6.4.5).
  std::string id_of(const Part& part) const {
    if (part.parent < 0) return part.is_multipart() ? "" : "1";
    const Part& above = message_.parts[static_cast<std::size_t>(part.parent)];
    if (above.is_message()) return above.id + (part.is_multipart() ? ".TEXT" : ".1");
    std::string prefix = above.id.ends_with(".TEXT") ? above.id.substr(0, above.id.size() - 4) : above.id;
    if (!prefix.empty() && !prefix.ends_with('.')) prefix += '.';
    return prefix + std::to_string(above.children.size());
  }

  void report_header(std::size_t index, Role role, const HeaderBlock& header, bool envelope_line) {
    const std::string_view text = bytes_.substr(header.range.begin, header.range.size());
    if (header.junk || envelope_line) add_defect(index, DefectKind::header_junk, envelope_line ? "mailbox line" : "");
    if (has_8bit(text) && !is_valid_utf8(text)) add_defect(index, DefectKind::header_8bit, "");
    if (!header.blank_line) add_defect(index, DefectKind::no_blank_line, "");
    if (!header.limit.empty()) add_defect(index, DefectKind::limit, header.limit);
    // Some readers skip empty lines in front of a message, and then find a header.
    if (role == Role::message && header.blank_line && text.empty() && at_ < bytes_.size())
      add_defect(index, DefectKind::ambiguous_structure, "no header");
  }

  void report_duplicates(std::size_t index, Role role, const Singles& singles) {
    std::string names;
    for (std::size_t i = 0; i < single_fields.size(); ++i) {
      if (!singles.doubled[i] || (role != Role::message && !single_fields[i].of_any_part)) continue;
      names += (names.empty() ? "" : ", ") + std::string(single_fields[i].name);
    }
    if (!names.empty()) add_defect(index, DefectKind::duplicate_field, names);
  }

  void report_content_type(std::size_t index, const Field* field) {
    const Part& part = message_.parts[index];
    if (content_limit_) add_defect(index, DefectKind::limit, "header_parameters_max");
    if (content_regular_ || part.is_multipart()) return;
    if (!part.is_message() && names_container(raw(field))) add_defect(index, DefectKind::ambiguous_structure, "odd Content-Type");
  }

  void open_multipart(std::size_t index, std::string boundary, const Field* field) {
    if (boundary.empty()) return add_defect(index, DefectKind::missing_boundary, "");
    if (open_.size() > limits::mime_depth_max) return add_defect(index, DefectKind::limit, "mime_depth_max");
    if (!content_regular_ || is_odd_boundary(boundary, raw(field)))
      add_defect(index, DefectKind::ambiguous_boundary, "written oddly");
    if (!boundaries_.is_distinct(boundary)) add_defect(index, DefectKind::ambiguous_boundary, "like one around it");
    open_.back().level = boundaries_.open(std::move(boundary));
  }

  std::optional<Delimiter> next_delimiter() {
    if (boundaries_.empty()) at_ = bytes_.size();
    while (at_ < bytes_.size()) {
      const bool dashes = bytes_[at_] == '-' && at_ + 1 < bytes_.size() && bytes_[at_ + 1] == '-';
      if (!dashes) {
        const std::size_t feed = bytes_.find('\n', at_);
        at_ = feed == none ? bytes_.size() : feed + 1;
        continue;
      }
      const RawLine line = raw_line_at(bytes_, at_);
      const Boundaries::Line found = boundaries_.match(bytes_.substr(line.begin, line.end - line.begin));
      report_line(found);
      if (found.delimiter) return Delimiter{line, *found.delimiter};
      at_ = line.next;
    }
    return std::nullopt;
  }

  void report_line(const Boundaries::Line& found) {
    if (found.look_alike) add_defect(holder_of(*found.look_alike), DefectKind::ambiguous_boundary, "line like a delimiter");
    if (found.after_end) add_defect(holder_of(*found.after_end), DefectKind::ambiguous_boundary, "delimiter behind the end");
  }

  std::size_t place_of(std::size_t level) const {
    const auto holder = std::find_if(open_.begin(), open_.end(), [&](const Open& open) { return open.level == level; });
    return static_cast<std::size_t>(holder - open_.begin());
  }

  std::size_t holder_of(std::size_t level) const { return open_[place_of(level)].part; }

  // False where the message has more parts than we read.
  bool take_delimiter(const Delimiter& delimiter) {
    const std::size_t place = place_of(delimiter.match.level), multipart = open_[place].part;
    end_parts(place + 1, delimiter.line.begin);
    boundaries_.forget_from(delimiter.match.level + 1);
    at_ = delimiter.line.next;
    if (delimiter.match.closes) {
      boundaries_.close(delimiter.match.level);
      return true;
    }
    if (message_.parts.size() >= limits::mime_parts_max) {
      add_defect(multipart, DefectKind::limit, "mime_parts_max");
      cut_ = true;
      return false;
    }
    read_entities(static_cast<int>(multipart), Role::body_part);
    return true;
  }

  // The parts from open_[place] on end before the line that begins at `line`; its line end belongs to the delimiter.
  void end_parts(std::size_t place, std::size_t line) {
    std::size_t end = line;
    if (line < bytes_.size() || place > 0) {
      if (end > 0 && bytes_[end - 1] == '\n') --end;
      if (end < line && end > 0 && bytes_[end - 1] == '\r') --end;
    }
    for (std::size_t i = open_.size(); i-- > place;) {
      Part& part = message_.parts[open_[i].part];
      end =
          std::max(end, part.body.begin);  // a header that the delimiter ends has its line end itself; what is around it holds it
      part.body.end = end;
      if (open_[i].level != none && !boundaries_.is_closed(open_[i].level) && !cut_)
        add_defect(open_[i].part, DefectKind::unclosed_multipart, "");
    }
    open_.resize(place);
  }

  Message& message_;
  std::string_view bytes_;
  std::size_t at_ = 0;
  Boundaries boundaries_;
  std::vector<Open> open_;
  std::vector<std::uint32_t> reported_;  // kinds of defects of each part
  bool content_regular_ = true;          // of the part that is being read
  bool content_limit_ = false;
  bool cut_ = false;  // the rest is not read
};

// Where the fields of a header end: at its first line that is in none, or that holds a bare CR. What follows may be text to a
// reader who ends the line or the header there.
std::size_t fields_end(const Message& message, const Part& part) {
  const bool bare_cr = message.has_defect(DefectKind::bare_cr);
  std::size_t end = part.header.begin;
  for (const Field& field : part.fields) {
    if (field.whole.begin != end) break;
    if (bare_cr && has_bare_cr(slice(message.bytes, field.whole))) break;
    end = field.whole.end;
  }
  return end;
}

// The line before `next`, without its line end: the delimiter in front of a part.
std::size_t line_begin_before(std::string_view bytes, std::size_t next, std::size_t least) {
  if (next <= least + 1) return least;
  const std::size_t feed = bytes.rfind('\n', next - 2);
  return feed == none || feed < least ? least : feed + 1;
}

// Behind the last part of a multipart: its last delimiter, and the rest.
std::size_t epilogue_begin(std::string_view bytes, const Part& part, std::size_t last_part_end) {
  std::size_t at = last_part_end;
  if (at < part.body.end && bytes[at] == '\r') ++at;
  if (at < part.body.end && bytes[at] == '\n') ++at;
  const RawLine line = raw_line_at(bytes, at);
  const std::string_view text = bytes.substr(at, line.end - at);
  return text.starts_with("--" + std::string(part.parameter("boundary"))) ? std::min(line.next, part.body.end) : at;
}

class Uncovered {
 public:
  explicit Uncovered(const Message& message) : message_(message), bytes_(message.bytes) {}

  std::vector<Range> run() {
    for (const Part& part : message_.parts) add_around(part);
    std::sort(out_.begin(), out_.end(), [](Range a, Range b) { return a.begin < b.begin; });
    return std::move(out_);
  }

 private:
  void add_around(const Part& part) {
    if (part.parent < 0) add(0, part.header.begin);
    // A part without a blank line is all header to us, and may be all text to others.
    const bool all_header = part.parent >= 0 && part.body.begin == part.header.end;
    add(all_header ? part.header.begin : fields_end(message_, part), part.header.end);
    if (part.children.empty()) return;
    const Part& first = message_.parts[static_cast<std::size_t>(part.children.front())];
    const Part& last = message_.parts[static_cast<std::size_t>(part.children.back())];
    if (part.is_multipart()) {
      add(part.body.begin, line_begin_before(bytes_, first.header.begin, part.body.begin));
      add(epilogue_begin(bytes_, part, last.body.end), part.body.end);
    } else {
      add(part.body.begin, first.header.begin);
    }
  }

  void add(std::size_t begin, std::size_t end) {
    const auto is_white = [&](std::size_t at) { return std::string_view(" \t\r\n").find(bytes_[at]) != none; };
    while (begin < end && is_white(begin)) ++begin;
    while (begin < end && is_white(end - 1)) --end;
    if (begin < end) out_.push_back({begin, end});
  }

  const Message& message_;
  std::string_view bytes_;
  std::vector<Range> out_;
};

}  // namespace

void scan_structure(Message& message) { Scanner(message).run(); }

std::vector<Range> uncovered(const Message& message) { return Uncovered(message).run(); }

}  // namespace beadle::mail
