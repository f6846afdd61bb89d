// Runs the sandboxed child on a document, and finds things in what comes back.
#pragma once

#include <string>
#include <string_view>

#include "extract/extractor.h"

namespace beadle::extract {

inline Extraction extract_text(std::string_view bytes, std::string_view name = "file") {
  return Extractor({.program = BEADLE_EXTRACT_PROGRAM}).run(bytes, name);
}

/// All text of one place, joined by lines.
inline std::string text_at(const Extraction& extraction, Place place, std::string_view path = "file") {
  std::string out;
  for (const Passage& each : extraction.passages) {
    if (each.place == place && each.path == path) out += (out.empty() ? "" : "\n") + each.text;
  }
  return out;
}

inline bool has(std::string_view text, std::string_view words) { return text.find(words) != std::string_view::npos; }

/// Outcome of one document or member; ok where nothing is said against it.
inline Outcome outcome_of(const Extraction& extraction, std::string_view path) {
  Outcome gravest = Outcome::ok;
  for (const Unread& each : extraction.unread) {
    if (each.path == path) gravest = std::max(gravest, each.outcome);
  }
  return gravest;
}

/// For messages of failed tests.
inline std::string shown(const Extraction& extraction) {
  std::string out = std::string(to_string(extraction.outcome)) + " " + extraction.kind + "\n";
  for (const Passage& each : extraction.passages)
    out += std::string(to_string(each.place)) + " " + each.path + ": " + each.text.substr(0, 300) + "\n";
  for (const Unread& each : extraction.unread)
    out += "unread " + each.path + ": " + std::string(to_string(each.outcome)) + ", " + each.detail + "\n";
  return out;
}

}  // namespace beadle::extract
