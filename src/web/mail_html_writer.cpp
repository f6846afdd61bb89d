#include "web/mail_html_writer.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "mail/html.h"
#include "mail/html_strip.h"
#include "mail/html_tokenizer.h"
#include "web/html.h"
#include "web/mail_html_elements.h"
#include "web/mail_html_open.h"
#include "web/mail_html_words.h"

namespace beadle::web {
namespace {

using Kind = mail::HtmlToken::Kind;
using mail::HtmlAttribute;
using mail::HtmlId;
namespace traits = mail::html_traits;

constexpr std::size_t none = std::string_view::npos;
// What is written of what was read: tags and escapes make it longer, but not without end.
constexpr std::size_t body_bytes_max = 2 * limits::shown_html_bytes_max;
// Bold, italics and the like that go on in the next paragraph.
constexpr std::size_t carried_max = 8;
// Pictures as small as this are there to report that a mail was opened.
constexpr int picture_pixels_least = 4;

bool is_row_group(HtmlId id) {
  return id == HtmlId::tbody || id == HtmlId::thead || id == HtmlId::tfoot || id == HtmlId::caption;
}
bool bounds_table(const Open& open) { return open.is(HtmlId::table) || open.is(HtmlId::html); }
bool bounds_blocks(const Open& open) { return open.source->has(traits::scope); }
bool bounds_item(const Open& open) {
  return open.source->has(traits::special) && !open.is(HtmlId::address) && !open.is(HtmlId::div) && !open.is(HtmlId::p);
}

class Writer {
 public:
  explicit Writer(std::string_view html) : html_(html), tokens_(html) {
    open_.emplace_back().source = &mail::html_element("");
    out_.body.reserve(html.size() + html.size() / 2);
  }

  WrittenMail run() {
    for (const mail::HtmlToken* token = &tokens_.next(); token->kind != Kind::end && !out_.cut; token = &tokens_.next()) {
      read(*token);
      out_.cut = out_.body.size() > body_bytes_max;
    }
    while (open_.size() > 1) pop();
    return std::move(out_);
  }

 private:
  void read(const mail::HtmlToken& token) {
    switch (token.kind) {
      case Kind::text:
        return read_text(token);
      case Kind::open:
        return token.closed ? open(token) : write_hidden("Part of a broken tag", token.text);
      case Kind::close:
        return token.closed ? close(token) : write_hidden("Part of a broken tag", token.text);
      case Kind::comment:
        return read_comment(token.text);
      case Kind::doctype:
      case Kind::end:
        return;
    }
  }

  void read_text(const mail::HtmlToken& token) {
    const mail::HtmlElement* within = content_of_;
    content_of_ = nullptr;
    if (within == nullptr) return write_text(token.raw ? std::string(token.text) : decoded_text(token.text));
    const bool shown = within->has(traits::preformatted);
    if (shown) return write_text(token.raw ? std::string(token.text) : decoded_text(token.text));
    // A script that never ends may have swallowed the letter.
    const bool code = within->id == HtmlId::script || within->id == HtmlId::style;
    if (!code || !token.closed) write_hidden("Not shown to the reader", mail::html_to_text(token.text).utf8);
  }

  // What Outlook alone shows. Other comments are nobody's.
  void read_comment(std::string_view comment) {
    if (!ascii_istarts_with(trimmed(comment), "[if")) return;
    write_hidden("Shown by Outlook only", mail::html_to_text(mail::html_comment_text(comment)).utf8);
  }

  void write_text(std::string_view text) {
    if (hiding_ > 0 && !is_blank(text)) label_hidden();
    out_.body += escaped(text);
  }
  void write_hidden(std::string_view label, std::string_view text) {
    text = trimmed(text);
    if (!has_letters(text)) return;
    out_.body.append("<span class=\"hidden\"><b class=\"label\">[").append(label).append(":]</b> ");
    out_.body.append(escaped(text)).append("</span> ");
  }
  void write_stand_in(std::string_view words) {
    if (hiding_ > 0) label_hidden();
    out_.body.append(" <span class=\"stand-in\">[").append(escaped(words)).append("]</span> ");
  }
  // Only where there is something to read: mails are full of hidden nothings.
  void label_hidden() {
    const auto hiding = std::find_if(open_.begin(), open_.end(), [](const Open& open) { return open.hides; });
    if (hiding == open_.end() || hiding->labelled) return;
    hiding->labelled = true;
    out_.body += "<b class=\"label\">[Hidden from the reader:]</b> ";
  }

  void open(const mail::HtmlToken& tag) {
    close_implied(*tag.element);
    if (tag.element->id == HtmlId::br) return void(out_.body += "<br>");
    if (ascii_iequals(tag.name, "hr")) return void(out_.body += "<hr>");
    if (const std::string_view kind = left_out_as(tag.name); !kind.empty()) write_stand_in(std::string(kind) + " left out");
    if (tag.element->has(traits::void_)) return read_void(tag);
    content_of_ = tag.element->has(traits::raw | traits::character_data) ? tag.element : nullptr;
    if (tag.element->id == HtmlId::svg || tag.element->id == HtmlId::math) tokens_.allow_cdata(true);
    if (open_.size() > limits::shown_html_depth_max) {
      out_.flattened = true;
      ++deeper_;
      return;
    }
    push(opened(tag, html_.substr(tag.begin), open_.back(), hiding_ > 0));
  }

  void read_void(const mail::HtmlToken& tag) {
    const bool picture =
        tag.element->id == HtmlId::img || (tag.element->id == HtmlId::input && ascii_iequals(tag[HtmlAttribute::type], "image"));
    if (picture) return write_picture(tag);
    if (tag.element->id != HtmlId::input || tag[HtmlAttribute::value].empty()) return;
    write_stand_in("field: " + mail::html_attribute_text(tag[HtmlAttribute::value]));
  }
  void write_picture(const mail::HtmlToken& tag) {
    const TagValues values = read_tag_values(html_.substr(tag.begin), tag);
    const std::string alt(trimmed(mail::html_attribute_text(tag[HtmlAttribute::alt])));
    const auto tiny = [&](TagValue which) {
      const std::string& value = values[static_cast<std::size_t>(which)];
      return !value.empty() && number_of(value) < picture_pixels_least;
    };
    const bool unseen = tiny(TagValue::width) || tiny(TagValue::height);
    write_stand_in(std::string(unseen ? "picture too small to see" : "picture") + (alt.empty() ? "" : ": " + alt));
  }

  void push(Open next) {
    if (next.hides) ++hiding_;
    out_.body += next.start_tag;
    open_.push_back(std::move(next));
  }

  void pop() {
    Open inner = std::move(open_.back());
    open_.pop_back();
    if (inner.hides) --hiding_;
    if (inner.labelled && !is_table_frame(inner.written)) out_.body += " <b class=\"label\">[end of hidden words]</b>";
    if (!inner.written.empty()) out_.body.append("</").append(inner.written).append(">");
    out_.body += inner.after;
    if (inner.is(HtmlId::svg) || inner.is(HtmlId::math)) tokens_.allow_cdata(false);
  }

  template <typename Match, typename Bound>
  std::size_t find_open(Match matches, Bound bounds) const {
    for (std::size_t i = open_.size(); i-- > 1;) {
      if (matches(open_[i])) return i;
      if (bounds(open_[i])) return none;
    }
    return none;
  }

  /// Closes all from `index` on. Bold and the like within go on behind it (§13.2.4.3), except what its own end tag has ended.
  void close_from(std::size_t index) {
    if (index == none) return;
    std::vector<Open> carried;
    for (std::size_t i = index + 1; i < open_.size() && carried.size() < carried_max; ++i) {
      if (!open_[i].source->has(traits::formatting) || open_[i].ended) continue;
      carried.push_back(open_[i]);
      carried.back().labelled = false;
      open_[i].after.clear();
    }
    while (open_.size() > index) pop();
    while (open_.size() > 1 && open_.back().ended) pop();
    for (Open& next : carried) {
      if (open_.size() <= limits::shown_html_depth_max) push(std::move(next));
    }
  }

  // Elements that end where this one begins (WHATWG HTML §13.2.6.4.7, §13.2.6.4.9).
  void close_implied(const mail::HtmlElement& element) {
    if (deeper_ > 0) return;  // their ends are counted, so they must not end by themselves
    const HtmlId id = element.id;
    const auto close_open = [&](auto matches, auto bounds) { close_from(find_open(matches, bounds)); };
    if (id == HtmlId::li) close_open([](const Open& open) { return open.is(HtmlId::li); }, bounds_item);
    if (id == HtmlId::dd || id == HtmlId::dt)
      close_open([](const Open& open) { return open.is(HtmlId::dd) || open.is(HtmlId::dt); }, bounds_item);
    if (element.has(traits::closes_p)) close_open([](const Open& open) { return open.is(HtmlId::p); }, bounds_blocks);
    if (id == HtmlId::td || id == HtmlId::th) close_open(is_cell, bounds_table);
    if (id == HtmlId::tr) close_open([](const Open& open) { return open.is(HtmlId::tr); }, bounds_table);
    if (is_row_group(id)) close_open([](const Open& open) { return is_row_group(open.source->id); }, bounds_table);
    if ((id == HtmlId::option || id == HtmlId::optgroup) && open_.back().is(HtmlId::option)) pop();
    if (id == HtmlId::a) end_formatting(find_open([](const Open& open) { return open.is(HtmlId::a); }, bounds_blocks));
  }

  void close(const mail::HtmlToken& tag) {
    const mail::HtmlElement& element = *tag.element;
    content_of_ = nullptr;
    if (element.id == HtmlId::br) return void(out_.body += "<br>");
    if (element.id == HtmlId::body || element.id == HtmlId::html || element.has(traits::void_)) return;
    if (deeper_ > 0) {
      --deeper_;
      return;
    }
    const auto same = [&](const Open& open) {
      if (open.source != &element || open.name_digest != tag.name_digest) return false;
      return element.id != HtmlId::unknown || ascii_iequals(open.name, tag.name);
    };
    const bool of_table = element.id == HtmlId::table || element.id == HtmlId::tr || element.id == HtmlId::td ||
                          element.id == HtmlId::th || is_row_group(element.id);
    if (element.has(traits::formatting)) return end_formatting(find_open(same, bounds_blocks));
    if (of_table) return close_from(find_open(same, bounds_table));
    if (element.has(traits::special)) return close_from(find_open(same, bounds_blocks));
    close_from(find_open(same, [](const Open& open) { return open.source->has(traits::special); }));
  }

  // Across blocks the element ends where they do, and nothing is carried on.
  void end_formatting(std::size_t index) {
    if (index == none) return;
    const auto first = open_.begin() + static_cast<std::ptrdiff_t>(index);
    const bool blocks_within =
        std::any_of(first + 1, open_.end(), [](const Open& open) { return open.source->has(traits::special); });
    if (blocks_within)
      first->ended = true;
    else
      close_from(index);
  }

  std::string_view html_;
  mail::HtmlTokenizer tokens_;
  WrittenMail out_;
  std::vector<Open> open_;
  std::size_t deeper_ = 0;                         // elements open beyond the bound
  int hiding_ = 0;                                 // elements open that hide
  const mail::HtmlElement* content_of_ = nullptr;  // the element without markup whose content comes next
};

}  // namespace

WrittenMail write_mail_body(std::string_view html_utf8) {
  const bool cut = html_utf8.size() > limits::shown_html_bytes_max;
  const std::string html = valid_utf8(html_utf8.substr(0, limits::shown_html_bytes_max));
  WrittenMail written = Writer(html).run();
  written.cut = written.cut || cut;
  return written;
}

}  // namespace beadle::web
