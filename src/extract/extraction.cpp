#include "extract/extraction.h"

namespace beadle::extract {

std::string_view to_string(Outcome outcome) {
  switch (outcome) {
    case Outcome::ok:
      return "ok";
    case Outcome::no_text:
      return "no-text";
    case Outcome::truncated:
      return "truncated";
    case Outcome::encrypted:
      return "encrypted";
    case Outcome::unreadable:
      return "unreadable";
    case Outcome::limit:
      return "limit";
    case Outcome::crashed:
      return "crashed";
  }
  return "unknown";
}

std::string_view to_string(Place place) {
  switch (place) {
    case Place::file_name:
      return "file-name";
    case Place::properties:
      return "properties";
    case Place::first_page:
      return "first-page";
    case Place::header_footer:
      return "header-footer";
    case Place::body:
      return "body";
    case Place::raw_text:
      return "raw-text";
    case Place::raw_html:
      return "raw-html";
    case Place::raw_message:
      return "raw-message";
  }
  return "unknown";
}

}  // namespace beadle::extract
