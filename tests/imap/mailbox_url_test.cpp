// Addresses of folders as people type them: tests/data/imap/urls.tsv; and which servers are this machine.
#include "imap/mailbox_url.h"

#include <fstream>

#include "base/text.h"
#include "catch.h"

namespace beadle::imap {

TEST_CASE("addresses of folders say server, user, folder and login, and never a password (urls.tsv)") {
  std::ifstream file(BEADLE_TEST_DATA "/imap/urls.tsv");
  REQUIRE(file);
  std::size_t rows = 0;
  for (std::string row; std::getline(file, row);) {
    if (row.empty() || row.front() == '#') continue;
    ++rows;
    INFO(row);
    const auto fields = split(row, '\t');
    REQUIRE(fields.size() == 6);
    MailboxUrl url;
    const std::string mistake = read_mailbox_url(fields[0], url);
    if (fields[2].empty()) {
      CHECK(mistake == fields[4]);
      CHECK(mistake.find("secret") == std::string::npos);
      continue;
    }
    static constexpr std::string_view logins[] = {"password", "xoauth2", "oauthbearer"};
    CHECK(mistake == "");
    CHECK(url.server == fields[1]);
    CHECK(url.user == fields[2]);
    CHECK(url.folder == fields[3]);
    CHECK(logins[static_cast<std::size_t>(url.by)] == fields[4]);
  }
  CHECK(rows >= 18);
}

TEST_CASE("only this machine is spoken to without TLS") {
  for (const char* url : {"imap://localhost", "imap://LOCALHOST:143", "imap://127.0.0.1:1143", "imap://127.9.9.9", "imap://[::1]:143"}) {
    INFO(url);
    CHECK(is_on_loopback(url));
  }
  for (const char* url : {"imap://localhost.example", "imap://127.0.0.1.example", "imap://128.0.0.1", "imap://[::2]", "imap://imap.example", "imap://127.evil.example",
                          "imap://0.0.0.0"}) {
    INFO(url);
    CHECK_FALSE(is_on_loopback(url));
  }
}

}  // namespace beadle::imap
