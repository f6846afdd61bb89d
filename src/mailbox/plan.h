// What is to be done in a reviewer's mailbox so that its folders agree with the store: from what both hold now to a list of
// steps. Pure, and remembers nothing: after a crash, a lost connection or somebody else's decision the next plan is simply made
// from what is there then. A message of ours that stands in Release or Return is the decision of whoever the mailbox belongs to;
// whether it counts is for review/acts.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "mailbox/mark.h"
#include "store/store.h"

namespace beadle::mailbox {

/// Our folders.
enum class Box { held, release, give_back };
std::string_view to_string(Box box);

/// A message that stands in one of them.
struct Copy {
  Box box = Box::held;
  std::uint32_t uid = 0;
  ReadMark read;
  bool deleted = false;   // flagged for the next expunge: to its owner it is gone
  bool answered = false;  // for a message that is not ours: it was explained
};

/// A held message that this mailbox ought to show.
struct Waiting {
  std::string id;
  bool excepted = false;  // two people agreed that the account decides in spite of a conflict of interest
};

struct Fate {
  store::HeldState state = store::HeldState::held;
  std::string decided_by;
};

struct World {
  std::vector<Copy> copies;
  std::vector<Waiting> waiting;       // empty for an account that may not decide
  std::map<std::string, Fate> fates;  // of every id in `copies` that is ours; without an entry: the store knows no such message
  bool attach_original = true;
};

/// Why a message in Release or Return decides nothing.
enum class Stray {
  other,    // any mail
  forged,   // says that it is one of ours, and has no mark for this mailbox
  unknown,  // ours, but the store has no such message: another one was put in its place
};
std::string_view to_string(Stray stray);

struct Step {
  enum class Kind {
    decide,      // `uid` in `box` asks for it
    contradict,  // `id` stands in Release and in Return: goes back to Held, and that is said
    explain,     // `uid` in `box` decides nothing, and is left there
    place,       // `id` is put into Held, showing `shape` (or Shape::conflict, where there is one)
    remove,      // `uids` leave `box`
  };
  Kind kind = Kind::decide;
  Box box = Box::held;
  std::uint32_t uid = 0;
  std::string id;
  Shape shape = Shape::original;
  Stray stray = Stray::other;
  std::vector<std::uint32_t> uids;  // rising
};

/// In the order in which they are to be done: decisions first, and nothing leaves before what replaces it is there.
std::vector<Step> plan(const World& world);

/// What came of a move to Release or Return.
enum class Ending {
  released,  // by this account, now or before a crash
  returned,
  put_back,   // refused, and still undecided
  overtaken,  // somebody was first
};
/// `done`: the act was done just now; else `fate` is how the store has it since.
Ending ending_of(Box box, bool done, const Fate& fate, std::string_view account);
std::string_view to_string(Ending ending);

/// Where copies of `id` stand that are ours, by folder; rising. Those flagged as deleted too, which a decision clears away.
std::map<Box, std::vector<std::uint32_t>> places_of(const std::vector<Copy>& copies, std::string_view id);

}  // namespace beadle::mailbox
