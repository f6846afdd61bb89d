// A store with accounts, and mail that is held in it; for acts, reports and requests.
#pragma once

#include "deliver/notices.h"
#include "policy.h"
#include "review/acts.h"
#include "store/accounts.h"
#include "store/desk.h"

namespace beadle::review {

inline std::shared_ptr<const deliver::NoticeWriter> writer() {
  static const auto made = [] {
    Problems problems;
    auto templates = deliver::load_templates(std::string(BEADLE_SOURCE_DIR) + "/config/notices", problems);
    INFO(to_string(problems));
    REQUIRE(templates);
    return std::make_shared<const deliver::NoticeWriter>(
        deliver::notice_settings("mail-review@marram.example", {"sam.reed@marram.example", "tess.orme@marram.example"}, "gate.marram.example", "Marram"),
        *templates, town());
  }();
  return made;
}

inline store::Account account(const std::string& name, const std::string& address, std::vector<std::string> roles) {
  store::Account made;
  made.name = name;
  made.address = address;
  made.roles = std::move(roles);
  made.password_hash = "none";
  made.created = at(0);
  return made;
}

/// Sam and Tess review, Ann audits, Ada administers.
struct Office {
  store::Store store = must(store::Store::open(":memory:", at(0)));
  store::Accounts accounts{store};
  store::Desk desk{store};
  Acts acts{store, *quiet_policy(), *writer()};

  Office() {
    must(accounts.add(account("sam", "sam.reed@marram.example", {"reviewer"}), "root", at(0)));
    must(accounts.add(account("tess", "tess.orme@marram.example", {"reviewer"}), "root", at(0)));
    must(accounts.add(account("ann", "ann@auditors.example", {"auditor"}), "root", at(0)));
    must(accounts.add(account("ada", "ada@marram.example", {"administrator"}), "root", at(0)));
  }

  std::string hold(const std::string& text, std::vector<std::string> recipients = {"orders@quay.example"}, const std::string& release_bytes = "",
                   const inspect::Verdict& verdict = {}) {
    const store::Held like = held_mail(text, recipients);
    store::NewHeld held;
    held.door = "milter";
    held.envelope = like.envelope;
    held.bytes = like.bytes;
    held.release_bytes = release_bytes;
    held.verdict_json = inspect::to_json(verdict);
    held.from = like.from;
    held.subject = like.subject;
    held.message_id = like.message_id;
    held.clauses = {"marram/7-orders"};
    held.intake_key = std::to_string(++held_);
    return must(store.hold(held, at(held_), nullptr)).id;
  }
  std::vector<std::string> acts_on(const std::string& id) {
    std::vector<std::string> names;
    for (const store::AuditRow& row : must(desk.history(id))) names.push_back(row.act + " " + row.who);
    return names;
  }
  store::HeldState state(const std::string& id) { return must(store.get(id)).state; }

 private:
  int held_ = 0;
};

inline Actor ann() { return {"ann", "ann@auditors.example", {"auditor"}}; }
inline Actor ada() { return {"ada", "ada@marram.example", {"administrator"}}; }

}  // namespace beadle::review
