#include "mail/html.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "mail/html_lines.h"
#include "mail/html_marks.h"
#include "mail/html_strip.h"
#include "mail/html_style.h"
#include "mail/html_tokenizer.h"

namespace beadle::mail {
namespace {

using Kind = HtmlToken::Kind;
constexpr std::size_t none = std::string_view::npos;
// How far an end tag such as </span> is looked for: many that end nothing must not walk down a deep stack each time.
constexpr std::size_t inline_depth_max = 64;

/// An element that is open.
struct Open {
  const HtmlElement* element = &html_element("");
  std::string_view name;  // as written
  std::uint32_t name_digest = 0;
  HtmlStyle style;                                                                             // its own
  bool gone = false, invisible = false, no_size = false, preformatted = false, small = false;  // with those around it
  bool block = false;
  bool holds_quote = false;
  bool only_quote = false;  // its mark falls where it holds a quote
  int mark = -1;            // index into HtmlText::marks
  bool hidden() const { return gone || invisible || no_size; }
  bool is(HtmlId id) const { return element->id == id; }
};

bool is_heading(HtmlId id) { return id >= HtmlId::h1 && id <= HtmlId::h6; }
bool is_cell(HtmlId id) { return id == HtmlId::td || id == HtmlId::th; }
bool is_row_group(HtmlId id) {
  return id == HtmlId::tbody || id == HtmlId::thead || id == HtmlId::tfoot || id == HtmlId::caption;
}
bool bounds_table(const Open& open) { return open.is(HtmlId::table) || open.is(HtmlId::html) || open.is(HtmlId::template_); }
bool bounds_blocks(const Open& open) { return open.element->has(html_traits::scope); }
bool bounds_paragraph(const Open& open) { return bounds_blocks(open) || open.is(HtmlId::button); }
bool bounds_item(const Open& open) {
  return open.element->has(html_traits::special) && !open.is(HtmlId::address) && !open.is(HtmlId::div) && !open.is(HtmlId::p);
}

bool decides(HtmlSays says, bool inherited) { return says == HtmlSays::nothing ? inherited : says == HtmlSays::yes; }

void inherit(Open& open, const Open& outer) {
  open.gone = outer.gone || open.style.gone;
  open.invisible = decides(open.style.invisible, outer.invisible);
  open.no_size = decides(open.style.no_size, outer.no_size);
  open.preformatted = decides(open.style.preformatted, outer.preformatted);
  open.small = outer.small || open.style.small;
}

class Reader {
 public:
  explicit Reader(std::string_view html) : tokens_(html), shown_(html.size() / 2 + 64) {
    open_.reserve(64);
    open_.emplace_back();  // around all others; never closed
  }

  HtmlText run() {
    for (const HtmlToken* token = &tokens_.next(); token->kind != Kind::end; token = &tokens_.next()) read(*token);
    while (open_.size() > 1) pop();
    out_.utf8 = shown_.take();
    out_.hidden = hidden_.take();
    if (!out_.hidden.empty() && !out_.hidden.ends_with('\n')) out_.hidden += '\n';
    std::erase_if(out_.marks, [](const HtmlMark& mark) { return mark.range.size() == 0; });
    return std::move(out_);
  }

 private:
  void read(const HtmlToken& token) {
    if (!token.closed) out_.regular = out_.regular && token.kind == Kind::text && token.text.empty();
    switch (token.kind) {
      case Kind::text:
        return read_text(token);
      case Kind::open:
        return token.closed ? open(token) : hide_rest(token.text);
      case Kind::close:
        return token.closed ? close(token) : hide_rest(token.text);
      case Kind::comment:
        return write_stripped_html(hidden_, html_comment_text(token.text));
      case Kind::doctype:
      case Kind::end:
        return;
    }
  }

  // A tag that never ends: everything behind its "<".
  void hide_rest(std::string_view text) {
    hidden_.block();
    hidden_.text(text, false);
  }

  void read_text(const HtmlToken& token) {
    std::string_view text = token.text;
    const HtmlElement* within = content_of_;
    content_of_ = nullptr;
    if (after_pre_ && text.starts_with('\n')) text.remove_prefix(1);  // §13.2.6.4.7
    after_pre_ = false;
    if (within != nullptr && within->has(html_traits::raw) && !within->has(html_traits::preformatted)) {
      const bool code = within->id == HtmlId::script || within->id == HtmlId::style;
      if (!code || !token.closed) write_stripped_html(hidden_, text);  // an unclosed script may have swallowed the letter
    } else if (within != nullptr && within->id == HtmlId::title) {
      hidden_.block();
      write_html_text(hidden_, text, false);
      hidden_.block();
    } else {
      write(text, token.raw);
    }
  }

  void write(std::string_view text, bool raw) {
    const Open& inner = open_.back();
    HtmlLines& lines = inner.hidden() ? hidden_ : shown_;
    if (raw)
      lines.text(text, inner.preformatted);
    else
      write_html_text(lines, text, inner.preformatted);
    if (waiting_.empty() || !shown_.saw_text()) return;
    for (const int mark : waiting_) out_.marks[static_cast<std::size_t>(mark)].range.begin = shown_.watched();
    waiting_.clear();
  }

  void open(const HtmlToken& tag) {
    const HtmlElement& element = *tag.element;
    after_pre_ = false;
    close_implied(element);
    if (element.id == HtmlId::br) return line_break();
    if (element.has(html_traits::void_)) return read_void(tag);
    Open next = entered(tag);
    lay_out(next);
    after_pre_ = element.id == HtmlId::pre || element.id == HtmlId::listing || element.id == HtmlId::textarea;
    content_of_ = element.has(html_traits::raw | html_traits::character_data) ? &element : nullptr;
    if (tag.self_closing && foreign_ > 0) return;
    push(std::move(next), tag);
  }

  void block() {
    if (!open_.back().gone) shown_.block();
    if (open_.back().hidden()) hidden_.block();
  }

  void line_break() {
    if (!open_.back().gone) shown_.line_break();
    if (open_.back().hidden()) hidden_.line_break();
  }

  Open entered(const HtmlToken& tag) const {
    Open next;
    next.element = tag.element;
    next.name = tag.name;
    next.name_digest = tag.name_digest;
    if (const std::string_view style = tag[HtmlAttribute::style]; !style.empty()) {
      const bool plain = style.find('&') == std::string_view::npos;
      next.style = plain ? read_html_style(style) : read_html_style(html_attribute_text(style));
    }
    if (tag.has(HtmlAttribute::hidden) || next.is(HtmlId::template_)) next.style.gone = true;
    if (tag.element->has(html_traits::preformatted) && next.style.preformatted == HtmlSays::nothing)
      next.style.preformatted = HtmlSays::yes;
    if (next.is(HtmlId::small)) next.style.small = true;
    if (next.is(HtmlId::font) && (tag[HtmlAttribute::size] == "1" || is_pale_html_color(tag[HtmlAttribute::color])))
      next.style.small = true;
    next.block = decides(next.style.block, tag.element->has(html_traits::block));
    inherit(next, open_.back());
    return next;
  }

  // The line breaks that an element makes. What is not there makes none in what is shown; what is there but cannot be seen does.
  void lay_out(const Open& next) {
    const Open& outer = open_.back();
    if (next.hidden() && !outer.hidden()) hidden_.block();
    if (!next.gone) lay_out(next, shown_);
    if (next.hidden()) lay_out(next, hidden_);
  }

  static void lay_out(const Open& next, HtmlLines& lines) {
    if (is_cell(next.element->id))
      lines.cell();
    else if (next.is(HtmlId::tr) || next.is(HtmlId::table))
      lines.row();
    else if (next.is(HtmlId::li))
      lines.item();
    else if (next.block)
      lines.block();
  }

  void read_void(const HtmlToken& tag) {
    if (tag.element->has(html_traits::block)) block();
    for (const HtmlAttribute which : {HtmlAttribute::alt, HtmlAttribute::title, HtmlAttribute::value}) {
      if (which == HtmlAttribute::value ? tag.element->id != HtmlId::input : tag.element->id == HtmlId::meta) continue;
      if (tag[which].empty()) continue;
      hidden_.block();
      hidden_.text(html_attribute_text(tag[which]), false);
      hidden_.block();
    }
  }

  void push(Open next, const HtmlToken& tag) {
    if (open_.size() > limits::html_depth_max) {
      out_.regular = false;
      ++deeper_;
      return;
    }
    const auto found = find_html_mark(tag);
    const bool newly_small = next.small && !open_.back().small;
    if ((found || newly_small) && !next.hidden()) {
      next.mark = static_cast<int>(out_.marks.size());
      next.only_quote = found && found->unless_it_holds_a_quote;
      out_.marks.push_back({.kind = found ? found->kind : HtmlMarkKind::small, .range = {}, .source = tag.begin});
      waiting_.push_back(next.mark);
      shown_.watch();
    }
    if (next.is(HtmlId::svg) || next.is(HtmlId::math)) tokens_.allow_cdata(++foreign_ > 0);
    open_.push_back(std::move(next));
  }

  void pop() {
    const Open& inner = open_.back();
    if (inner.is(HtmlId::svg) || inner.is(HtmlId::math)) tokens_.allow_cdata(--foreign_ > 0);
    end_mark(inner);
    const bool holds_quote = inner.holds_quote || is_quote(inner);
    Open& outer = open_[open_.size() - 2];
    outer.holds_quote = outer.holds_quote || holds_quote;
    if (inner.hidden()) lay_out_end(inner, hidden_);
    if (!inner.gone) lay_out_end(inner, shown_);
    open_.pop_back();
  }

  static void lay_out_end(const Open& inner, HtmlLines& lines) {
    if (inner.is(HtmlId::tr) || inner.is(HtmlId::table))
      lines.row();
    else if (inner.is(HtmlId::li))
      lines.item_end();
    else if (inner.block)
      lines.block();
  }

  bool is_quote(const Open& inner) const {
    return inner.mark >= 0 && out_.marks[static_cast<std::size_t>(inner.mark)].kind == HtmlMarkKind::quote;
  }

  void end_mark(const Open& inner) {
    if (inner.mark < 0) return;
    Range& range = out_.marks[static_cast<std::size_t>(inner.mark)].range;
    const auto waiting = std::find(waiting_.begin(), waiting_.end(), inner.mark);
    if (waiting != waiting_.end()) {
      waiting_.erase(waiting);
      return;  // nothing stands within: its range is empty
    }
    range.end = inner.only_quote && inner.holds_quote ? range.begin : shown_.size();
  }

  template <typename Match, typename Bound>
  std::size_t find_open(Match matches, Bound bounds, std::size_t depth_max = limits::html_depth_max) const {
    for (std::size_t i = open_.size(); i-- > 1 && depth_max > 0; --depth_max) {
      if (matches(open_[i])) return i;
      if (bounds(open_[i])) return none;
    }
    return none;
  }

  void pop_to(std::size_t index) {
    while (index != none && open_.size() > index) pop();
  }

  // Elements that end where this one begins (§13.2.6.4.7, §13.2.6.4.9).
  void close_implied(const HtmlElement& element) {
    const HtmlId id = element.id;
    if (deeper_ > 0) return;  // their ends are counted, so they must not end by themselves
    if (id == HtmlId::li) pop_to(find_open([](const Open& open) { return open.is(HtmlId::li); }, bounds_item));
    if (id == HtmlId::dd || id == HtmlId::dt)
      pop_to(find_open([](const Open& open) { return open.is(HtmlId::dd) || open.is(HtmlId::dt); }, bounds_item));
    if (element.has(html_traits::closes_p))
      pop_to(find_open([](const Open& open) { return open.is(HtmlId::p); }, bounds_paragraph));
    if (is_cell(id)) pop_to(find_open([](const Open& open) { return is_cell(open.element->id); }, bounds_table));
    if (id == HtmlId::tr) pop_to(find_open([](const Open& open) { return open.is(HtmlId::tr); }, bounds_table));
    if (is_row_group(id)) pop_to(find_open([](const Open& open) { return is_row_group(open.element->id); }, bounds_table));
    if (is_heading(id) && is_heading(open_.back().element->id)) pop();
    if ((id == HtmlId::option || id == HtmlId::optgroup) && open_.back().is(HtmlId::option)) pop();
    if (id == HtmlId::a) close_formatting(find_open([](const Open& open) { return open.is(HtmlId::a); }, bounds_blocks));
  }

  void close(const HtmlToken& tag) {
    const HtmlElement& element = *tag.element;
    after_pre_ = false;
    content_of_ = nullptr;
    if (element.id == HtmlId::br) return line_break();
    if (element.id == HtmlId::body || element.id == HtmlId::html) return;  // what stands behind them is shown too
    if (deeper_ > 0) {
      --deeper_;
      if (element.has(html_traits::block)) block();
      return;
    }
    const auto same = [&](const Open& open) {
      if (open.element != &element || open.name_digest != tag.name_digest) return false;
      return element.id != HtmlId::unknown || ascii_iequals(open.name, tag.name);
    };
    if (element.has(html_traits::formatting)) {
      close_formatting(find_open(same, bounds_blocks));
    } else if (is_cell(element.id) || is_row_group(element.id) || element.id == HtmlId::tr || element.id == HtmlId::table) {
      pop_to(find_open(same, bounds_table));
    } else if (is_heading(element.id)) {
      pop_to(find_open([](const Open& open) { return is_heading(open.element->id); }, bounds_blocks));
    } else if (element.has(html_traits::special)) {
      pop_to(find_open(same, bounds_blocks));
    } else {
      pop_to(find_open(
          same, [](const Open& open) { return open.element->has(html_traits::special); }, inline_depth_max));
    }
    if (element.id == HtmlId::p) block();
  }

  // The adoption agency (§13.2.6.4.7) as far as text goes: across blocks, the element ends and the blocks go on.
  void close_formatting(std::size_t index) {
    if (index == none) return;
    const auto first = open_.begin() + static_cast<std::ptrdiff_t>(index);
    if (std::none_of(first + 1, open_.end(), [](const Open& open) { return open.element->has(html_traits::special); }))
      return pop_to(index);
    end_mark(*first);
    (first - 1)->holds_quote = (first - 1)->holds_quote || first->holds_quote || is_quote(*first);
    const bool was_hidden = open_.back().hidden();
    open_.erase(first);
    for (std::size_t i = index; i < open_.size(); ++i) inherit(open_[i], open_[i - 1]);
    if (was_hidden && !open_.back().hidden()) shown_.block();
  }

  HtmlTokenizer tokens_;
  HtmlText out_;
  HtmlLines shown_, hidden_;
  std::vector<Open> open_;
  std::size_t deeper_ = 0;                   // elements open beyond the limit
  int foreign_ = 0;                          // svg and math elements that are open
  std::vector<int> waiting_;                 // marks whose first text is still to come
  const HtmlElement* content_of_ = nullptr;  // the element without markup whose content comes next
  bool after_pre_ = false;
};

}  // namespace

HtmlText html_to_text(std::string_view html) { return Reader(html).run(); }

}  // namespace beadle::mail
