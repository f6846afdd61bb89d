#include "extract/child/rtf.h"

#include <algorithm>
#include <cctype>
#include <unordered_map>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/rtf_words.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  const char lower = static_cast<char>(c | 0x20);
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

struct Group {
  RtfDestination destination = RtfDestination::body;
  unsigned code_page = 1252;
  int skipped_after_unicode = 1;  // \ucN
  bool html_copy = false;         // within \htmlrtf: a copy for readers of RTF
  bool fresh = true;              // nothing seen of it yet, so a word may make it a destination
  bool starred = false;
};

class Stripper {
 public:
  explicit Stripper(std::string_view bytes) : bytes_(bytes) { groups_.push_back({}); }

  RtfText run() {
    while (at_ < bytes_.size() && out_.end == RtfText::End::whole) step();
    flush();
    if (out_.end == RtfText::End::whole && groups_.size() > 1) out_.end = RtfText::End::truncated;
    return std::move(out_);
  }

 private:
  Group& group() { return groups_.back(); }

  void step() {
    const char c = bytes_[at_++];
    if (c == '{') return open_group();
    if (c == '}') return close_group();
    if (c == '\\') return control();
    if (c != '\r' && c != '\n' && c != '\0') literal(c);
  }

  void open_group() {
    flush();
    to_skip_ = 0;
    if (groups_.size() > limits::document_rtf_depth_max) {
      out_.end = RtfText::End::too_deep;
      return;
    }
    Group inner = group();
    inner.fresh = true;
    inner.starred = false;
    groups_.push_back(inner);
  }

  void close_group() {
    flush();
    to_skip_ = 0;
    if (groups_.size() == 1) return;  // one too many: shown by Word all the same
    const RtfDestination closed = group().destination;
    groups_.pop_back();
    if (closed == group().destination) return;
    if (closed == RtfDestination::property) end_property();
    if (closed == RtfDestination::property_name) property_name_ = std::exchange(held_, {});
    if (closed == RtfDestination::shape_name) shape_name_ = std::exchange(held_, {});
    if (closed == RtfDestination::shape_value) end_shape_value();
    if (closed == RtfDestination::object && !object_.empty()) out_.objects.push_back(std::exchange(object_, {}));
  }

  void end_property() {
    out_.properties.emplace_back(property_name_, std::exchange(held_, {}));
    property_name_.clear();
  }

  void end_shape_value() {
    const std::string value = std::exchange(held_, {});
    if (shape_name_ == "gtextUNICODE" || shape_name_ == "wzDescription") append(value + "\n");
  }

  // A character that stands for itself, or a byte of \'hh.
  void literal(char c) {
    group().fresh = false;
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    if (group().destination == RtfDestination::object) return object_byte(c);
    pending_ += c;
    if (pending_.size() > 4096) flush();
  }

  void object_byte(char c) {
    const int digit = hex_digit(c);
    if (digit < 0) return;
    if (object_half_ < 0) {
      object_half_ = digit;
      return;
    }
    object_ += static_cast<char>(object_half_ << 4 | digit);
    object_half_ = -1;
  }

  void control() {
    if (at_ >= bytes_.size()) return;
    const char c = bytes_[at_];
    if (is_letter(c)) return control_word();
    ++at_;
    switch (c) {
      case '\'':
        return hex_character();
      case '*':
        group().starred = true;
        return;
      case '~':
        return character("\xC2\xA0");
      case '_':
        return character("-");
      case '\r':
      case '\n':
        return character("\n");
      case '{':
      case '}':
      case '\\':
        return literal(c);
      default:
        return;
    }
  }

  void hex_character() {
    if (bytes_.size() - at_ < 2) return;
    const int high = hex_digit(bytes_[at_]);
    const int low = hex_digit(bytes_[at_ + 1]);
    if (high < 0 || low < 0) return;
    at_ += 2;
    if (group().destination != RtfDestination::object) literal(static_cast<char>(high << 4 | low));
  }

  void control_word() {
    const std::size_t start = at_;
    while (at_ < bytes_.size() && is_letter(bytes_[at_]) && at_ - start < 40) ++at_;
    const std::string_view name = bytes_.substr(start, at_ - start);
    bool negative = false;
    bool numbered = false;
    long number = 0;
    if (at_ + 1 < bytes_.size() && bytes_[at_] == '-' && is_digit(bytes_[at_ + 1])) {
      negative = true;
      ++at_;
    }
    for (; at_ < bytes_.size() && is_digit(bytes_[at_]); ++at_) {
      numbered = true;
      number = std::min(number * 10 + (bytes_[at_] - '0'), 1'000'000'000L);
    }
    if (at_ < bytes_.size() && bytes_[at_] == ' ') ++at_;
    word(name, negative ? -number : number, numbered);
  }

  void word(std::string_view name, long number, bool numbered) {
    if (name == "bin") return binary(number);
    if (name == "u" && numbered) return unicode(number);
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    if (group().fresh && destination(name)) return;
    group().fresh = false;
    if (font_word(name, static_cast<int>(number)) || state_word(name, static_cast<int>(number), numbered)) return;
    const std::string_view text = rtf_character(name);
    if (text.empty()) return;
    character(text);
    if (name == "page" || name == "sect") end_page();
  }

  // True where the word opens a destination, or was marked as one that unknown readers are to pass over.
  bool destination(std::string_view name) {
    auto found = rtf_destination(name);
    if (!found && !group().starred) return false;
    flush();
    group().fresh = false;
    if (group().destination == RtfDestination::skip) return true;
    if (found == RtfDestination::html_tag && !out_.is_html) found = RtfDestination::skip;
    if (found == RtfDestination::body) return true;  // text, wherever we are: a box in a footer stays in the footer
    group().destination = found.value_or(RtfDestination::skip);
    if (found == RtfDestination::property && name != "staticval") property_name_ = name;
    if (found == RtfDestination::object) object_half_ = -1;
    return true;
  }

  bool font_word(std::string_view name, int number) {
    if (name == "f" || name == "af") {
      font_ = number;
      if (name == "f" && group().destination != RtfDestination::fonts) set_code_page(font_code_page(number));
      return true;
    }
    if (name != "fcharset") return false;
    if (font_code_pages_.size() < 5000) font_code_pages_[font_] = rtf_code_page(number);
    return true;
  }

  bool state_word(std::string_view name, int number, bool numbered) {
    if (name == "uc") {
      group().skipped_after_unicode = std::clamp(number, 0, 16);
    } else if (name == "ansicpg") {
      document_code_page_ = static_cast<unsigned>(std::max(number, 0));
      set_code_page(document_code_page_);
    } else if (name == "mac" || name == "pc" || name == "pca") {
      document_code_page_ = name == "mac" ? 10000 : name == "pc" ? 437 : 850;
      set_code_page(document_code_page_);
    } else if (name == "plain") {
      set_code_page(document_code_page_);
    } else if (name == "fromhtml") {
      out_.is_html = true;
    } else if (name == "htmlrtf") {
      flush();
      group().html_copy = out_.is_html && !(numbered && number == 0);
    } else {
      return false;
    }
    return true;
  }

  unsigned font_code_page(int font) const {
    const auto found = font_code_pages_.find(font);
    return found == font_code_pages_.end() || found->second == 0 ? document_code_page_ : found->second;
  }

  void set_code_page(unsigned code_page) {
    if (code_page != group().code_page) flush();
    group().code_page = code_page;
  }

  void binary(long bytes) {
    group().fresh = false;
    const std::size_t count = std::min<std::size_t>(bytes < 0 ? 0 : static_cast<std::size_t>(bytes), bytes_.size() - at_);
    if (group().destination == RtfDestination::object) object_.append(bytes_.substr(at_, count));
    at_ += count;
  }

  void unicode(long number) {
    const char32_t unit = static_cast<char32_t>(number & 0xFFFF);
    flush();
    group().fresh = false;
    to_skip_ = group().skipped_after_unicode;
    if (unit >= 0xD800 && unit < 0xDC00) {
      high_surrogate_ = unit;
      return;
    }
    char32_t c = unit;
    if (unit >= 0xDC00 && unit < 0xE000)
      c = high_surrogate_ == 0 ? 0xFFFD : 0x10000 + ((high_surrogate_ - 0xD800) << 10) + (unit - 0xDC00);
    high_surrogate_ = 0;
    std::string text;
    append_utf8(text, c);
    append(text);
  }

  void character(std::string_view text) {
    group().fresh = false;
    if (to_skip_ > 0) {
      --to_skip_;
      return;
    }
    flush();
    append(text);
  }

  void flush() {
    if (pending_.empty()) return;
    append(utf8_from_code_page(pending_, group().code_page));
    pending_.clear();
  }

  void append(std::string_view text) {
    if (group().html_copy) return;
    switch (group().destination) {
      case RtfDestination::body:
      case RtfDestination::html_tag:
        out_.body += text;
        break;
      case RtfDestination::header_footer:
        out_.header_footer += text;
        break;
      case RtfDestination::property:
      case RtfDestination::property_name:
      case RtfDestination::shape_name:
      case RtfDestination::shape_value:
        held_ += text;
        break;
      default:
        return;
    }
    if (out_.body.size() + out_.header_footer.size() + held_.size() > limits::document_text_bytes_max)
      out_.end = RtfText::End::full;
  }

  void end_page() {
    if (out_.first_page_bytes == std::string::npos && !trimmed(out_.body).empty()) out_.first_page_bytes = out_.body.size();
  }

  std::string_view bytes_;
  std::size_t at_ = 0;
  std::vector<Group> groups_;
  std::string pending_;  // bytes in the group's code page
  std::string held_;     // the text of a property or of a shape's
  std::string property_name_;
  std::string shape_name_;
  std::string object_;
  int object_half_ = -1;
  int to_skip_ = 0;
  char32_t high_surrogate_ = 0;
  int font_ = 0;
  std::unordered_map<int, unsigned> font_code_pages_;
  unsigned document_code_page_ = 1252;
  RtfText out_;
};

// An embedded object ([MS-OLEDS] §2.2) has a head of names and sizes before the document itself.
void read_object(Document& document, const std::string& object) {
  for (const std::string_view start :
       {std::string_view("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"), std::string_view("PK\x03\x04"), std::string_view("%PDF-")}) {
    const std::size_t at = object.find(start);
    if (at != std::string::npos) return document.read_member("object", std::string_view(object).substr(at));
  }
  document.unread_member("object", Outcome::unreadable, "an embedded object of another program");
}

void read(Document& document, std::string_view bytes, std::size_t first_page_lines) {
  const RtfText text = rtf_text(bytes);
  for (const auto& [name, value] : text.properties) document.add_property(name, value);
  document.add(Place::header_footer, text.header_footer);
  if (text.is_html) {
    document.add_raw(Place::raw_html, "\xEF\xBB\xBF" + text.body);  // the mark outweighs what its <meta> says of the charset
  } else {
    document.add_pages(text.body, std::min(text.first_page_bytes, lines_end(text.body, first_page_lines)));
  }
  for (const std::string& object : text.objects) read_object(document, object);
  if (text.end == RtfText::End::truncated) document.unread(Outcome::truncated, "ends within a group");
  if (text.end == RtfText::End::too_deep) document.unread(Outcome::limit, "groups are nested deeper than is read");
  if (text.end == RtfText::End::full && !document.full())
    document.unread(Outcome::limit, "more text than is read of one document");
}

}  // namespace

RtfText rtf_text(std::string_view bytes) { return Stripper(bytes).run(); }

void read_rtf(Document& document) { read(document, document.bytes(), limits::document_first_page_lines); }

void read_rtf_message(Document& document, std::string_view bytes) { read(document, bytes, 0); }

}  // namespace beadle::extract
