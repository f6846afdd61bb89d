#include "extract/child/mapi.h"

#include <array>

#include "base/limits.h"
#include "base/text.h"
#include "extract/child/rtf.h"
#include "extract/child/tidy.h"

namespace beadle::extract {
namespace {

// What every window begins with ([MS-OXRTFCP] §2.1.2.1), so that short letters compress too.
constexpr std::string_view dictionary_start =
    "{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans "
    "SerifSymbolArialTimes New "
    "RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx";
constexpr std::size_t window_bytes = 4096;
constexpr std::size_t head_bytes = 16;
constexpr std::uint32_t compressed_mark = 0x75465A4C;  // "LZFu"
constexpr std::uint32_t plain_mark = 0x414C454D;       // "MELA"

class Inflater {
 public:
  Inflater(std::string_view from, std::size_t out_max) : from_(from), out_max_(out_max) {
    dictionary_start.copy(window_.data(), dictionary_start.size());
    write_ = dictionary_start.size();
  }

  std::string run(bool& cut) {
    while (!done_ && at_ < from_.size()) run_of_eight();
    cut = !done_;
    return std::move(out_);
  }

 private:
  unsigned char next() { return at_ < from_.size() ? static_cast<unsigned char>(from_[at_++]) : 0; }

  void put(char c) {
    out_ += c;
    window_[write_] = c;
    write_ = (write_ + 1) % window_bytes;
  }

  void run_of_eight() {
    const unsigned flags = next();
    for (unsigned bit = 0; bit < 8 && !done_ && at_ < from_.size(); ++bit) {
      if ((flags >> bit & 1) == 0) {
        put(static_cast<char>(next()));
      } else {
        reference();
      }
      if (out_.size() >= out_max_) return finish_early();
    }
  }

  void finish_early() { at_ = from_.size(); }

  void reference() {
    const unsigned high = next();
    const unsigned token = high << 8 | next();
    std::size_t offset = token >> 4;
    if (offset == write_) {  // points at itself: the end
      done_ = true;
      return;
    }
    for (std::size_t left = (token & 0xF) + 2; left > 0; --left) {
      put(window_[offset]);
      offset = (offset + 1) % window_bytes;
    }
  }

  std::string_view from_;
  std::size_t at_ = 0;
  std::size_t out_max_;
  std::array<char, window_bytes> window_{};
  std::size_t write_ = 0;
  bool done_ = false;
  std::string out_;
};

// One line, so that nothing in it can become a field of its own.
void append_field(std::string& mail, std::string_view name, std::string_view value) {
  const std::string line = printable(tidied(value));
  if (!trimmed(line).empty()) mail.append(name).append(": ").append(trimmed(line)).append("\r\n");
}

bool describes_body(std::string_view field) {
  return ascii_istarts_with(field, "content-") || ascii_istarts_with(field, "mime-version:");
}

// The header as it came, without what tells how its body was encoded: that body is gone.
std::string kept_headers(std::string_view headers) {
  std::string out;
  bool kept = false;
  for (const std::string_view line : split(headers, '\n')) {
    const std::string_view text = trimmed(line);
    if (text.empty()) continue;
    const bool continues = line.front() == ' ' || line.front() == '\t';
    if (!continues) kept = !describes_body(text) && text.find(':') != std::string_view::npos;
    if (kept) out.append(continues ? " " : "").append(text).append("\r\n");
  }
  return out;
}

}  // namespace

std::string inflate_rtf(std::string_view compressed, bool& cut) {
  cut = true;
  if (compressed.size() < head_bytes) return {};
  const std::uint32_t mark = u32_at(compressed, 8);
  const std::string_view content = compressed.substr(head_bytes);
  if (mark == plain_mark) {
    cut = false;
    return std::string(content.substr(0, u32_at(compressed, 4)));
  }
  if (mark != compressed_mark) return {};
  return Inflater(content, limits::document_raw_bytes_max).run(cut);
}

void add_outlook_message(Document& document, const OutlookMessage& message) {
  std::string mail = kept_headers(tidied(message.headers));
  if (mail.empty()) {
    append_field(mail, "From", message.sender);
    append_field(mail, "To", message.to);
    append_field(mail, "Cc", message.cc);
    append_field(mail, "Subject", message.subject);
  }
  mail += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n";
  document.add_raw(Place::raw_message, mail + tidied(message.body));
  document.add_property("subject", message.subject);
  if (!message.html.empty()) document.add_raw(Place::raw_html, message.html);
  if (message.rtf_compressed.empty()) return;
  bool cut = false;
  const std::string rtf = inflate_rtf(message.rtf_compressed, cut);
  read_rtf_message(document, rtf);
  if (cut) document.unread(Outcome::truncated, "its formatted text is damaged");
}

}  // namespace beadle::extract
