// What comes between 354 and the line with a dot alone (RFC 5321 §4.1.1.4, §4.5.2): one message's content, dots unstuffed. Only
// CR LF . CR LF ends it; a bare CR, a bare LF or a NUL spoils it, because another server could see an end there (CVE-2023-51764).
// What is spoiled or too large is read to its end and not kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace beadle::smtp {

class ContentReader {
 public:
  enum class Fault { none, bare_cr, bare_lf, nul, too_large };  // too_large gives way to the others

  explicit ContentReader(std::uint64_t bytes_max) : bytes_max_(bytes_max) {}
  /// Appends what `input` adds to `content`: whole line ends only, so that a CR at the end of `input` waits for what follows it.
  /// Gives back how many bytes were used: all, unless ended().
  std::size_t read(std::string_view input, std::string& content);
  bool ended() const { return ended_; }
  Fault fault() const { return fault_; }

 private:
  // Of the byte that comes next: in a line, behind a CR; at the start of a line, behind a dot there, behind a dot and CR.
  enum class Place { text, cr, line_start, dot, dot_cr };
  bool is_spoiled() const { return fault_ != Fault::none && fault_ != Fault::too_large; }
  void take(char c, std::string& content);
  void keep(std::string_view bytes, std::string& content);
  void spoil(Fault fault);

  std::uint64_t bytes_max_;
  std::uint64_t bytes_ = 0;          // kept
  Place place_ = Place::line_start;  // the CR LF of the DATA command counts
  Fault fault_ = Fault::none;
  bool ended_ = false;
};

}  // namespace beadle::smtp
