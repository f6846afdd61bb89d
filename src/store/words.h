// Words by which held mail is found, as keyed digests: of the subject, the addresses and their parts. The table says nothing to who has not the key.
// People type words without case and accents, and with hyphens or not, so words are folded (people/fold.h) and parted at hyphens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "store/sqlite.h"
#include "store/vault.h"

namespace beadle::store {

struct WordKey {
  std::string bytes;  // 32
  std::string id;     // tells nothing of the key: which key the words of a message were made with
};
WordKey word_key_of(const std::string& bytes);

/// 63 bits, so that SQLite's integers hold them.
std::int64_t hash_of(const WordKey& key, std::string_view word);

/// One word that was typed: all of these digests have to be there.
struct SearchWord {
  std::vector<std::int64_t> hashes;
  std::string id_beginning;  // or the id begins with this; "" where it cannot be one
};
/// At most limits::search_words_max.
std::vector<SearchWord> search_words(const WordKey& key, std::string_view typed);

/// Puts the words of a held message in the place of those that were there. Within the caller's transaction.
Result<void> replace_words(Database& database, const WordKey& key, std::string_view held, std::string_view subject,
                           const std::vector<std::string>& addresses);

/// How far mails were looked at whose words another key made.
struct WordsPlace {
  std::string key_id, held;
  bool at_end = false;
};
/// For mail whose words were made with another key, or never: looks at no more than `most` mails behind `place`, which moves on. Gives how many
/// were done. Passed over: mail whose subject cannot be opened.
Result<std::size_t> renew_words(Database& database, const Vault& vault, const WordKey& key, std::size_t most, WordsPlace& place);
/// ?1 the key of today · ?2 and ?3 behind which key and id · ?4 how many; before the key of today, or behind it.
std::string sql_of_old_words(bool before);

}  // namespace beadle::store
