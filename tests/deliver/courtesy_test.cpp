#include "deliver/courtesy.h"

#include "helpers.h"

namespace beadle::deliver {

TEST_CASE("who gets no notice, and why") {
  const auto people = town();
  std::size_t seen = 0;
  const std::string table = read_file(data_directory + "/courtesy.tsv");
  for (const std::string_view line : split(table, '\n')) {
    if (line.empty() || line.front() == '#') continue;
    const auto columns = split(line, '\t');
    REQUIRE(columns.size() == 3);
    std::string header;
    for (const std::string_view field : split(columns[1], '|')) header += std::string(trimmed(field)) + "\r\n";
    INFO(line);
    const mail::Message message = mail::parse_message("From: nell.barrow@marram.example\r\n" + header + "\r\nText\r\n");
    CHECK(why_no_notice(message, columns[0], *people, "mail-review@marram.example") == columns[2]);
    ++seen;
  }
  CHECK(seen > 30);
}

TEST_CASE("what is no single plain address is not written to") {
  for (const char* address : {"", "a", "a@", "@b.example", "a@b.example\r\nBcc: c@d.example", "a@b.example>", "\"a\"@b.example", "a b@c.example", "a@b.example,c@d.example"}) {
    INFO(address);
    CHECK_FALSE(is_deliverable(address));
  }
  CHECK(is_deliverable("clerk@marram.example"));
  CHECK(is_deliverable("d.o'hara+x@marram.example"));
}

TEST_CASE("one person is one person at every address") {
  const auto people = town();
  CHECK(is_same_person("nell@barrow-family.example", "Nell.Barrow@marram.example", *people));
  CHECK(is_same_person("x@else.example", "X@Else.example", *people));
  CHECK_FALSE(is_same_person("nell.barrow@marram.example", "sam.reed@marram.example", *people));
  CHECK_FALSE(is_same_person("", "", *people));
}

}  // namespace beadle::deliver
