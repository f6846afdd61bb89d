// Conditions of rules in plain English, made from tables of words, for explanations that are read out (inspect/explain.h).
#pragma once

#include <string>
#include <string_view>

#include "inspect/facts.h"
#include "rules/pack.h"

namespace beadle::inspect {

/// What is the case where `key` of a table failed, as match.h names it ("letter", "cues: commitment, instruction"): "there is no
/// letter …".
std::string lacking(std::string_view key, const rules::Condition& condition, const Facts& facts, const rules::RuleSet& rules);
/// What is the case where the table holds: a sentence for each of its keys.
std::vector<std::string> fulfilled(const rules::Condition& condition, const rules::RuleSet& rules);

/// "a councillor who is copied unseen and has no part in that letter"; "" for none.
std::string people_in_words(const rules::Selectors& selectors);
/// "in the sender's own words"; a word that is not known stands as it is.
std::string zone_in_words(std::string_view zone);
/// Whether there are words for this word of a rule (rules/vocabulary.h).
bool has_words_for(std::string_view word);
/// A feature of a sentence as a reader knows it: "i'll sort", "please (first in the sentence)", "go … ahead".
std::string feature_in_words(std::string_view feature);

}  // namespace beadle::inspect
