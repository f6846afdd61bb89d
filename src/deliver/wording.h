// How times, persons, findings and replies are put in notices: plain English, bounded, every stranger's text on lines of its own choosing
// made printable first. Knows no templates and no mail fields.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "inspect/verdict.h"
#include "people/directory.h"
#include "rules/catalogue.h"
#include "store/store.h"

namespace beadle::deliver {

/// "24 November 2026 at 14:03": the clock on the wall in the United Kingdom.
std::string shown_time(Time time);
/// One line, at most `bytes_max` bytes: runs of blanks and control characters are one blank.
std::string one_line(std::string_view text, std::size_t bytes_max);
/// A reviewer's words: lines kept, everything else printable, bounded.
std::string shown_words(std::string_view words);
/// "Councillor Jane Holt (chair)", "Sam Reed (clerk)", or the address where the roster has nobody.
std::string shown_person(std::string_view address, const people::Directory& people);
/// Several of them: "Sam Reed (clerk), Tess Orme and 2 more".
std::string shown_persons(const std::vector<std::string>& addresses, const people::Directory& people);
/// "23 November 2026": the day before a period's first late moment.
std::string shown_last_day(Time due);
/// "a@b.example, c@d.example and 3 more".
std::string shown_recipients(const std::vector<std::string>& addresses);
enum class Reader { sender, reviewer };
/// Why a mail is held: each finding that counts with what the clause asks, the words, and the cure. As the catalogue words it, where it has the clause:
/// the page behind the link says the same.
std::string shown_findings(const inspect::Verdict& verdict, const std::vector<rules::Catalogue>& catalogues, Reader reader = Reader::sender);
/// Clauses of those findings: "exmouth/correspondence-4, beadle/limit". Nothing of the mail.
std::string shown_clauses(const inspect::Verdict& verdict);
/// How a reviewer acts on a held message at a terminal: lines for where there is no page to link to.
std::string shown_commands(std::string_view id);
/// One line for each recipient that the mail server refused, with its words.
std::string shown_refusals(const std::vector<store::Store::Delivery>& refused);

}  // namespace beadle::deliver
