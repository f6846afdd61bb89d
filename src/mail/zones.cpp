#include "mail/zones.h"

#include <algorithm>
#include <string>

#include "base/check.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/boilerplate.h"
#include "mail/html.h"
#include "mail/lines.h"
#include "mail/originals.h"
#include "mail/signature.h"

namespace beadle::mail {
namespace {

constexpr std::size_t none = static_cast<std::size_t>(-1);
constexpr std::size_t wrapped_bytes_min = 40, wrapped_bytes_max = 110;

/// What a line was found to be.
struct Label {
  ZoneKind kind = ZoneKind::own;
  int original = -1;
  bool certain = true;
  bool header = false;               // part of an opener
  std::size_t standing_from = none;  // offset of standing text that begins within the line
};

/// A letter that lines of at least `depth_min` quote marks belong to.
struct Level {
  int depth_min = 0;
  int original = -1;
  ZoneKind kind = ZoneKind::quoted;
  bool certain = true;
};

bool same_place(const Label& a, const Label& b) { return a.kind == b.kind && a.original == b.original && a.certain == b.certain; }

// Walks down the lines with the letters that are open, outermost first.
class Walk {
 public:
  Walk(const std::vector<Line>& lines, const ZoneContext& context, std::vector<Original>& originals)
      : lines_(lines), context_(context), originals_(originals), labels_(lines.size()) {}

  std::vector<Label> run() {
    for (std::size_t at = 0; at < lines_.size();) at = step(at);
    return std::move(labels_);
  }

 private:
  std::size_t step(std::size_t at) {
    if (lines_[at].flat()) {  // belongs to what stands above
      if (at > 0)
        labels_[at] = {.kind = labels_[at - 1].kind, .original = labels_[at - 1].original, .certain = labels_[at - 1].certain};
      return at + 1;
    }
    settle(lines_[at].depth);
    if (originals_.size() < limits::originals_per_text_max) {
      if (auto opener = read_opener(lines_, at)) return open(at, std::move(*opener));
    }
    if (!levels_.empty()) {
      const Level& level = levels_.back();
      label(at, {.kind = level.kind, .original = level.original, .certain = level.certain});
    } else if (lines_[at].depth > 0) {
      // Quote marks without a letter that they come from: in a mail that answers nothing, anybody may have typed them.
      label(at, {.kind = context_.forward ? ZoneKind::forwarded : ZoneKind::quoted,
                 .original = -1,
                 .certain = context_.reply || context_.forward});
    }
    return at + 1;
  }

  // Own words between quotes close a letter for a while; the next quote goes on with it.
  void settle(int depth) {
    while (!levels_.empty() && levels_.back().depth_min > depth) {
      suspended_.push_back(levels_.back());
      levels_.pop_back();
    }
    while (!suspended_.empty() && suspended_.back().depth_min <= depth) {
      levels_.push_back(suspended_.back());
      suspended_.pop_back();
    }
  }

  std::size_t open(std::size_t at, Opener opener) {
    const int depth = lines_[at].depth;
    const std::size_t next = next_with_text(lines_, opener.end);
    const bool deeper = opener.attribution && next < lines_.size() && lines_[next].depth > depth;
    const bool within_forwarded = !levels_.empty() && levels_.back().kind == ZoneKind::forwarded;
    const bool forwarded = opener.forward || within_forwarded || (levels_.empty() && context_.forward);
    Level level{.depth_min = deeper ? depth + 1 : depth,
                .original = static_cast<int>(originals_.size()),
                .kind = forwarded ? ZoneKind::forwarded : ZoneKind::quoted};
    // "On … wrote:" with nothing that sets the letter off: where it ends is not known, only likely in an answer.
    level.certain = !opener.attribution || deeper || depth > 0 || context_.reply || context_.forward;
    opener.original.where = forwarded ? Original::Where::forwarded : Original::Where::quoted;
    originals_.push_back(std::move(opener.original));
    if (!levels_.empty() && levels_.back().depth_min >= level.depth_min) levels_.pop_back();  // it ends where this one does
    levels_.push_back(level);
    suspended_.clear();
    for (std::size_t i = at; i < opener.end; ++i)
      label(i, {.kind = level.kind, .original = level.original, .certain = level.certain, .header = true});
    originals_.back().words = lines_[opener.end - 1].range.end;
    return opener.end;
  }

  void label(std::size_t at, const Label& label) {
    labels_[at] = label;
    if (label.original < 0) return;
    Original& original = originals_[static_cast<std::size_t>(label.original)];
    if (original.range.end == 0) original.range.begin = lines_[at].range.begin;
    original.range.end = lines_[at].range.end;
  }

  const std::vector<Line>& lines_;
  const ZoneContext& context_;
  std::vector<Original>& originals_;
  std::vector<Label> labels_;
  std::vector<Level> levels_;
  std::vector<Level> suspended_;  // the outermost last
};

/// Lines [first, last).
struct Stretch {
  std::size_t first = 0;
  std::size_t last = 0;
};

std::vector<Stretch> paragraphs_of(const std::vector<Line>& lines, const std::vector<Label>& labels, Stretch piece) {
  std::vector<Stretch> out;
  for (std::size_t i = piece.first; i < piece.last; ++i) {
    if (lines[i].flat() || labels[i].header) continue;
    // Lines of HTML follow each other without blank lines between: one that was not wrapped at some 70 columns ends a paragraph.
    const bool goes_on = !out.empty() && out.back().last == i && lines[i - 1].depth == lines[i].depth &&
                         lines[i - 1].text.size() >= wrapped_bytes_min && lines[i - 1].text.size() <= wrapped_bytes_max;
    if (goes_on)
      ++out.back().last;
    else
      out.push_back({i, i + 1});
  }
  return out;
}

// One piece: consecutive lines of one letter, or of the sender's own.
class Piece {
 public:
  Piece(std::string_view utf8, const std::vector<Line>& lines, std::vector<Label>& labels, Stretch piece)
      : utf8_(utf8), lines_(lines), labels_(labels), piece_(piece), paragraphs_(paragraphs_of(lines, labels, piece)) {}

  void label_banner() {
    for (std::size_t first = piece_.first, tried = 0; first < piece_.last && tried < 2; ++first) {
      if (lines_[first].flat() || labels_[first].header) continue;
      ++tried;
      const std::size_t last = end_of_banner(first);
      for (std::size_t i = first; i < last; ++i) labels_[i].kind = ZoneKind::banner;
      if (last > first) break;
    }
  }

  // From the end upwards: standing text closes a letter, and some of it is known only by what stands beside it.
  void label_standing_text() {
    bool closing = true, below = false;
    std::vector<std::pair<Stretch, std::size_t>> pending;
    for (std::size_t i = paragraphs_.size(); i-- > 0;) {
      const Stretch paragraph = paragraphs_[i];
      if (labels_[paragraph.first].kind == ZoneKind::banner) continue;
      const bool one_line = paragraph.last - paragraph.first == 1;
      if (one_line && is_disclaimer_heading(lines_[paragraph.first].text)) {
        if (below)
          mark(paragraph, lines_[paragraph.first].range.begin);
        else if (closing)
          pending.emplace_back(paragraph, lines_[paragraph.first].range.begin);  // frames it from below
        continue;
      }
      const StandingText text = standing_text(utf8_, lines_, paragraph.first, paragraph.last);
      const Standing standing = grade(text);
      below = standing == Standing::anywhere || (closing && standing == Standing::alone) ||
              (closing && below && standing == Standing::near);
      if (below) {
        mark(paragraph, text.begin);
        for (const auto& [other, from] : pending) mark(other, from);
        pending.clear();
      } else if (closing && standing == Standing::near) {
        pending.emplace_back(paragraph, text.begin);
      } else if (!(one_line && (is_footer_line(lines_[paragraph.first].text) || is_device_line(lines_[paragraph.first].text)))) {
        closing = false;
        pending.clear();
      }
    }
  }

  void label_footer() {
    const std::size_t last = own_end();
    if (last > piece_.first && is_footer_line(lines_[last - 1].text)) labels_[last - 1].kind = ZoneKind::footer;
  }

  void label_signature(const std::vector<Mailbox>& senders) {
    const std::size_t last = own_end();
    std::size_t first = piece_.first;
    while (first < last && (lines_[first].flat() || labels_[first].kind != ZoneKind::own)) ++first;
    const auto signature = find_signature(lines_, first, last, senders);
    if (!signature) return;
    for (std::size_t i = signature->first; i < signature->last; ++i) {
      if (labels_[i].kind != ZoneKind::own) continue;
      labels_[i].kind = ZoneKind::signature;
      labels_[i].certain = signature->certain;
    }
  }

 private:
  // Behind the last own words: standing text and a footer stand below them.
  std::size_t own_end() const {
    std::size_t last = piece_.last;
    while (last > piece_.first && (lines_[last - 1].flat() || labels_[last - 1].kind != ZoneKind::own)) --last;
    return last;
  }

  // The fewest lines that make a banner, up to the end of their sentence; `first` where it is none.
  std::size_t end_of_banner(std::size_t first) const {
    constexpr std::size_t lines_most = 6, bytes_most = 700;
    const std::size_t most = std::min(piece_.last, first + lines_most);
    std::string text;
    bool hinted = false;
    for (std::size_t last = first + 1; last <= most && !lines_[last - 1].flat(); ++last) {
      if (text.size() + lines_[last - 1].text.size() > bytes_most) break;
      const std::string line = ascii_lower(lines_[last - 1].text);
      text.append(line).append(" ");
      hinted = hinted || hints_at_banner(line);
      if (!hinted || !is_banner(text)) continue;
      const auto ends = [&] {
        return std::string_view(".!]>").find(lines_[last - 1].text.back()) != std::string_view::npos ||
               lines_[last - 1].text.size() < wrapped_bytes_min;
      };
      while (last < most && !ends() && !lines_[last].flat()) ++last;
      return last;
    }
    return first;
  }

  void mark(Stretch paragraph, std::size_t from) {
    std::size_t framed = paragraph.first;  // a row of stars above standing text belongs to it
    while (framed < paragraph.last && is_disclaimer_heading(lines_[framed].text)) ++framed;
    if (framed < paragraph.last && from <= static_cast<std::size_t>(lines_[framed].text.data() - utf8_.data()))
      from = lines_[paragraph.first].range.begin;
    for (std::size_t i = paragraph.first; i < paragraph.last; ++i) {
      const Range range = lines_[i].range;
      if (range.end <= from) continue;
      const std::size_t text_begin = static_cast<std::size_t>(lines_[i].text.data() - utf8_.data());
      if (from > text_begin)
        labels_[i].standing_from = from;
      else
        labels_[i].kind = ZoneKind::disclaimer;
    }
  }

  std::string_view utf8_;
  const std::vector<Line>& lines_;
  std::vector<Label>& labels_;
  Stretch piece_;
  std::vector<Stretch> paragraphs_;
};

std::vector<Stretch> pieces_of(const std::vector<Label>& labels) {
  std::vector<Stretch> pieces;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!pieces.empty() && same_place(labels[i - 1], labels[i]))
      ++pieces.back().last;
    else
      pieces.push_back({i, i + 1});
  }
  return pieces;
}

// Own words are closed by a letter below them or by the end; words between two quotes are not.
bool closes_own_words(const std::vector<Line>& lines, const std::vector<Label>& labels, Stretch piece) {
  const std::size_t next = next_with_text(lines, piece.last);
  return next >= lines.size() || labels[next].header;
}

// A blank line goes with the line above it.
void label_blank_lines(const std::vector<Line>& lines, std::vector<Label>& labels) {
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (!lines[i].flat() || labels[i - 1].original != labels[i].original) continue;
    labels[i].kind = labels[i - 1].standing_from == none ? labels[i - 1].kind : ZoneKind::disclaimer;
    labels[i].certain = labels[i - 1].certain;
  }
}

class Zones {
 public:
  void add(const Label& label, ZoneKind kind, Range range) {
    if (range.size() == 0) return;
    if (!zones_.empty() && zones_.back().kind == kind && zones_.back().original == label.original &&
        zones_.back().certain == label.certain) {
      zones_.back().range.end = range.end;
    } else if (zones_.size() + 1 < limits::zones_per_text_max) {
      zones_.push_back({.kind = kind, .range = range, .certain = label.certain, .original = label.original});
    } else if (zones_.size() < limits::zones_per_text_max) {
      zones_.push_back({.kind = ZoneKind::own, .range = range, .certain = false, .original = -1});
    } else {
      zones_.back().range.end = range.end;
    }
  }
  std::vector<Zone> take() { return std::move(zones_); }

 private:
  std::vector<Zone> zones_;
};

std::vector<Zone> assemble(const std::vector<Line>& lines, const std::vector<Label>& labels) {
  Zones zones;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Range range = lines[i].range;
    const std::size_t cut = labels[i].standing_from == none ? range.end : labels[i].standing_from;
    zones.add(labels[i], labels[i].kind, {range.begin, cut});
    zones.add(labels[i], ZoneKind::disclaimer, {cut, range.end});
  }
  return zones.take();
}

// Each quotation of the HTML is a quote mark before the lines within it.
void add_depth(std::vector<Line>& lines, const std::vector<HtmlMark>& marks) {
  std::vector<int> change(lines.size() + 1, 0);
  const auto line_at = [&](std::size_t offset) {
    const auto behind =
        std::partition_point(lines.begin(), lines.end(), [&](const Line& line) { return line.range.end <= offset; });
    return static_cast<std::size_t>(behind - lines.begin());
  };
  for (const HtmlMark& mark : marks) {
    if (mark.kind != HtmlMarkKind::quote || mark.range.size() == 0) continue;
    const std::size_t first = line_at(mark.range.begin), last = line_at(mark.range.end - 1);
    if (first >= lines.size()) continue;
    ++change[first];
    --change[std::min(last + 1, lines.size())];
  }
  int depth = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    depth += change[i];
    lines[i].depth += depth;
  }
}

bool starts_with_any(std::string_view text, std::initializer_list<std::string_view> prefixes) {
  return std::any_of(prefixes.begin(), prefixes.end(), [&](std::string_view prefix) { return ascii_istarts_with(text, prefix); });
}

}  // namespace

ZoneContext zone_context(const Message& message) {
  ZoneContext context;
  const std::string_view subject = trimmed(message.subject);
  context.forward = starts_with_any(subject, {"fw:", "fwd:", "[fwd:", "fw :", "fwd :"});
  context.reply = !context.forward && (!message.in_reply_to.empty() || !message.references.empty() ||
                                       starts_with_any(subject, {"re:", "re :", "aw:", "sv:"}));
  context.senders = message.from;
  context.senders.insert(context.senders.end(), message.sender.begin(), message.sender.end());
  return context;
}

ZonedText find_zones(std::string_view utf8, const std::vector<HtmlMark>& marks, const ZoneContext& context) {
  ZonedText out;
  std::vector<Line> lines = lines_of(utf8);
  add_depth(lines, marks);
  std::vector<Label> labels = Walk(lines, context, out.originals).run();
  for (const Stretch stretch : pieces_of(labels)) {
    const bool own = labels[stretch.first].kind == ZoneKind::own;
    const bool closes = own && closes_own_words(lines, labels, stretch);
    Piece piece(utf8, lines, labels, stretch);
    piece.label_banner();
    piece.label_standing_text();
    if (!closes) continue;
    piece.label_footer();
    piece.label_signature(context.senders);
  }
  label_blank_lines(lines, labels);
  out.zones = assemble(lines, labels);
  return out;
}

void assign_zones(Message& message, std::size_t text_index, const std::vector<HtmlMark>& marks) {
  CHECK(text_index < message.texts.size());
  Text& text = message.texts[text_index];
  ZoneContext context = zone_context(message);
  const auto part = static_cast<std::size_t>(text.part);
  // An attached letter has a subject and a sender of its own.
  if (part < message.parts.size() && message.parts[part].inside_original)
    context = {.reply = true, .forward = false, .senders = {}};
  ZonedText found = find_zones(text.utf8, marks, context);
  const int base = static_cast<int>(message.originals.size());
  for (Zone& zone : found.zones) {
    if (zone.original >= 0) zone.original += base;
  }
  for (Original& original : found.originals) {
    original.text = static_cast<int>(text_index);
    message.originals.push_back(std::move(original));
  }
  text.zones = std::move(found.zones);
}

}  // namespace beadle::mail
