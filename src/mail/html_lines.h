// Lines of text as HTML lays them out: white space collapses, blocks stand on lines of their own, cells of a row beside each
// other. White space is written when text follows it, so that none stands at the ends of lines.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace beadle::mail {

class HtmlLines {
 public:
  explicit HtmlLines(std::size_t bytes_expected = 0) { out_.reserve(bytes_expected); }

  void text(std::string_view text, bool preformatted);
  /// What follows stands on a line of its own.
  void block();
  /// <br>
  void line_break();
  /// <li>: as a block, with "- " before its text.
  void item();
  void item_end();
  /// Begin and end of a table's row.
  void row();
  /// <td>: beside the cell before it, if that is of the same row and has one line only.
  void cell();

  /// Bytes written; white space that waits for text not among them.
  std::size_t size() const { return out_.size(); }
  /// Where the first text behind the last call of `watch` begins, "- " before it included; `size()` where there was none.
  void watch() { watching_ = true; }
  std::size_t watched() const { return watching_ ? out_.size() : watched_; }
  bool saw_text() const { return !watching_; }
  std::string take() { return std::move(out_); }

 private:
  enum class Pending { nothing, blank, line_end };
  bool at_line_start() const { return out_.empty() || out_.back() == '\n'; }
  void white_space(char c, bool preformatted);
  void begin_text();
  void end_line();

  std::string out_;
  Pending pending_ = Pending::nothing;
  bool item_ = false;         // "- " comes before the next text
  bool cell_begins_ = false;  // no text since <td>
  bool cell_in_row_ = false;  // a cell stands before this place in its row
  bool cell_has_lines_ = false;
  bool watching_ = false;
  std::size_t watched_ = 0;
};

}  // namespace beadle::mail
