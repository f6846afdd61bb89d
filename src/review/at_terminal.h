// Who decides at a terminal, where nobody signs in: an account, or somebody whom the settings name as a reviewer. Whoever may
// read the database there could name anybody; but a word that is nobody's has no part in any message, so that a slip of typing
// would get round the conflict of interest. Pure: accounts are given. Failures: refused, in words for people (not a reviewer,
// locked, a list); usage, where nobody was named.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "people/directory.h"
#include "review/conflict.h"
#include "store/accounts.h"

namespace beadle::review {

struct Reviewers {
  std::vector<store::Account> accounts;
  std::vector<std::string> addresses;         // [council] reviewers; the members of a list that stands there count
  const people::Directory* people = nullptr;  // nullptr: the roster cannot be read, and addresses stand for themselves
};

/// By the name of an account, or by an address or a name of the roster that an account or the addresses have. The same person is
/// the same actor by whatever word: by the account where there is one, with what its roles allow and what the settings add.
Result<Actor> actor_called(std::string_view word, const Reviewers& reviewers);
/// Who logged in to the machine as `login`: by the account of that name only.
Result<Actor> actor_logged_in(std::string_view login, const Reviewers& reviewers);
/// Somebody who may only take back what he or she sent, by an address, or a name of the roster. refused, where `word` is neither.
Result<Actor> sender_called(std::string_view word, const Reviewers& reviewers);

/// Whether `address` stands among `reviewers.addresses`, itself or by another address of its person or by a list.
bool is_listed(std::string_view address, const Reviewers& reviewers);

}  // namespace beadle::review
