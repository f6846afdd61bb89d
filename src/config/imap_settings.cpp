#include "config/imap_settings.h"

#include <algorithm>
#include <filesystem>

#include "base/calendar.h"
#include "base/text.h"

namespace beadle::config {
namespace {

using Mailbox = Settings::Imap::Mailbox;
using Review = Settings::Imap::Review;
using ReviewMailbox = Settings::Imap::ReviewMailbox;

// A pass each week is the least that finds something out in time.
constexpr std::int64_t every_minutes_most = 7 * 24 * 60;
// Mailboxes of a large council, one by one.
constexpr std::size_t mailboxes_max = 20'000;
// Of reviewers: each has a thread and a connection.
constexpr std::size_t review_mailboxes_max = 50;
// A pass costs the mail server a dozen commands; and who reviews by mail waits for it.
constexpr std::int64_t review_seconds_least = 5, review_seconds_most = 3'600;
constexpr std::string_view logins[] = {"password", "xoauth2", "oauthbearer"};

std::string shown(std::string_view text) { return "\"" + shortened(printable(text), 80) + "\""; }

bool is_url(const std::string& url) {
  if (!url.starts_with("imaps://") && !url.starts_with("imap://")) return false;
  const std::string_view rest = std::string_view(url).substr(url.find("://") + 3);
  return !rest.empty() && rest.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:[]") == std::string_view::npos;
}

std::string path_of(TableReader& reader, const std::string& key, const std::string& file) {
  const auto text = reader.text(key);
  if (!text || text->empty()) return "";
  const std::filesystem::path given(*text);
  return given.is_absolute() ? given.string() : (std::filesystem::path(file).parent_path() / given).lexically_normal().string();
}

void read_server(TableReader& reader, const std::string& file, Settings::Imap::Server& server) {
  server.url = reader.required_text("url");
  if (!server.url.empty() && !is_url(server.url)) {
    reader.error(reader.place("url"), "url is " + shown(server.url), "as in imaps://imap.council.example, or imap:// with a port, which must offer STARTTLS");
  }
  server.user = reader.required_text("user");
  server.password_file = path_of(reader, "password-file", file);
  if (server.password_file.empty()) {
    reader.error(reader.place("password-file"), "password-file is missing", "a file that holds the password, or the token, and nothing else");
  }
  server.authorities = path_of(reader, "authorities", file);
  if (const auto login = reader.text("login")) {
    server.login = *login;
    const bool known = std::find(std::begin(logins), std::end(logins), *login) != std::end(logins);
    if (!known) reader.error(reader.place("login"), "login is " + shown(*login), "password, xoauth2 or oauthbearer");
  }
}

Mailbox read_mailbox(const Value& table, const std::string& file, Problems& problems) {
  TableReader reader(table, file, "[[imap.audit.mailbox]]", problems);
  Mailbox mailbox;
  read_server(reader, file, mailbox);
  mailbox.users = reader.texts("users");
  mailbox.journal = reader.boolean("journal").value_or(false);
  mailbox.folders = reader.texts("folders");
  if (mailbox.folders.empty()) mailbox.folders = {mailbox.journal ? "INBOX" : "\\Sent"};
  for (const std::string& text : mailbox.folders) {
    if (text.empty()) reader.error(reader.place("folders"), "a folder without a name");
  }
  reader.finish();
  return mailbox;
}

ReviewMailbox read_review_mailbox(const Value& table, const std::string& file, Problems& problems) {
  TableReader reader(table, file, "[[imap.review.mailbox]]", problems);
  ReviewMailbox mailbox;
  read_server(reader, file, mailbox);
  mailbox.mailbox = reader.text("mailbox").value_or("");
  mailbox.account = reader.required_text("account");
  mailbox.at = reader.place("account");
  reader.finish();
  return mailbox;
}

/// The name of a folder of ours; no two of them have the same.
void read_folder(TableReader& reader, const std::string& key, std::string& name, std::vector<std::string>& taken) {
  name = reader.text(key).value_or(name);
  const auto place = reader.place(key);
  // RFC 3501 §6.3.8: a search for folders reads * and %.
  const bool plain = !name.empty() && name.size() <= limits::name_bytes_max && printable(name) == name && name.find_first_of("*%\\\"") == std::string::npos &&
                     !name.starts_with('/') && !name.ends_with('/');
  if (!plain) reader.error(place, key + " is " + shown(name), "the name of a folder, as in \"Held\" or \"Beadle/Held\"");
  if (std::find(taken.begin(), taken.end(), ascii_lower(name)) != taken.end()) {
    reader.error(place, key + " is " + shown(name) + ", which another folder is called", "four different folders");
  }
  taken.push_back(ascii_lower(name));
}

void read_review(const Value& table, const std::string& file, Problems& problems, Review& out) {
  TableReader reader(table, file, "[imap.review]", problems);
  out.enabled = reader.boolean("enabled").value_or(out.enabled);
  out.every_seconds = reader.integer("every-seconds", review_seconds_least, review_seconds_most).value_or(out.every_seconds);
  out.attach_original = reader.boolean("attach-original").value_or(out.attach_original);
  std::vector<std::string> taken;
  read_folder(reader, "held", out.held, taken);
  read_folder(reader, "release", out.release, taken);
  read_folder(reader, "return", out.give_back, taken);
  read_folder(reader, "replies", out.replies, taken);
  out.return_words = reader.text("return-words").value_or(out.return_words);
  if (trimmed(out.return_words).empty() || out.return_words.size() > limits::desk_words_bytes_max) {
    reader.error(reader.place("return-words"), "return-words is empty or too long", "a sentence or two, which the sender reads");
  }
  for (const Value* one : reader.tables("mailbox")) out.mailboxes.push_back(read_review_mailbox(*one, file, problems));
  if (out.mailboxes.size() > review_mailboxes_max) reader.error(reader.place("mailbox"), "more than " + std::to_string(review_mailboxes_max) + " mailboxes");
  reader.finish();
}

}  // namespace

Settings::Imap read_imap(TableReader& imap, const std::string& file, Problems& problems) {
  Settings::Imap out;
  if (const Value* review = imap.table("review")) read_review(*review, file, problems, out.review);
  const Value* table = imap.table("audit");
  if (table == nullptr) return out;
  TableReader reader(*table, file, "[imap.audit]", problems);
  out.every_minutes = reader.integer("every", 1, every_minutes_most).value_or(out.every_minutes);
  out.since = reader.text("since").value_or("");
  if (!out.since.empty() && !day_from(out.since)) reader.error(reader.place("since"), "since is " + shown(out.since), "a day, as in 2026-05-13");
  std::size_t count = 0;
  for (const Value* one : reader.tables("mailbox")) {
    out.mailboxes.push_back(read_mailbox(*one, file, problems));
    count += std::max<std::size_t>(1, out.mailboxes.back().users.size());
  }
  if (count > mailboxes_max) reader.error(reader.place("mailbox"), "more than " + std::to_string(mailboxes_max) + " mailboxes");
  reader.finish();
  return out;
}

}  // namespace beadle::config
