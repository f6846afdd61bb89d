#include "imap/response_parser.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "imap/bounds.h"

namespace beadle::imap {
namespace {

constexpr std::string_view statuses[] = {"OK", "NO", "BAD", "BYE", "PREAUTH"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

template <class Number>
std::optional<Number> whole_number(std::string_view text) {
  Number value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || !is_digit(text.front()) || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::string_view first_word(std::string_view text) { return text.substr(0, text.find(' ')); }

bool is_status(std::string_view word) {
  return std::any_of(std::begin(statuses), std::end(statuses), [&](std::string_view status) { return ascii_iequals(word, status); });
}

class Parser {
 public:
  Parser(std::string_view text, Literals& literals) : text_(text), literals_(literals) {}

  std::string parse(Response& response) {
    response = {};
    if (text_.starts_with("+")) return go_ahead(response);
    const std::string_view tag = word();
    if (tag.empty()) return "a response without a tag";
    response.kind = tag == "*" ? Response::Kind::untagged : Response::Kind::tagged;
    if (tag != "*") response.tag = std::string(tag);
    std::string_view name = word();
    if (tag == "*" && !name.empty() && is_digit(name.front())) {
      response.number = whole_number<std::uint32_t>(name);
      if (!response.number) return "a number that is none";
      name = word();
    }
    if (name.empty()) return "a response that says nothing";
    response.name = ascii_upper(name);
    if (response.is_status()) return status(response);
    if (response.kind == Response::Kind::tagged) return "a tagged response that is neither OK, NO nor BAD";
    return data(response);
  }

 private:
  char here() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool at_end() const { return at_ >= text_.size(); }
  void pass_blanks() {
    while (here() == ' ') ++at_;
  }

  std::string_view word() {
    const std::string_view found = first_word(text_.substr(at_));
    at_ += found.size();
    pass_blanks();
    return found;
  }

  std::string go_ahead(Response& response) {
    response.kind = Response::Kind::go_ahead;
    response.words = std::string(trimmed(text_.substr(1)));
    return "";
  }

  std::string status(Response& response) {
    if (here() == '[') {
      const std::size_t end = text_.find(']', at_);
      if (end == std::string_view::npos) return "a response code without an end";
      const std::string_view code = text_.substr(at_ + 1, end - at_ - 1);
      const std::string_view name = first_word(code);
      response.code = ascii_upper(name);
      response.code_value = std::string(trimmed(code.substr(name.size())));
      at_ = end + 1;
      pass_blanks();
    }
    response.words = std::string(text_.substr(at_));
    return "";
  }

  std::string data(Response& response) {
    while (pass_blanks(), !at_end()) {
      if (!value(response.values, 0)) return problem_;
    }
    return "";
  }

  bool broken(std::string what) {
    if (problem_.empty()) problem_ = std::move(what);
    return false;
  }

  bool value(std::vector<Value>& into, int depth) {
    if (++values_ > values_max) return broken("a response with too many values");
    const char c = here();
    if (c == '(') return list(into, depth);
    if (c == '"') return quoted(into);
    if (c == '{' || (c == '~' && at_ + 1 < text_.size() && text_[at_ + 1] == '{')) return literal(into);
    return atom(into);
  }

  bool list(std::vector<Value>& into, int depth) {
    if (depth >= list_depth_max) return broken("lists that are nested too deep");
    ++at_;
    Value list{.kind = Value::Kind::list, .text = {}, .items = {}};
    while (pass_blanks(), here() != ')') {
      if (at_end()) return broken("a list without an end");
      if (!value(list.items, depth + 1)) return false;
    }
    ++at_;
    into.push_back(std::move(list));
    return true;
  }

  bool quoted(std::vector<Value>& into) {
    Value text{.kind = Value::Kind::text, .text = {}, .items = {}};
    for (++at_; here() != '"'; ++at_) {
      if (here() == '\\') ++at_;
      if (at_end()) return broken("a string without an end");
      text.text += text_[at_];
    }
    ++at_;
    into.push_back(std::move(text));
    return true;
  }

  bool literal(std::vector<Value>& into) {
    const std::size_t end = text_.find('}', at_);
    const auto known = std::find_if(literals_.begin(), literals_.end(), [&](const auto& one) { return end != std::string_view::npos && one.first == end + 1; });
    if (known == literals_.end()) return broken("a literal within a line");
    at_ = end + 1;
    into.push_back({.kind = Value::Kind::text, .text = std::move(known->second), .items = {}});
    known->second.clear();
    return true;
  }

  // Also "BODY[HEADER.FIELDS (MESSAGE-ID)]<0>": what stands in brackets belongs to the atom, blanks too.
  bool atom(std::vector<Value>& into) {
    const std::size_t begin = at_;
    while (!at_end() && here() != ' ' && here() != '(' && here() != ')' && here() != '"') {
      if (here() != '[') {
        ++at_;
        continue;
      }
      const std::size_t end = text_.find(']', at_);
      if (end == std::string_view::npos) return broken("a bracket without an end");
      at_ = end + 1;
    }
    if (at_ == begin) return broken("a character that has no place there");
    const std::string_view found = text_.substr(begin, at_ - begin);
    const bool nil = ascii_iequals(found, "NIL");
    into.push_back({.kind = nil ? Value::Kind::nil : Value::Kind::atom, .text = nil ? "" : std::string(found), .items = {}});
    return true;
  }

  std::string_view text_;
  Literals& literals_;
  std::size_t at_ = 0, values_ = 0;
  std::string problem_;
};

}  // namespace

std::optional<std::uint32_t> Value::number() const { return kind == Kind::atom ? whole_number<std::uint32_t>(text) : std::nullopt; }
std::optional<std::uint64_t> Value::long_number() const { return kind == Kind::atom ? whole_number<std::uint64_t>(text) : std::nullopt; }

bool has_words(std::string_view text) {
  if (!text.starts_with("* ")) return true;  // a go-ahead, or tagged
  return is_status(first_word(text.substr(2)));
}

std::string parse_response(std::string_view text, Literals& literals, Response& response) { return Parser(text, literals).parse(response); }

}  // namespace beadle::imap
