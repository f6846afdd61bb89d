// Settings written as the file that would give them.
#include "base/text.h"
#include "config/settings.h"

namespace beadle::config {
namespace {

/// A basic string of TOML 1.0: quotes, backslashes and control characters escaped.
std::string in_quotes(std::string_view text) {
  static constexpr char digits[] = "0123456789ABCDEF";
  std::string out = "\"";
  for (const char c : valid_utf8(text)) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7f) {
      out += "\\u00";
      out += digits[byte >> 4];
      out += digits[byte & 15];
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::string in_quotes(const std::vector<std::string>& texts) {
  std::vector<std::string> items;
  for (const std::string& text : texts) items.push_back(in_quotes(text));
  return "[" + joined(items, ", ") + "]";
}

std::string_view tls_word(Settings::Smtp::Tls tls) {
  static constexpr std::string_view words[] = {"never", "may", "must"};
  return words[static_cast<std::size_t>(tls)];
}

std::string octal(int mode) {
  std::string out = "0";
  for (const int shift : {6, 3, 0}) out += static_cast<char>('0' + ((mode >> shift) & 7));
  return out;
}

class Writer {
 public:
  void section(std::string_view name) { out_ += (out_.empty() ? "[" : "\n[") + std::string(name) + "]\n"; }
  void key(std::string_view name, std::string_view value) { out_ += std::string(name) + " = " + std::string(value) + "\n"; }
  void text(std::string_view name, std::string_view value) { key(name, in_quotes(value)); }
  std::string finish() { return std::move(out_); }

 private:
  std::string out_;
};

void write_rules(Writer& out, const Settings& settings) {
  out.section("rules");
  out.text("directory", settings.rules_directory);
  out.key("own", in_quotes(settings.own_packs));
  out.text("on-not-inspected", rules::to_string(settings.on_not_inspected));
  out.text("on-broken-mime", rules::to_string(settings.on_broken_mime));
  for (const auto& [clause, change] : settings.overrides) {
    out.section("rules.override." + in_quotes(clause));
    if (change.action) out.text("action", rules::to_string(*change.action));
    if (change.mode) out.text("mode", rules::to_string(*change.mode));
  }
}

void write_desk(Writer& out, const Settings& settings) {
  const Settings::Web& web = settings.web;
  out.section("web");
  out.key("listen", in_quotes(web.listen));
  out.text("url", web.url);
  out.text("certificate", web.certificate);
  out.text("key", web.key);
  out.key("proxies", in_quotes(web.proxies));
  out.text("assets", web.assets);
  out.key("connections", std::to_string(web.connections));
  out.key("second-factor", web.second_factor ? "true" : "false");
  out.text("socket-mode", octal(web.socket_mode));
  out.text("socket-group", web.socket_group);
  const Settings::Review& review = settings.review;
  out.section("review");
  out.key("digest-hour", std::to_string(review.digest_hour));
  out.key("escalate-after-hours", std::to_string(review.escalate_after_hours));
  out.key("escalate-to", in_quotes(review.escalate_to));
  out.key("return-after-days", std::to_string(review.return_after_days));
  out.key("audit-head-to", in_quotes(review.audit_head_to));
}

void write_server(Writer& out, const Settings::Imap::Server& server) {
  out.text("url", server.url);
  out.text("user", server.user);
  out.text("password-file", server.password_file);
  out.text("login", server.login);
  out.text("authorities", server.authorities);
}

void write_imap(Writer& out, const Settings::Imap& imap) {
  out.section("imap.audit");
  out.key("every", std::to_string(imap.every_minutes));
  out.text("since", imap.since);
  for (const Settings::Imap::Mailbox& mailbox : imap.mailboxes) {
    out.section("[imap.audit.mailbox]");
    write_server(out, mailbox);
    out.key("users", in_quotes(mailbox.users));
    out.key("folders", in_quotes(mailbox.folders));
    out.key("journal", mailbox.journal ? "true" : "false");
  }
  const Settings::Imap::Review& review = imap.review;
  out.section("imap.review");
  out.key("enabled", review.enabled ? "true" : "false");
  out.key("every-seconds", std::to_string(review.every_seconds));
  out.key("attach-original", review.attach_original ? "true" : "false");
  out.text("held", review.held);
  out.text("release", review.release);
  out.text("return", review.give_back);
  out.text("replies", review.replies);
  out.text("return-words", review.return_words);
  for (const Settings::Imap::ReviewMailbox& mailbox : review.mailboxes) {
    out.section("[imap.review.mailbox]");
    write_server(out, mailbox);
    out.text("mailbox", mailbox.mailbox);
    out.text("account", mailbox.account);
  }
}

}  // namespace

std::string to_toml(const Settings& settings) {
  Writer out;
  out.section("council");
  out.text("roster", settings.roster);
  out.text("protocol", settings.protocol);
  out.text("mode", rules::to_string(settings.mode));
  out.text("users-informed", settings.users_informed);
  out.key("reviewers", in_quotes(settings.reviewers));
  write_rules(out, settings);
  out.section("documents");
  out.key("enabled", settings.documents_enabled ? "true" : "false");
  out.text("program", settings.documents_program);
  out.key("budget-ms", std::to_string(settings.documents_budget_ms));
  out.key("wall-clock-ms", std::to_string(settings.document_wall_clock_ms));
  out.key("memory-mb", std::to_string(settings.document_memory_mb));
  out.key("text-kb", std::to_string(settings.document_text_kb));
  out.section("store");
  out.text("database", settings.database);
  out.text("key", settings.store_key);
  out.key("old-keys", in_quotes(settings.store_old_keys));
  out.section("milter");
  out.key("listen", in_quotes(settings.milter_listen));
  out.text("socket-mode", octal(settings.milter_socket_mode));
  out.text("socket-group", settings.milter_socket_group);
  out.key("connections", std::to_string(settings.connections));
  const Settings::Smtp& smtp = settings.smtp;
  out.section("smtp");
  out.key("listen", in_quotes(smtp.listen));
  out.text("next-hop", smtp.next_hop);
  out.text("next-hop-tls", tls_word(smtp.next_hop_tls));
  out.key("next-hop-verify", smtp.next_hop_verify ? "true" : "false");
  out.text("next-hop-authorities", smtp.next_hop_authorities);
  out.text("next-hop-name", smtp.next_hop_name);
  out.text("next-hop-certificate", smtp.next_hop_certificate);
  out.text("next-hop-key", smtp.next_hop_key);
  out.text("user", smtp.user);
  out.text("password-file", smtp.password_file);
  out.key("relay-from", in_quotes(smtp.relay_from));
  out.key("relay-certificates", in_quotes(smtp.relay_certificates));
  out.key("xforward-from", in_quotes(smtp.xforward_from));
  out.text("require-field", smtp.require_field);
  out.text("require-field-file", smtp.require_field_file);
  out.text("tls", tls_word(smtp.tls));
  out.text("certificate", smtp.certificate);
  out.text("key", smtp.key);
  out.key("connections", std::to_string(smtp.connections));
  out.key("connections-per-host", std::to_string(smtp.connections_per_host));
  out.text("spool", smtp.spool);
  out.section("release");
  out.text("reentry", settings.reentry);
  out.text("host-name", settings.host_name);
  out.section("notices");
  out.text("from", settings.notices_from);
  out.text("directory", settings.notices_directory);
  write_desk(out, settings);
  write_imap(out, settings.imap);
  out.section("reminders");
  out.key("on", settings.reminders ? "true" : "false");
  out.text("holidays", settings.holidays);
  if (!settings.within.empty()) out.section("reminders.within");
  for (const auto& [clause, period] : settings.within) out.text(in_quotes(clause), to_string(period));
  out.section("retention");
  out.key("record", std::to_string(settings.retention.record));
  out.key("fingerprints", std::to_string(settings.retention.fingerprints));
  out.key("reminders", std::to_string(settings.retention.reminders));
  out.key("decided", std::to_string(settings.retention.decided));
  out.key("notices", std::to_string(settings.retention.notices));
  out.section("log");
  out.text("level", settings.log_level);
  return out.finish();
}

}  // namespace beadle::config
