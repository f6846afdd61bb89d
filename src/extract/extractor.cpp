#include "extract/extractor.h"

#include <sys/wait.h>

#include <algorithm>
#include <csignal>
#include <cstring>

#include "base/text.h"
#include "extract/child_process.h"
#include "extract/nursery.h"
#include "extract/wire.h"

namespace beadle::extract {
namespace {

Extraction& with_unread(Extraction& extraction, std::string path, Outcome outcome, std::string detail) {
  extraction.unread.push_back({std::move(path), outcome, shortened(detail, limits::document_detail_bytes_max)});
  extraction.outcome = std::max(extraction.outcome, outcome);
  return extraction;
}

Extraction unread_as(std::string_view name, Outcome outcome, std::string detail) {
  Extraction extraction{.outcome = outcome, .kind = "unknown", .passages = {}, .unread = {}};
  return with_unread(extraction, std::string(name), outcome, std::move(detail));
}

std::string signal_text(int number) {
  const char* words = sigdescr_np(number);
  return words == nullptr ? "signal " + std::to_string(number) : std::string(words);
}

struct Ending {
  Outcome outcome = Outcome::crashed;
  std::string detail;
};

// What an answer without its end means. The kernel ends a child that used up its processor time (SIGXCPU, then SIGKILL) or the
// machine's memory.
Ending ending_of(int status) {
  if (WIFSIGNALED(status)) {
    const int number = WTERMSIG(status);
    if (number == SIGXCPU || number == SIGKILL) return {Outcome::limit, "used up its time or memory"};
    return {Outcome::crashed, "the reader ended: " + signal_text(number)};
  }
  return {Outcome::crashed, "the reader ended with code " + std::to_string(WEXITSTATUS(status)) + " in mid-answer"};
}

Ending read_answer(ChildProcess& child, wire::Reader& reader, ChildProcess::Deadline deadline) {
  std::string bytes;
  while (!reader.ended()) {
    switch (child.read_some(bytes, deadline)) {
      case ChildProcess::Read::bytes:
        if (!reader.feed(bytes)) return {Outcome::crashed, "the reader's answer " + reader.problem()};
        break;
      case ChildProcess::Read::end:
        return ending_of(child.wait(deadline));
      case ChildProcess::Read::deadline:
        return {Outcome::limit, "took too long"};
      case ChildProcess::Read::failed:
        return {Outcome::crashed, "the reader's answer cannot be read"};
    }
  }
  if (!reader.failed().empty()) return {Outcome::crashed, "the reader could not start: " + reader.failed()};
  return {Outcome::ok, ""};
}

// A nursery that fails must cost no document; the next one starts it again.
Result<ChildProcess> start_reader(Nursery* nursery, const std::string& program, std::string_view head, std::string_view body) {
  if (nursery != nullptr) {
    Result<ChildProcess> reader = nursery->start(head, body);
    if (reader) return reader;
  }
  return ChildProcess::start(program, head, body);
}

}  // namespace

Extractor::Extractor(ExtractorSettings settings) : settings_(std::move(settings)) {
  if (settings_.nursery) nursery_ = std::make_unique<Nursery>(settings_.program);
}

Extractor::~Extractor() = default;

Extraction Extractor::run(std::string_view bytes, std::string_view file_name, std::int64_t ms_left) const {
  const std::string name = shortened(printable(valid_utf8(file_name)), limits::document_name_bytes_max);
  if (bytes.size() > settings_.document_bytes_max)
    return unread_as(name, Outcome::limit, "larger than any document that is read");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::min(settings_.wall_clock_ms, ms_left));
  auto child = start_reader(nursery_.get(), settings_.program, wire::request_head(settings_.bounds, name, bytes.size()), bytes);
  if (!child) return unread_as(name, Outcome::crashed, child.error().what);
  wire::Reader reader;
  const Ending ending = read_answer(*child, reader, deadline);
  child->kill();
  Extraction extraction = std::move(reader.extraction());
  if (ending.outcome == Outcome::ok) return extraction;
  if (extraction.kind.empty()) extraction.kind = "unknown";
  return with_unread(extraction, reader.reading().empty() ? name : reader.reading(), ending.outcome, ending.detail);
}

}  // namespace beadle::extract
