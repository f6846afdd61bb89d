// Cuts HTML into texts, tags and comments (WHATWG HTML §13.2.5), without copying: tokens are views of the source. Each byte is
// looked at a bounded number of times. Leaves what elements mean to html.cpp.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "mail/html_elements.h"

namespace beadle::mail {

/// The attributes that say something about text; all others are passed over.
enum class HtmlAttribute { alt, charset, class_, color, content, hidden, id, size, style, title, type, value, count };

struct HtmlToken {
  enum class Kind {
    text,     // with character references, unless `raw`
    open,     // a start tag
    close,    // an end tag
    comment,  // also what is read as one: "<?…>", "<!…>", "</ …>"
    doctype,
    end,  // nothing is left
  };
  Kind kind = Kind::end;
  std::size_t begin = 0;      // offset of the token in the source
  std::string_view text;      // of texts, and the content of comments
  bool raw = false;           // text without character references
  bool closed = true;         // false: the source ends within it; of tags, `text` is what there is of it
  bool self_closing = false;  // "<x/>"
  const HtmlElement* element = nullptr;
  std::string_view name;          // of the element, as written
  std::uint32_t name_digest = 0;  // of an element that HTML does not have: different for different names, nearly always
  std::array<std::string_view, static_cast<std::size_t>(HtmlAttribute::count)> attributes;  // data() is nullptr where absent

  std::string_view operator[](HtmlAttribute which) const { return attributes[static_cast<std::size_t>(which)]; }
  bool has(HtmlAttribute which) const { return (*this)[which].data() != nullptr; }
};

class HtmlTokenizer {
 public:
  explicit HtmlTokenizer(std::string_view html) : html_(html) {}

  /// The next token; it holds until the one after it is asked for. Behind a start tag of an element without markup comes its
  /// whole content as one text, `closed` where its end tag follows.
  const HtmlToken& next();

  /// Whether "<![CDATA[" opens text here: within svg and math only (§13.2.5.42).
  void allow_cdata(bool allow) { cdata_ = allow; }

 private:
  void begin(HtmlToken::Kind kind);
  void read_text();
  void read_content();
  void read_tag();
  void read_attributes();
  void read_attribute();
  std::string_view read_value();
  void read_comment();
  void read_until(std::size_t content, std::string_view closer);
  void read_declaration();
  bool opens_token(std::size_t at) const;
  bool at_end() const { return at_ >= html_.size(); }

  std::string_view html_;
  std::size_t at_ = 0;
  HtmlToken token_;
  std::string content_of_;  // name of the element whose content without markup comes next
  bool content_references_ = false;
  bool cdata_ = false;
};

/// A character reference at the "&" that `text` begins with (§13.2.5.72).
struct HtmlReference {
  char32_t first = 0;
  char32_t second = 0;     // 0 where it is one character
  std::size_t length = 0;  // bytes of it; 0: it is none, and "&" stands for itself
};
HtmlReference read_html_reference(std::string_view text, bool in_attribute);

/// The value of an attribute, with its character references replaced.
std::string html_attribute_text(std::string_view value);

bool is_html_space(char c);

}  // namespace beadle::mail
