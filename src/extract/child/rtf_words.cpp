#include "extract/child/rtf_words.h"

#include <unordered_map>

namespace beadle::extract {
namespace {

using Destinations = std::unordered_map<std::string_view, RtfDestination>;

void put(Destinations& into, RtfDestination destination, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) into.emplace(word, destination);
}

Destinations make_destinations() {
  Destinations out;
  put(out, RtfDestination::body,
      {"shpinst", "shptxt", "annotation", "footnote", "do", "dptxbxtext", "background", "ud", "fldrslt", "result", "info",
       "userprops"});
  put(out, RtfDestination::header_footer, {"header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf"});
  put(out, RtfDestination::property,
      {"title", "subject", "author", "manager", "company", "operator", "category", "keywords", "comment", "doccomm", "staticval",
       "docvar"});
  put(out, RtfDestination::property_name, {"propname"});
  put(out, RtfDestination::fonts, {"fonttbl"});
  put(out, RtfDestination::shape_name, {"sn"});
  put(out, RtfDestination::shape_value, {"sv"});
  put(out, RtfDestination::object, {"objdata"});
  put(out, RtfDestination::html_tag, {"htmltag"});
  put(out, RtfDestination::skip, {"colortbl",     "stylesheet",   "listtable", "listoverridetable", "revtbl",
                                  "rsidtbl",      "generator",    "pict",      "themedata",         "colorschememapping",
                                  "datastore",    "latentstyles", "datafield", "fldinst",           "xmlnstbl",
                                  "nonshppict",   "filetbl",      "template",  "objclass",          "objname",
                                  "nonesttables", "pntxta",       "pntxtb",    "bkmkstart",         "bkmkend",
                                  "panose",       "falt",         "fontemb",   "creatim",           "revtim",
                                  "printim",      "buptim",       "atnid",     "atnauthor",         "atntime",
                                  "atnref",       "atndate",      "linkval",   "protusertbl",       "mmathPr"});
  return out;
}

}  // namespace

std::optional<RtfDestination> rtf_destination(std::string_view word) {
  static const Destinations destinations = make_destinations();
  const auto found = destinations.find(word);
  return found == destinations.end() ? std::nullopt : std::optional(found->second);
}

std::string_view rtf_character(std::string_view word) {
  static const std::unordered_map<std::string_view, std::string_view> characters = {
      {"par", "\n"},    {"line", "\n"},   {"sect", "\n"},     {"page", "\n"},     {"row", "\n"},   {"nestrow", "\n"},
      {"column", "\n"}, {"cell", "\t"},   {"nestcell", "\t"}, {"tab", "\t"},      {"emdash", "—"}, {"endash", "–"},
      {"lquote", "‘"},  {"rquote", "’"},  {"ldblquote", "“"}, {"rdblquote", "”"}, {"bullet", "•"}, {"emspace", " "},
      {"enspace", " "}, {"qmspace", " "}, {"softline", "\n"},
  };
  const auto found = characters.find(word);
  return found == characters.end() ? std::string_view() : found->second;
}

unsigned rtf_code_page(int font_charset) {
  static const std::unordered_map<int, unsigned> pages = {
      {0, 1252},   {77, 10000}, {128, 932},  {129, 949},  {130, 1361}, {134, 936}, {136, 950},  {161, 1253}, {162, 1254},
      {163, 1258}, {177, 1255}, {178, 1256}, {186, 1257}, {204, 1251}, {222, 874}, {238, 1250}, {254, 437},  {255, 850}};
  const auto found = pages.find(font_charset);
  return found == pages.end() ? 0 : found->second;
}

}  // namespace beadle::extract
