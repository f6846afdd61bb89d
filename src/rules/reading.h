// Small helpers to read rule files: texts that keep their places, and hints. For the .cpp files of this folder.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/document.h"
#include "base/text.h"

namespace beadle::rules {

struct PlacedText {
  std::string text;
  Position at;
};

/// A text or a list of texts at `key`, each with its place. An empty list is a mistake: it would ask nothing.
inline std::vector<PlacedText> placed_texts(TableReader& reader, std::string_view key) {
  (void)reader.texts(key);  // complains of wrong types
  std::vector<PlacedText> out;
  const Value* value = reader.any(key);
  if (value == nullptr) return out;
  if (const std::string* text = value->text()) out.push_back({*text, value->at});
  if (const Array* items = value->array()) {
    if (items->empty()) reader.error(reader.place(key), std::string(key) + " is empty", "leave it out, or say what is wanted");
    for (const Value& item : *items) {
      if (const std::string* text = item.text()) out.push_back({*text, item.at});
    }
  }
  return out;
}

/// A word of a file as it is shown in messages.
inline std::string shown(std::string_view text) { return "\"" + shortened(printable(text), 80) + "\""; }

/// "did you mean …?", or all that is known.
inline std::string known_hint(std::string_view word, const std::vector<std::string>& known) {
  const auto near = nearest(word, known);
  if (near) return "did you mean " + *near + "?";
  return known.empty() ? "" : "known: " + shortened(joined(known, ", "), 300);
}

template <class Words>
std::vector<std::string> as_strings(const Words& words) {
  return std::vector<std::string>(std::begin(words), std::end(words));
}

template <class Words>
bool contains(const Words& words, std::string_view word) {
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

/// Names of cues, protocols and clauses: small letters, digits, and `more` between them.
inline bool is_name(std::string_view text, std::string_view more) {
  const auto plain = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); };
  if (text.empty() || text.size() > 100 || !plain(text.front()) || !plain(text.back())) return false;
  return std::all_of(text.begin(), text.end(), [&](char c) { return plain(c) || more.find(c) != std::string_view::npos; });
}

/// Whether an error (not merely something odd) has been noted since there were `before` problems.
inline bool has_errors_since(const Problems& problems, std::size_t before) {
  return std::any_of(problems.begin() + static_cast<std::ptrdiff_t>(before), problems.end(),
                     [](const Problem& problem) { return problem.severity == Problem::Severity::error; });
}

}  // namespace beadle::rules
