// The boundaries that are looked for while a message is taken apart (RFC 2046 §5.1.1), outermost first.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::mail {

class Boundaries {
 public:
  struct Match {
    std::size_t level = 0;  // what `open` gave
    bool closes = false;    // "--B--"
  };
  /// What a line that begins with "--" is. Oddities are of the multipart at `level`, too.
  struct Line {
    std::optional<Match> delimiter;
    std::optional<std::size_t> look_alike;  // begins with "--B" but is no delimiter
    std::optional<std::size_t> after_end;   // a delimiter of a multipart that has been closed
  };

  /// True where no open boundary is the same, a beginning of it, or begins with it.
  bool is_distinct(std::string_view boundary) const;
  /// Gives its level: the number of boundaries around it.
  std::size_t open(std::string boundary);
  void close(std::size_t level) { entries_[level].closed = true; }
  bool is_closed(std::size_t level) const { return entries_[level].closed; }
  void forget_from(std::size_t level) { entries_.resize(level); }
  bool empty() const { return entries_.empty(); }

  /// `line` without its line end. The innermost boundary counts first.
  Line match(std::string_view line) const;

 private:
  struct Entry {
    std::string boundary;
    bool closed = false;
  };
  std::vector<Entry> entries_;
};

}  // namespace beadle::mail
