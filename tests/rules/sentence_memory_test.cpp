#include "rules/sentence_memory.h"

#include <atomic>
#include <thread>

#include "base/limits.h"

#include "catch.h"

namespace beadle::rules {
namespace {

std::shared_ptr<const JudgedSentence> found(SentenceMemory& memory, std::string_view sentence) { return memory.find(memory.hash_of(sentence)); }

std::shared_ptr<const JudgedSentence> judged(int points) {
  auto out = std::make_shared<JudgedSentence>();
  out->weighed.push_back({0, points});
  return out;
}

}  // namespace

TEST_CASE("a sentence is remembered until it is forgotten") {
  SentenceMemory memory;
  CHECK(found(memory, "one") == nullptr);
  memory.keep(memory.hash_of("one"), judged(1));
  REQUIRE(found(memory, "one"));
  CHECK(found(memory, "one")->weighed[0].points == 1);
  CHECK(found(memory, "One") == nullptr);
  memory.clear();
  CHECK(found(memory, "one") == nullptr);
}

TEST_CASE("what is met again outlasts what is not, and there is an end to remembering") {
  SentenceMemory memory;
  memory.keep(memory.hash_of("met again"), judged(1));
  memory.keep(memory.hash_of("met once"), judged(2));
  for (std::size_t i = 0; i < 4 * limits::remembered_sentences_max; ++i) {
    memory.keep(memory.hash_of("sentence " + std::to_string(i)), judged(0));
    CHECK(found(memory, "met again"));
  }
  CHECK(found(memory, "met once") == nullptr);
  std::size_t left = 0;
  for (std::size_t i = 0; i < 4 * limits::remembered_sentences_max; ++i) left += found(memory, "sentence " + std::to_string(i)) ? 1 : 0;
  CHECK(left <= limits::remembered_sentences_max);
  CHECK(left > 0);
}

TEST_CASE("a sentence that does very many things is not remembered") {
  SentenceMemory memory;
  JudgedSentence much;
  much.asked.resize(limits::remembered_findings_max - 1);
  much.weighed.resize(1);
  memory.keep(memory.hash_of("much"), std::make_shared<const JudgedSentence>(much));
  CHECK(found(memory, "much"));
  much.weighed.resize(2);
  memory.keep(memory.hash_of("more"), std::make_shared<const JudgedSentence>(much));
  CHECK(found(memory, "more") == nullptr);
}

TEST_CASE("sentences that do much leave room for fewer") {
  SentenceMemory memory;
  JudgedSentence much;
  much.asked.resize(limits::remembered_findings_max / 2 + 1);
  const auto kept = std::make_shared<const JudgedSentence>(much);
  for (std::size_t i = 0; i < limits::remembered_sentences_max; ++i) memory.keep(memory.hash_of(std::to_string(i)), kept);
  std::size_t known = 0;
  for (std::size_t i = 0; i < limits::remembered_sentences_max; ++i) known += found(memory, std::to_string(i)) ? 1 : 0;
  // One of the eight at each place, and nearly every place has been met.
  CHECK(known <= limits::remembered_sentences_max / 8);
  CHECK(known > limits::remembered_sentences_max / 10);
  CHECK(found(memory, std::to_string(limits::remembered_sentences_max - 1)));
}

TEST_CASE("several threads remember at once") {
  SentenceMemory memory;
  std::atomic<int> wrong{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 3000; ++i) {
        const std::string sentence = "sentence " + std::to_string(i % 700);
        memory.keep(memory.hash_of(sentence), judged(i % 700));
        const auto known = found(memory, sentence);
        if (known && known->weighed[0].points != i % 700) ++wrong;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  CHECK(wrong == 0);
}

}  // namespace beadle::rules
