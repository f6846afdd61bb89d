// How much of a protocol its pack checks: catalogue and rules held side by side.
#pragma once

#include <string>
#include <vector>

#include "base/problem.h"
#include "rules/catalogue.h"
#include "rules/pack.h"

namespace beadle::rules {

/// One clause with what the catalogue says of it and the rules that check it. Points into the pack and catalogues that were given.
struct Coverage {
  std::string clause;
  std::string family;                    // "" where nothing checks it
  const Paragraph* paragraph = nullptr;  // nullptr: a rule that no catalogue tells of
  std::vector<const Rule*> rules;
  Checked checked() const { return paragraph != nullptr ? paragraph->checked : Checked::yes; }
  std::size_t examples() const;
};

/// Every paragraph of the catalogues that `pack` and what it includes belong to, in their order, then rules without a paragraph.
std::vector<Coverage> coverage_of(const Pack& pack, const std::vector<Catalogue>& catalogues);

/// What does not agree: a clause with rules that its catalogue leaves out, one said to be checked that has no rule, one said not to be that
/// has, a catalogue without pack. A pack without a catalogue is merely odd.
Problems check_catalogues(const std::vector<Pack>& packs, const std::vector<Catalogue>& catalogues);

}  // namespace beadle::rules
