#include "web/mail_html.h"

#include <gumbo.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "base/limits.h"
#include "base/text.h"
#include "mail/html.h"
#include "web/html.h"
#include "web/mail_html_style.h"
#include "web/mail_html_writer.h"

namespace beadle::web {
namespace {

constexpr std::string_view sheet =
    "body{margin:0;padding:12px;background:#ffffff;color:#0b0c0c;font:16px/1.4 Arial,sans-serif;overflow-wrap:anywhere}"
    "pre{white-space:pre-wrap;font:inherit}table{border-collapse:collapse;max-width:100%}td,th{padding:2px "
    "4px;vertical-align:top;text-align:left}"
    ".ruled td,.ruled th{border:1px solid #b1b4b6}blockquote{margin:8px 0;padding-left:12px;border-left:3px solid #b1b4b6}"
    ".link{text-decoration:underline}.to,.stand-in{color:#484949;background:#ffffff;font-size:14px}.stand-in{border:1px dotted "
    "#484949;padding:0 4px}"
    ".hidden{outline:2px dashed #ca3535;background:#fff1f1!important;color:#0b0c0c!important}"
    ".hidden *{background:transparent!important;color:inherit!important}.label{font-weight:bold;font-size:14px}"
    ".note{margin:16px 0 0;padding:8px;border:2px solid #0b0c0c;background:#ffffff;color:#0b0c0c}";

std::string document(std::string_view body, std::string_view note) {
  std::string out = "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>The message as HTML</title><style>";
  out.append(sheet).append("</style></head><body>").append(body);
  if (!note.empty()) out.append("<p class=\"note\">").append(note).append("</p>");
  return out.append("</body></html>\n");
}

std::string note_of(const WrittenMail& mail) {
  std::string note;
  if (mail.cut) note += "The message goes on: it is too long to be shown here. The download has all of it.";
  if (mail.flattened)
    note.append(note.empty() ? "" : " ").append("Some of its layout is nested too deeply and was left out; the words are here.");
  return note;
}

bool is_attribute_expected(const GumboAttribute& attribute) {
  const std::string_view name = attribute.name, value = attribute.value;
  if (name == "class") return is_written_class(value);
  if (name == "colspan" || name == "rowspan")
    return value.size() <= 3 && std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (name != "style") return false;
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyz0123456789-:;# ";
  return value.find_first_not_of(plain) == std::string_view::npos;
}

bool is_element_expected(const GumboElement& element) {
  if (element.tag_namespace != GUMBO_NAMESPACE_HTML || element.tag == GUMBO_TAG_UNKNOWN) return false;
  if (!is_written_element(gumbo_normalized_tagname(element.tag))) return false;
  for (unsigned i = 0; i < element.attributes.length; ++i) {
    if (!is_attribute_expected(*static_cast<const GumboAttribute*>(element.attributes.data[i]))) return false;
  }
  return true;
}

// Elements of the body only: the head is a constant.
bool is_body_expected(const GumboNode& body) {
  std::vector<const GumboNode*> open = {&body};
  while (!open.empty()) {
    const GumboNode& node = *open.back();
    open.pop_back();
    if (node.type == GUMBO_NODE_COMMENT || node.type == GUMBO_NODE_CDATA || node.type == GUMBO_NODE_TEMPLATE) return false;
    if (node.type != GUMBO_NODE_ELEMENT) continue;
    if (&node != &body && !is_element_expected(node.v.element)) return false;
    const GumboVector& children = node.v.element.children;
    for (unsigned i = 0; i < children.length; ++i) open.push_back(static_cast<const GumboNode*>(children.data[i]));
  }
  return body.v.element.attributes.length == 0;
}

/// Whether a browser's parser finds in `document` what was meant: a head of ours, and a body of expected elements.
bool is_expected(const std::string& document) {
  GumboOptions options = kGumboDefaultOptions;
  options.max_errors = 0;
  const auto close = [&](GumboOutput* output) { gumbo_destroy_output(&options, output); };
  const std::unique_ptr<GumboOutput, decltype(close)> output(gumbo_parse_with_options(&options, document.data(), document.size()),
                                                             close);
  if (!output || output->root->type != GUMBO_NODE_ELEMENT) return false;
  const GumboVector& parts = output->root->v.element.children;
  if (parts.length < 2) return false;
  const auto* head = static_cast<const GumboNode*>(parts.data[0]);
  const auto* body = static_cast<const GumboNode*>(parts.data[1]);
  for (unsigned i = 2; i < parts.length; ++i) {
    if (static_cast<const GumboNode*>(parts.data[i])->type != GUMBO_NODE_WHITESPACE) return false;
  }
  if (head->type != GUMBO_NODE_ELEMENT || head->v.element.tag != GUMBO_TAG_HEAD || head->v.element.children.length != 3)
    return false;
  return body->type == GUMBO_NODE_ELEMENT && body->v.element.tag == GUMBO_TAG_BODY && is_body_expected(*body);
}

std::string plain_document(std::string_view html) {
  const std::string text = mail::html_to_text(valid_utf8(html.substr(0, limits::shown_html_bytes_max))).utf8;
  return document("<pre>\n" + escaped(text) + "</pre>", "The message is shown as text, because its HTML could not be made safe.");
}

}  // namespace

std::string safe_mail_html(std::string_view html_utf8) {
  const WrittenMail mail = write_mail_body(html_utf8);
  std::string safe = document(mail.body, note_of(mail));
  return is_expected(safe) ? safe : plain_document(html_utf8);
}

}  // namespace beadle::web
