// Mail that we write ourselves, read back by our own parser.
#include <string>

#include "base/text.h"
#include "base/time.h"
#include "mail/builder.h"
#include "mail/encoders.h"
#include "mail/message.h"

#include "catch.h"

namespace beadle::mail {
namespace {

NewMail sample() {
  NewMail mail;
  mail.from = {"Exmouth Town Council", "post@exmouth.example", ""};
  mail.to = {{"Vera Stoyle", "vera@example.example", ""}};
  mail.subject = "Held for review: Bins";
  mail.message_id = "n1@exmouth.example";
  mail.in_reply_to = "a1@example.example";
  mail.references = {"a0@example.example", "a1@example.example"};
  mail.extra_fields = {{"Auto-Submitted", "auto-replied"}};
  mail.text = "Your mail is held.\n\nWhat now: nothing.\n";
  return mail;
}

Message read(const NewMail& mail) { return parse_message(build_mail(mail, from_ms(1'764'000'000'000))); }

// Every line ends with CRLF, no line is longer than RFC 5322 allows, no other control character.
bool is_clean(std::string_view bytes) {
  for (std::size_t begin = 0; begin < bytes.size();) {
    const std::size_t end = bytes.find('\n', begin);
    if (end == std::string_view::npos || end == begin || bytes[end - 1] != '\r' || end - begin > 999) return false;
    for (std::size_t i = begin; i + 1 < end; ++i) {
      if (static_cast<unsigned char>(bytes[i]) < 0x20 && bytes[i] != '\t') return false;
    }
    begin = end + 1;
  }
  return true;
}

}  // namespace

TEST_CASE("a notice reads back as it was meant") {
  const NewMail mail = sample();
  const Message message = read(mail);
  CHECK(is_clean(message.bytes));
  CHECK(message.defects.empty());
  CHECK(message.from == std::vector<Mailbox>{mail.from});
  CHECK(message.to == mail.to);
  CHECK(message.subject == mail.subject);
  CHECK(message.message_id == mail.message_id);
  CHECK(message.in_reply_to == std::vector<std::string>{mail.in_reply_to});
  CHECK(message.references == mail.references);
  CHECK(message.header("Auto-Submitted") == "auto-replied");
  REQUIRE(message.texts.size() == 1);
  CHECK(trimmed(message.texts[0].utf8) == trimmed(mail.text));
  CHECK(message.bytes.find("Content-Transfer-Encoding: 7bit") != std::string::npos);
}

TEST_CASE("names, subjects and texts beyond ASCII survive") {
  NewMail mail = sample();
  mail.from.name = "Renée Tolputt";
  mail.to = {{"Ó Briain, Siân \"x\"", "sian@example.example", ""}, {"Stoyle, Vera", "v@example.example", ""}};
  mail.subject = "Zurückgehalten: Müll — " + std::string(40, 'x') + " und noch mehr Wörter, bis es über die Zeile geht";
  mail.text = "Gruß\n. ein Punkt\nFrom here\ntrailing \n" + std::string(300, 'y') + " " + std::string(2000, 'z') + "\n= end";
  const Message message = read(mail);
  CHECK(is_clean(message.bytes));
  CHECK(message.from == std::vector<Mailbox>{mail.from});
  CHECK(message.to == mail.to);
  CHECK(message.subject == mail.subject);
  REQUIRE(message.texts.size() == 1);
  CHECK(trimmed(message.texts[0].utf8) == mail.text);
  for (const std::string_view line : split(message.bytes, '\n')) CHECK(line.size() <= 79);
}

TEST_CASE("nothing in a value begins a field or a line of its own") {
  NewMail mail = sample();
  mail.subject = "x\r\nBcc: spy@evil.example\r\n\r\nbody";
  mail.from.name = "A\nBcc: spy@evil.example";
  mail.to = {{"B\r\n", "b@example.example>\r\nBcc: <spy@evil.example", ""}};
  mail.message_id = "i>\r\nBcc: spy@evil.example";
  mail.in_reply_to = "j\nBcc: spy@evil.example";
  mail.references = {"k\r\nBcc: spy@evil.example"};
  mail.extra_fields = {{"X-One", "1\r\nBcc: spy@evil.example"}, {"Bad\r\nBcc", "spy@evil.example"}, {"", "x"}, {"Bcc:", "x"}};
  mail.text = "t\r\n.\r\n\x1b[31m";
  const Message message = read(mail);
  CHECK(is_clean(message.bytes));
  CHECK(message.bcc.empty());
  CHECK_FALSE(message.has_header("Bcc"));
  CHECK(message.bytes.find("\nBcc") == std::string::npos);
  CHECK(message.subject == "x Bcc: spy@evil.example body");
}

TEST_CASE("an attached message keeps its bytes") {
  const std::string ascii = "From: a@b.example\r\nSubject: x\r\n\r\nHello\r\n--=_0\r\n";
  const std::string latin =
      "From: a@b.example\nSubject: \xC3\xA9\n\nGr\xFC\xDF"
      "e\n";
  for (const std::string& original : {ascii, latin}) {
    NewMail mail = sample();
    mail.attached_message = original;
    const Message message = read(mail);
    REQUIRE(message.parts.size() >= 4);
    CHECK(message.parts[0].type == "multipart/mixed");
    CHECK(message.parts[1].type == "text/plain");
    CHECK(message.parts[2].type == "message/rfc822");
    CHECK(message.parts[2].encoding == Encoding::none);
    std::string crlf;
    for (const char c : original) {
      if (c == '\n' && !crlf.ends_with('\r')) crlf += '\r';
      crlf += c;
    }
    CHECK(slice(message.bytes, message.parts[2].body) == crlf);
    const std::string expected = is_ascii(original) ? "7bit" : "8bit";
    CHECK(message.bytes.find(
              "message/rfc822\r\nContent-Disposition: attachment; filename=\"message.eml\"\r\nContent-Transfer-Encoding: " +
              expected) != std::string::npos);
  }
}

TEST_CASE("encodings of short texts") {
  CHECK(encode_base64("") == "");
  CHECK(encode_base64("f") == "Zg==");
  CHECK(encode_base64("fo") == "Zm8=");
  CHECK(encode_base64("foo") == "Zm9v");
  CHECK(encode_quoted_printable("a=b \n.x\nFrom y", "\r\n") == "a=3Db=20\r\n=2Ex\r\n=46rom y");
  CHECK(encode_words("plain") == "plain");
  CHECK(encode_words("=?x?=") == "=?utf-8?B?PT94Pz0=?=");
}

}  // namespace beadle::mail
