#include "extract/wire.h"

#include "base/limits.h"
#include "catch.h"

using namespace beadle;
using namespace beadle::extract;

namespace {

std::string answer() {
  std::string out;
  wire::append_reading(out, "papers.zip");
  wire::append_kind(out, "zip");
  wire::append_passage(out, Place::file_name, "papers.zip/a.txt", "a.txt");
  wire::append_passage(out, Place::raw_text, "papers.zip/a.txt", std::string("\xFF\0 bytes", 8));
  wire::append_unread(out, Outcome::encrypted, "papers.zip/b.txt", "needs a password");
  wire::append_unread(out, Outcome::no_text, "papers.zip/c.png", "a picture");
  wire::append_end(out);
  return out;
}

bool takes(const std::string& bytes) { return wire::Reader().feed(bytes); }

std::string frame(char type, const std::string& payload) {
  std::string out(1, type);
  for (int shift = 0; shift < 32; shift += 8) out += static_cast<char>(payload.size() >> shift & 0xFF);
  return out + payload;
}

}  // namespace

TEST_CASE("a request comes back as it was") {
  const Bounds bounds{.memory_bytes = 200u << 20, .text_bytes = 100'000};
  const std::string bytes = wire::request_head(bounds, "minutes.docx", 3) + "abc";
  const auto request = wire::parse_request(bytes);
  REQUIRE(request);
  CHECK(request->bounds == bounds);
  CHECK(request->name == "minutes.docx");
  CHECK(request->document == "abc");
  CHECK_FALSE(wire::parse_request(bytes + "d"));
  CHECK_FALSE(wire::parse_request(bytes.substr(0, bytes.size() - 1)));
  CHECK_FALSE(wire::parse_request(""));
  CHECK_FALSE(wire::parse_request("beadle-extract 1\n" + bytes.substr(17)));
  CHECK_FALSE(wire::parse_request("beadle-extract 2\n" + std::string(16, '\0') + "\xFF\xFF\xFF\xFF"));
  // Nobody is given more than the bounds of base/limits.h.
  const std::string greedy = wire::request_head({.memory_bytes = ~std::size_t{0}, .text_bytes = ~std::size_t{0}}, "a", 0);
  REQUIRE(wire::parse_request(greedy));
  CHECK(wire::parse_request(greedy)->bounds == Bounds{});
}

TEST_CASE("an answer is read whole and in pieces") {
  for (const std::size_t piece : {std::size_t{1}, std::size_t{7}, std::size_t{10'000}}) {
    wire::Reader reader;
    const std::string bytes = answer();
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      CHECK_FALSE(reader.ended());
      REQUIRE(reader.feed(std::string_view(bytes).substr(at, piece)));
    }
    CHECK(reader.ended());
    CHECK(reader.reading() == "papers.zip");
    const Extraction& read = reader.extraction();
    CHECK(read.kind == "zip");
    CHECK(read.outcome == Outcome::encrypted);  // the gravest
    REQUIRE(read.passages.size() == 2);
    CHECK(read.passages[1] == Passage{Place::raw_text, "papers.zip/a.txt", std::string("\xFF\0 bytes", 8)});
    REQUIRE(read.unread.size() == 2);
    CHECK(read.unread[0] == Unread{"papers.zip/b.txt", Outcome::encrypted, "needs a password"});
  }
}

TEST_CASE("a child that was taken over is not believed") {
  CHECK(takes(answer()));
  CHECK_FALSE(takes(answer() + "x"));                         // goes on after its end
  CHECK_FALSE(takes(frame('E', "")));                         // no kind
  CHECK_FALSE(takes(frame('K', "zip") + frame('K', "pdf")));  // two kinds
  CHECK_FALSE(takes(frame('K', "")));
  CHECK_FALSE(takes(frame('K', "zip\n<6>forged log line")));
  CHECK_FALSE(takes(frame('X', "")));
  CHECK_FALSE(takes(frame('P', "")));
  CHECK_FALSE(takes(frame('P', std::string("\x04\xFF\xFF", 3))));                      // a path longer than the frame
  CHECK_FALSE(takes(frame('P', std::string("\x09\0\0text", 7))));                      // no such place
  CHECK_FALSE(takes(frame('P', std::string("\x04\0\0\xFF", 4))));                      // not UTF-8
  CHECK(takes(frame('P', std::string("\x05\0\0\xFF", 4))));                            // but bytes where they are raw
  CHECK_FALSE(takes(frame('U', std::string("\0\0\0fine", 7))));                        // unread, and yet ok
  CHECK_FALSE(takes(frame('U', std::string("\x07\0\0", 3))));                          // no such outcome
  CHECK_FALSE(takes(frame('U', std::string("\x04\0\0", 3) + std::string(500, 'x'))));  // too long a detail
  CHECK_FALSE(takes("P\xFF\xFF\xFF\xFF"));                                             // four gigabytes to come
  CHECK_FALSE(takes(frame('R', std::string(limits::document_path_bytes_max + 1, 'x'))));
}

TEST_CASE("an answer is bounded in frames and in bytes") {
  wire::Reader many;
  std::string bytes;
  wire::append_reading(bytes, "a");
  bool taken = true;
  for (std::size_t i = 0; i <= limits::document_frames_max && taken; ++i) taken = many.feed(bytes);
  CHECK_FALSE(taken);
  CHECK(many.problem() == "has too many frames");

  wire::Reader large;
  bytes.clear();
  wire::append_passage(bytes, Place::body, "a", std::string(limits::document_text_bytes_max, 'x'));
  taken = true;
  for (int i = 0; i < 20 && taken; ++i) taken = large.feed(bytes);
  CHECK(large.problem() == "says too much");
  CHECK_FALSE(large.feed("E"));
}

TEST_CASE("a child that could not start says why, once and printably") {
  wire::Reader reader;
  std::string bytes;
  wire::append_failed(bytes, "no filter\n<0>of calls");
  REQUIRE(reader.feed(bytes));
  CHECK(reader.ended());
  CHECK(reader.failed() == "no filter <0>of calls");
  CHECK(takes(frame('F', "")));
}
