#include "review/verdict_of.h"

#include <nlohmann/json.hpp>

namespace beadle::review {
namespace {

using nlohmann::json;

// More than any verdict has; a row that somebody made by hand could have any number.
constexpr std::size_t items_most = 1000;

const json& member(const json& object, const char* name) {
  static const json nothing;
  if (!object.is_object()) return nothing;
  const auto found = object.find(name);
  return found == object.end() ? nothing : *found;
}

std::string text_of(const json& object, const char* name) {
  const json& value = member(object, name);
  return value.is_string() ? value.get<std::string>() : "";
}

template <class Each>
void for_each(const json& list, Each each) {
  if (!list.is_array()) return;
  for (std::size_t i = 0; i < list.size() && i < items_most; ++i) each(list[i]);
}

std::vector<std::string> texts_of(const json& object, const char* name) {
  std::vector<std::string> texts;
  for_each(member(object, name), [&](const json& item) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  });
  return texts;
}

inspect::Finding finding_of(const json& item) {
  inspect::Finding finding;
  finding.clause = text_of(item, "clause");
  finding.family = text_of(item, "family");
  finding.action = rules::action_from(text_of(item, "action")).value_or(inspect::Action::flag);
  finding.mode = rules::mode_from(text_of(item, "mode")).value_or(inspect::Mode::enforce);
  finding.says = text_of(item, "says");
  finding.cure = text_of(item, "cure");
  finding.persons = texts_of(item, "persons");
  for_each(member(item, "evidence"), [&](const json& evidence) {
    finding.evidence.push_back({text_of(evidence, "part"), text_of(evidence, "zone"), text_of(evidence, "text")});
  });
  return finding;
}

}  // namespace

inspect::Verdict verdict_of(std::string_view text) {
  inspect::Verdict verdict;
  const json object = json::parse(text, nullptr, false);
  if (!object.is_object()) return verdict;
  verdict.action = verdict.enforced = rules::action_from(text_of(object, "action")).value_or(inspect::Action::hold);
  verdict.footer = texts_of(object, "footer");
  for_each(member(object, "findings"), [&](const json& item) { verdict.findings.push_back(finding_of(item)); });
  verdict.defects = texts_of(object, "defects");
  for_each(member(object, "not_inspected"), [&](const json& item) {
    verdict.not_inspected.push_back({text_of(item, "part"), text_of(item, "reason"), text_of(item, "file_name")});
  });
  verdict.uneditable = text_of(object, "uneditable");
  verdict.remarks = texts_of(object, "remarks");
  return verdict;
}

}  // namespace beadle::review
