#include "review/subject_access.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <set>

#include <nlohmann/json.hpp>

#include "base/limits.h"
#include "base/text.h"
#include "people/address.h"
#include "review/conflict.h"
#include "store/accounts.h"
#include "store/desk.h"

namespace beadle::review {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t reminders_most = 1'000'000;
constexpr std::size_t notices_most = 100'000;
constexpr std::size_t rows_a_page = 1'000;

/// The person as somebody at a desk: then whether he or she has a part in a message is asked as for a conflict of interest.
struct Subject {
  Actor actor;
  const people::Person* person = nullptr;
  std::vector<std::string> keys;   // of the addresses
  std::vector<std::string> needles;  // lower case: name and addresses, for words of people and of the register
};

Result<Subject> subject_of(std::string_view given, const people::Directory& people) {
  Subject subject;
  const std::string text(trimmed(given));
  subject.actor = {text, text, {}};
  subject.person = person_of(subject.actor, people);
  std::vector<std::string> addresses;
  if (subject.person != nullptr) {
    addresses = subject.person->emails;
    subject.actor.name = subject.person->name;
    if (!addresses.empty()) subject.actor.address = addresses.front();
    subject.needles.push_back(ascii_lower(subject.person->name));
  } else if (people::address_key(text).empty()) {
    return Error{ErrorKind::usage, printable(text) + " is neither a name of the roster nor an e-mail address"};
  }
  if (!people::address_key(text).empty()) addresses.push_back(text);
  for (const std::string& address : addresses) {
    const std::string key = people::address_key(address);
    if (key.empty() || std::find(subject.keys.begin(), subject.keys.end(), key) != subject.keys.end()) continue;
    subject.keys.push_back(key);
    subject.needles.push_back(ascii_lower(address));
  }
  return subject;
}

class Gatherer {
 public:
  Gatherer(store::Store& store, const people::Directory& people, Subject subject, const std::string& folder,
           const std::function<void(mail::Message&)>& documents)
      : store_(store), desk_(store), people_(people), subject_(std::move(subject)), folder_(folder), documents_(documents) {
    access_.name = subject_.actor.name;
    access_.addresses = subject_.keys;
  }

  Result<SubjectAccess> gather(Time now) {
    TRY(add_accounts());
    TRY(add_all_mail());
    TRY(add_reminders());
    TRY(add_register());
    TRY(add_notices(now));
    say_what_was_not_searched();
    return std::move(access_);
  }

 private:
  bool is_theirs(std::string_view address) const {
    const std::string key = people::address_key(address);
    return !key.empty() && std::find(subject_.keys.begin(), subject_.keys.end(), key) != subject_.keys.end();
  }
  bool is_named(std::string_view text) const {
    const std::string lower = ascii_lower(text);
    const auto has = [&](const std::string& needle) { return lower.find(needle) != std::string::npos; };
    if (std::any_of(subject_.needles.begin(), subject_.needles.end(), has)) return true;
    if (subject_.person == nullptr) return false;
    const auto named = people_.persons_named_in(text);
    return std::find(named.begin(), named.end(), subject_.person) != named.end();
  }

  Result<void> add_all_mail() {
    store::InboxQuery query;
    query.most = limits::page_rows_max;
    for (bool more = true; more;) {
      const store::InboxPage page = TRY(desk_.inbox(query));
      for (const store::InboxRow& row : page.rows) TRY(add_mail(row));
      more = page.more && page.after != query.after;
      query.after = page.after;
    }
    return {};
  }

  Result<void> add_mail(const store::InboxRow& row) {
    const auto held = store_.get(row.id);
    if (!held && held.error().kind == ErrorKind::try_later) return held.error();
    if (!held) {
      add({"held mail", row.id, row.received, "could not be read, so that nobody knows", held.error().what, ""});
      return {};
    }
    const std::string why = why_of(*held);
    if (!why.empty()) {
      std::string file;
      if (!held->purged) {
        file = "mail/" + held->id + ".eml";
        TRY(write(file, held->bytes));
      }
      held_.insert(held->id);
      add({"held mail", held->id, held->received, why, held->purged ? "(content forgotten)" : held->subject, file});
    }
    return add_notes(row.id, !why.empty());
  }

  /// "" where the person has no part in it.
  std::string why_of(const store::Held& held) {
    mail::Message message = mail::parse_message(held.bytes);
    if (documents_ && !held.purged) documents_(message);
    if (const auto part = conflict_of(subject_.actor, held, message, people_)) {
      switch (part->kind) {
        case Conflict::Kind::sent:
          return "sent by the person, or in his or her name";
        case Conflict::Kind::received:
          return "sent to the person";
        case Conflict::Kind::named:
          return "names the person";
      }
    }
    // Somebody who is in no roster is named by address only.
    if (is_named(held.subject)) return "names the person";
    for (const mail::Text& text : message.texts) {
      if (is_named(text.utf8) || is_named(text.hidden)) return "names the person";
    }
    return "";
  }

  Result<void> add_notes(const std::string& id, bool all) {
    for (const store::Note& note : TRY(desk_.notes(id))) {
      const bool own = accounts_.contains(note.who);
      if (!all && !own && !is_named(note.words)) continue;
      add({"note", id, note.at, own ? "written by the person" : all ? "on mail of the person" : "names the person", note.who + ": " + note.words, ""});
    }
    return {};
  }

  Result<void> add_reminders() {
    for (const store::Reminder& reminder : TRY(store_.reminders(true, reminders_most))) {
      const bool asked = std::any_of(reminder.asked.begin(), reminder.asked.end(), [&](const std::string& address) { return is_theirs(address); });
      std::string why = is_theirs(reminder.writer) ? "the person wrote the mail" : asked ? "the person is asked to act" : "";
      if (why.empty() && is_named(reminder.subject)) why = "names the person";
      if (!why.empty()) add({"reminder", reminder.id, reminder.opened, why, reminder.clause + ": " + reminder.subject, ""});
    }
    return {};
  }

  Result<void> add_accounts() {
    for (const store::Account& account : TRY(store::Accounts(store_).all())) {
      if (!is_theirs(account.address)) continue;
      accounts_.insert(account.name);
      const std::string last = account.last_sign_in ? ", last signed in " + to_rfc3339(*account.last_sign_in) : "";
      const std::string more = std::string(account.disabled ? ", locked" : "") + (account.totp_secret.empty() ? "" : ", with a second factor") + last;
      add({"account", account.name, account.created, "the person's", account.address + ", " + joined(account.roles, " ") + more, ""});
    }
    return {};
  }

  Result<void> add_register() {
    std::int64_t next = 1;
    for (bool more = true; more;) {
      const auto rows = TRY(store_.audit_rows(next, rows_a_page));
      for (const store::AuditRow& row : rows) {
        const bool own = accounts_.contains(row.who) || is_named(row.who);
        const bool on_mail = held_.contains(row.held);
        if (own || on_mail || is_named(row.detail)) {
          add({"register", std::to_string(row.number), row.at, own ? "done by the person" : on_mail ? "on mail of the person" : "names the person",
               row.act + " by " + row.who + (row.held.empty() ? "" : " on " + row.held) + " " + row.detail, ""});
        }
        next = row.number + 1;
      }
      more = rows.size() == rows_a_page;
    }
    return {};
  }

  Result<void> add_notices(Time now) {
    // What waits to be tried again is due within days.
    for (const store::Notice& notice : TRY(store_.due_notices(now + std::chrono::days(30), notices_most))) {
      if (!is_theirs(notice.recipient)) continue;
      const std::string file = "notices/" + std::to_string(notice.number) + ".eml";
      TRY(write(file, notice.bytes));
      add({"notice", std::to_string(notice.number), now, "waits to be sent to the person", notice.kind, file});
    }
    return {};
  }

  void say_what_was_not_searched() {
    auto& out = access_.not_searched;
    out.emplace_back("The record of earlier mail (who wrote to whom and when, without text) is kept by Message-ID and cannot be searched for a person.");
    out.emplace_back("Fingerprints of confidential passages are keyed numbers, which nobody can turn back into words or persons.");
    out.emplace_back("Sessions are kept as digests; the register has each sign-in.");
    out.emplace_back("Figures are numbers without names.");
    if (!documents_) out.emplace_back("Attached documents were not opened: a message that names the person only in one is not here.");
    if (subject_.person == nullptr) out.emplace_back("The person is not in the roster, so that messages were searched for the address, not for a name.");
  }

  void add(SubjectItem item) { access_.items.push_back(std::move(item)); }

  Result<void> write(const std::string& name, std::string_view bytes) const {
    const fs::path path = fs::path(folder_) / name;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    std::ofstream out(path, std::ios::binary | std::ios::trunc);
    out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    out.close();
    if (!out) return Error{ErrorKind::try_later, path.string() + ": cannot be written"};
    return {};
  }

  store::Store& store_;
  store::Desk desk_;
  const people::Directory& people_;
  Subject subject_;
  std::string folder_;
  std::function<void(mail::Message&)> documents_;
  SubjectAccess access_;
  std::set<std::string, std::less<>> held_, accounts_;
};

Result<void> make_folder(const std::string& folder) {
  std::error_code error;
  if (fs::exists(folder, error)) return Error{ErrorKind::refused, folder + ": is there already; name a folder that is not"};
  if (!fs::create_directories(folder, error) || error) return Error{ErrorKind::try_later, folder + ": cannot be made"};
  fs::permissions(folder, fs::perms::owner_all, error);
  if (error) return Error{ErrorKind::try_later, folder + ": cannot be kept from others"};
  return {};
}

Result<void> write_file(const fs::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.close();
  if (!out) return Error{ErrorKind::try_later, path.string() + ": cannot be written"};
  return {};
}

}  // namespace

Result<SubjectAccess> gather_subject(store::Store& store, const people::Directory& people, std::string_view person, const std::string& folder,
                                     std::string_view who, const std::function<void(mail::Message&)>& documents, Time now) {
  Subject subject = TRY(subject_of(person, people));
  TRY(make_folder(folder));
  // First, so that it is known also where it breaks off.
  const nlohmann::ordered_json detail{{"person", subject.actor.name}};
  TRY(store.audit("subject-access", who, "", detail.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace), now));
  Gatherer gatherer(store, people, std::move(subject), folder, documents);
  SubjectAccess access = TRY(gatherer.gather(now));
  TRY(write_file(fs::path(folder) / "index.html", index_html(access, now)));
  TRY(write_file(fs::path(folder) / "index.csv", index_csv(access)));
  return access;
}

}  // namespace beadle::review
