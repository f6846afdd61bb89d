// Whole replays over messages in memory: order, threads, copies, failures, two sets of rules.
#include "replay/replay.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>

#include "config/settings.h"
#include "intake/record.h"
#include "replay/envelope.h"

#include "catch.h"

namespace beadle::replay {
namespace {

namespace fs = std::filesystem;

struct Letter {
  std::string name, bytes;
};

/// Messages in memory; those without bytes cannot be read.
class Letters : public Source {
 public:
  explicit Letters(std::vector<Letter> letters) : letters_(std::move(letters)) {}
  std::string name() const override { return "letters"; }
  Result<void> list(const std::function<void(Entry)>& found, const std::function<void(Failure)>&) override {
    for (std::size_t i = 0; i < letters_.size(); ++i) found({.name = letters_[i].name, .begin = i, .size = 0});
    return {};
  }
  Result<std::string> read(const Entry& entry, std::size_t most) const override {
    const Letter& letter = letters_[entry.begin];
    if (letter.bytes.empty()) return Error{ErrorKind::not_found, "is gone"};
    return letter.bytes.substr(0, most);
  }

 private:
  std::vector<Letter> letters_;
};

inspect::Policy policy_of(const std::string& protocol, const std::string& roster) {
  config::Settings settings;
  settings.roster = roster;
  settings.protocol = protocol;
  settings.rules_directory = BEADLE_SOURCE_DIR "/rules";
  Problems problems;
  auto policy = config::load_policy(settings, problems);
  INFO(to_string(problems));
  REQUIRE(policy);
  return for_replay(std::move(*policy));
}

const std::string town = BEADLE_TEST_DATA "/cli/roster.toml";
const std::string other_town = BEADLE_TEST_DATA "/eval/exmouth/roster.json";

std::shared_ptr<const inspect::Policy> exmouth() {
  static const auto policy = std::make_shared<const inspect::Policy>(policy_of("exmouth", other_town));
  return policy;
}
std::shared_ptr<const inspect::Policy> harbridge() {
  static const auto policy = [] {
    auto changed = *exmouth();
    Problems problems;
    changed.people = std::make_shared<const people::Directory>(*config::load_roster(town, problems));
    return std::make_shared<const inspect::Policy>(std::move(changed));
  }();
  return policy;
}

struct Replayed {
  Summary summary;
  Tally tally;
  std::vector<std::string> lines;  // of the journal, its head left out
};

Replayed replay(const std::vector<Letter>& letters, const RuleSets& rules, unsigned jobs, const std::vector<Outcome>& done = {}, bool all = false) {
  Replayed out;
  MemoryRecord record("key");
  Past past(out.tally, record);
  for (const Outcome& outcome : done) REQUIRE(past.add(outcome));
  past.sort();
  std::string file = (fs::temp_directory_path() / "beadle-replay-XXXXXX").string();
  const int descriptor = ::mkstemp(file.data());
  REQUIRE(descriptor >= 0);
  fs::remove(file);
  {
    auto journal = Journal::open(file, {"r", "s", "key"}, [](const Outcome&) {});
    REQUIRE(journal);
    std::vector<std::unique_ptr<Source>> sources;
    sources.push_back(std::make_unique<Letters>(letters));
    Options options;
    options.jobs = jobs;
    options.all = all;
    auto summary = run(sources, rules, record, past, &*journal, out.tally, options);
    REQUIRE(summary);
    out.summary = *summary;
  }
  std::ifstream in(file, std::ios::binary);
  for (std::string line; std::getline(in, line);) out.lines.push_back(line);
  out.lines.erase(out.lines.begin());
  fs::remove(file);
  return out;
}

std::vector<Outcome> outcomes_of(const std::vector<std::string>& lines) {
  std::vector<Outcome> outcomes;
  for (const std::string& line : lines) {
    auto outcome = outcome_from(line);
    REQUIRE(outcome);
    outcomes.push_back(std::move(*outcome));
  }
  return outcomes;
}

/// The labelled messages of another town, some of which answer each other.
std::vector<Letter> labelled_letters() {
  std::vector<Letter> letters;
  for (const auto& entry : fs::directory_iterator(BEADLE_TEST_DATA "/eval/exmouth")) {
    if (entry.path().extension() != ".eml") continue;
    std::ifstream in(entry.path(), std::ios::binary);
    letters.push_back({entry.path().filename().string(), std::string(std::istreambuf_iterator<char>(in), {})});
  }
  std::sort(letters.begin(), letters.end(), [](const Letter& a, const Letter& b) { return a.name < b.name; });
  REQUIRE(letters.size() > 50);
  return letters;
}

Letter letter(const std::string& id, const std::string& minute, const std::string& from, const std::string& to, const std::string& more, const std::string& words) {
  return {id, "From: " + from + "\nTo: " + to + "\nSubject: Fence\nDate: Tue, 03 Nov 2026 09:" + minute + ":00 +0000\nMessage-ID: <" + id + "@x>\n" + more + "\n" +
                  words + "\n"};
}

const std::string ian = "Ian Day <ian.day@harbridge.example>", clerk = "Morwenna Clarke <clerk@harbridge.example>";
const std::string order = "Dear Mr Tully\n\nOn behalf of the council I accept your quotation of 4,300 pounds for the fence.\n\nIan Day";

}  // namespace

TEST_CASE("more threads find what one finds, in the same order") {
  const auto letters = labelled_letters();
  const RuleSets rules{.policy = exmouth(), .against = nullptr, .documents = nullptr};
  const Replayed one = replay(letters, rules, 1);
  CHECK(one.summary.again == 0);
  CHECK(one.tally.with_findings > 20);
  auto shuffled = letters;
  std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(7));
  for (const unsigned jobs : {2u, 5u, 16u}) {
    INFO(jobs);
    CHECK(replay(letters, rules, jobs).lines == one.lines);
    CHECK(replay(shuffled, rules, jobs).lines.size() == one.lines.size());
  }
}

TEST_CASE("a replay finds what a door finds, message after message") {
  const RuleSets rules{.policy = exmouth(), .against = nullptr, .documents = nullptr};
  const auto letters = labelled_letters();
  const auto replayed = outcomes_of(replay(letters, rules, 3).lines);
  auto record = store::Store::open(":memory:", from_ms(0));
  REQUIRE(record);
  for (const Outcome& outcome : replayed) {
    if (outcome.protected_only) continue;  // of which it is not kept where it is
    const auto found = std::find_if(letters.begin(), letters.end(), [&](const Letter& one) { return one.name == outcome.name; });
    REQUIRE(found != letters.end());
    INFO(outcome.name);
    const mail::Message message = mail::parse_message(found->bytes);
    const inspect::Envelope envelope = rebuild_envelope(message).envelope;
    const Time now = outcome.at.value_or(Time{});
    const auto history = intake::history_of(message, *rules.policy, *record);
    REQUIRE(history);
    const auto decision = inspect::inspect(message, envelope, *rules.policy, *history, now);
    REQUIRE(decision);
    REQUIRE(intake::remember(message, envelope, *rules.policy, decision->verdict, *record, now));
    CHECK(outcome.judgement.action == decision->verdict.enforced);
    REQUIRE(outcome.judgement.findings.size() == decision->verdict.findings.size());
    for (std::size_t i = 0; i < outcome.judgement.findings.size(); ++i) CHECK(outcome.judgement.findings[i].clause == decision->verdict.findings[i].clause);
  }
}

TEST_CASE("what was done is not done again, and the numbers are the same as without a break") {
  const auto letters = labelled_letters();
  const RuleSets rules{.policy = exmouth(), .against = nullptr, .documents = nullptr};
  const Replayed whole = replay(letters, rules, 2);
  for (const std::size_t kept : {std::size_t{1}, whole.lines.size() / 2, whole.lines.size()}) {
    INFO(kept);
    const auto done = outcomes_of({whole.lines.begin(), whole.lines.begin() + static_cast<std::ptrdiff_t>(kept)});
    const Replayed rest = replay(letters, rules, 2, done);
    CHECK(rest.summary.done_before == kept);
    CHECK(rest.lines == std::vector<std::string>(whole.lines.begin() + static_cast<std::ptrdiff_t>(kept), whole.lines.end()));
    CHECK(rest.tally.actions == whole.tally.actions);
    CHECK(rest.tally.months == whole.tally.months);
    REQUIRE(rest.tally.clauses.size() == whole.tally.clauses.size());
    for (const auto& [name, clause] : whole.tally.clauses) CHECK(rest.tally.clauses.at(name).examples.size() == clause.examples.size());
  }
}

TEST_CASE("mail that comes in is passed over and counted, unless all is asked for") {
  const std::vector<Letter> letters{letter("a", "01", ian, "tully@fencing.example", "", order), letter("b", "02", "tully@fencing.example", ian, "", "Thank you.")};
  const RuleSets rules{.policy = harbridge(), .against = nullptr, .documents = nullptr};
  const Replayed outgoing = replay(letters, rules, 2);
  CHECK(outgoing.summary.incoming == 1);
  CHECK(outgoing.tally.messages == 1);
  CHECK(outgoing.tally.actions.at(rules::Action::hold) == 1);
  CHECK(outgoing.tally.roles.at("councillor").at(rules::Action::hold) == 1);
  CHECK(outgoing.tally.months.at("2026-11").at(rules::Action::hold) == 1);
  CHECK(replay(letters, rules, 2, {}, true).tally.messages == 2);
}

TEST_CASE("copies of one message count once, unless a copy shows another recipient") {
  const RuleSets rules{.policy = harbridge(), .against = nullptr, .documents = nullptr};
  Letter sent = letter("a", "01", clerk, "ross@homemail.example", "", "The pond is drained on Thursday."), archived = sent, received = sent;
  archived.name = "archived";
  received.name = "received";
  received.bytes = "Delivered-To: ian.day@harbridge.example\n" + received.bytes;
  CHECK(replay({sent, archived}, rules, 2).tally.copies == 1);
  CHECK(replay({sent, archived}, rules, 2).tally.messages == 1);
  const Replayed both = replay({sent, archived, received}, rules, 2);
  CHECK(both.tally.copies == 1);
  CHECK(both.tally.messages == 2);
  CHECK(both.tally.with_findings == 1);  // the councillor's copy was not to be seen
  // Other words under the same Message-ID are another message.
  Letter other = letter("a", "01", clerk, "ross@homemail.example", "", "The pond is full.");
  other.name = "other";
  CHECK(replay({sent, other}, rules, 2).tally.messages == 2);
}

TEST_CASE("a journal report is what it is of: who was blind-copied, when, and once") {
  RuleSets rules{.policy = harbridge(), .against = nullptr, .documents = nullptr};
  const Letter sent = letter("a", "01", clerk, "ross@homemail.example", "", "The pond is drained on Thursday.");
  const auto report = [&](const std::string& mark) {
    return Letter{"report", "From: journal@elsewhere.example\nDate: Tue, 01 Dec 2026 09:00:00 +0000\nMessage-ID: <report@x>\n" + mark +
                                "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\nSender: clerk@harbridge.example\n"
                                "To: ross@homemail.example\nBcc: ian.day@harbridge.example\n\n--b\nContent-Type: message/rfc822\n\n" + sent.bytes + "\n--b--\n"};
  };
  const Replayed marked = replay({sent, report("X-MS-Journal-Report:\n")}, rules, 2);
  CHECK(marked.tally.messages == 2);  // the report shows another recipient
  CHECK(marked.tally.with_blind == 1);
  CHECK(marked.tally.with_findings == 1);
  CHECK(marked.tally.months.contains("2026-11"));
  CHECK_FALSE(marked.tally.months.contains("2026-12"));
  // What does not say that it is a report, and comes from elsewhere, is one only in a journal.
  CHECK(replay({report("")}, rules, 2).summary.incoming == 1);
  rules.journal = true;
  const Replayed journal = replay({report(""), sent}, rules, 2);
  CHECK(journal.summary.incoming == 0);
  CHECK(journal.tally.with_blind == 1);
  CHECK(journal.tally.with_findings == 1);
}

TEST_CASE("what cannot be read is counted and named, and the rest goes on") {
  const RuleSets rules{.policy = harbridge(), .against = nullptr, .documents = nullptr};
  const Letter good = letter("a", "01", ian, "tully@fencing.example", "", order);
  Letter huge = letter("h", "02", ian, "tully@fencing.example", "", std::string(51u << 20, 'x'));
  const Replayed out = replay({{"gone", ""}, {"junk", std::string("\0\x01\x02\xff", 4)}, huge, good}, rules, 2);
  CHECK(out.summary.failures == 3);
  REQUIRE(out.summary.named_failures.size() == 3);
  CHECK(out.summary.named_failures[0].name == "gone");
  CHECK(out.summary.named_failures[0].why == "is gone");
  CHECK(out.summary.named_failures[1].why.find("50 MB") != std::string::npos);
  CHECK(out.summary.named_failures[2].why.find("is no message") != std::string::npos);
  CHECK(out.tally.messages == 1);
}

TEST_CASE("mail to protected addresses is counted and nothing else is kept of it") {
  auto changed = *harbridge();
  people::Roster roster = changed.people->roster();
  roster.contacts.push_back({"protected", {"*@ombudsman.example"}, {}});
  changed.people = std::make_shared<const people::Directory>(roster);
  const RuleSets rules{.policy = std::make_shared<const inspect::Policy>(changed), .against = nullptr, .documents = nullptr};
  const Replayed out = replay({letter("secret-name", "01", ian, "help@ombudsman.example", "", order)}, rules, 1);
  CHECK(out.tally.protected_only == 1);
  CHECK(out.tally.with_findings == 0);
  REQUIRE(out.lines.size() == 1);
  for (const char* word : {"secret-name", "ombudsman", "ian.day", "Fence", "quotation"}) CHECK(out.lines[0].find(word) == std::string::npos);
}

TEST_CASE("two sets of rules are compared message by message") {
  auto lenient = *harbridge();
  for (const rules::Pack& pack : lenient.rules->packs()) {
    for (const rules::Rule& rule : pack.rules) lenient.overrides[rule.clause].mode = rules::Mode::off;
  }
  const RuleSets rules{.policy = harbridge(), .against = std::make_shared<const inspect::Policy>(lenient), .documents = nullptr};
  const Replayed out = replay({letter("a", "01", ian, "tully@fencing.example", "", order), letter("b", "02", clerk, "ross@homemail.example", "", "The pond is full.")},
                              rules, 2);
  CHECK(out.tally.action_changes.at({rules::Action::hold, rules::Action::pass}) == 1);
  CHECK(out.tally.action_changes.at({rules::Action::pass, rules::Action::pass}) == 1);
  REQUIRE(!out.tally.differences.empty());
  for (const auto& [name, difference] : out.tally.differences) {
    CHECK(difference.only_first == 1);
    CHECK(difference.only_second == 0);
    CHECK(difference.first_examples.size() == 1);
  }
}

TEST_CASE("a replay that is stopped keeps a beginning, in order") {
  const auto letters = labelled_letters();
  const RuleSets rules{.policy = exmouth(), .against = nullptr, .documents = nullptr};
  net::StopSwitch stop;
  stop.stop();
  MemoryRecord record("key");
  Tally tally;
  Past past(tally, record);
  std::vector<std::unique_ptr<Source>> sources;
  sources.push_back(std::make_unique<Letters>(letters));
  Options options;
  options.jobs = 2;
  options.stop = &stop;
  const auto summary = run(sources, rules, record, past, nullptr, tally, options);
  REQUIRE(summary);
  CHECK(summary->stopped);
  CHECK(tally.messages == 0);
}

}  // namespace beadle::replay
