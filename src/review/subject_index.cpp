// The index of what is kept about a person (subject_access.h).
#include "base/limits.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "review/csv.h"
#include "review/subject_access.h"

namespace beadle::review {
namespace {

constexpr std::size_t shown_bytes_max = 2'000;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : printable(shortened(text, shown_bytes_max))) {
    switch (c) {
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '&':
        out += "&amp;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string element(std::string_view name, std::string_view text) {
  return "<" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">";
}

std::string row_of(const SubjectItem& item) {
  const std::string file = item.file.empty() ? "" : "<a href=\"" + escaped(item.file) + "\">" + escaped(item.file) + "</a>";
  return "<tr>" + element("td", item.kind) + element("td", deliver::shown_time(item.at)) + element("td", item.reference) + element("td", item.why) +
         element("td", item.what) + "<td>" + file + "</td></tr>\n";
}

std::string cell(std::string_view text) { return csv_cell(printable(shortened(text, shown_bytes_max))); }

}  // namespace

std::string index_html(const SubjectAccess& access, Time now) {
  std::string out =
      "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
      "<title>What is kept about a person</title>\n"
      "<style>body{font-family:sans-serif;margin:2em;max-width:80em}table{border-collapse:collapse}"
      "td,th{border:1px solid;padding:.3em .6em;text-align:left;vertical-align:top}</style>\n</head>\n<body>\n";
  out += element("h1", "What is kept about " + access.name) + "\n";
  out += element("p", "Gathered on " + deliver::shown_time(now) + ", looking for: " + joined(access.addresses, ", ") + ".") + "\n";
  out += element("p", "Other people stand in these messages too. Before anything is handed over, somebody has to read it and take out what is theirs.") + "\n";
  out += "<table>\n" + element("caption", std::to_string(access.items.size()) + " items") + "\n<thead><tr>";
  for (const char* head : {"Kind", "When", "Reference", "Why it is here", "What", "File"}) out += "<th scope=\"col\">" + std::string(head) + "</th>";
  out += "</tr></thead>\n<tbody>\n";
  for (const SubjectItem& item : access.items) out += row_of(item);
  out += "</tbody>\n</table>\n" + element("h2", "What was not searched") + "\n<ul>\n";
  for (const std::string& sentence : access.not_searched) out += element("li", sentence) + "\n";
  return out + "</ul>\n</body>\n</html>\n";
}

std::string index_csv(const SubjectAccess& access) {
  std::string out = "kind,at,reference,why,what,file\r\n";
  for (const SubjectItem& item : access.items) {
    out += cell(item.kind) + "," + cell(to_rfc3339(item.at)) + "," + cell(item.reference) + "," + cell(item.why) + "," + cell(item.what) + "," +
           cell(item.file) + "\r\n";
  }
  return out;
}

}  // namespace beadle::review
