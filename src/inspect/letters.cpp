// The letters that a message is, holds, or answers (inspect/facts.h).
#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "inspect/facts.h"

namespace beadle::inspect {
namespace {

using Parties = std::vector<Party>;

Parties parties_of(const std::vector<mail::Mailbox>& mailboxes, const people::Directory& people) {
  Parties parties;
  for (const mail::Mailbox& mailbox : mailboxes) {
    const people::List* list = people.list_at(mailbox.address);
    if (list == nullptr) {
      parties.push_back(party_at(mailbox.address, mailbox.name, people));
      continue;
    }
    for (const std::string& member : list->members) parties.push_back(party_at(member, "", people));
  }
  return parties;
}

std::size_t count_distinct(const Parties& parties, std::string_view word) {
  Parties distinct;
  for (const Party& party : parties) {
    if (!party.is(word)) continue;
    if (std::none_of(distinct.begin(), distinct.end(), [&](const Party& other) { return other.same_as(party); })) distinct.push_back(party);
  }
  return distinct.size();
}

// Between one officer and one councillor: the writer is one of them, and those written to hold the other and no outsider.
// Copies in Cc do not make it less individual in this message (they are what the clause is about), but they do in an earlier one,
// whose circulation the writer chose.
bool is_individual(const Letter& letter) {
  if (letter.from.size() != 1 || letter.to.empty()) return false;
  const bool outsider = std::any_of(letter.to.begin(), letter.to.end(), [](const Party& party) { return !party.is("person"); });
  if (outsider) return false;
  Parties all = letter.to;
  if (letter.where != "message") all.insert(all.end(), letter.cc.begin(), letter.cc.end());
  if (letter.from.front().is("officer")) return count_distinct(all, "councillor") == 1;
  return letter.from.front().is("councillor") && count_distinct(all, "councillor") == 0 && count_distinct(all, "officer") >= 1;
}

// Each once: who is named in a document may also have sent it on.
std::string names_of(const Parties& parties) {
  std::vector<std::string> names;
  for (const Party& party : parties) {
    std::string name = party.person != nullptr ? party.person->name : party.address;
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  return joined(names, ", ");
}

Evidence header_evidence(const Letter& letter, const std::string& part) {
  const std::string text = "From: " + names_of(letter.from) + (letter.to.empty() ? "" : " To: " + names_of(letter.to));
  return {part, letter.where == "message" ? "header" : letter.where, shortened(printable(text), limits::evidence_bytes_max)};
}

// RFC 5322 §3.6.6: whoever sends a mail on by Resent fields passes on a letter whose writer and addressees stand in From and To.
Letter resent_letter(const mail::Message& message, const people::Directory& people, const Letter& self) {
  Letter letter;
  letter.where = "forwarded";
  letter.from = parties_of(message.from, people);
  letter.to = parties_of(message.to, people);
  letter.cc = parties_of(message.cc, people);
  letter.individual = is_individual(letter);
  letter.marks = self.marks;
  letter.evidence = header_evidence(letter, "");
  return letter;
}

// "Copies: Cllrs Day and Holt" at the foot of a letter: its writer has circulated it to them.
void add_circulation(std::string_view words, const people::Directory& people, Letter& letter) {
  for (const std::string_view line : split(words, '\n')) {
    std::string_view bare = trimmed(line);
    while (!bare.empty() && (bare.front() == '>' || bare.front() == ' ')) bare.remove_prefix(1);
    if (!is_copy_line(bare)) continue;
    for (const people::Person* person : people.persons_named_in(bare)) letter.cc.push_back(party_of(*person));
  }
}

// What a document says at its top about who writes to whom.
constexpr std::size_t document_head_bytes = 1500;

// A marked document that is attached is a letter, too: from the officers that its head names to the councillors that it names. A councillor who
// sends one on was given it; where it does not say by whom, it was an officer of the council.
Letter document_letter(std::string_view text, const std::string& part, std::vector<Evidence> marks, const people::Directory& people, const Facts& facts) {
  Letter letter;
  letter.where = "document";
  letter.part = part;
  for (const people::Person* person : people.persons_named_in(text.substr(0, document_head_bytes))) {
    (person->is_councillor() ? letter.to : letter.from).push_back(party_of(*person));
  }
  const bool by_councillor = !facts.senders.empty() && facts.senders.front().is("councillor");
  if (by_councillor) {
    letter.to.push_back(facts.senders.front());
    if (letter.from.empty()) {
      Party officer;
      officer.words = {"officer", "person", "anyone"};
      letter.from.push_back(std::move(officer));
    }
  }
  letter.marks = std::move(marks);
  letter.evidence = header_evidence(letter, part);
  return letter;
}

// Who signs a letter that is attached as a document: the person named in its last lines.
std::optional<Letter> signed_letter(std::string_view text, const std::string& part, const people::Directory& people) {
  constexpr std::size_t closing_lines = 6;
  auto lines = split(trimmed(text), '\n');
  std::erase_if(lines, [](std::string_view line) { return trimmed(line).empty(); });
  const std::size_t first = lines.size() > closing_lines ? lines.size() - closing_lines : 0;
  for (std::size_t i = lines.size(); i > first; --i) {
    const std::string_view line = trimmed(lines[i - 1]);
    constexpr std::size_t name_line_bytes = 100;  // a longer one is a sentence about somebody
    if (line.size() > name_line_bytes || is_copy_line(line)) continue;
    const auto persons = people.persons_named_in(line);
    if (persons.empty()) continue;
    Letter letter;
    letter.where = "document";
    letter.part = part;
    letter.from = {party_of(*persons.front())};
    letter.evidence = {part, "document", shortened(printable(line), limits::evidence_bytes_max)};
    return letter;
  }
  return std::nullopt;
}

// A document that came with an attached letter: that letter says who gave it to whom, unless it is the sender's own, or nobody's.
bool has_letter(const mail::Message& message, const std::string& document, const Facts& facts) {
  const int attached = attached_original_of(message, document);
  return attached >= 0 && std::any_of(facts.letters.begin(), facts.letters.end(), [&](const Letter& letter) {
           return letter.original == attached && !letter.from.empty() && (facts.senders.empty() || !letter.from.front().same_as(facts.senders.front()));
         });
}

void add_documents(const mail::Message& message, const people::Directory& people, Facts& facts) {
  const auto add = [&](const std::string& part, std::string_view text) {
    std::vector<Evidence> marks;
    for (const Marking& marking : facts.markings) {
      if ((marking.place == "attachment" || marking.place == "attached") && marking.evidence.part == part) marks.push_back(marking.evidence);
    }
    if (auto letter = signed_letter(text, part, people)) facts.letters.push_back(std::move(*letter));
    if (!marks.empty()) facts.letters.push_back(document_letter(text, part, std::move(marks), people, facts));
  };
  for (const mail::Document& document : message.documents) {
    if (has_letter(message, document.part, facts)) continue;
    std::string whole;
    for (const mail::DocumentText& text : document.texts) whole += text.utf8 + "\n";
    add(document.part, whole);
  }
  for (const mail::Text& text : message.texts) {
    const mail::Part& part = message.parts[static_cast<std::size_t>(text.part)];
    if (part.attachment && !part.inside_original) add(part.id, text.utf8);
  }
}

Evidence evidence_of(const Fingerprint& fingerprint, const mail::Message& message) {
  std::string part;
  if (fingerprint.text >= 0) part = message.parts[static_cast<std::size_t>(message.texts[static_cast<std::size_t>(fingerprint.text)].part)].id;
  if (fingerprint.document >= 0) part = message.documents[static_cast<std::size_t>(fingerprint.document)].part;
  return {part, "passage", words_of(message, fingerprint)};
}

// A marked mail on record of which this message repeats some words, its marking gone.
Letter letter_of(const SharedPassages& passages, const mail::Message& message, const people::Directory& people) {
  Letter letter;
  letter.where = "passage";
  letter.from = {party_at(passages.mail.sender, "", people)};
  for (const std::string& address : passages.mail.visible) letter.to.push_back(party_at(address, "", people));
  letter.individual = is_individual(letter);
  letter.weak = passages.shared.size() < limits::passage_fingerprints_sure;
  letter.evidence = header_evidence(letter, "");
  const std::size_t percent = passages.of == 0 ? 0 : 100 * passages.shared.size() / passages.of;
  letter.marks.push_back({"", "passage", std::to_string(percent) + " % of this message stands in a mail of " + to_rfc5322(passages.mail.at) +
                                             " that was marked confidential"});
  for (const Fingerprint& fingerprint : passages.shared) {
    Evidence evidence = evidence_of(fingerprint, message);
    const bool known = std::any_of(letter.marks.begin(), letter.marks.end(), [&](const Evidence& other) { return other.text == evidence.text; });
    if (!known && letter.marks.size() < limits::evidence_per_finding_max) letter.marks.push_back(std::move(evidence));
  }
  return letter;
}

void remove_same(Parties& parties, const Parties& others) {
  std::erase_if(parties, [&](const Party& party) {
    return std::any_of(others.begin(), others.end(), [&](const Party& other) { return other.same_as(party); });
  });
}

}  // namespace

bool Letter::has_party(const Party& party) const {
  const auto same = [&](const Party& other) { return other.same_as(party); };
  return std::any_of(from.begin(), from.end(), same) || std::any_of(to.begin(), to.end(), same);
}

bool Letter::was_circulated_to(const Party& party) const {
  return has_party(party) || std::any_of(cc.begin(), cc.end(), [&](const Party& other) { return other.same_as(party); });
}

void gather_letters(const mail::Message& message, const people::Directory& people, const History& history, Facts& facts) {
  // This message itself. Its addressees are those in To: a copy in Cc or a blind one is not whom it was written to.
  Letter self;
  self.where = "message";
  if (!facts.senders.empty()) self.from = {facts.senders.front()};
  self.to = parties_of(message.to, people);
  self.cc = parties_of(message.cc, people);
  remove_same(self.to, self.from);
  self.individual = is_individual(self);
  std::vector<Evidence> own_marks;
  for (const Marking& marking : facts.markings) {
    const bool of_this = marking.place == "subject" || marking.place == "header" || marking.place == "own" || marking.place == "attachment";
    if (of_this && marking.original < 0) self.marks.push_back(marking.evidence);
    // "Between ourselves, here is what the clerk told me": said of the letter that is passed on.
    if (marking.place == "own") own_marks.push_back(marking.evidence);
  }
  self.evidence = header_evidence(self, "");
  facts.letters.push_back(self);
  if (!message.resent_from.empty() || !message.resent_to.empty()) facts.letters.push_back(resent_letter(message, people, self));

  for (std::size_t i = 0; i < message.originals.size(); ++i) {
    const mail::Original& original = message.originals[i];
    static constexpr std::string_view places[] = {"quoted", "forwarded", "attached"};
    Letter letter;
    letter.where = places[static_cast<std::size_t>(original.where)];
    letter.original = static_cast<int>(i);
    letter.from = parties_of(original.from, people);
    letter.to = parties_of(original.to, people);
    letter.cc = parties_of(original.cc, people);
    if (original.text >= 0) add_circulation(mail::slice(message.texts[static_cast<std::size_t>(original.text)].utf8, original.range), people, letter);
    // "On Tuesday X wrote:" names no addressee: it was whoever wrote the letter that quotes it.
    if (letter.to.empty() && original.where == mail::Original::Where::quoted) {
      const bool chained = i > 0 && message.originals[i - 1].text == original.text && !facts.letters.back().from.empty();
      letter.to = chained ? facts.letters.back().from : self.from;
      remove_same(letter.to, letter.from);
      if (letter.to.empty()) letter.to = self.to;
    }
    letter.individual = is_individual(letter);
    for (const Marking& marking : facts.markings) {
      // In the midst of a document it is spoken of.
      const bool inside = marking.original == static_cast<int>(i) && marking.place != "document";
      const bool of_this = inside || (marking.place == "subject" && original.subject.empty());
      if (of_this) letter.marks.push_back(marking.evidence);
    }
    letter.marks.insert(letter.marks.end(), own_marks.begin(), own_marks.end());
    std::string part;
    if (original.text >= 0) part = message.parts[static_cast<std::size_t>(message.texts[static_cast<std::size_t>(original.text)].part)].id;
    if (original.part >= 0) part = message.parts[static_cast<std::size_t>(original.part)].id;
    letter.evidence = header_evidence(letter, part);
    facts.letters.push_back(std::move(letter));
  }

  for (const EarlierMail& earlier : history.referenced) {
    Letter letter;
    letter.where = "record";
    letter.from = {party_at(earlier.sender, "", people)};
    for (const std::string& address : earlier.visible) letter.to.push_back(party_at(address, "", people));
    letter.individual = is_individual(letter);
    if (earlier.marked) letter.marks.push_back({"", "record", "marked confidential in an earlier mail of this thread"});
    letter.evidence = header_evidence(letter, "");
    facts.letters.push_back(std::move(letter));
  }

  add_documents(message, people, facts);
  for (const SharedPassages& passages : history.passages) facts.letters.push_back(letter_of(passages, message, people));
}

}  // namespace beadle::inspect
