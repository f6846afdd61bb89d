#include "web/components_form.h"

#include <algorithm>

#include "web/components.h"

namespace beadle::web {
namespace {

std::string id_of(const Field& field) { return field.id.empty() ? field.name : field.id; }

Html hint_of(std::string_view id, std::string_view words) {
  return html_if(!words.empty(), [&] {
    return element("div", {{"id", std::string(id).append("-hint")}, {"class", "govuk-hint"}}, words);
  });
}
Html error_of(std::string_view id, std::string_view words) {
  return html_if(!words.empty(), [&] {
    return element("p", {{"id", std::string(id).append("-error")}, {"class", "govuk-error-message"}}, visually_hidden("Error:"),
                   " ", words);
  });
}
std::optional<std::string> described_by(const std::string& id, bool info, bool hint, bool error) {
  std::string out;
  for (const auto& [holds, suffix] : {std::pair(info, "-info"), std::pair(hint, "-hint"), std::pair(error, "-error")}) {
    if (holds) out.append(out.empty() ? "" : " ").append(id).append(suffix);
  }
  return unless_empty(out);
}
Html label_of(const Field& field) {
  std::string name = "govuk-label";
  if (field.label_is_heading) name += " govuk-label--l";
  if (field.label_hidden) name += " govuk-visually-hidden";
  const Html label = element("label", {{"class", name}, {"for", id_of(field)}}, field.label);
  return field.label_is_heading ? element("h1", {{"class", "govuk-label-wrapper"}}, label) : label;
}

std::string group_class(bool failed) { return failed ? "govuk-form-group govuk-form-group--error" : "govuk-form-group"; }
std::string control_class(std::string name, bool failed) {
  if (failed) name.append(" ").append(name.substr(0, name.find(' '))).append("--error");
  return name;
}

/// Label, hint and error, then the control.
Html group_of(const Field& field, const Html& control) {
  return element("div", {{"class", group_class(!field.error.empty())}}, label_of(field), hint_of(id_of(field), field.hint),
                 error_of(id_of(field), field.error), control);
}

Attributes control_attributes(const Field& field, std::string name, bool counted = false) {
  return {{"class", control_class(std::move(name), !field.error.empty())},
          {"id", id_of(field)},
          {"name", field.name},
          {"aria-describedby", described_by(id_of(field), counted, !field.hint.empty(), !field.error.empty())},
          {"autocomplete", unless_empty(field.autocomplete)},
          {"required", field.required}};
}

std::string width_class(int width) {
  return width > 0 ? "govuk-input govuk-input--width-" + std::to_string(width) : "govuk-input";
}

Html input_of(const Field& field, const Attributes& more = {}) {
  Attributes attributes = control_attributes(field, width_class(field.width));
  const bool shows_value = field.type != "password";  // which is never sent back
  attributes.add({"type", field.type})
      .add({"inputmode", unless_empty(field.inputmode)})
      .add({"value", unless_empty(shows_value ? field.value : "")});
  return element("input", attributes.add({"spellcheck", "false"}).add(more));
}

std::string_view class_of(ButtonKind kind) {
  switch (kind) {
    case ButtonKind::primary:
      return "govuk-button";
    case ButtonKind::secondary:
      return "govuk-button govuk-button--secondary";
    case ButtonKind::warning:
      return "govuk-button govuk-button--warning";
  }
  return "govuk-button";
}

Html submit(const Button& button, std::string_view class_name) {
  return element("button",
                 {{"type", "submit"},
                  {"class", class_name},
                  {"data-module", "govuk-button"},
                  {"data-prevent-double-click", "true"},
                  {"name", unless_empty(button.name)},
                  {"value", unless_empty(button.value)}},
                 button.words, html_if(!button.of.empty(), [&] { return visually_hidden(" " + button.of); }));
}

bool is_chosen(const Choices& choices, const Choice& choice) {
  return std::find(choices.chosen.begin(), choices.chosen.end(), choice.value) != choices.chosen.end();
}

/// `kind` is "radio" or "checkbox"; the first has the name as its id, so that an error can lead to it.
Html choice_item(const Choices& choices, std::size_t at, const std::string& kind) {
  const Choice& choice = choices.choices[at];
  const std::string group = kind == "radio" ? "govuk-radios" : "govuk-checkboxes";
  const std::string id = at == 0 ? choices.name : choices.name + "-" + std::to_string(at + 1);
  const std::string hint_id = id + "-item-hint";
  const bool hinted = !choice.hint.empty();
  return element("div", {{"class", group + "__item"}},
                 element("input", {{"class", group + "__input"},
                                   {"id", id},
                                   {"name", choices.name},
                                   {"type", kind},
                                   {"value", choice.value},
                                   {"checked", is_chosen(choices, choice)},
                                   {"aria-describedby", unless_empty(hinted ? hint_id : "")}}),
                 element("label", {{"class", "govuk-label " + group + "__label"}, {"for", id}}, choice.words),
                 html_if(hinted, [&] {
                   return element("div", {{"id", hint_id}, {"class", "govuk-hint " + group + "__hint"}}, choice.hint);
                 }));
}

Html choices_of(const Choices& choices, const std::string& kind) {
  std::string group = kind == "radio" ? "govuk-radios" : "govuk-checkboxes";
  const std::string module = group;
  if (choices.small) group.append(" ").append(module).append("--small");
  if (choices.side_by_side && kind == "radio") group += " govuk-radios--inline";
  Html items;
  for (std::size_t at = 0; at < choices.choices.size(); ++at) items += choice_item(choices, at, kind);
  const Html legend =
      choices.legend_is_heading ? element("h1", {{"class", "govuk-fieldset__heading"}}, choices.legend) : Html(choices.legend);
  return element("div", {{"class", group_class(!choices.error.empty())}},
                 element("fieldset",
                         {{"class", "govuk-fieldset"},
                          {"aria-describedby", described_by(choices.name, false, !choices.hint.empty(), !choices.error.empty())}},
                         element("legend",
                                 {{"class", choices.legend_is_heading ? "govuk-fieldset__legend govuk-fieldset__legend--l"
                                                                      : "govuk-fieldset__legend govuk-fieldset__legend--s"}},
                                 legend),
                         hint_of(choices.name, choices.hint), error_of(choices.name, choices.error),
                         element("div", {{"class", group}, {"data-module", module}}, items)));
}

}  // namespace

Html form_post_of(const Link& action, std::string_view csrf, const Html& content) {
  return element("form", {{"action", action}, {"method", "post"}, {"accept-charset", "utf-8"}, {"novalidate", true}},
                 hidden_field(csrf_field, csrf), content);
}
Html form_get(const Link& action, const Html& content) {
  return element("form", {{"action", action}, {"method", "get"}, {"accept-charset", "utf-8"}}, content);
}
Html hidden_field(std::string_view name, std::string_view value) {
  return element("input", {{"type", "hidden"}, {"name", name}, {"value", value}});
}

Html button(const Button& button) { return submit(button, class_of(button.kind)); }
Html link_button(const Button& button) { return submit(button, "beadle-link-button"); }
Html button_link(const Link& to, std::string_view words, ButtonKind kind) {
  // role=button is for what acts; this leads somewhere, and its name says so.
  return element("a", {{"href", to}, {"class", class_of(kind)}, {"draggable", "false"}}, words);
}
Html button_group(const std::vector<Html>& buttons) { return element("div", {{"class", "govuk-button-group"}}, buttons); }

Html input_field(const Field& field) { return group_of(field, input_of(field)); }

Html date_field(const Field& field) {
  Field date = field;
  if (date.hint.empty()) date.hint = "For example, 27 3 2026";
  if (date.width == 0) date.width = 10;
  return input_field(date);
}

Html search_field(const Field& field) {
  Field search = field;
  search.type = "search";
  return group_of(search, input_of(search, {{"data-beadle-search", true}}));
}

Html textarea_field(const Field& field) {
  const std::string id = id_of(field);
  const bool counted = field.characters_max > 0;
  Attributes attributes =
      control_attributes(field, counted ? "govuk-textarea govuk-js-character-count" : "govuk-textarea", counted);
  attributes.add({"rows", field.rows});
  const Html control = element("textarea", attributes, field.value);
  if (!counted) return group_of(field, control);
  return element("div",
                 {{"class", group_class(!field.error.empty()) + " govuk-character-count"},
                  {"data-module", "govuk-character-count"},
                  {"data-maxlength", field.characters_max}},
                 label_of(field), hint_of(id, field.hint), error_of(id, field.error), control,
                 element("div", {{"id", id + "-info"}, {"class", "govuk-hint govuk-character-count__message"}},
                         "You can enter up to " + with_commas(static_cast<std::int64_t>(field.characters_max)) + " characters"));
}

Html select_field(const Field& field, const std::vector<Choice>& choices) {
  const Html options = each(choices, [&](const Choice& choice) {
    return element("option", {{"value", choice.value}, {"selected", choice.value == field.value}}, choice.words);
  });
  return group_of(field, element("select", control_attributes(field, "govuk-select"), options));
}

Html radios_field(const Choices& choices) { return choices_of(choices, "radio"); }
Html checkboxes_field(const Choices& choices) { return choices_of(choices, "checkbox"); }

Html fieldset(std::string_view legend, const Html& content) {
  return element("fieldset", {{"class", "govuk-fieldset"}},
                 element("legend", {{"class", "govuk-fieldset__legend govuk-fieldset__legend--m"}}, legend), content);
}

Html error_summary(const std::vector<FieldError>& errors) {
  if (errors.empty()) return {};
  const Html items = each(errors, [](const FieldError& error) {
    if (error.field_id.empty()) return element("li", error.words);
    return element("li", element("a", {{"href", fragment_link(error.field_id)}}, error.words));
  });
  return element(
      "div", {{"class", "govuk-error-summary"}, {"data-module", "govuk-error-summary"}},
      element("div", {{"role", "alert"}}, element("h2", {{"class", "govuk-error-summary__title"}}, "There is a problem"),
              element("div", {{"class", "govuk-error-summary__body"}},
                      element("ul", {{"class", "govuk-list govuk-error-summary__list"}}, items))));
}

Html filter_panel(const Link& action, const Html& fields, const Link& clear) {
  const Html content = fragment(element("h2", {{"class", "govuk-heading-s"}, {"id", "filter-title"}}, "Filter"),
                                element("div", {{"class", "beadle-filter__fields"}}, fields),
                                button_group({button({.words = "Apply filters"}), link(clear, "Clear filters")}));
  return element("div", {{"class", "beadle-filter"}, {"role", "search"}, {"aria-labelledby", "filter-title"}},
                 form_get(action, content));
}

}  // namespace beadle::web
