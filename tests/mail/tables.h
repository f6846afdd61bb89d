// Tables of cases: columns between tabs; \t, \n, \r, \\ and \xHH stand for bytes; lines with # in front are comments.
#pragma once

#include <fstream>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"

namespace beadle::mail {

inline std::string unescaped(std::string_view cell) {
  std::string text;
  for (std::size_t i = 0; i < cell.size(); ++i) {
    if (cell[i] != '\\' || i + 1 == cell.size()) {
      text += cell[i];
      continue;
    }
    const char c = cell[++i];
    if (c == 'x' && i + 2 < cell.size()) {
      text += static_cast<char>(std::stoi(std::string(cell.substr(i + 1, 2)), nullptr, 16));
      i += 2;
    } else {
      text += c == 't' ? '\t' : c == 'n' ? '\n' : c == 'r' ? '\r' : c;
    }
  }
  return text;
}

/// Rows of the file; empty where there is none.
inline std::vector<std::vector<std::string>> rows_of_file(const std::string& path) {
  std::ifstream file(path);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> row;
    for (const std::string_view cell : split(line, '\t')) row.push_back(unescaped(cell));
    rows.push_back(row);
  }
  return rows;
}

/// Rows of tests/data/mail/tables/`name`.
inline std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  return rows_of_file(std::string(BEADLE_TEST_DATA "/mail/tables/") + name);
}

}  // namespace beadle::mail
