// How long the pages of the review desk wait for a store of 100,000 held mails (half of them decided) and their acts:
//   store_many [MAILS]             prints a table of milliseconds: the best, the median and the worst of some runs
//   store_many --make FILE [MAILS] only fills a database, unsealed, for web_pages.py
// Filling takes some hundred thousand durable writes: TMPDIR on a disk in memory is quicker, and the pages are read from memory either way.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest.h"
#include "store/desk.h"
#include "store/figures.h"
#include "store/store.h"
#include "store/vault.h"

namespace beadle::store {
namespace {

constexpr std::int64_t first_ms = 1764000000'000;  // November 2025
constexpr std::int64_t between_ms = 5 * 60'000;    // a year for 100,000 mails
constexpr int runs = 15;

Time at(int mail) { return from_ms(first_ms + mail * between_ms); }

template <class T>
T must(Result<T> result) {
  if (!result) {
    std::fprintf(stderr, "%s\n", result.error().what.c_str());
    std::exit(1);
  }
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

NewHeld mail_number(int i) {
  const std::string number = std::to_string(i);
  NewHeld held;
  held.door = "smtp";
  held.from = "councillor" + std::to_string(i % 40) + "@town.example";
  held.envelope.sender = held.from;
  held.envelope.recipients = {"resident" + std::to_string(i % 5'000) + "@home.example", "clerk@town.example"};
  held.subject = std::string("Re: Minutes of the ") + (i % 2 == 0 ? "planning" : "finance") + " committee, item " + number;
  held.message_id = number + "@town.example";
  held.bytes = "From: " + held.from + "\r\nTo: resident" + std::to_string(i % 5'000) + "@home.example\r\nSubject: " + held.subject + "\r\n\r\n";
  while (held.bytes.size() < 3'000) held.bytes += "The committee met on Tuesday and heard what the surveyor had to say about the hall.\r\n";
  held.verdict_json = "{\"action\": \"hold\", \"findings\": [\"" + std::string(400, 'y') + "\"]}";
  held.clauses = {"town/" + std::to_string(i % 12), "town/" + std::to_string(12 + i % 5)};
  return held;
}

void fill(Store& store, int mails) {
  Desk desk(store);
  for (int i = 0; i < mails; ++i) {
    const std::string id = must(store.hold(mail_number(i), at(i), nullptr)).id;
    if (i % 3 != 0) must(store.opened(id, "jo", at(i)));
    if (i % 100 == 1) must(desk.claim(id, i % 200 == 1 ? "jo" : "ann", at(i)));
    if (i % 4 == 0) must(store.withdraw(id, "jo", "sent too early", at(i) + std::chrono::hours(i % 72)));
    if (i % 4 == 2) must(store.return_to_sender(id, "ann", "Please copy the clerk openly", at(i) + std::chrono::hours(i % 72), {}));
    if (i % 5'000 == 4'999) std::fprintf(stderr, "\r%d mails", i + 1);
  }
  std::fprintf(stderr, "\n");
}

void time(const char* what, const std::function<std::size_t()>& act) {
  std::vector<double> ms;
  std::size_t rows = 0;
  for (int i = 0; i < runs; ++i) {
    const auto begun = std::chrono::steady_clock::now();
    rows = act();
    ms.push_back(std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begun).count());
  }
  std::sort(ms.begin(), ms.end());
  std::printf("%-46s %8zu %8.2f %8.2f %8.2f\n", what, rows, ms.front(), ms[runs / 2], ms.back());
}

void inbox(Store& store, const char* what, const InboxQuery& query) {
  time(what, [&] { return must(Desk(store).inbox(query)).rows.size(); });
}

void inboxes(Store& store, int mails) {
  InboxQuery query;
  query.states = {HeldState::held};
  inbox(store, "inbox, held, first page", query);
  InboxQuery page = query;
  page.from = at(mails / 2);
  page.most = 1;
  const std::string middle = must(Desk(store).inbox(page)).rows.front().id;
  page = query;
  page.after = middle;
  inbox(store, "inbox, held, a page in the middle", page);
  page = query;
  page.unclaimed = true;
  inbox(store, "inbox, held, unclaimed", page);
  page.unclaimed = false;
  page.claimed_by = "jo";
  inbox(store, "inbox, held, claimed by one", page);
  page.claimed_by = "";
  page.clause = "town/13";
  inbox(store, "inbox, held, one clause", page);
  page.from = at(mails / 2);
  page.until = at(mails / 2 + 2'000);
  page.words = "finance";
  inbox(store, "inbox, held, clause, week, word", page);
  query.states = {};
  query.oldest_first = false;
  for (const char* words : {"minutes", "planning committee minutes item", "resident77@home.example", "77777", "clerk town example 4711",
                            "planning finance", "nothing"}) {
    query.words = words;
    inbox(store, (std::string("search: ") + words).c_str(), query);
  }
}

void others(Store& store, int mails) {
  Desk desk(store);
  const std::string id = must(desk.inbox({})).rows.front().id;
  const auto rows = [&](const RegisterQuery& query) { return [&desk, query] { return must(desk.register_rows(query)).size(); }; };
  time("register, newest", rows({}));
  time("register, one person's signings", rows({.act = "returned", .who = "ann", .held = "", .from = {}, .until = {}}));
  time("register, an act that person never did", rows({.act = "returned", .who = "jo", .held = "", .from = {}, .until = {}}));
  time("register, one day of a person", rows({.act = "", .who = "jo", .held = "", .from = at(mails / 3), .until = at(mails / 3 + 288)}));
  time("register, acts that there are", [&] { return must(desk.acts()).size(); });
  time("message", [&] { return must(store.get(id)).bytes.size() > 0 ? 1u : 0u; });
  time("history of a message", [&] { return must(desk.history(id)).size(); });
  time("thread of ten", [&] {
    std::vector<std::string> ids;
    for (int i = 0; i < 10; ++i) ids.push_back(std::to_string(i * 37) + "@town.example");
    return must(desk.thread(ids)).size();
  });
  time("waiting since half a year", [&] { return must(desk.waiting_since(at(mails / 2), 200)).size(); });
  Figures figures(store);
  const Day from = day_of(at(0)), until = day_of(at(mails)) + std::chrono::days(1);
  const Day quarter = from + std::chrono::days(90);
  time("outcomes of a quarter", [&] { return must(figures.outcomes(from, quarter)).size(); });
  time("outcomes of all time", [&] { return must(figures.outcomes(from, until)).size(); });
  time("holding time of a quarter", [&] { return must(figures.holding_time(from, quarter)).decided > 0 ? 1u : 0u; });
  time("holding time of all time", [&] { return must(figures.holding_time(from, until)).decided > 0 ? 1u : 0u; });
  time("weeks of a year", [&] { return must(figures.weeks(from, until)).size(); });
  time("counts by state", [&] { return must(store.counts()).size(); });
}

void change_key(const std::string& path, const std::string& old_key) {
  Store::OpenOptions options;
  options.vault = Vault::of_keys(beadle::random_bytes(32), {old_key});
  Store store = must(Store::open(path, at(0), options));
  const auto begun = std::chrono::steady_clock::now();
  std::size_t all = 0;
  double longest = 0;
  for (std::size_t changed = 1; changed > 0; all += changed) {
    const auto step = std::chrono::steady_clock::now();
    changed = must(store.reseal(100, at(0)));
    longest = std::max(longest, std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - step).count());
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  std::printf("changing the key: %zu rows in %.1f s, at most %.1f ms at a time\n", all, seconds, longest);
}

void count_verdicts(Store& store, int mails) {
  Tally tally;
  for (int i = 0; i < mails; i += 288) {
    for (const char* role : {"councillor", "officer", "other"}) {
      Counted counted{.action = "hold", .role = role, .clauses = {}};
      for (int clause = 0; clause < 17; ++clause) counted.clauses.push_back("town/" + std::to_string(clause));
      tally.add(counted, at(i));
    }
    must(Figures(store).add(tally));
    tally.clear();
  }
}

}  // namespace
}  // namespace beadle::store

int main(int count, char** words) {
  using namespace beadle::store;
  if (count > 2 && std::string_view(words[1]) == "--make") {
    const int mails = count > 3 ? std::atoi(words[3]) : 100'000;
    Store store = must(Store::open(words[2], at(0)));
    fill(store, mails);
    count_verdicts(store, mails);
    return 0;
  }
  const int mails = count > 1 ? std::atoi(words[1]) : 100'000;
  std::string folder = (std::filesystem::temp_directory_path() / "beadle-store-many-XXXXXX").string();
  if (mails < 5'000 || ::mkdtemp(folder.data()) == nullptr) return 64;
  const std::string path = folder + "/beadle.db", key = beadle::random_bytes(32);
  {
    Store::OpenOptions options;
    options.vault = Vault::of_keys(key, {});
    Store store = must(Store::open(path, at(0), options));
    fill(store, mails);
    count_verdicts(store, mails);
    std::printf("%d mails, %ju MB\n", mails, static_cast<std::uintmax_t>(std::filesystem::file_size(path)) >> 20);
    std::printf("%-46s %8s %8s %8s %8s\n", "milliseconds", "rows", "best", "median", "worst");
    inboxes(store, mails);
    others(store, mails);
  }
  change_key(path, key);
  std::filesystem::remove_all(folder);
  return 0;
}
