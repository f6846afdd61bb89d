#include "base/document.h"

#include "catch.h"

using namespace beadle;

TEST_CASE("values know their place, members keep the order of the file") {
  Problems problems;
  const auto value = parse_toml("z = 1\n[council]\nname = \"X\"\ndate = 2024-05-13\n", "f.toml", problems);
  REQUIRE(value);
  CHECK(problems.empty());
  const Table& root = *value->table();
  CHECK(root[0].key == "z");
  const Table& council = *root[1].value.table();
  CHECK(council[0].at == Position{3, 1});
  CHECK(council[0].value.at == Position{3, 8});
  CHECK(*council[1].value.text() == "2024-05-13");
}

TEST_CASE("a file that is no TOML is refused with its place") {
  Problems problems;
  CHECK_FALSE(parse_toml("a = \n", "f.toml", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].file == "f.toml");
  CHECK(problems[0].at.line == 1);
}

TEST_CASE("the reader notes wrong types and keys that nobody asked for") {
  Problems problems;
  const auto value = parse_toml("name = 3\nlists = [1, \"b\"]\nactoin = \"hold\"\n", "f.toml", problems);
  REQUIRE(value);
  TableReader reader(*value, "f.toml", "rule", problems);
  CHECK_FALSE(reader.text("name"));
  CHECK(reader.texts("lists") == std::vector<std::string>{"b"});
  CHECK_FALSE(reader.text("action"));
  CHECK(reader.required_text("clause").empty());
  reader.finish();
  CHECK(to_string(problems) ==
        "f.toml:1:8: name is a whole number, a text is wanted (put it in quotes)\n"
        "f.toml:2:10: lists holds a whole number, texts are wanted\n"
        "f.toml:1:1: rule: clause is missing\n"
        "f.toml:3:1: rule: unknown key actoin (did you mean action?)\n");
}

TEST_CASE("JSON gives the same tree, with places only for syntax") {
  Problems problems;
  const auto value = parse_document("{\"a\": [\"b\"]}", "f.json", problems);
  REQUIRE(value);
  CHECK((*value->table())[0].key == "a");
  CHECK_FALSE(parse_document("{\n \"a\": }", "f.json", problems));
  REQUIRE(problems.size() == 1);
  CHECK(problems[0].at.line == 2);
}

TEST_CASE("hostile depth is refused, not followed") {
  Problems problems;
  CHECK_FALSE(parse_json(std::string(100000, '['), "f.json", problems));
  CHECK_FALSE(parse_json("{\"a\":" + std::string(200, '[') + std::string(200, ']') + "}", "f.json", problems));
  CHECK(problems.size() == 2);
}
