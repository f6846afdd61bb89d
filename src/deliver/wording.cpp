#include "deliver/wording.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "base/calendar.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::deliver {
namespace {

using inspect::Action;
using inspect::Finding;

constexpr std::array<std::string_view, 12> months = {"January", "February", "March",     "April",   "May",      "June",
                                                     "July",    "August",   "September", "October", "November", "December"};

std::string two_digits(long number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string shown_day(Day day) {
  const std::chrono::year_month_day date(day);
  return std::to_string(static_cast<unsigned>(date.day())) + " " + std::string(months[static_cast<unsigned>(date.month()) - 1]) + " " +
         std::to_string(static_cast<int>(date.year()));
}

/// `shown` are the first of `count`.
std::string with_more(const std::vector<std::string>& shown, std::size_t count) {
  const std::size_t more = count - shown.size();
  return joined(shown, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

/// What made the message be held: a clause that holds, or a disclosure that could not be made.
bool counts(const Finding& finding, const inspect::Verdict& verdict) {
  if (finding.mode != inspect::Mode::enforce) return false;
  return finding.action == Action::hold || (!verdict.uneditable.empty() && finding.action == Action::annotate);
}

std::string_view place_of(std::string_view zone, Reader reader) {
  static constexpr std::pair<std::string_view, std::string_view> to_reviewers[] = {
      {"own", "The sender wrote"}, {"quoted", "In quoted text"}, {"forwarded", "In a forwarded message"}};
  static constexpr std::pair<std::string_view, std::string_view> places[] = {
      {"own", "You wrote"},
      {"subject", "In the subject"},
      {"quoted", "In the text that you quoted"},
      {"forwarded", "In the message that you forwarded"},
      {"attached", "In an attached message"},
      {"attachment", "In an attachment"},
      {"signature", "In the signature"},
      {"header", "In the header of the message"},
      {"envelope", "Among the recipients"},
      {"record", "In earlier correspondence"},
  };
  for (const auto& [name, words] : to_reviewers) {
    if (reader == Reader::reviewer && zone == name) return words;
  }
  for (const auto& [name, words] : places) {
    if (zone == name) return words;
  }
  return "In the message";
}

void append_finding(const Finding& finding, const std::vector<rules::Catalogue>& catalogues, std::size_t number, Reader reader, std::string& out) {
  const rules::Paragraph* paragraph = rules::paragraph_of(finding.clause, catalogues);
  out += std::to_string(number) + ". ";
  if (paragraph != nullptr && !paragraph->place.empty()) out += one_line(paragraph->place, limits::notice_evidence_bytes_max) + ": ";
  out += one_line(paragraph == nullptr ? finding.says : paragraph->asks, limits::notice_words_bytes_max);
  if (!finding.clause.starts_with("beadle/")) out += " (Clause: " + one_line(finding.clause, limits::notice_evidence_bytes_max) + ")";
  out += "\n";
  std::size_t shown = 0;
  for (const inspect::Evidence& evidence : finding.evidence) {
    const std::string words = one_line(evidence.text, limits::notice_evidence_bytes_max);
    if (words.empty()) continue;
    if (shown++ == limits::notice_evidence_most) {
      out += "   There are more such places.\n";
      break;
    }
    out += "   " + std::string(place_of(evidence.zone, reader)) + ": \"" + words + "\"\n";
  }
  const std::string cure = one_line(finding.cure, limits::notice_words_bytes_max);
  if (!cure.empty()) out += "   What would help: " + cure + "\n";
}

}  // namespace

std::string shown_time(Time time) {
  using namespace std::chrono;
  const Time local = is_summer_time(time) ? time + hours(1) : time;
  const hh_mm_ss clock(floor<minutes>(local) - floor<days>(local));
  return shown_day(day_of(time)) + " at " + two_digits(clock.hours().count()) + ":" + two_digits(clock.minutes().count());
}

std::string shown_last_day(Time due) { return shown_day(day_of(due - std::chrono::milliseconds(1))); }

std::string one_line(std::string_view text, std::size_t bytes_max) {
  // Four times as much as is shown: blanks fall away, and the rest need not be looked at.
  const std::string plain = printable(shortened(text, bytes_max * 4));
  std::string out;
  for (const char c : plain) {
    if (c == ' ' && (out.empty() || out.back() == ' ')) continue;
    out += c;
  }
  return shortened(trimmed(out), bytes_max);
}

std::string shown_words(std::string_view words) {
  const std::string bounded = shortened(words, limits::notice_words_bytes_max);
  std::string out;
  for (const std::string_view line : split(trimmed(bounded), '\n')) {
    if (!out.empty()) out += "\n";
    const std::string plain = printable(line);
    out += plain.substr(0, plain.find_last_not_of(' ') + 1);
  }
  return out;
}

std::string shown_person(std::string_view address, const people::Directory& people) {
  const people::Person* person = people.person_at(address);
  if (person == nullptr) return one_line(address, limits::notice_evidence_bytes_max) + " (not in the roster)";
  std::string out = (person->is_councillor() ? "Councillor " : "") + person->name;
  if (!person->roles.empty()) out += " (" + joined(person->roles, ", ") + ")";
  return out;
}

std::string shown_persons(const std::vector<std::string>& addresses, const people::Directory& people) {
  std::vector<std::string> shown;
  for (const std::string& address : addresses) {
    if (shown.size() == limits::notice_recipients_most) break;
    shown.push_back(shown_person(address, people));
  }
  return with_more(shown, addresses.size());
}

std::string shown_recipients(const std::vector<std::string>& addresses) {
  std::vector<std::string> shown;
  for (const std::string& address : addresses) {
    if (shown.size() == limits::notice_recipients_most) break;
    shown.push_back(one_line(address, limits::notice_evidence_bytes_max));
  }
  return with_more(shown, addresses.size());
}

std::string shown_findings(const inspect::Verdict& verdict, const std::vector<rules::Catalogue>& catalogues, Reader reader) {
  std::string out;
  std::size_t number = 0;
  for (const Finding& finding : verdict.findings) {
    if (!counts(finding, verdict)) continue;
    if (++number > limits::notice_findings_most) {
      out += reader == Reader::sender ? "There are more reasons; the reviewer sees them all.\n" : "There are more reasons.\n";
      break;
    }
    append_finding(finding, catalogues, number, reader, out);
  }
  if (!verdict.uneditable.empty()) {
    const std::string whose = reader == Reader::sender ? "your" : "the";
    out += "A line saying who was copied would have been added to " + whose + " message, but this kind of message cannot be changed safely.\n";
  }
  if (out.empty()) out = "A reviewer has to look at it before it goes out.\n";
  out.pop_back();
  return out;
}

std::string shown_clauses(const inspect::Verdict& verdict) {
  std::vector<std::string> clauses;
  for (const Finding& finding : verdict.findings) {
    if (counts(finding, verdict) && clauses.size() < limits::notice_findings_most) {
      clauses.push_back(one_line(finding.clause, limits::notice_evidence_bytes_max));
    }
  }
  return joined(clauses, ", ");
}

std::string shown_commands(std::string_view id) {
  const std::string shown(id);
  return "  beadle held show " + shown + " --by YOUR-ADDRESS" +
         "\n\nTo send it on as it is:\n  beadle held release " + shown + " --by YOUR-ADDRESS --reason \"why\"" +
         "\n\nTo give it back to its sender, who will read your words:\n  beadle held return " + shown + " --by YOUR-ADDRESS --reason \"what you want to say\"" +
         "\n\nEverything that waits:\n  beadle held list";
}

std::string shown_refusals(const std::vector<store::Store::Delivery>& refused) {
  std::string out;
  std::size_t shown = 0;
  for (const store::Store::Delivery& delivery : refused) {
    if (!out.empty()) out += "\n";
    if (shown++ == limits::notice_recipients_most) {
      out += "and " + std::to_string(refused.size() - limits::notice_recipients_most) + " more";
      break;
    }
    out += "  " + one_line(delivery.address, limits::notice_evidence_bytes_max) + ": " + one_line(delivery.reply, limits::notice_evidence_bytes_max);
  }
  return out;
}

}  // namespace beadle::deliver
