#include "base/problem.h"

namespace beadle {

std::string to_string(const Problem& problem) {
  std::string out = problem.file;
  if (problem.at.line > 0) out += ":" + std::to_string(problem.at.line) + ":" + std::to_string(problem.at.column);
  if (!out.empty()) out += ": ";
  if (problem.severity == Problem::Severity::odd) out += "odd: ";
  out += problem.what;
  if (!problem.hint.empty()) out += " (" + problem.hint + ")";
  return out;
}

std::string to_string(const Problems& problems) {
  std::string out;
  for (const Problem& problem : problems) out += to_string(problem) + "\n";
  return out;
}

bool has_errors(const Problems& problems) {
  for (const Problem& problem : problems) {
    if (problem.severity == Problem::Severity::error) return true;
  }
  return false;
}

}  // namespace beadle
