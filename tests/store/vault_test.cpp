// Content at rest: nothing of it stands in the files, nothing is read without its key, and keys can be changed.
#include "store/vault.h"

#include <algorithm>
#include <cstdlib>

#include "base/digest.h"
#include "helpers.h"
#include "store/accounts.h"
#include "store/desk.h"
#include "store/schema.h"

namespace beadle::store {
namespace {

const std::string first_key(32, 'a'), second_key(32, 'b');

Store open_with(const std::string& path, const std::string& key, const std::vector<std::string>& old = {}) {
  return must(Store::open(path, at(0), {.vault = Vault::of_keys(key, old)}));
}

const std::vector<std::string> secrets = {"SECRETSUBJECT", "SECRETBODY", "SECRETRELEASE", "SECRETVERDICT", "SECRETREASON",
                                          "SECRETNOTE",    "SECRETNOTICE", "SECRETTOTP", "SECRETGLASS", "SECRETHOLD"};

NewHeld secret_mail() {
  NewHeld held = some_mail();
  held.subject = "About the SECRETSUBJECT";
  held.bytes = "Subject: x\r\n\r\nSECRETBODY\r\n";
  held.release_bytes = "Subject: x\r\n\r\nSECRETRELEASE\r\n";
  held.verdict_json = R"({"evidence": "SECRETVERDICT"})";
  return held;
}

/// One of everything that can be sealed.
std::string fill(Store& store) {
  const auto notices = [](const std::string&) { return std::vector<Notice>{some_notice("held-sender", "SECRETNOTICE")}; };
  const std::string id = must(store.hold(secret_mail(), at(1), notices)).id;
  Account account;
  account.name = "jo";
  account.totp_secret = "SECRETTOTP";
  must(Accounts(store).add(account, "root", at(1)));
  Desk desk(store);
  must(desk.note(id, {.who = "jo", .kind = "note", .words = "SECRETNOTE", .at = at(2)}));
  must(desk.ask_break_glass(id, "jo", "SECRETGLASS", at(2)));
  must(desk.set_legal_hold(id, true, "jo", "SECRETHOLD", at(2)));
  must(store.return_to_sender(id, "jo", "SECRETREASON", at(3), {}));
  return id;
}

void check_all_there(Store& store, const std::string& id) {
  const Held held = must(store.get(id));
  const NewHeld mail = secret_mail();
  CHECK(held.subject == mail.subject);
  CHECK(held.bytes == mail.bytes);
  CHECK(held.release_bytes == mail.release_bytes);
  CHECK(held.verdict_json == mail.verdict_json);
  CHECK(held.reason == "SECRETREASON");
  CHECK(must(store.list({}, 10)).front().subject == mail.subject);
  const std::vector<Notice> due = must(store.due_notices(at(10), 10));
  REQUIRE(due.size() == 1);
  CHECK(due[0].bytes == "SECRETNOTICE");
  Desk desk(store);
  CHECK(must(desk.notes(id)).front().words == "SECRETNOTE");
  CHECK(must(desk.break_glass(id, "jo"))->reason == "SECRETGLASS");
  CHECK(must(Accounts(store).find("jo"))->totp_secret == "SECRETTOTP");
  InboxQuery query;
  query.words = "secretsubject";
  CHECK(must(desk.inbox(query)).rows.size() == 1);
  CHECK(must(store.verify_audit()).broken_at == 0);
}

std::string files_of(const Folder& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::directory_iterator(folder / "")) all += read_file(entry.path().string());
  return all;
}

std::size_t reseal_all(Store& store, std::size_t most = 3) {
  std::size_t all = 0;
  for (std::size_t changed = 1; changed != 0; all += changed) changed = must(store.reseal(most, at(50)));
  return all;
}

}  // namespace

TEST_CASE("what is sealed comes back, and only with its key, in its place, unchanged") {
  const auto vault = Vault::of_keys(first_key, {second_key});
  CHECK(vault->seals());
  CHECK(vault->key_id().size() == 16);
  CHECK(vault->old_key_ids().size() == 1);
  const std::string sealed = vault->seal("words", "message.bytes/1");
  CHECK(sealed.find("words") == std::string::npos);
  CHECK(vault->seal("words", "message.bytes/1") != sealed);
  CHECK(must(vault->open(vault->key_id(), sealed, "message.bytes/1")) == "words");
  CHECK(must(vault->open(vault->key_id(), vault->seal("", "p"), "p")).empty());
  CHECK(vault->open(vault->key_id(), sealed, "message.bytes/2").error().kind == ErrorKind::bad_data);
  CHECK_FALSE(vault->open(vault->old_key_ids()[0], sealed, "message.bytes/1"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string changed = sealed;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    CHECK_FALSE(vault->open(vault->key_id(), changed, "message.bytes/1"));
    CHECK_FALSE(vault->open(vault->key_id(), sealed.substr(0, i), "message.bytes/1"));
  }
  const auto other = Vault::of_keys(second_key, {});
  const Error error = other->open(vault->key_id(), sealed, "message.bytes/1").error();
  CHECK(error.what.find(vault->key_id()) != std::string::npos);
  CHECK(other->key_id() == vault->old_key_ids()[0]);
  CHECK(other->search_key() != vault->search_key());
  CHECK(vault->search_key().size() == 32);
  CHECK_FALSE(Vault().seals());
  CHECK(Vault().search_key().empty());
  CHECK_FALSE(Vault::of_keys("", {first_key})->seals());
}

TEST_CASE("keys are read from files and systemd credentials, and what is wrong with one is said") {
  const Folder folder;
  const std::string path = folder / "store.key";
  write_file(path, Vault::new_key());
  CHECK(must(Vault::load(path, {}))->seals());
  CHECK(must(Vault::load(path, {}))->key_id() == must(Vault::load(path, {path}))->key_id());
  CHECK(must(Vault::load(path, {path}))->old_key_ids().empty());
  CHECK(Vault::new_key() != Vault::new_key());
  CHECK_FALSE(must(Vault::load("", {}))->seals());
  const auto refused = [&](const std::string& key, const std::string& why) {
    const Result<std::shared_ptr<const Vault>> vault = Vault::load(key, {});
    REQUIRE_FALSE(vault);
    CHECK(vault.error().kind == ErrorKind::bad_settings);
    CHECK(vault.error().what.find(why) != std::string::npos);
  };
  refused(folder / "none.key", "none.key: No such file");
  refused(folder / "", "not a file");
  std::filesystem::permissions(path, std::filesystem::perms(0644));
  refused(path, "open to others");
  std::filesystem::permissions(path, std::filesystem::perms(0640));
  CHECK(must(Vault::load(path, {}))->seals());
  const std::string key = Vault::new_key();
  for (const std::string& bad : {std::string(), key.substr(1), "0" + key, std::string(64, 'g'), std::string(5000, '0')}) {
    write_file(path, bad);
    refused(path, "64 hexadecimal digits");
  }
  ::unsetenv("CREDENTIALS_DIRECTORY");
  refused("credential:store", "no systemd credentials");
  ::setenv("CREDENTIALS_DIRECTORY", (folder / "").c_str(), 1);
  write_file(folder / "store", key);
  CHECK(must(Vault::load("credential:store", {}))->seals());
  refused("credential:../store", "not the name");
  ::unsetenv("CREDENTIALS_DIRECTORY");
}

TEST_CASE("with a key nothing of the content stands in the files") {
  const Folder folder;
  Store store = open_with(folder.database(), first_key);
  const std::string id = fill(store);
  check_all_there(store, id);
  for (const std::string& secret : secrets) {
    INFO(secret);
    CHECK(files_of(folder).find(secret) == std::string::npos);
  }
}

TEST_CASE("without the key: lists go on, content is refused and says which key") {
  const Folder folder;
  std::string id;
  {
    Store store = open_with(folder.database(), first_key);
    id = fill(store);
  }
  const std::string key_id = Vault::of_keys(first_key, {})->key_id();
  const std::string other = GENERATE(std::string(), second_key);
  Store store = open_with(folder.database(), other);
  const Error error = store.get(id).error();
  CHECK(error.kind == ErrorKind::bad_data);
  CHECK(error.what.find(key_id) != std::string::npos);
  const HeldSummary row = must(store.list({}, 10)).front();
  CHECK(row.subject.empty());
  CHECK(row.reason.empty());
  CHECK(row.sender == some_mail().envelope.sender);
  Desk desk(store);
  CHECK(must(desk.row(id)).subject.empty());
  CHECK(desk.notes(id).error().what.find(key_id) != std::string::npos);
  // A second factor that cannot be read must not look like none.
  CHECK(Accounts(store).find("jo").error().kind == ErrorKind::bad_data);
  CHECK(must(store.due_notices(at(10), 10)).empty());
  CHECK(must(store.reseal(10, at(20))) == 0);
  // What comes now can be read, and does not stand behind what cannot.
  const auto tell = [](const std::string&) { return std::vector<Notice>{some_notice("held-sender", "now")}; };
  const std::string now = must(store.hold(some_mail(), at(5), tell)).id;
  CHECK(must(store.get(now)).subject == "Minutes");
  CHECK(must(store.due_notices(at(10), 1)).size() == 1);
  must(store.notice_sent(must(store.due_notices(at(10), 1))[0].number, at(11)));
}

TEST_CASE("sealed bytes that were moved to another message are not taken for its own") {
  const Folder folder;
  Store store = open_with(folder.database(), first_key);
  const std::string a = hold_one(store, 1), b = hold_one(store, 2, secret_mail());
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(database.run("UPDATE message SET verdict_json = (SELECT verdict_json FROM message WHERE held = ?1) WHERE held = ?2", b, a));
  }
  CHECK(store.get(a).error().kind == ErrorKind::bad_data);
  must(store.get(b));
}

TEST_CASE("an old database is sealed step by step, and nothing of it stays in the files") {
  const Folder folder;
  std::string id;
  {
    Store store = open_with(folder.database(), "");
    id = fill(store);
    CHECK(files_of(folder).find("SECRETBODY") != std::string::npos);
    CHECK(must(store.reseal(10, at(4))) == 0);
  }
  Store store = open_with(folder.database(), first_key);
  CHECK(reseal_all(store) >= 8);
  check_all_there(store, id);
  for (const std::string& secret : secrets) {
    INFO(secret);
    CHECK(files_of(folder).find(secret) == std::string::npos);
  }
  CHECK(std::filesystem::file_size(folder.database() + "-wal") == 0);
  const std::vector<std::string> all = acts(store);
  CHECK(std::count(all.begin(), all.end(), "resealed") >= 3);
  CHECK(must(store.reseal(100, at(60))) == 0);
  CHECK(acts(store) == all);
}

TEST_CASE("keys can be changed, and sealing given up") {
  const Folder folder;
  std::string id;
  {
    Store store = open_with(folder.database(), first_key);
    id = fill(store);
  }
  {
    Store store = open_with(folder.database(), second_key, {first_key});
    must(store.get(id));
    CHECK(reseal_all(store) >= 8);
    check_all_there(store, id);
  }
  {
    Store store = open_with(folder.database(), second_key);  // the old key is not needed any more
    check_all_there(store, id);
  }
  {
    Store store = open_with(folder.database(), "", {second_key});
    CHECK(reseal_all(store) >= 8);
    check_all_there(store, id);
  }
  Store store = open_store(folder.database());
  check_all_there(store, id);
}

TEST_CASE("a damaged row does not keep the others from being sealed anew") {
  const Folder folder;
  std::string bad, good;
  {
    Store store = open_with(folder.database(), first_key);
    bad = hold_one(store, 1, secret_mail());
    good = hold_one(store, 2, secret_mail());
  }
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(database.run("UPDATE message SET bytes = x'00' WHERE held = ?1", bad));
  }
  {
    Store store = open_with(folder.database(), second_key, {first_key});
    reseal_all(store, 1);
  }
  Store store = open_with(folder.database(), second_key);
  CHECK(must(store.get(good)).bytes == secret_mail().bytes);
  CHECK(store.get(bad).error().kind == ErrorKind::bad_data);
}

TEST_CASE("a release with the copy disclosed is sealed too, also while the rest has an old key") {
  const Folder folder;
  std::string id;
  {
    Store store = open_with(folder.database(), first_key);
    id = hold_one(store, 1, secret_mail());
  }
  Store store = open_with(folder.database(), second_key, {first_key});
  must(store.ask_release_disclosed(id, "jo", "", "SECRETLINE", {}, "{}", at(2)));
  CHECK(must(store.get(id)).release_bytes == "SECRETLINE");
  CHECK(files_of(folder).find("SECRETLINE") == std::string::npos);
  reseal_all(store);
  CHECK(must(store.get(id)).release_bytes == "SECRETLINE");
  CHECK(must(store.get(id)).bytes == secret_mail().bytes);
}

TEST_CASE("a database from before the review desk is brought up to date, listed, searched and sealed") {
  const Folder folder;
  write_file(folder.database(), "");
  const std::string id = "01k40000000000000000000000";
  {
    Database database = must(Database::open(folder.database(), 1000));
    must(bring_up_to_date(database, migrations().first(4), at(0)));
    must(database.run("INSERT INTO held (id, state, received_ms, from_address, sender, subject, intake_key) VALUES (?1, 'held', 1, 'clerk@town.example', "
                      "'clerk@town.example', 'Café minutes', '')", id));
    must(database.run("INSERT INTO message VALUES (?1, 'milter', '', 0, '', 'm', '', '', ?2, '', '{}', x'', x'')", id, sha256_hex("")));
    must(database.run("INSERT INTO recipient (held, position, address, state) VALUES (?1, 0, 'ann@paper.example', 'pending')", id));
    must(database.script("INSERT INTO audit VALUES (2, 5, 'opened', 'jo', '" + id + "', '{}', 'x'); UPDATE audit_head SET number = 2, hash = 'x'"));
  }
  const std::string key = GENERATE(std::string(), first_key);
  Store store = open_with(folder.database(), key);
  CHECK(must(store.list({}, 10)).front().subject == "Café minutes");
  CHECK(must(store.get(id)).sender == "clerk@town.example");
  Desk desk(store);
  CHECK(must(desk.row(id)).opened);
  InboxQuery query;
  query.words = "cafe ANN@Paper.example";
  CHECK(must(desk.inbox(query)).rows.size() == 1);
  RegisterQuery past;
  past.until = from_ms(6);
  CHECK(must(desk.register_rows(past)).size() == 1);
  reseal_all(store);
  CHECK(must(store.get(id)).subject == "Café minutes");
  CHECK(must(desk.inbox(query)).rows.size() == 1);
}

}  // namespace beadle::store
