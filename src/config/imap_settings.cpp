#include "config/imap_settings.h"

#include <algorithm>
#include <filesystem>

#include "base/calendar.h"
#include "base/text.h"

namespace beadle::config {
namespace {

using Mailbox = Settings::Imap::Mailbox;

// A pass each week is the least that finds something out in time.
constexpr std::int64_t every_minutes_most = 7 * 24 * 60;
// Mailboxes of a large council, one by one.
constexpr std::size_t mailboxes_max = 20'000;
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

Mailbox read_mailbox(const Value& table, const std::string& file, Problems& problems) {
  TableReader reader(table, file, "[[imap.audit.mailbox]]", problems);
  Mailbox mailbox;
  mailbox.url = reader.required_text("url");
  if (!mailbox.url.empty() && !is_url(mailbox.url)) {
    reader.error(reader.place("url"), "url is " + shown(mailbox.url), "as in imaps://imap.council.example, or imap:// with a port, which must offer STARTTLS");
  }
  mailbox.user = reader.required_text("user");
  mailbox.users = reader.texts("users");
  mailbox.password_file = path_of(reader, "password-file", file);
  if (mailbox.password_file.empty()) {
    reader.error(reader.place("password-file"), "password-file is missing", "a file that holds the password, or the token, and nothing else");
  }
  mailbox.authorities = path_of(reader, "authorities", file);
  if (const auto login = reader.text("login")) {
    mailbox.login = *login;
    const bool known = std::find(std::begin(logins), std::end(logins), *login) != std::end(logins);
    if (!known) reader.error(reader.place("login"), "login is " + shown(*login), "password, xoauth2 or oauthbearer");
  }
  mailbox.journal = reader.boolean("journal").value_or(false);
  mailbox.folders = reader.texts("folders");
  if (mailbox.folders.empty()) mailbox.folders = {mailbox.journal ? "INBOX" : "\\Sent"};
  for (const std::string& text : mailbox.folders) {
    if (text.empty()) reader.error(reader.place("folders"), "a folder without a name");
  }
  reader.finish();
  return mailbox;
}

}  // namespace

Settings::Imap read_imap(TableReader& imap, const std::string& file, Problems& problems) {
  Settings::Imap out;
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
