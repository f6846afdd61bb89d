// Forms and their fields, as the GOV.UK Design System has them: each field with its label, hint and error tied to it.
// form_post() is the only way to a form that changes something, and always has the hidden field "csrf".
// Leaves reading and checking what comes back to the pages (form.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "web/html.h"

namespace beadle::web {

inline constexpr std::string_view csrf_field = "csrf";

Html form_post_of(const Link& action, std::string_view csrf, const Html& content);
template <class... Children>
Html form_post(const Link& action, std::string_view csrf, const Children&... children) {
  return form_post_of(action, csrf, fragment(children...));
}
/// For searches and filters; changes nothing.
Html form_get(const Link& action, const Html& content);
Html hidden_field(std::string_view name, std::string_view value);

enum class ButtonKind { primary, secondary, warning };
struct Button {
  std::string words;
  ButtonKind kind = ButtonKind::primary;
  std::string name = {};  // with value: which of several buttons of a form was pressed
  std::string value = {};
  std::string of = {};  // read out after the words: "Claim" "message 17"
};
Html button(const Button& button);
/// Looks like a button and is a link: for ways, not for acts.
Html button_link(const Link& to, std::string_view words, ButtonKind kind = ButtonKind::secondary);
/// Looks like a link and submits: a small act within a line, such as signing out.
Html link_button(const Button& button);
/// Beside each other where there is room.
Html button_group(const std::vector<Html>& buttons);

struct Field {
  std::string name;
  std::string label;
  std::string hint = {};
  std::string error = {};
  std::string value = {};
  std::string id = {};            // else the name
  std::string type = "text";      // "password" "search" "email" …
  std::string autocomplete = {};  // "username" "current-password" "one-time-code" …
  std::string inputmode = {};     // "numeric" …
  int width = 0;                  // in characters: 2 3 4 5 10 20 30; 0: as wide as there is room
  bool label_is_heading = false;  // the page asks for one thing only
  bool label_hidden = false;
  bool required = false;
  // Text areas.
  int rows = 5;
  std::size_t characters_max = 0;  // said below the field, counted where there is JavaScript; 0: not said
};
Html input_field(const Field& field);
Html textarea_field(const Field& field);
/// One field for a whole date, with "For example, 27 3 2026" unless it has a hint.
Html date_field(const Field& field);
/// The field that "/" leads to (frontend/app.js).
Html search_field(const Field& field);

struct Choice {
  std::string value;
  std::string words;
  std::string hint = {};
};
Html select_field(const Field& field, const std::vector<Choice>& choices);

struct Choices {
  std::string name;
  std::string legend;
  std::vector<Choice> choices;
  std::string hint = {};
  std::string error = {};
  std::vector<std::string> chosen = {};
  bool legend_is_heading = false;
  bool small = false;
  bool side_by_side = false;
};
Html radios_field(const Choices& choices);
Html checkboxes_field(const Choices& choices);
Html fieldset(std::string_view legend, const Html& content);

struct FieldError {
  std::string field_id;  // of choices: their name
  std::string words;
};
/// At the top of the page, each error leading to its field. Empty without errors.
Html error_summary(const std::vector<FieldError>& errors);

/// A form that filters what is listed beside or below it, with its button and a link that takes the filters away.
Html filter_panel(const Link& action, const Html& fields, const Link& clear);

}  // namespace beadle::web
