// What the query of a list asks for: days of its filters, errors of its fields, and its other pages.
#include "base/calendar.h"
#include "base/text.h"
#include "web/pages.h"

namespace beadle::web {

std::optional<Time> day_asked(const Request& request, std::string_view name, bool end, std::vector<FieldError>& errors) {
  const std::string_view text = trimmed(request.query_value(name));
  if (text.empty()) return std::nullopt;
  const auto day = day_from(text);
  if (day) return beginning_of(end ? *day + std::chrono::days(1) : *day);
  errors.push_back({std::string(name), "Enter a day as year, month and day, for example 2026-11-24"});
  return std::nullopt;
}

std::string error_of(const std::vector<FieldError>& errors, std::string_view field_id) {
  for (const FieldError& error : errors) {
    if (error.field_id == field_id) return error.words;
  }
  return "";
}

Link same_query(const Request& request, std::string_view path, std::string_view name, std::string_view value) {
  Pairs pairs;
  for (const auto& pair : request.query) {
    if (pair.first != "after" && pair.first != "before" && pair.first != "as") pairs.push_back(pair);
  }
  if (!value.empty()) pairs.emplace_back(name, value);
  return local_link(path, pairs);
}

}  // namespace beadle::web
