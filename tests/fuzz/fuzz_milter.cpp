// Any bytes as a mail server: never a crash, never more kept than was sent, and the same replies whether they come at once or in
// pieces. The first byte says how intake answers and how large the pieces are.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/log.h"
#include "milter/session.h"

namespace {

using namespace beadle;

intake::Answer answer_to(const intake::Arrival& arrival, unsigned choice) {
  intake::Answer answer;
  answer.reply = arrival.queue_id;
  if (choice % 4 == 1) answer.kind = intake::Answer::Kind::held;
  if (choice % 4 >= 2) {
    answer.kind = intake::Answer::Kind::accept;
    answer.add_fields = {{"Beadle-Id", arrival.client}};
    answer.remove_fields = {"beadle-id", arrival.envelope.sender};
  }
  if (choice % 4 == 3) answer.edited = arrival.bytes + "CC\r\n";
  return answer;
}

struct Heard {
  std::string said;
  std::string problem;
  std::size_t arrivals = 0;
};

Heard play(std::string_view input, std::size_t piece, unsigned choice) {
  milter::Session session;
  Heard heard;
  std::size_t fed = 0;
  for (bool open = true; open && fed < input.size();) {
    std::string_view next = input.substr(fed, piece);
    fed += next.size();
    while (true) {
      auto step = session.feed(next);
      next = {};
      heard.said += step.replies;
      // A field gains at most three bytes (": " and CRLF for NULs) and each LF one; envelope and header are kept twice at most.
      if (session.bytes_held() > 4 * fed + 64) std::abort();
      if (step.close) {
        heard.problem = step.problem;
        open = false;
      }
      if (!step.arrival) break;
      ++heard.arrivals;
      heard.said += session.answer(answer_to(*step.arrival, choice));
    }
    if (!open && session.bytes_held() != 0) std::abort();
  }
  return heard;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  set_log(LogLevel::error, false);
  const std::string_view input(reinterpret_cast<const char*>(data + 1), size - 1);
  const unsigned choice = data[0];
  const Heard whole = play(input, std::max<std::size_t>(1, input.size()), choice);
  const Heard pieces = play(input, 1 + choice / 4, choice);
  if (whole.said != pieces.said || whole.problem != pieces.problem || whole.arrivals != pieces.arrivals) std::abort();
  // Whatever we say is packets.
  std::string_view said = whole.said;
  std::string problem;
  while (milter::take_packet(said, problem)) {
  }
  if (!said.empty()) std::abort();
  return 0;
}
