#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

using Addresses = std::vector<std::string>;

inspect::EarlierMail mail_of(const std::string& message_id, const Addresses& recipients, bool marked = false) {
  return {.message_id = message_id,
          .sender = "clerk@town.example",
          .visible = {"ann@paper.example"},
          .recipients = recipients,
          .marked = marked,
          .at = at(1)};
}

}  // namespace

TEST_CASE("a remembered mail comes back as it was") {
  const Folder folder;
  const inspect::EarlierMail mail = mail_of("a@town.example", {"z@paper.example", "b@paper.example"}, true);
  must(open_store(folder.database()).remember(mail, at(2)));
  const inspect::History history = must(open_store(folder.database()).look_up({"a@town.example"}));
  REQUIRE(history.same.size() == 1);
  CHECK(history.same[0] == mail);
  CHECK(history.referenced.empty());
}

TEST_CASE("transactions of one Message-ID are added up") {
  Store store = open_store(":memory:");
  must(store.remember(mail_of("a@town.example", {"one@x.example", "two@x.example"}), at(2)));
  must(store.remember(mail_of("a@town.example", {"two@x.example", "three@x.example"}, true), at(3)));
  must(store.remember(mail_of("a@town.example", {}), at(4)));
  const inspect::History history = must(store.look_up({"a@town.example"}));
  REQUIRE(history.same.size() == 1);
  CHECK(history.same[0].recipients == Addresses{"one@x.example", "two@x.example", "three@x.example"});
  CHECK(history.same[0].visible == Addresses{"ann@paper.example"});
  CHECK(history.same[0].marked);
  CHECK(history.same[0].at == at(1));
}

TEST_CASE("the first id is the message itself, the others are what it refers to") {
  Store store = open_store(":memory:");
  for (const char* id : {"a", "b", "c"}) must(store.remember(mail_of(id, {"one@x.example"}), at(2)));
  const inspect::History history = must(store.look_up({"a", "c", "unknown", "", "b", "a", "c"}));
  REQUIRE(history.same.size() == 1);
  CHECK(history.same[0].message_id == "a");
  REQUIRE(history.referenced.size() == 2);
  CHECK(history.referenced[0].message_id == "c");
  CHECK(history.referenced[1].message_id == "b");
  CHECK(must(store.look_up({"", "a"})).same.empty());
  CHECK(must(store.look_up({"", "a"})).referenced.size() == 1);
  CHECK(must(store.look_up({})).referenced.empty());
}

TEST_CASE("a mail without Message-ID is not remembered, and ids are compared byte by byte") {
  Store store = open_store(":memory:");
  must(store.remember(mail_of("", {"one@x.example"}), at(2)));
  CHECK(must(store.look_up({""})).same.empty());
  const std::string odd("a\0b'\xff", 5);
  must(store.remember(mail_of(odd, {"one@x.example"}), at(2)));
  CHECK(must(store.look_up({odd})).same.size() == 1);
  CHECK(must(store.look_up({"a"})).same.empty());
}

TEST_CASE("one Message-ID for everything does not grow for ever, nor does a look-up") {
  Store store = open_store(":memory:");
  Addresses many;
  for (std::size_t i = 0; i < limits::header_addresses_max; ++i) many.push_back("n" + std::to_string(i) + "@x.example");
  must(store.remember(mail_of("a", many), at(2)));
  must(store.remember(mail_of("a", {"more@x.example"}), at(2)));
  CHECK(must(store.look_up({"a"})).same[0].recipients.size() == limits::header_addresses_max);

  std::vector<std::string> ids(limits::references_max + 1, "");
  for (std::size_t i = 0; i < ids.size(); ++i) ids[i] = "unknown" + std::to_string(i);
  ids.push_back("a");
  CHECK(must(store.look_up(ids)).referenced.empty());
}

}  // namespace beadle::store
