#include "mail/html_lines.h"

#include <array>

namespace beadle::mail {
namespace {

constexpr std::array<bool, 256> white = [] {
  std::array<bool, 256> out{};
  for (const char c : {' ', '\t', '\n', '\r', '\f', '\0'}) out[static_cast<unsigned char>(c)] = true;
  return out;
}();

bool is_white(char c) { return white[static_cast<unsigned char>(c)]; }

}  // namespace

void HtmlLines::text(std::string_view text, bool preformatted) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    while (at < text.size() && !is_white(text[at])) ++at;
    if (at > from) {
      begin_text();
      out_.append(text, from, at - from);
    }
    for (; at < text.size() && is_white(text[at]); ++at) white_space(text[at], preformatted);
  }
}

void HtmlLines::white_space(char c, bool preformatted) {
  if (c == '\0') return;
  if (!preformatted) {
    if (pending_ == Pending::nothing && !at_line_start()) pending_ = Pending::blank;
  } else if (c == '\n') {
    line_break();
  } else if (c != '\r') {
    begin_text();
    out_ += c == '\f' ? ' ' : c;
  }
}

void HtmlLines::begin_text() {
  if (pending_ == Pending::line_end) end_line();
  if (pending_ == Pending::blank) out_ += ' ';
  pending_ = Pending::nothing;
  cell_begins_ = false;
  if (watching_) {
    watching_ = false;
    watched_ = out_.size();
  }
  if (!item_) return;
  item_ = false;
  out_ += "- ";
}

void HtmlLines::end_line() {
  out_ += '\n';
  pending_ = Pending::nothing;
  cell_has_lines_ = cell_has_lines_ || !cell_begins_;
}

void HtmlLines::block() {
  if (cell_begins_ || at_line_start()) return;
  pending_ = Pending::line_end;
}

void HtmlLines::line_break() {
  if (pending_ == Pending::line_end) end_line();
  end_line();
}

void HtmlLines::item() {
  block();
  item_ = true;
}

void HtmlLines::item_end() {
  item_ = false;
  block();
}

void HtmlLines::row() {
  cell_begins_ = false;
  cell_in_row_ = false;
  block();
}

void HtmlLines::cell() {
  if (!cell_in_row_ || cell_has_lines_)
    block();
  else if (!cell_begins_)
    pending_ = at_line_start() ? Pending::nothing : Pending::blank;
  cell_in_row_ = true;
  cell_has_lines_ = false;
  cell_begins_ = true;
}

}  // namespace beadle::mail
