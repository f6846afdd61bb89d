#include "mail/originals.h"

#include <algorithm>
#include <array>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::mail {
namespace {

constexpr std::size_t attribution_lines_max = 4;  // Gmail and Apple Mail wrap once or twice
constexpr std::size_t attribution_bytes_max = 500;
constexpr std::size_t block_lines_max = 80;  // a long list of recipients, wrapped
constexpr std::size_t mailboxes_max = 500;

enum class FieldName { none, from, sent, to, cc, subject, other };

struct FieldLine {
  FieldName name = FieldName::none;
  std::string_view value;
};

struct KnownField {
  std::string_view text;
  FieldName name;
};

constexpr std::array<KnownField, 17> known_fields{{{"from", FieldName::from},
                                                   {"sent", FieldName::sent},
                                                   {"date", FieldName::sent},
                                                   {"sent on", FieldName::sent},
                                                   {"to", FieldName::to},
                                                   {"cc", FieldName::cc},
                                                   {"subject", FieldName::subject},
                                                   {"bcc", FieldName::other},
                                                   {"reply-to", FieldName::other},
                                                   {"sender", FieldName::other},
                                                   {"importance", FieldName::other},
                                                   {"sensitivity", FieldName::other},
                                                   {"attachments", FieldName::other},
                                                   {"organization", FieldName::other},
                                                   {"organisation", FieldName::other},
                                                   {"when", FieldName::other},
                                                   {"where", FieldName::other}}};

// "From: x", also "*From:* x" and "*From: *x" as Gmail writes bold in plain text.
FieldLine field_line(std::string_view line) {
  if (line.starts_with('*')) line.remove_prefix(1);
  const std::size_t colon = line.substr(0, 16).find(':');
  if (colon == std::string_view::npos || colon == 0) return {};
  std::string_view name = line.substr(0, colon);
  if (name.ends_with('*')) name.remove_suffix(1);
  name = trimmed_wide(name);
  for (const KnownField& field : known_fields) {
    if (!ascii_iequals(name, field.text)) continue;
    std::string_view value = trimmed_wide(line.substr(colon + 1));
    if (value.starts_with('*')) value.remove_prefix(1);
    return {field.name, trimmed_wide(value)};
  }
  return {};
}

// Only dashes or only underscores, at least five: the line that Outlook draws above a header block.
bool is_rule(std::string_view line) {
  return line.size() >= 5 && (line.front() == '_' || line.front() == '-') &&
         line.find_first_not_of(line.front()) == std::string_view::npos;
}

enum class Separator { none, original, forward };

Separator separator_of(std::string_view line) {
  if (line.size() > 200) return Separator::none;
  if (ascii_istarts_with(line, "Begin forwarded message")) return line.size() <= 26 ? Separator::forward : Separator::none;
  if (!line.starts_with("--")) return Separator::none;
  const std::size_t from = line.find_first_not_of("- ");
  if (from == std::string_view::npos) return Separator::none;
  const std::string_view words = line.substr(from);
  if (ascii_istarts_with(words, "forwarded message") || ascii_istarts_with(words, "forwarded by ")) return Separator::forward;
  if (ascii_istarts_with(words, "original message") || ascii_istarts_with(words, "original appointment") ||
      ascii_istarts_with(words, "reply message")) {
    return Separator::original;
  }
  return Separator::none;
}

bool is_address_byte(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte >= 0x80 ||
         std::string_view(".!#$%&'*+/=?^_`{|}~-").find(c) != std::string_view::npos;
}

// Range of the first address in `text`; empty where it has none.
Range address_in(std::string_view text) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t begin = at, end = at + 1;
    while (begin > 0 && at - begin < limits::address_bytes_max && is_address_byte(text[begin - 1])) --begin;
    while (end < text.size() && end - at < limits::address_bytes_max && is_address_byte(text[end])) ++end;
    while (end > at + 1 && (text[end - 1] == '.' || text[end - 1] == '*' || text[end - 1] == '\'')) --end;
    while (begin < at && (text[begin] == '\'' || text[begin] == '*')) ++begin;
    if (begin < at && end > at + 1) return {begin, end};
  }
  return {};
}

std::string_view bare_name(std::string_view name) {
  constexpr std::string_view around = "\"'<>()[]*,; \t";
  if (const std::size_t mark = name.rfind("mailto:"); mark != std::string_view::npos) name = name.substr(0, mark);
  while (!name.empty() && around.find(name.front()) != std::string_view::npos) name.remove_prefix(1);
  while (!name.empty() && around.find(name.back()) != std::string_view::npos) name.remove_suffix(1);
  return trimmed_wide(name);
}

void add_mailbox(std::vector<Mailbox>& out, std::string_view piece) {
  piece = trimmed_wide(piece);
  if (piece.empty() || out.size() >= mailboxes_max) return;
  const Range range = address_in(piece);
  Mailbox mailbox;
  mailbox.address = std::string(slice(piece, range));
  mailbox.name = std::string(bare_name(range.end == 0 ? piece : piece.substr(0, range.begin)));
  if (mailbox.name.size() > limits::address_bytes_max) mailbox.name = shortened(mailbox.name, limits::address_bytes_max);
  if (!mailbox.name.empty() || !mailbox.address.empty()) out.push_back(std::move(mailbox));
}

// Commas part mailboxes only where both sides can be one: "Stoyle, Vera <v@x>, y@z" has two, "Stoyle, Vera" is one.
void add_comma_list(std::vector<Mailbox>& out, std::string_view value) {
  const bool any_address = value.find('@') != std::string_view::npos;
  const std::size_t comma = value.find(',');
  if (!any_address && comma == value.rfind(',') && value.substr(0, comma).find(' ') == std::string_view::npos)
    return add_mailbox(out, value);
  std::size_t begin = 0;
  bool has_address = false;
  for (std::size_t at = 0; at <= value.size(); ++at) {
    if (at < value.size() && value[at] == '@') has_address = true;
    if (at < value.size() && (value[at] != ',' || (any_address && !has_address))) continue;
    add_mailbox(out, value.substr(begin, at - begin));
    begin = at + 1;
    has_address = false;
  }
}

void set_field(Original& original, FieldName name, const std::string& value) {
  switch (name) {
    case FieldName::from:
      // "x@council.example on behalf of Y" and "Stoyle, Vera": one mailbox, whatever commas there are.
      if (value.find('@') == std::string::npos) {
        if (const auto name_only = bare_name(value); !name_only.empty())
          original.from.push_back({.name = std::string(name_only), .address = "", .group = ""});
      } else {
        original.from = shown_mailboxes(value);
      }
      break;
    case FieldName::sent:
      original.date = value;
      break;
    case FieldName::to:
      original.to = shown_mailboxes(value);
      break;
    case FieldName::cc:
      original.cc = shown_mailboxes(value);
      break;
    case FieldName::subject:
      original.subject = value;
      break;
    case FieldName::none:
    case FieldName::other:
      break;
  }
}

// Fields of a header block as they come; a name stands in it once.
class BlockReader {
 public:
  BlockReader(const std::vector<Line>& lines, std::size_t at)
      : lines_(lines), at_(at), first_(at), depth_(at < lines.size() ? lines[at].depth : 0) {}

  void read() {
    while (at_ < lines_.size() && at_ - first_ < block_lines_max && lines_[at_].depth == depth_) {
      if (lines_[at_].flat()) {
        if (!take_blank()) break;
        continue;
      }
      const FieldLine field = field_line(lines_[at_].text);
      if (field.name != FieldName::none) {
        if (!begin_field(field)) break;
      } else if (!takes_continuation()) {
        break;
      } else {
        value_ += ' ';
        value_ += lines_[at_].text;
      }
      ++at_;
      end_ = at_;
    }
    finish_field();
  }

  std::size_t end() const { return end_; }
  Original& original() { return original_; }
  bool has(FieldName name) const { return seen_[static_cast<std::size_t>(name)]; }
  int count() const { return static_cast<int>(std::count(seen_.begin(), seen_.end(), true)); }

 private:
  bool begin_field(const FieldLine& field) {
    if (field.name != FieldName::other && has(field.name)) return false;
    finish_field();
    seen_[static_cast<std::size_t>(field.name)] = true;
    name_ = field.name;
    value_ = std::string(field.value);
    return true;
  }
  void finish_field() {
    set_field(original_, name_, value_);
    name_ = FieldName::none;
  }
  // Some HTML has a blank line between fields; text behind a blank line is the letter.
  bool take_blank() {
    const std::size_t next = next_with_text(lines_, at_);
    if (next >= lines_.size() || next - at_ > 2 || lines_[next].depth != depth_) return false;
    const FieldLine field = field_line(lines_[next].text);
    if (field.name == FieldName::none || field.name == FieldName::other || has(field.name)) return false;
    at_ = next;
    return true;
  }
  // A wrapped value: nothing behind the colon yet, or an address list that goes on, or a further field close behind.
  bool takes_continuation() const {
    if (name_ == FieldName::none || name_ == FieldName::other) return false;
    if (value_.empty() || value_.ends_with(';') || value_.ends_with(',')) return true;
    if (name_ == FieldName::subject && has(FieldName::from) && has(FieldName::sent) && has(FieldName::to)) return false;
    for (std::size_t i = at_ + 1; i < std::min(at_ + 4, lines_.size()); ++i) {
      if (lines_[i].flat() || lines_[i].depth != depth_) return false;
      const FieldLine field = field_line(lines_[i].text);
      if (field.name != FieldName::none) return !has(field.name);
    }
    return false;
  }

  const std::vector<Line>& lines_;
  std::size_t at_;
  std::size_t first_;
  std::size_t end_ = 0;
  int depth_;
  FieldName name_ = FieldName::none;
  std::string value_;
  std::array<bool, 7> seen_{};
  Original original_;
};

std::optional<Opener> read_block(const std::vector<Line>& lines, std::size_t at, Separator separator) {
  if (at >= lines.size()) return std::nullopt;
  const FieldLine first = field_line(lines[at].text);
  if (first.name == FieldName::none || (separator == Separator::none && first.name != FieldName::from)) return std::nullopt;
  BlockReader reader(lines, at);
  reader.read();
  const bool dated = reader.has(FieldName::sent) && (reader.has(FieldName::to) || reader.has(FieldName::subject));
  const bool addressed = reader.has(FieldName::to) && reader.has(FieldName::subject);
  const bool enough = separator == Separator::none ? reader.has(FieldName::from) && (dated || addressed)
                                                   : reader.has(FieldName::from) || reader.count() >= 2;
  if (!enough) return std::nullopt;
  return Opener{.end = reader.end(),
                .original = std::move(reader.original()),
                .attribution = false,
                .forward = separator == Separator::forward};
}

std::optional<Opener> read_separator(const std::vector<Line>& lines, std::size_t at) {
  const Separator separator = separator_of(lines[at].text);
  const bool rule = separator == Separator::none && is_rule(lines[at].text);
  if (separator == Separator::none && !rule) return std::nullopt;
  const std::size_t next = next_with_text(lines, at + 1);
  if (next < lines.size() && next - at <= 3 && lines[next].depth == lines[at].depth) {
    if (auto block = read_block(lines, next, separator)) return block;
  }
  if (rule) return std::nullopt;
  return Opener{.end = at + 1, .original = {}, .attribution = false, .forward = separator == Separator::forward};
}

bool ends_attribution(std::string_view text) {
  for (const std::string_view end : {"wrote:", "writes:", "wrote :", "wrote\xC2\xA0:"}) {
    if (text.ends_with(end)) return true;
  }
  return false;
}

bool has_time(std::string_view text) {
  const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
  for (std::size_t i = 1; i + 2 < text.size(); ++i) {
    if ((text[i] == ':' || text[i] == '.') && digit(i - 1) && digit(i + 1) && digit(i + 2)) return true;
  }
  return false;
}

bool has_year(std::string_view text) {
  std::size_t run = 0;
  for (std::size_t i = 0; i <= text.size(); ++i) {
    const bool digit = i < text.size() && text[i] >= '0' && text[i] <= '9';
    if (digit) ++run;
    if (!digit && run == 4 && (text[i - 4] == '1' || text[i - 4] == '2')) return true;
    if (!digit) run = 0;
  }
  return false;
}

bool ends_a_date(std::string_view word) {
  while (!word.empty() && (word.back() == ',' || word.back() == ')' || word.back() == ':')) word.remove_suffix(1);
  if (word.starts_with('(')) word.remove_prefix(1);
  for (const std::string_view mark : {"am", "pm", "gmt", "bst", "utc", "cet", "cest", "at", "a.m.", "p.m."}) {
    if (ascii_iequals(word, mark)) return true;
  }
  return has_digit(word);
}

// "On DATE, NAME <ADDRESS> wrote:" taken apart: the name is what stands behind the last word of the date.
Original attribution_of(std::string_view text) {
  Original original;
  std::string_view words = text;
  words.remove_suffix(words.size() - words.rfind('w'));
  if (ascii_istarts_with(words, "On ")) words.remove_prefix(3);
  Mailbox mailbox;
  if (const Range range = address_in(words); range.end > 0) {
    mailbox.address = std::string(slice(words, range));
    words = words.substr(0, range.begin);
  }
  if (const std::size_t mark = words.rfind("mailto:"); mark != std::string_view::npos) words = words.substr(0, mark);
  words = trimmed_wide(words);
  std::size_t name_begin = words.size();
  while (name_begin > 0) {
    const std::size_t blank = words.rfind(' ', name_begin - 1);
    const std::size_t word_begin = blank == std::string_view::npos ? 0 : blank + 1;
    if (ends_a_date(words.substr(word_begin, name_begin - word_begin))) break;
    name_begin = blank == std::string_view::npos ? 0 : blank;
  }
  mailbox.name = std::string(bare_name(words.substr(name_begin)));
  original.date = std::string(bare_name(words.substr(0, name_begin)));
  if (!mailbox.name.empty() || !mailbox.address.empty()) original.from.push_back(std::move(mailbox));
  return original;
}

bool may_begin_attribution(std::string_view text) {
  return text.starts_with("On ") || (text.size() <= 200 && ends_attribution(text));
}

std::optional<Opener> read_attribution(const std::vector<Line>& lines, std::size_t at) {
  if (!may_begin_attribution(lines[at].text)) return std::nullopt;
  std::string text;
  for (std::size_t i = at; i < std::min(at + attribution_lines_max, lines.size()); ++i) {
    if (lines[i].flat() || lines[i].depth != lines[at].depth) return std::nullopt;
    if (!text.empty()) text += ' ';
    text += lines[i].text;
    if (text.size() > attribution_bytes_max) return std::nullopt;
    if (!ends_attribution(text)) continue;
    const std::size_t next = next_with_text(lines, i + 1);
    const bool deeper = next < lines.size() && lines[next].depth > lines[at].depth;
    const bool dated = has_digit(text) && (has_time(text) || has_year(text));
    const bool address = text.find('@') != std::string::npos;
    // "In 2019 he wrote:" before a line of one's own is no attribution: without a quote behind it, it needs date and sender.
    if (!deeper && !(text.starts_with("On ") && dated && (address || has_time(text)))) return std::nullopt;
    return Opener{.end = i + 1, .original = attribution_of(text), .attribution = true, .forward = false};
  }
  return std::nullopt;
}

}  // namespace

std::vector<Mailbox> shown_mailboxes(std::string_view value) {
  std::vector<Mailbox> out;
  if (value.find(';') != std::string_view::npos) {
    for (const std::string_view piece : split(value, ';')) add_mailbox(out, piece);
  } else {
    add_comma_list(out, value);
  }
  return out;
}

std::optional<Opener> read_opener(const std::vector<Line>& lines, std::size_t at) {
  const std::string_view text = lines[at].text;
  if (text.size() < 5) return std::nullopt;
  if (text.front() == '-' || text.front() == '_' || text.front() == 'B' || text.front() == 'b') {
    if (auto opener = read_separator(lines, at)) return opener;
  }
  if (text.front() == 'F' || text.front() == 'f' || text.front() == '*') {
    if (auto opener = read_block(lines, at, Separator::none)) return opener;
  }
  return read_attribution(lines, at);
}

}  // namespace beadle::mail
