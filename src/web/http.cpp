#include "web/http.h"

namespace beadle::web {
namespace {

std::string_view first_of(const Pairs& pairs, std::string_view name) {
  for (const auto& [known, value] : pairs) {
    if (known == name) return value;
  }
  return "";
}

}  // namespace

std::string_view Request::query_value(std::string_view name) const { return first_of(query, name); }
std::string_view Request::form_value(std::string_view name) const { return first_of(form, name); }
std::string_view Request::header(std::string_view name) const { return first_of(headers, name); }
std::string_view Request::cookie(std::string_view name) const { return first_of(cookies, name); }

}  // namespace beadle::web
