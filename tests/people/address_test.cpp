#include <fstream>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"

#include "catch.h"

namespace beadle::people {
namespace {

/// Rows of a table: columns between tabs; \t, \n, \\ and \xHH stand for bytes; lines with # in front are comments.
std::vector<std::vector<std::string>> rows_of(const std::string& name) {
  std::ifstream file(std::string(BEADLE_TEST_DATA "/people/tables/") + name);
  REQUIRE(file);
  std::vector<std::vector<std::string>> rows;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    std::vector<std::string> row;
    for (const std::string_view cell : split(line, '\t')) {
      std::string text;
      for (std::size_t i = 0; i < cell.size(); ++i) {
        if (cell.substr(i).starts_with("\\x") && i + 3 < cell.size()) {
          text += static_cast<char>(std::stoi(std::string(cell.substr(i + 2, 2)), nullptr, 16));
          i += 3;
        } else {
          text += cell[i];
        }
      }
      row.push_back(text);
    }
    rows.push_back(row);
  }
  return rows;
}

}  // namespace

TEST_CASE("addresses have one comparable form (tables/address_key.tsv)") {
  const auto rows = rows_of("address_key.tsv");
  CHECK(rows.size() > 20);
  for (const auto& row : rows) {
    REQUIRE(row.size() == 3);
    INFO(row[0] << ": " << row[2]);
    CHECK(address_key(row[0]) == row[1]);
    CHECK(address_key(address_key(row[0])) == address_key(row[0]));
    const std::size_t at = row[1].rfind('@');
    CHECK(domain_key(row[0]) == (at == std::string::npos ? "" : row[1].substr(at + 1)));
  }
}

TEST_CASE("well-formed addresses are told from others (tables/address_mistake.tsv)") {
  const auto rows = rows_of("address_mistake.tsv");
  CHECK(rows.size() > 20);
  for (const auto& row : rows) {
    REQUIRE(row.size() >= 1);
    INFO(row[0]);
    CHECK(address_mistake(row[0]) == (row.size() > 1 ? row[1] : ""));
  }
}

TEST_CASE("an address over the bound is still somebody's, and never a roster's") {
  const std::string long_local = "Jane+" + std::string(limits::address_bytes_max, 'X');
  CHECK(address_key(long_local + "@Council.example") == ascii_lower(long_local) + "@council.example");
  CHECK(domain_key(long_local + "@Council.example") == "council.example");
  const std::string long_domain = std::string(limits::address_bytes_max, 'B') + "\xc3\xbc.example";
  CHECK(!address_key("jane@" + long_domain).empty());
  CHECK(!address_mistake("jane@" + long_domain).empty());
}

TEST_CASE("domains are compared as A-labels") {
  CHECK(comparable_domain("Council.EXAMPLE.") == "council.example");
  CHECK(comparable_domain("b\xc3\xbc" "cher.example") == "xn--bcher-kva.example");
  CHECK(comparable_domain("stra\xc3\x9f" "e.example") == "xn--strae-oqa.example");  // nontransitional: ß stays ß
  CHECK(comparable_domain("") == "");
  CHECK(domain_mistake("council.example") == "");
  CHECK(domain_mistake("council.example.") == "");
  CHECK(domain_mistake("b\xc3\xbc" "cher.example") == "");
  CHECK(domain_mistake("council") == "it has no dot");
  CHECK(domain_mistake("a..example") == "a dot stands where none may");
  CHECK(domain_mistake("@council.example") == "only letters, digits, hyphens and dots may stand in a domain");
  CHECK(domain_mistake("-a.example") == "a part between dots begins or ends with a hyphen");
  CHECK(domain_mistake(std::string(64, 'a') + ".example") == "a part between dots is longer than 63 bytes");
}

}  // namespace beadle::people
