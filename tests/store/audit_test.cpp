#include "store/audit.h"

#include "base/digest.h"
#include "base/limits.h"
#include "helpers.h"

namespace beadle::store {
namespace {

/// A file with a trail of ten rows, and what somebody with the file in hand does to it.
Store::AuditProof proof_after(const std::string& tampering) {
  const Folder folder;
  {
    Store store = open_store(folder.database());
    for (int i = 0; i < 9; ++i) must(store.audit("settings-loaded", "beadle", "", "{}", at(i)));
  }
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(
        database.script("DROP TRIGGER audit_never_changed; DROP TRIGGER audit_never_deleted; DROP TRIGGER audit_in_order; "
                        "DROP TRIGGER audit_head_only_grows; DROP TRIGGER audit_head_stays"));
    must(database.script(tampering));
  }
  return must(open_store(folder.database()).verify_audit());
}

}  // namespace

TEST_CASE("a trail is whole, and its hashes can be recomputed by hand") {
  Store store = open_store(":memory:");
  must(store.audit("settings-loaded", "beadle", "", R"({"digest": "12"})", at(7)));
  const std::vector<AuditRow> rows = must(store.audit_rows(1, 10));
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].act == "store-created");
  CHECK(rows[1].number == 2);
  CHECK(rows[1].at == at(7));
  CHECK(rows[1].hash ==
        sha256_hex(rows[0].hash + "\n1:2,13:1795510807000,15:settings-loaded,6:beadle,0:,16:{\"digest\": \"12\"},"));
  CHECK(rows[0].hash == audit_hash(std::string(64, '0'), rows[0]));
  const Store::AuditProof proof = must(store.verify_audit());
  CHECK(proof.broken_at == 0);
  CHECK(proof.rows == 2);
  CHECK(proof.head == rows[1].hash);
  CHECK(must(store.audit_rows(2, 10)).size() == 1);
  CHECK(must(store.audit_rows(1, 1)).front().number == 1);
}

TEST_CASE("a trail longer than one page is proved whole") {
  Store store = open_store(":memory:");
  const auto count = static_cast<std::int64_t>(2 * limits::audit_rows_per_page);
  for (std::int64_t i = 1; i < count; ++i) must(store.audit("opened", "jo", "", "{}", at(i)));
  CHECK(must(store.verify_audit()).rows == count);  // the last page is full
  must(store.audit("opened", "jo", "", "{}", at(count)));
  const Store::AuditProof proof = must(store.verify_audit());
  CHECK(proof.rows == count + 1);
  CHECK(proof.broken_at == 0);
}

TEST_CASE("rows that would read alike have different hashes") {
  const AuditRow one{.number = 1, .at = at(0), .act = "held", .who = "ab", .held = "c", .detail = "", .hash = ""};
  AuditRow other = one;
  other.who = "a";
  other.held = "bc";
  CHECK(audit_hash("", one) != audit_hash("", other));
}

TEST_CASE("tampering is found, with the first row that does not fit") {
  struct Case {
    const char* tampering;
    std::int64_t broken_at;
    const char* words;
  };
  const Case cases[] = {
      {"UPDATE audit SET who = 'kim' WHERE number = 4", 4, "row 4 was changed"},
      {"UPDATE audit SET at_ms = at_ms + 1 WHERE number = 10", 10, "row 10 was changed"},
      {"UPDATE audit SET detail = '{ }' WHERE number = 1", 1, "row 1 was changed"},
      {"DELETE FROM audit WHERE number = 5", 5, "row 5 is missing"},
      {"DELETE FROM audit WHERE number = 1", 1, "row 1 is missing"},
      {"DELETE FROM audit WHERE number > 7", 8, "rows 8 to 10 are missing"},
      {"DELETE FROM audit", 1, "rows 1 to 10 are missing"},
      {"DELETE FROM audit WHERE number = 5; UPDATE audit SET number = number - 1 WHERE number > 5", 5, "row 5 was changed"},
      {"INSERT INTO audit SELECT 11, at_ms, act, who, held, detail, hash FROM audit WHERE number = 10", 11, "row 11 was changed"},
      {"INSERT INTO audit SELECT 0, at_ms, act, who, held, detail, hash FROM audit WHERE number = 1", 1, "row 0 was put in"},
      {"DELETE FROM audit_head", 11, "head of the audit trail is missing"},
      {"UPDATE audit_head SET hash = 'x'", 10, "does not fit the head"},
      {"UPDATE audit_head SET number = 6", 7, "the head was set back"},
  };
  for (const Case& one : cases) {
    INFO(one.tampering);
    const Store::AuditProof proof = proof_after(one.tampering);
    CHECK(proof.what.find(one.words) != std::string::npos);
    CHECK(proof.broken_at == one.broken_at);
  }
}

TEST_CASE("the database itself refuses to change or delete rows") {
  const Folder folder;
  must(open_store(folder.database()).audit("opened", "jo", "", "{}", at(1)));
  Database database = must(Database::open(folder.database(), 1000));
  for (const char* attempt :
       {"UPDATE audit SET who = 'kim'", "DELETE FROM audit", "DELETE FROM audit WHERE number = 2", "DELETE FROM audit_head",
        "UPDATE audit_head SET number = 1", "REPLACE INTO audit VALUES (2, 0, '', '', '', '', '')",
        "INSERT INTO audit VALUES (4, 0, '', '', '', '', '')"}) {
    INFO(attempt);
    CHECK_FALSE(database.script(attempt));
  }
  CHECK(must(open_store(folder.database()).verify_audit()).broken_at == 0);
}

}  // namespace beadle::store
