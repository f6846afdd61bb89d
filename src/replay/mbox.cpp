#include "replay/mbox.h"

#include <algorithm>
#include <filesystem>
#include <iterator>

#include "base/text.h"
#include "replay/source.h"

namespace beadle::replay {
namespace {

constexpr std::string_view from = "From ";
// Enough for an address and a date; addresses have 320 characters at most (RFC 5321 §4.5.3.1).
constexpr std::size_t line_bytes_kept = 512;
constexpr std::size_t read_bytes = 1u << 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// "10:00" or "10:00:00": where it begins, npos where there is none.
std::size_t time_in(std::string_view line) {
  for (std::size_t i = 0; i + 5 <= line.size(); ++i) {
    if (is_digit(line[i]) && is_digit(line[i + 1]) && line[i + 2] == ':' && is_digit(line[i + 3]) && is_digit(line[i + 4])) return i;
  }
  return std::string_view::npos;
}

bool has_year_behind(std::string_view rest) {
  for (const std::string_view word : split(rest, ' ')) {
    const std::string_view year = trimmed(word);
    if (year.size() == 4 && (year.starts_with("19") || year.starts_with("20")) && is_digit(year[2]) && is_digit(year[3])) return true;
  }
  return false;
}

bool has_month_before(std::string_view text) {
  static constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  for (const std::string_view word : split(text, ' ')) {
    if (std::find(std::begin(months), std::end(months), word) != std::end(months)) return true;
  }
  return false;
}

class Mbox : public Source {
 public:
  explicit Mbox(std::string file) : file_(std::move(file)) {
    // The file itself may be a link: the user named it.
    std::error_code error;
    path_ = std::filesystem::canonical(file_, error).string();
    if (error) path_ = file_;
  }

  std::string name() const override { return "mbox " + file_; }

  Result<void> list(const std::function<void(Entry)>& found, const std::function<void(Failure)>& failed) override {
    std::size_t count = 0;
    MboxSplitter splitter([&](std::uint64_t begin, std::uint64_t end) {
      found({.name = "message " + std::to_string(++count), .begin = begin, .size = end - begin});
    });
    const auto read = feed(splitter);
    if (!read) return in_context(file_, read.error());
    splitter.finish();
    if (splitter.before_first() > 0) failed({file_, std::to_string(splitter.before_first()) + " bytes before the first message belong to none"});
    if (count == 0) failed({file_, "holds no message: no line begins with \"From \" and has a date"});
    return {};
  }

  Result<std::string> read(const Entry& entry, std::size_t most) const override {
    const auto size = static_cast<std::size_t>(std::min<std::uint64_t>(entry.size, most));
    return unquoted(TRY(read_regular_file(path_, entry.begin, size)));
  }

 private:
  Result<void> feed(MboxSplitter& splitter) const {
    std::string bytes = TRY(read_regular_file(path_, 0, read_bytes));
    for (std::uint64_t at = 0; !bytes.empty(); bytes = TRY(read_regular_file(path_, at, read_bytes))) {
      splitter.feed(bytes);
      at += bytes.size();
    }
    return {};
  }

  std::string file_, path_;
};

}  // namespace

Separator separator_of(std::string_view line) {
  if (!line.starts_with(from)) return Separator::no;
  const std::size_t time = time_in(line);
  if (time == std::string_view::npos) return Separator::no;
  return has_month_before(line.substr(0, time)) && has_year_behind(line.substr(time)) ? Separator::always : Separator::after_blank;
}

void MboxSplitter::feed(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    const std::string_view piece = bytes.substr(0, end);
    const bool whole = part_.empty() && line_begin_ == at_;
    if (!piece.empty()) cr_ = piece.back() == '\r';
    if (end == std::string_view::npos) {
      part_ += piece.substr(0, line_bytes_kept - std::min(part_.size(), line_bytes_kept));
      at_ += piece.size();
      return;
    }
    if (!whole) part_ += piece.substr(0, line_bytes_kept - std::min(part_.size(), line_bytes_kept));
    const std::uint64_t line_end = at_ + piece.size() - (cr_ ? 1 : 0);
    line(whole ? piece.substr(0, line_bytes_kept) : std::string_view(part_), line_begin_, line_end, at_ + end + 1);
    part_.clear();
    cr_ = false;
    at_ += end + 1;
    line_begin_ = at_;
    bytes.remove_prefix(end + 1);
  }
}

void MboxSplitter::line(std::string_view beginning, std::uint64_t begin, std::uint64_t end, std::uint64_t next) {
  const bool blank = begin >= end;
  if (!blank && beginning.starts_with(from)) {
    const Separator separator = separator_of(beginning);
    if (separator == Separator::always || (separator == Separator::after_blank && after_blank_)) {
      if (inside_) found_(message_, std::max(message_, after_blank_ ? blank_begin_ : begin));
      inside_ = true;
      message_ = next;
      // An empty message must not count the line as its own empty line.
      blank_begin_ = next;
      after_blank_ = false;
      return;
    }
  }
  if (!inside_ && !blank) before_first_ += end - begin;
  after_blank_ = blank;
  if (blank) blank_begin_ = begin;
}

void MboxSplitter::finish() {
  if (line_begin_ != at_) {
    line(part_, line_begin_, at_, at_);
    line_begin_ = at_;
    part_.clear();
  }
  if (inside_) found_(message_, std::max(message_, after_blank_ ? blank_begin_ : at_));
  inside_ = false;
}

std::string unquoted(std::string bytes) {
  constexpr std::string_view quoted = ">From ";
  if (bytes.find(quoted) == std::string::npos) return bytes;
  std::string out;
  out.reserve(bytes.size());
  for (std::size_t at = 0; at < bytes.size();) {
    const std::size_t end = std::min(bytes.find('\n', at), bytes.size() - 1) + 1;
    const std::string_view line = std::string_view(bytes).substr(at, end - at);
    const std::size_t marks = line.find_first_not_of('>');
    const bool drop = marks != std::string_view::npos && marks > 0 && line.substr(marks).starts_with(from);
    out += line.substr(drop ? 1 : 0);
    at = end;
  }
  return out;
}

std::unique_ptr<Source> mbox_source(const std::string& file) { return std::make_unique<Mbox>(file); }

}  // namespace beadle::replay
