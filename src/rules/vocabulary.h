// The words that packs may use, each in its place (rules/README.md). What they mean is decided by inspect/.
#pragma once

#include <string_view>

#include "rules/pack.h"

namespace beadle::rules {

/// People and addresses: kinds, roles and contacts of the roster (people/roster.h; a test holds the two together).
inline constexpr std::string_view person_words[] = {"councillor",
                                                    "officer",
                                                    "person",
                                                    "outsider",
                                                    "unknown",
                                                    "anyone",
                                                    "third-party",
                                                    "chair",
                                                    "vice-chair",
                                                    "mayor",
                                                    "deputy-mayor",
                                                    "leader",
                                                    "deputy-leader",
                                                    "cabinet-member",
                                                    "committee-chair",
                                                    "spokesperson",
                                                    "group-leader",
                                                    "clerk",
                                                    "deputy-clerk",
                                                    "chief-officer",
                                                    "monitoring-officer",
                                                    "finance-officer",
                                                    "communications",
                                                    "support-hub",
                                                    "press-authorised",
                                                    "junior",
                                                    "press",
                                                    "minister",
                                                    "adviser",
                                                    "complainant",
                                                    "principal-authority",
                                                    "ward-councillor",
                                                    "archive",
                                                    "protected"};

/// How a recipient stands to this message; nobody but recipients has these.
inline constexpr std::string_view recipient_words[] = {"blind",     "visible",       "to",        "cc", "sender",
                                                       "disclosed", "correspondent", "circulated", "other-group", "group-list", "mixed-list", "named",
                                                       "only-named"};

inline constexpr std::string_view trait_words[] = {"reply",    "forward", "auto-reply", "list-mail", "null-sender",
                                                   "calendar", "signed",  "encrypted",  "bulk", "one-group", "group-letter",
                                                   "attachment", "substantive", "brief", "of-council"};
inline constexpr std::string_view zone_words[] = {"own",      "opening",   "subject",    "quoted",   "forwarded",
                                                  "attached", "signature", "attachment", "document", "record",   "any"};
inline constexpr std::string_view marking_words[] = {"subject",   "header",   "own",        "quoted",
                                                     "forwarded", "attached", "attachment", "any"};
inline constexpr std::string_view letter_words[] = {"message", "quoted", "forwarded", "attached", "record", "passage", "document"};

/// Who may stand in examples, besides addresses (rules/examples/roster.toml).
inline constexpr std::string_view example_words[] = {"clerk",
                                                     "deputy-clerk",
                                                     "officer",
                                                     "finance",
                                                     "comms",
                                                     "junior",
                                                     "chair",
                                                     "committee-chair",
                                                     "councillor",
                                                     "other-councillor",
                                                     "other-councillor-private",
                                                     "third-councillor",
                                                     "councillors",
                                                     "red-group",
                                                     "press",
                                                     "minister",
                                                     "adviser",
                                                     "complainant",
                                                     "borough",
                                                     "ward",
                                                     "archive",
                                                     "protected",
                                                     "resident",
                                                     "resident2",
                                                     "firm"};

/// "not-blind" → blind, negated.
Term term_of(std::string_view word);

}  // namespace beadle::rules
