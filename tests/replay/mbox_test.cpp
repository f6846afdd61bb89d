// How an mbox is cut: by "From " lines that are ones, the same in whatever pieces it is read.
#include "replay/mbox.h"

#include "catch.h"

namespace beadle::replay {
namespace {

struct Cut {
  std::vector<std::string> messages;
  std::uint64_t before_first = 0;
};

Cut cut(const std::string& file, std::size_t piece) {
  Cut out;
  MboxSplitter splitter([&](std::uint64_t begin, std::uint64_t end) { out.messages.push_back(file.substr(begin, end - begin)); });
  for (std::size_t at = 0; at < file.size(); at += piece) splitter.feed(std::string_view(file).substr(at, piece));
  splitter.finish();
  out.before_first = splitter.before_first();
  return out;
}

std::vector<std::string> messages_of(const std::string& file) {
  const Cut whole = cut(file, file.size() + 1);
  for (std::size_t piece = 1; piece < 80; ++piece) {
    INFO(piece);
    CHECK(cut(file, piece).messages == whole.messages);
    CHECK(cut(file, piece).before_first == whole.before_first);
  }
  return whole.messages;
}

using Messages = std::vector<std::string>;
const std::string line = "From clerk@council.example Mon Nov 23 10:00:00 2026\n";

}  // namespace

TEST_CASE("an mbox is cut into its messages") {
  CHECK(messages_of("").empty());
  CHECK(messages_of(line + "A: 1\n\none\n\n" + line + "A: 2\n\ntwo\n\n") == Messages{"A: 1\n\none\n", "A: 2\n\ntwo\n"});
  CHECK(messages_of(line + "A: 1\n\none") == Messages{"A: 1\n\none"});
  CHECK(messages_of(line + "A: 1\n\none\n" + line + "A: 2\n") == Messages{"A: 1\n\none\n", "A: 2\n"});
  CHECK(messages_of(line + line + "A: 2\n") == Messages{"", "A: 2\n"});
  CHECK(messages_of(line) == Messages{""});
  // Only the line before the next message belongs to the mbox.
  CHECK(messages_of(line + "A: 1\n\none\n\n\n\n" + line + "A: 2\n") == Messages{"A: 1\n\none\n\n\n", "A: 2\n"});
}

TEST_CASE("line ends of another system are kept") {
  CHECK(messages_of("From - Mon Nov 23 10:00:00 2026\r\nA: 1\r\n\r\none\r\n\r\nFrom - Mon Nov 23 10:00:00 2026\r\nA: 2\r\n\r\ntwo\r\n") ==
        Messages{"A: 1\r\n\r\none\r\n", "A: 2\r\n\r\ntwo\r\n"});
}

TEST_CASE("a sentence that begins with From begins no message") {
  const std::string sentence = line + "A: 1\n\nDear all\n\nFrom the beginning we said so.\n\nFrom 2026 on, too.\n";
  CHECK(messages_of(sentence).size() == 1);
  CHECK(messages_of(line + "A: 1\n\n>" + line + "quoted\n").size() == 1);
  // With a time, but without an empty line before it and without a whole date.
  CHECK(messages_of(line + "A: 1\n\nWe meet\nFrom 10:00 to 12:00.\n").size() == 1);
  // After an empty line a time is enough: what programs write there differs.
  CHECK(messages_of(line + "A: 1\n\none\n\nFrom MAILER-DAEMON 2026-11-23T10:00:00Z\nA: 2\n").size() == 2);
}

TEST_CASE("junk before the first message is counted and is none") {
  const Cut found = cut(std::string("\0\x01\x02 junk\n\n", 10) + line + "A: 1\n", 3);
  CHECK(found.messages == Messages{"A: 1\n"});
  CHECK(found.before_first == 8);
  CHECK(cut(std::string(100'000, 'x'), 997).messages.empty());
  CHECK(cut(std::string(100'000, 'x'), 997).before_first == 100'000);
}

TEST_CASE("quoted lines lose one mark") {
  CHECK(unquoted("a\n>From b\n>>From c\n> From d\n>Fromage\nx >From y\n") == "a\nFrom b\n>From c\n> From d\n>Fromage\nx >From y\n");
  CHECK(unquoted(">From here") == "From here");
  CHECK(unquoted("") == "");
}

}  // namespace beadle::replay
