#include "smtp/content_reader.h"

#include <random>
#include <string>

#include "catch.h"

using namespace beadle;
using namespace beadle::smtp;
using Fault = ContentReader::Fault;

namespace {

struct Reading {
  bool ended = false;
  std::size_t used = 0;
  Fault fault = Fault::none;
  std::string content;
};

/// RFC 5321 §4.5.2, said as simply as possible.
Reading plainly_read(const std::string& input) {
  const std::string raw = "\r\n" + input;
  const std::size_t end = raw.find("\r\n.\r\n");
  Reading reading;
  reading.ended = end != std::string::npos;
  if (!reading.ended) return reading;
  reading.used = end + 3;
  for (std::size_t i = 2; i < end + 2; ++i) {
    const bool line_start = raw[i - 1] == '\n' && raw[i - 2] == '\r';
    Fault fault = Fault::none;
    if (raw[i] == '\0') fault = Fault::nul;
    if (raw[i] == '\r' && raw[i + 1] != '\n') fault = Fault::bare_cr;
    if (raw[i] == '\n' && raw[i - 1] != '\r') fault = Fault::bare_lf;
    if (reading.fault == Fault::none) reading.fault = fault;
    if (!line_start || raw[i] != '.') reading.content += raw[i];
  }
  return reading;
}

Reading read_in_pieces(const std::string& input, std::size_t piece) {
  ContentReader reader(1u << 20);
  Reading reading;
  while (!reader.ended() && reading.used < input.size()) {
    const std::string_view next = std::string_view(input).substr(reading.used, piece);
    const std::size_t used = reader.read(next, reading.content);
    CHECK((used == next.size() || reader.ended()));
    reading.used += used;
  }
  reading.ended = reader.ended();
  reading.fault = reader.fault();
  return reading;
}

std::string stuffed(const std::string& content) {
  std::string out;
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (content[i] == '.' && (i == 0 || content[i - 1] == '\n')) out += '.';
    out += content[i];
  }
  return out + ".\r\n";
}

}  // namespace

TEST_CASE("every short input of what matters is read as the standard says") {
  constexpr char alphabet[] = {'\r', '\n', '.', 'x', '\0'};
  std::string input;
  std::size_t ended = 0;
  for (std::size_t size = 1; size <= 8; ++size) {
    std::size_t combinations = 1;
    for (std::size_t i = 0; i < size; ++i) combinations *= sizeof alphabet;
    for (std::size_t number = 0; number < combinations; ++number) {
      input.clear();
      for (std::size_t i = 0, left = number; i < size; ++i, left /= sizeof alphabet) input += alphabet[left % sizeof alphabet];
      const Reading wanted = plainly_read(input);
      ended += wanted.ended ? 1 : 0;
      for (const std::size_t piece : {input.size(), std::size_t{1}, std::size_t{3}}) {
        const Reading got = read_in_pieces(input, piece);
        const bool same =
            got.ended == wanted.ended && (!wanted.ended || (got.used == wanted.used && got.fault == wanted.fault &&
                                                            (got.fault != Fault::none || got.content == wanted.content)));
        if (!same) FAIL_CHECK("input " << number << " of size " << size << " in pieces of " << piece);
      }
    }
  }
  CHECK(ended > 1000);
}

TEST_CASE("what is written with dots stuffed comes back, however it is cut") {
  std::mt19937 random(5321);
  for (int round = 0; round < 50; ++round) {
    std::string content;
    for (std::size_t lines = random() % 400; lines > 0; --lines) {
      content.append(random() % 4, '.');
      content.append(random() % 100, 'x');
      content += "\r\n";
    }
    const std::string input = stuffed(content) + "QUIT\r\n";
    ContentReader reader(content.size());
    std::string got;
    std::size_t used = 0;
    while (!reader.ended() && used < input.size())
      used += reader.read(std::string_view(input).substr(used, 1 + random() % 3000), got);
    CHECK(reader.fault() == Fault::none);
    CHECK(used == input.size() - 6);
    CHECK((got == content));
  }
}

TEST_CASE("more than fits is read to its end, and a bare line end within it still tells") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{1000}}) {
    const auto fault = [&](std::uint64_t most, const std::string& input) {
      ContentReader reader(most);
      std::string content;
      std::size_t used = 0;
      while (!reader.ended() && used < input.size()) used += reader.read(std::string_view(input).substr(used, piece), content);
      CHECK(reader.ended());
      CHECK(content.size() <= most);
      return reader.fault();
    };
    CHECK(fault(6, "1234\r\n.\r\n") == Fault::none);
    CHECK(fault(5, "1234\r\n.\r\n") == Fault::too_large);
    CHECK(fault(6, "..123\r\n.\r\n") == Fault::none);
    CHECK(fault(5, "1234\r\n5678\n\r\n.\r\n") == Fault::bare_lf);
    CHECK(fault(5, "1\n34\r\n5678\r\n.\r\n") == Fault::bare_lf);
    CHECK(fault(1, ".\r\n") == Fault::none);
  }
}
