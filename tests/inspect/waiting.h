// A council for tests of reminders that stays what it is while the shipped rules learn: two clauses, a handful of cues found by fixed words.
#pragma once

#include <memory>
#include <string>

#include "helpers.h"
#include "people/directory.h"
#include "rules/rule_set.h"

namespace beadle::tests {

constexpr std::string_view waiting_pack = R"(
[protocol]
name = "marram"
title = "Protocol"
council = "Example Town Council"
[[rule]]
clause = "1"
family = "confidential"
action = "hold"
says = "Secrets are held."
[[rule.when]]
cues = ["secret"]
[[rule.matches]]
text = "secret"
[[rule.passes]]
text = "open"
[[reminder]]
clause = "answer"
family = "response-time"
action = "flag"
says = "Enquiries are answered within ten working days."
within = "10 working days"
[[reminder.opens]]
sender = ["councillor"]
recipients-any = ["officer"]
cues = ["enquiry"]
[[reminder.answered]]
sender = ["officer"]
traits = ["substantive", "not-auto-reply"]
[[reminder.matches]]
from = "councillor"
to = ["officer"]
text = "When will it be mended?"
[[reminder.passes]]
text = "It is mended."
[[reminder.closes]]
from = "officer"
to = ["councillor"]
text = "It is mended."
[[reminder.waits]]
from = "officer"
to = ["councillor"]
text = "We will let you know."
[[reminder]]
clause = "groups"
family = "required-copy"
action = "flag"
says = "Other groups are told of a report."
within = "5 days"
tell = "other-groups"
[[reminder.opens]]
sender = ["officer"]
traits = ["group-letter"]
cues = ["report"]
[[reminder.answered]]
sender = ["officer"]
[[reminder.matches]]
from = "clerk"
to = ["red-group"]
text = "Here is the report."
[[reminder.passes]]
text = "Nothing."
[[reminder.closes]]
from = "clerk"
to = ["councillors"]
text = "There is a report."
[[reminder.waits]]
from = "clerk"
to = ["chair"]
text = "There is a report."
)";

constexpr std::string_view waiting_lexicon = R"(
[cue.enquiry]
says = "asks"
matches = ["When will it be mended?"]
passes = ["It is mended."]
[[cue.enquiry.form]]
all = ['when will']
[cue.holding]
says = "will answer"
matches = ["We will let you know."]
passes = ["It is mended."]
[[cue.holding.form]]
all = ['(?:let you know|get back to you|looking into)']
[cue.report]
says = "a report"
matches = ["Here is the report."]
passes = ["It is mended."]
[[cue.report.form]]
all = ['report']
[cue.secret]
says = "secret"
matches = ["secret"]
passes = ["open"]
[[cue.secret.form]]
all = ['secret']
)";

/// The protocol above in the council of the rule examples, enforced; Christmas is a holiday. Made anew each time.
inline inspect::Policy waiting_policy() {
  Problems problems;
  std::vector<rules::Pack> packs;
  std::vector<rules::Lexicon> lexicons;
  auto pack = rules::parse_pack(waiting_pack, "marram.toml", problems);
  auto lexicon = rules::parse_lexicon(waiting_lexicon, "lexicon.toml", problems);
  if (!pack || !lexicon) throw std::runtime_error(to_string(problems));
  packs.push_back(std::move(*pack));
  lexicons.push_back(std::move(*lexicon));
  auto rules = rules::RuleSet::compile(std::move(packs), std::move(lexicons), problems);
  auto roster = config::load_roster(source_folder() + "/rules/examples/roster.toml", problems);
  if (!rules || !roster) throw std::runtime_error(to_string(problems));
  inspect::Policy policy;
  policy.people = std::make_shared<people::Directory>(std::move(*roster));
  policy.rules = std::make_shared<rules::RuleSet>(std::move(*rules));
  policy.protocol = "marram";
  policy.mode = rules::Mode::enforce;
  policy.digest = "marram";
  policy.reminders.calendar = Calendar({*day_from("2025-12-25"), *day_from("2025-12-26"), *day_from("2026-01-01")});
  return policy;
}

}  // namespace beadle::tests
