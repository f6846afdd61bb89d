#include "store/words.h"

#include <sodium.h>

#include <set>

#include "base/check.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"
#include "people/fold.h"
#include "store/held_id.h"
#include "store/sealing.h"

namespace beadle::store {
namespace {

constexpr std::size_t id_beginning_least = 6;  // as for every act by id

void add_parts(std::set<std::string>& words, std::string_view text) {
  for (const people::Word& word : people::fold_words(text)) {
    for (const std::string_view part : split(word.text, '-')) {
      if (words.size() >= limits::search_words_per_held_max) return;
      if (!part.empty()) words.emplace(part);
    }
  }
}

/// Digests of the parts, or of a whole address: whoever types all of one wants that one.
SearchWord search_word(const WordKey& key, std::string_view typed) {
  SearchWord word;
  const std::size_t at = typed.find('@');
  const std::string address = at != std::string_view::npos && typed.find('.', at) != std::string_view::npos ? people::address_key(typed) : "";
  if (!address.empty()) {
    word.hashes.push_back(hash_of(key, address));
    return word;
  }
  std::set<std::string> parts;
  add_parts(parts, typed);
  for (const std::string& part : parts) word.hashes.push_back(hash_of(key, part));
  const std::string id = canonical_id(typed);
  // Ids begin with the upper bits of a time: a digit for thousands of years to come, which words rarely do.
  if (id.size() >= id_beginning_least && id.front() >= '0' && id.front() <= '9') word.id_beginning = id;
  return word;
}

Result<std::vector<std::string>> addresses_of(Database& database, std::string_view held) {
  std::vector<std::string> addresses;
  Statement row = TRY(database.query("SELECT from_address, sender FROM held WHERE id = ?1", held));
  if (TRY(row.step())) addresses = {row.text(0), row.text(1)};
  Statement recipient = TRY(database.query("SELECT address FROM recipient WHERE held = ?1 ORDER BY position", held));
  while (TRY(recipient.step())) addresses.push_back(recipient.text(0));
  return addresses;
}

struct OldWords {
  std::string id, words_key, subject, subject_key;
};

Result<std::vector<OldWords>> old_words(Database& database, const WordKey& key, std::size_t most, const WordsPlace& place, bool before) {
  Statement query = TRY(database.query(sql_of_old_words(before), key.id, place.key_id, place.held, most));
  std::vector<OldWords> rows;
  while (TRY(query.step())) rows.push_back({query.text(0), query.text(1), query.text(2), query.text(3)});
  return rows;
}

}  // namespace

WordKey word_key_of(const std::string& bytes) { return {.bytes = bytes, .id = sha256_hex("beadle names a key of words" + bytes).substr(0, 16)}; }

std::int64_t hash_of(const WordKey& key, std::string_view word) {
  unsigned char digest[crypto_generichash_BYTES_MIN];
  CHECK(crypto_generichash(digest, sizeof digest, reinterpret_cast<const unsigned char*>(word.data()), word.size(),
                           reinterpret_cast<const unsigned char*>(key.bytes.data()), key.bytes.size()) == 0);
  std::uint64_t hash = 0;
  for (std::size_t i = 0; i < sizeof hash; ++i) hash = (hash << 8) | digest[i];
  return static_cast<std::int64_t>(hash >> 1);
}

std::vector<SearchWord> search_words(const WordKey& key, std::string_view typed) {
  std::vector<SearchWord> words;
  std::string blanks(typed);
  for (char& c : blanks) {
    if (c == '\t' || c == '\r' || c == '\n') c = ' ';
  }
  for (const std::string_view one : split(blanks, ' ')) {
    if (one.empty() || words.size() >= limits::search_words_max) continue;
    words.push_back(search_word(key, one));
    // A dash between words is none; nothing but signs finds nothing.
    if (words.back().hashes.empty() && words.back().id_beginning.empty()) words.pop_back();
  }
  return words;
}

Result<void> replace_words(Database& database, const WordKey& key, std::string_view held, std::string_view subject,
                           const std::vector<std::string>& addresses) {
  TRY(database.run("DELETE FROM search_word WHERE held = ?1", held));
  std::set<std::string> words;
  add_parts(words, subject);
  for (const std::string& address : addresses) {
    if (words.size() >= limits::search_words_per_held_max) break;
    const std::string whole = people::address_key(address);
    if (!whole.empty()) words.insert(whole);
    add_parts(words, address);
  }
  Statement insert = TRY(database.prepare("INSERT OR IGNORE INTO search_word (hash, held) VALUES (?1, ?2)"));
  for (const std::string& word : words) TRY(insert.with(hash_of(key, word), held).run());
  TRY(database.run("UPDATE held SET words_key = ?2 WHERE id = ?1", held, key.id));
  return {};
}

std::string sql_of_old_words(bool before) {
  return std::string("SELECT id, words_key, subject, subject_key FROM held WHERE purged_ms IS NULL AND words_key ") + (before ? "<" : ">") +
         " ?1 AND (words_key, id) > (?2, ?3) ORDER BY words_key, id LIMIT ?4";
}

Result<std::size_t> renew_words(Database& database, const Vault& vault, const WordKey& key, std::size_t most, WordsPlace& place) {
  std::vector<OldWords> rows = TRY(old_words(database, key, most, place, true));
  if (rows.empty()) rows = TRY(old_words(database, key, most, place, false));
  place.at_end = rows.empty();
  std::size_t done = 0;
  for (const OldWords& row : rows) {
    place.key_id = row.words_key;
    place.held = row.id;
    const Result<std::string> subject = unsealed(vault, row.subject_key, row.subject, sealed_subject, 0, row.id);
    if (!subject) continue;
    TRY(replace_words(database, key, row.id, *subject, TRY(addresses_of(database, row.id))));
    ++done;
  }
  return done;
}

}  // namespace beadle::store
