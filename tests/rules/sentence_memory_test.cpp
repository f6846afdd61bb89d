#include "rules/sentence_memory.h"

#include <atomic>
#include <thread>

#include "base/limits.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::shared_ptr<const JudgedSentence> judged(int points) {
  auto out = std::make_shared<JudgedSentence>();
  out->weighed.push_back({0, points});
  return out;
}

}  // namespace

TEST_CASE("a sentence is remembered until it is forgotten") {
  SentenceMemory memory;
  CHECK(memory.find("one") == nullptr);
  memory.keep("one", judged(1));
  REQUIRE(memory.find("one"));
  CHECK(memory.find("one")->weighed[0].points == 1);
  CHECK(memory.find("One") == nullptr);
  memory.clear();
  CHECK(memory.find("one") == nullptr);
}

TEST_CASE("what is met again outlasts what is not, and there is an end to remembering") {
  SentenceMemory memory;
  memory.keep("met again", judged(1));
  memory.keep("met once", judged(2));
  for (std::size_t i = 0; i < 4 * limits::remembered_sentences_max; ++i) {
    memory.keep("sentence " + std::to_string(i), judged(0));
    CHECK(memory.find("met again"));
  }
  CHECK(memory.find("met once") == nullptr);
  std::size_t left = 0;
  for (std::size_t i = 0; i < 4 * limits::remembered_sentences_max; ++i) left += memory.find("sentence " + std::to_string(i)) ? 1 : 0;
  CHECK(left <= limits::remembered_sentences_max);
  CHECK(left > 0);
}

TEST_CASE("very long sentences are not remembered") {
  SentenceMemory memory;
  const std::string text(limits::remembered_sentence_bytes_max + 1, 'x');
  memory.keep(text, judged(1));
  CHECK(memory.find(text) == nullptr);
}

TEST_CASE("several threads remember at once") {
  SentenceMemory memory;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3000; ++i) {
        const std::string sentence = "sentence " + std::to_string(i % 700);
        memory.keep(sentence, judged(i % 700));
        const auto found = memory.find(sentence);
        if (found && found->weighed[0].points != i % 700) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

}  // namespace beadle::rules
