// A whole page: skip link, header with the council's name, navigation, main part, footer. No crown, no logo and no font of GOV.UK.
// The script /assets/app.js adds comforts only; every page works without it. Leaves headers such as Content-Security-Policy to http.h.
#pragma once

#include <string>
#include <vector>

#include "web/components.h"
#include "web/html.h"

namespace beadle::web {

struct Page {
  std::string title;    // what the page is; "– Mail review – Council" follows by itself
  std::string council;  // who the page belongs to
  std::vector<NavigationItem> navigation = {};
  std::string signed_in_as = {};  // "" where nobody is: no way to sign out then
  std::string csrf = {};          // for signing out
  Html before = {};               // back link or breadcrumbs
  Html main = {};
  Html footer = {};     // more of it, in one line
  bool failed = false;  // a form came back with errors: the title says so
  bool wide = false;    // uses a wide screen: messages and lists
  bool keys = false;    // a list that can be walked by keyboard: says so at its end, where there is JavaScript
};
/// The document.
std::string render(const Page& page);

/// A page on its own, without navigation, such as an error: heading, and content below.
std::string render_plain(std::string_view council, std::string_view title, const Html& content);

}  // namespace beadle::web
