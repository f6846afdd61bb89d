#include "store/inbox.h"

#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "store/content.h"
#include "store/desk.h"
#include "store/held_id.h"
#include "store/intersection.h"
#include "store/sealing.h"
#include "store/summary.h"

namespace beadle::store {
namespace {

// Of two microseconds each: a page comes within a twentieth of a second, whatever is asked for.
constexpr std::size_t inbox_steps_most = 20'000;

constexpr std::string_view before_all_ids = "";
constexpr std::string_view behind_all_ids = "~";  // no letter of ids is behind it

using Found = std::optional<std::string>;

/// One statement asked again and again. Shared, since std::function wants what it holds to be copied.
class Set {
 public:
  static Result<std::shared_ptr<Set>> prepare(Database& database, const SetQuery& query, bool ascending) {
    return std::make_shared<Set>(TRY(database.prepare(sql_of(query, ascending))));
  }
  explicit Set(Statement statement) : statement_(std::move(statement)) {}

  template <class Value>
  Result<Found> seek(const Value& value, const std::string& from, bool strictly) {
    strictly ? statement_.with(value, from, from) : statement_.with(value, from, std::nullopt);
    return TRY(statement_.step()) ? Found(statement_.text(0)) : Found();
  }

 private:
  Statement statement_;
};

class Walk {
 public:
  Walk(Database& database, const WordKey& words, const InboxQuery& query) : database_(database), words_(words), query_(query) {}

  /// nullopt: nothing can match.
  Result<std::optional<Intersection<std::string>>> begin() {
    if (!query_.words.empty() && !TRY(add_words())) return std::optional<Intersection<std::string>>();
    if (!query_.clause.empty()) TRY(add(held_of_clause, query_.clause));
    if (!query_.claimed_by.empty()) TRY(add(held_of_claimant, query_.claimed_by));
    TRY(add_states());
    if (seeks_.empty()) TRY(add(held_of_all, std::string()));
    return std::optional<Intersection<std::string>>(Intersection<std::string>(std::move(seeks_), first(), inbox_steps_most));
  }

  /// Whether `id` lies behind the last one that is wanted.
  bool is_behind(const std::string& id) const {
    if (query_.oldest_first) return query_.until && id >= first_id_at(*query_.until);
    return query_.from && id < first_id_at(*query_.from);
  }

 private:
  bool nearer(const std::string& a, const std::string& b) const { return query_.oldest_first ? a < b : a > b; }

  std::string first() const {
    std::string before(query_.oldest_first ? before_all_ids : behind_all_ids);
    // Ids from a time on begin with first_id_at() and something: it stands before them, and behind all earlier ones.
    const std::optional<Time>& bound = query_.oldest_first ? query_.from : query_.until;
    if (bound) before = first_id_at(*bound);
    return !query_.after.empty() && nearer(before, query_.after) ? query_.after : before;
  }

  template <class Value>
  Result<void> add(const SetQuery& query, const Value& value) {
    const std::shared_ptr<Set> set = TRY(Set::prepare(database_, query, query_.oldest_first));
    seeks_.push_back([set, value](const std::string& from, bool strictly) { return set->seek(value, from, strictly); });
    return {};
  }

  /// In any of these states: the nearest of what each of them gives.
  Result<void> add_states() {
    if (query_.states.empty()) return {};
    const std::shared_ptr<Set> set = TRY(Set::prepare(database_, held_of_state, query_.oldest_first));
    seeks_.push_back([this, set](const std::string& from, bool strictly) -> Result<Found> {
      Found nearest;
      for (const HeldState state : query_.states) nearest = nearest_of(std::move(nearest), TRY(set->seek(to_string(state), from, strictly)));
      return nearest;
    });
    return {};
  }

  Found nearest_of(Found a, Found b) const {
    if (!a || (b && nearer(*b, *a))) return b;
    return a;
  }

  /// false, where nothing can match: only signs were typed.
  Result<bool> add_words() {
    const std::vector<SearchWord> words = search_words(words_, query_.words);
    for (const SearchWord& word : words) TRY(word.id_beginning.empty() ? add_digests(word) : add_word_or_id(word));
    return !words.empty();
  }

  Result<void> add_digests(const SearchWord& word) {
    for (const std::int64_t hash : word.hashes) TRY(add(held_of_word, hash));
    return {};
  }

  /// What may be the beginning of an id is looked for as a word too; words that look like one are a single one.
  Result<void> add_word_or_id(const SearchWord& word) {
    const std::shared_ptr<Set> digests = TRY(Set::prepare(database_, held_of_word, query_.oldest_first));
    const std::shared_ptr<Set> ids = TRY(Set::prepare(database_, held_of_all, query_.oldest_first));
    seeks_.push_back([this, digests, ids, word](const std::string& from, bool strictly) -> Result<Found> {
      Found by_word;
      if (word.hashes.size() == 1) by_word = TRY(digests->seek(word.hashes.front(), from, strictly));
      const std::string edge = query_.oldest_first ? word.id_beginning : word.id_beginning + std::string(behind_all_ids);
      const bool outside = nearer(from, edge);
      Found by_id = TRY(ids->seek(std::string(), outside ? edge : from, outside ? false : strictly));
      if (by_id && !by_id->starts_with(word.id_beginning)) by_id.reset();
      return nearest_of(std::move(by_word), std::move(by_id));
    });
    return {};
  }

  Database& database_;
  const WordKey& words_;
  const InboxQuery& query_;
  std::vector<Seek<std::string>> seeks_;
};

/// Reads what the desk keeps beside a held message; the statements are used again.
class RowReader {
 public:
  static Result<RowReader> prepare(Database& database, const Vault& vault) {
    return RowReader(TRY(SummaryReader::prepare(database, vault)),
                     TRY(database.prepare("SELECT opened, legal_hold, EXISTS (SELECT 1 FROM note WHERE held = ?1 AND kind = 'explained') "
                                          "FROM held WHERE id = ?1")),
                     TRY(database.prepare("SELECT who, at_ms FROM claim WHERE held = ?1")));
  }

  Result<bool> is_claimed(const std::string& id) { return claim_.with(id).step(); }

  Result<InboxRow> read(const std::string& id) {
    InboxRow row;
    static_cast<HeldSummary&>(row) = TRY(summary_.read(id, Unreadable::left_out));
    if (TRY(flags_.with(id).step())) {
      row.opened = flags_.integer(0) != 0;
      row.legal_hold = flags_.integer(1) != 0;
      row.explained = flags_.integer(2) != 0;
    }
    if (TRY(claim_.with(id).step())) row.claim = Claim{.who = claim_.text(0), .at = claim_.time(1)};
    return row;
  }

 private:
  RowReader(SummaryReader summary, Statement flags, Statement claim)
      : summary_(std::move(summary)), flags_(std::move(flags)), claim_(std::move(claim)) {}

  SummaryReader summary_;
  Statement flags_, claim_;
};

}  // namespace

std::string sql_of(const SetQuery& set, bool ascending) {
  const std::string key(set.key);
  std::string value = set.column.empty() ? "(?1 IS ?1) AND " : std::string(set.column) + " = ?1 AND ";
  if (!set.second_column.empty()) value += std::string(set.second_column) + " = ?4 AND ";
  // A partial index is used only where its condition stands in the query (schema.cpp).
  const std::string partial = set.table == "audit" && set.column == "held" ? "held <> '' AND " : "";
  return "SELECT " + key + " FROM " + std::string(set.table) + " WHERE " + value + partial + key + (ascending ? " >= ?2" : " <= ?2") + " AND " + key +
         " IS NOT ?3 ORDER BY " + key + (ascending ? "" : " DESC") + " LIMIT 1";
}

Result<InboxPage> Desk::inbox(const InboxQuery& query) {
  const std::size_t most = std::min(query.most, limits::page_rows_max);
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  Walk walk(*database, store_.content_->words, query);
  InboxPage page;
  std::optional<Intersection<std::string>> ids = TRY(walk.begin());
  if (!ids || most == 0) return page;
  RowReader reader = TRY(RowReader::prepare(*database, *store_.content_->vault));
  // Rows that are passed over cost their steps too, so that this ends.
  for (;;) {
    const std::optional<std::string> id = TRY(ids->next());
    if (!id || walk.is_behind(*id)) break;
    if (query.unclaimed && TRY(reader.is_claimed(*id))) continue;
    page.more = page.rows.size() == most;
    if (page.more) break;
    page.rows.push_back(TRY(reader.read(*id)));
  }
  if (page.more) page.after = page.rows.back().id;
  if (ids->stopped()) page.after = ids->passed();
  page.more = page.more || ids->stopped();
  return page;
}

Result<InboxRow> Desk::row(std::string_view id) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  RowReader reader = TRY(RowReader::prepare(*database, *store_.content_->vault));
  return reader.read(TRY(find_id(*database, id)));
}

Result<std::vector<InboxRow>> Desk::rows_like(std::string_view part, std::size_t most) {
  auto database = store_.content_->database.access();
  Transaction snapshot = TRY(Transaction::begin_read(*database));
  RowReader reader = TRY(RowReader::prepare(*database, *store_.content_->vault));
  std::vector<InboxRow> rows;
  for (const std::string& id : TRY(find_ids(*database, part, most))) rows.push_back(TRY(reader.read(id)));
  return rows;
}

}  // namespace beadle::store
