#include "mail/html_elements.h"

#include <algorithm>
#include <array>
#include <iterator>

namespace beadle::mail {
namespace {

using namespace html_traits;
using enum HtmlId;

constexpr std::uint32_t plain_block = block | special | closes_p;
constexpr HtmlElement unknown_element;

// Sorted by name.
constexpr HtmlElement elements[] = {
    {"a", a, formatting},
    {"address", address, plain_block},
    {"applet", other, special | scope},
    {"area", other, void_ | special},
    {"article", other, plain_block},
    {"aside", other, plain_block},
    {"b", other, formatting},
    {"base", other, void_ | special},
    {"big", other, formatting},
    {"blockquote", blockquote, plain_block},
    {"body", body, block | special},
    {"br", br, void_ | special},
    {"button", button, special},
    {"caption", caption, block | special | scope},
    {"center", other, plain_block},
    {"code", other, formatting},
    {"col", other, void_ | special},
    {"colgroup", other, special},
    {"dd", dd, plain_block},
    {"details", other, plain_block},
    {"dialog", other, plain_block},
    {"dir", other, plain_block},
    {"div", div, plain_block},
    {"dl", other, plain_block},
    {"dt", dt, plain_block},
    {"em", other, formatting},
    {"embed", other, void_ | special},
    {"fieldset", other, plain_block},
    {"figcaption", other, plain_block},
    {"figure", other, plain_block},
    {"font", font, formatting},
    {"footer", other, plain_block},
    {"form", other, plain_block},
    {"h1", h1, plain_block},
    {"h2", h2, plain_block},
    {"h3", h3, plain_block},
    {"h4", h4, plain_block},
    {"h5", h5, plain_block},
    {"h6", h6, plain_block},
    {"head", other, block | special},
    {"header", other, plain_block},
    {"hgroup", other, plain_block},
    {"hr", hr, void_ | plain_block},
    {"html", html, block | special | scope},
    {"i", other, formatting},
    {"iframe", iframe, raw | special},
    {"img", img, void_ | special},
    {"input", input, void_ | special},
    {"legend", other, block},
    {"li", li, plain_block},
    {"link", other, void_ | special},
    {"listing", listing, plain_block | preformatted},
    {"main", other, plain_block},
    {"marquee", other, special | scope},
    {"math", math, scope},
    {"menu", other, plain_block},
    {"meta", meta, void_ | special},
    {"nav", other, plain_block},
    {"nobr", other, formatting},
    {"noembed", noembed, raw | special},
    {"noframes", noframes, raw | special},
    {"noscript", other, special},
    {"object", other, special | scope},
    {"ol", other, plain_block},
    {"optgroup", optgroup, block},
    {"option", option, block},
    {"p", p, plain_block},
    {"param", other, void_ | special},
    {"plaintext", plaintext, plain_block | raw | preformatted},
    {"pre", pre, plain_block | preformatted},
    {"s", other, formatting},
    {"script", script, raw | special},
    {"section", other, plain_block},
    {"select", other, special},
    {"small", small, formatting},
    {"source", other, void_ | special},
    {"span", other, 0},
    {"strike", other, formatting},
    {"strong", other, formatting},
    {"style", style, raw | special},
    {"summary", other, plain_block},
    {"svg", svg, scope},
    {"table", table, plain_block | scope},
    {"tbody", tbody, block | special},
    {"td", td, special | scope},
    {"template", template_, special | scope},
    {"textarea", textarea, character_data | special | preformatted},
    {"tfoot", tfoot, block | special},
    {"th", th, special | scope},
    {"thead", thead, block | special},
    {"title", title, character_data | special},
    {"tr", tr, block | special},
    {"track", other, void_ | special},
    {"tt", other, formatting},
    {"u", other, formatting},
    {"ul", other, plain_block},
    {"wbr", other, void_ | special},
    {"xmp", xmp, plain_block | raw | preformatted},
};

constexpr auto by_name = [](const HtmlElement& x, const HtmlElement& y) { return x.name < y.name; };
static_assert(std::is_sorted(std::begin(elements), std::end(elements), by_name));

// Where the names of each letter begin.
constexpr std::array<std::uint8_t, 27> first_of_letter = [] {
  std::array<std::uint8_t, 27> out{};
  for (std::size_t letter = 0; letter < out.size(); ++letter) {
    std::uint8_t at = 0;
    while (at < std::size(elements) && elements[at].name[0] < static_cast<char>('a' + letter)) ++at;
    out[letter] = at;
  }
  return out;
}();

}  // namespace

const HtmlElement& html_element(std::string_view name) {
  if (name.empty() || name[0] < 'a' || name[0] > 'z') return unknown_element;
  const auto letter = static_cast<std::size_t>(name[0] - 'a');
  for (std::size_t i = first_of_letter[letter]; i < first_of_letter[letter + 1]; ++i) {
    if (elements[i].name == name) return elements[i];
  }
  return unknown_element;
}

}  // namespace beadle::mail
