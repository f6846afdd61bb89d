// Memory that reading a message of 50 MB takes, the message itself included, as a multiple of its size. Each kind is read by a
// child process of its own, because the most that a process ever had is all that the system tells.
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/limits.h"
#include "mail/message.h"
#include "mails.h"

namespace beadle::bench {
namespace {

constexpr std::size_t size = limits::message_bytes_max - 1000;
constexpr double budget = 3;

/// Adds to a string that has room, so that making the message takes no more memory than the message.
using Fill = std::function<void(std::string&)>;

struct Kind {
  const char* name;
  Fill fill;
};

void fill_up(std::string& out, std::string_view piece) {
  while (out.size() + piece.size() <= size) out += piece;
}

constexpr std::string_view head = "From: a@x.example\r\nTo: b@x.example\r\nSubject: x\r\nMIME-Version: 1.0\r\n";

std::string part(std::string_view fields, std::string_view body) {
  return "--B\r\n" + std::string(fields) + "\r\n\r\n" + std::string(body) + "\r\n";
}

std::vector<Kind> kinds() {
  static const std::string words = made_words(100'000, 1, "\r\n"), base64 = made_base64(100'000, 2);
  static const std::string markup = "<div class=x><p style=\"color:#111\">" + made_words(300, 3, "\r\n") + "</p></div>\r\n";
  const auto body = [](std::string_view fields, std::string_view piece) {
    return [=](std::string& out) {
      out.append(head).append(fields).append("\r\n\r\n");
      fill_up(out, piece);
    };
  };
  return {
      {"one attachment in base64",
       [](std::string& out) {
         out.append(head).append("Content-Type: multipart/mixed; boundary=B\r\n\r\n" +
                                 part("Content-Type: text/plain", "See attached."));
         out += "--B\r\nContent-Type: application/pdf; name=a.pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n";
         fill_up(out, base64);
         out += "\r\n--B--\r\n";
       }},
      {"one text", body("Content-Type: text/plain; charset=utf-8", words)},
      {"one text of one line", body("Content-Type: text/plain; charset=utf-8", "word ")},
      {"one text of short lines", body("Content-Type: text/plain; charset=utf-8", "x\r\n")},
      {"one text in base64", body("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: base64", base64)},
      {"one text in quoted-printable",
       body("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", words)},
      {"escapes in quoted-printable",
       body("Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable", "=C3=A9")},
      {"one text in GB 18030", body("Content-Type: text/plain; charset=gb2312", "\xB0\xA1\xB0\xA2\r\n")},
      {"one HTML", body("Content-Type: text/html; charset=utf-8", markup)},
      {"HTML of nothing but tags", body("Content-Type: text/html; charset=utf-8", "<b>x</b>")},
      {"quotations in HTML", body("Content-Type: text/html; charset=utf-8", "<blockquote type=cite>x</blockquote>y")},
      {"parts of 50 kB",
       [](std::string& out) {
         out.append(head).append("Content-Type: multipart/mixed; boundary=B\r\n\r\n");
         fill_up(out, part("Content-Type: text/plain", std::string_view(words).substr(0, 52'000)));
         out += "--B--\r\n";
       }},
      {"tiny parts",
       [](std::string& out) {
         out.append(head).append("Content-Type: multipart/mixed; boundary=B\r\n\r\n");
         fill_up(out, "--B\r\n\r\nx\r\n");
         out += "--B--\r\n";
       }},
      {"header fields",
       [](std::string& out) {
         out.append(head);
         fill_up(out, "X-A: b\r\n");
       }},
      {"an encoded message",
       [](std::string& out) {
         out.append(head).append("Content-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n");
         fill_up(out, base64);
       }},
      {"a uuencoded file", body("Content-Type: text/plain", "begin 644 x\r\nM" + std::string(60, '8') + "\r\nend\r\n")},
  };
}

double peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

// In the child: gives 1 where it took too much.
int read_one(const Kind& kind) {
  std::string bytes;
  bytes.reserve(limits::message_bytes_max);
  kind.fill(bytes);
  const double message = static_cast<double>(bytes.size()) / (1 << 20), bare = peak_megabytes() - message;
  const auto begin = std::chrono::steady_clock::now();
  const mail::Message read = mail::parse_message(std::move(bytes));
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const double times = (peak_megabytes() - bare) / message;
  std::printf("%-32s %8.0f MB %8.2f × %9.2f s%s\n", kind.name, message, times, seconds, times > budget ? "  over budget" : "");
  std::fflush(stdout);
  return times > budget ? 1 : 0;
}

}  // namespace
}  // namespace beadle::bench

int main() {
  using namespace beadle::bench;
  bool good = true;
  for (const Kind& kind : kinds()) {
    const pid_t child = fork();
    if (child == 0) _exit(read_one(kind));
    int status = 0;
    good = child > 0 && waitpid(child, &status, 0) == child && status == 0 && good;
  }
  return good ? 0 : 1;
}
