#include "inspect/verdict.h"

#include <nlohmann/json.hpp>

#include "base/text.h"

namespace beadle::inspect {

std::string footer_line(const std::vector<std::string>& names) {
  std::string line = "CC ";
  for (std::size_t i = 0; i < names.size(); ++i) line += (i > 0 ? ", Councillor " : "Councillor ") + names[i];
  return line;
}

std::vector<std::string> footer_names(std::string_view line) {
  static constexpr std::string_view copy = "CC ", title = "Councillor ";
  std::vector<std::string> names;
  if (!line.starts_with(copy)) return names;
  for (std::string_view piece : split(line.substr(copy.size()), ',')) {
    piece = trimmed(piece);
    // A name may have a comma of its own ("Jane Holt, OBE").
    if (piece.starts_with(title))
      names.emplace_back(piece.substr(title.size()));
    else if (!names.empty())
      names.back() += ", " + std::string(piece);
  }
  return names;
}

std::string to_json(const Verdict& verdict) {
  using nlohmann::ordered_json;
  ordered_json out;
  out["action"] = rules::to_string(verdict.action);
  out["footer"] = verdict.footer;
  out["findings"] = ordered_json::array();
  for (const Finding& finding : verdict.findings) {
    ordered_json item;
    item["clause"] = finding.clause;
    item["family"] = finding.family;
    item["action"] = rules::to_string(finding.action);
    item["mode"] = rules::to_string(finding.mode);
    item["says"] = finding.says;
    if (!finding.cure.empty()) item["cure"] = finding.cure;
    item["evidence"] = ordered_json::array();
    for (const Evidence& evidence : finding.evidence) {
      item["evidence"].push_back({{"part", evidence.part}, {"zone", evidence.zone}, {"text", evidence.text}});
    }
    out["findings"].push_back(std::move(item));
  }
  out["defects"] = verdict.defects;
  out["not_inspected"] = ordered_json::array();
  for (const mail::NotInspected& part : verdict.not_inspected) {
    ordered_json item{{"part", part.part}, {"reason", part.reason}};
    if (!part.file_name.empty()) item["file_name"] = part.file_name;
    out["not_inspected"].push_back(std::move(item));
  }
  if (!verdict.uneditable.empty()) out["uneditable"] = verdict.uneditable;
  if (!verdict.remarks.empty()) out["remarks"] = verdict.remarks;
  if (verdict.protected_only) out["protected"] = true;
  // Everything above is UTF-8 by construction; should a byte slip through, it is replaced rather than thrown at the caller.
  return out.dump(2, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace beadle::inspect
