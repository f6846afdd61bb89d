#include "store/audit.h"

#include <nlohmann/json.hpp>

#include "base/digest.h"
#include "base/limits.h"
#include "store/content.h"

namespace beadle::store {
namespace {

constexpr std::string_view select_rows =
    "SELECT number, at_ms, act, who, held, detail, hash FROM audit WHERE number >= ?1 ORDER BY number LIMIT ?2";

struct Head {
  std::int64_t number = 0;
  std::string hash;
};

Result<std::vector<AuditRow>> read_rows(Database& database, std::int64_t from_number, std::size_t most) {
  Statement query = TRY(database.query(select_rows, from_number, most));
  std::vector<AuditRow> rows;
  while (TRY(query.step())) {
    rows.push_back({.number = query.integer(0),
                    .at = query.time(1),
                    .act = query.text(2),
                    .who = query.text(3),
                    .held = query.text(4),
                    .detail = query.text(5),
                    .hash = query.text(6)});
  }
  return rows;
}

Result<std::optional<Head>> read_head(Database& database) {
  Statement query = TRY(database.query("SELECT number, hash FROM audit_head WHERE one = 1"));
  if (!TRY(query.step())) return std::optional<Head>();
  return std::optional<Head>(Head{query.integer(0), query.text(1)});
}

/// Compares the last row with the head that is kept beside the trail.
void prove_end(Store::AuditProof& proof, const std::optional<Head>& head) {
  if (!head) {
    proof.broken_at = proof.rows + 1;
    proof.what = "the head of the audit trail is missing";
  } else if (head->number > proof.rows) {
    proof.broken_at = proof.rows + 1;
    proof.what =
        "the end was cut off: rows " + std::to_string(proof.rows + 1) + " to " + std::to_string(head->number) + " are missing";
  } else if (head->number < proof.rows) {
    proof.broken_at = head->number + 1;
    proof.what = "rows after number " + std::to_string(head->number) + " were put in, or the head was set back";
  } else if (head->hash != proof.head) {
    proof.broken_at = proof.rows == 0 ? 1 : proof.rows;
    proof.what = "the last row does not fit the head of the audit trail";
  }
}

/// Adds `row` to what is proved; false where it does not fit.
bool prove_row(Store::AuditProof& proof, const AuditRow& row) {
  const std::int64_t expected = proof.rows + 1;
  if (row.number != expected) {
    proof.broken_at = expected;
    proof.what = row.number < expected
                     ? "row " + std::to_string(row.number) + " was put in"
                     : "row " + std::to_string(expected) + " is missing: the next one is " + std::to_string(row.number);
  } else if (row.hash != audit_hash(proof.head, row)) {
    proof.broken_at = row.number;
    proof.what = "row " + std::to_string(row.number) + " was changed, or a row before it: its hash does not fit";
  } else {
    proof.rows = row.number;
    proof.head = row.hash;
  }
  return proof.broken_at == 0;
}

}  // namespace

std::string json_object(std::initializer_list<std::pair<std::string_view, std::string>> members) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  for (const auto& [name, value] : members) object[std::string(name)] = value;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::string words_json(std::string_view name, std::string_view words, std::string_view done_for) {
  nlohmann::ordered_json object = nlohmann::ordered_json::object();
  if (!words.empty()) object[std::string(name) + "_sha256"] = sha256_hex(words);
  if (!done_for.empty()) object["for"] = done_for;
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

std::int64_t audit_day_of(Time time) { return to_ms(time) / 86'400'000; }

std::string audit_hash(std::string_view hash_before, const AuditRow& row) {
  std::string text(hash_before);
  text += '\n';
  const std::string number = std::to_string(row.number);
  const std::string at = std::to_string(to_ms(row.at));
  for (const std::string_view field : {std::string_view(number), std::string_view(at), std::string_view(row.act),
                                       std::string_view(row.who), std::string_view(row.held), std::string_view(row.detail)}) {
    text += std::to_string(field.size());
    text += ':';
    text += field;
    text += ',';
  }
  return sha256_hex(text);
}

Result<void> append_audit(Database& database, std::string_view act, std::string_view who, std::string_view held,
                          std::string_view detail_json, Time now) {
  const std::optional<Head> head = TRY(read_head(database));
  if (!head) return Error{ErrorKind::bad_data, "the head of the audit trail is missing"};
  AuditRow row{.number = head->number + 1,
               .at = now,
               .act = std::string(act),
               .who = std::string(who),
               .held = std::string(held),
               .detail = std::string(detail_json),
               .hash = ""};
  row.hash = audit_hash(head->hash, row);
  TRY(database.run("INSERT INTO audit (number, at_ms, act, who, held, detail, hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                   row.number, row.at, row.act, row.who, row.held, row.detail, row.hash));
  TRY(database.run("UPDATE audit_head SET number = ?1, hash = ?2 WHERE one = 1", row.number, row.hash));
  return {};
}

Result<void> Store::audit(std::string_view act, std::string_view who, std::string_view held, std::string_view detail_json,
                          Time now) {
  auto database = content_->database.access();
  Transaction transaction = TRY(Transaction::begin_write(*database));
  TRY(append_audit(*database, act, who, held, detail_json, now));
  return transaction.commit();
}

Result<std::vector<AuditRow>> Store::audit_rows(std::int64_t from_number, std::size_t most) {
  auto database = content_->database.access();
  return read_rows(*database, from_number, most);
}

Result<Store::AuditProof> Store::verify_audit() {
  AuditProof proof;
  proof.head = std::string(64, '0');
  // The lock is given back between pages: mail goes on while a long trail is proved.
  for (bool more = true; more;) {
    auto database = content_->database.access();
    Transaction snapshot = TRY(Transaction::begin_read(*database));
    // From the very beginning at first, so that rows numbered below 1 are seen.
    const std::int64_t from = proof.rows == 0 ? INT64_MIN : proof.rows + 1;
    const std::vector<AuditRow> rows = TRY(read_rows(*database, from, limits::audit_rows_per_page));
    for (const AuditRow& row : rows) {
      if (!prove_row(proof, row)) return proof;
    }
    more = rows.size() == limits::audit_rows_per_page;
    if (!more) prove_end(proof, TRY(read_head(*database)));
  }
  return proof;
}

}  // namespace beadle::store
