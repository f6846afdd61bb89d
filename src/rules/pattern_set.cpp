#include "rules/pattern_set.h"

#include <deque>
#include <mutex>
#include <unordered_map>

#include <re2/re2.h>
#include <re2/set.h>

#include "base/check.h"

namespace beadle::rules {
namespace {

RE2::Options options(std::int64_t memory_bytes_max) {
  RE2::Options out;
  out.set_case_sensitive(false);
  out.set_log_errors(false);
  out.set_never_capture(true);
  out.set_max_mem(memory_bytes_max);
  return out;
}

/// A pattern by itself, compiled by the first thread that needs it.
struct Single {
  std::string expression;
  std::once_flag once;
  std::unique_ptr<RE2> compiled;
};

}  // namespace

std::string expression_mistake(std::string_view expression) {
  // Adding to a set reads the expression without compiling it, which takes far longer.
  static constexpr std::int64_t reading_bytes = 1 << 20;
  RE2::Set reader(options(reading_bytes), RE2::UNANCHORED);
  std::string mistake;
  return reader.Add(expression, &mistake) < 0 ? mistake : "";
}

struct PatternSet::Content {
  explicit Content(std::int64_t bytes_max) : memory_bytes_max(bytes_max), set(options(bytes_max), RE2::UNANCHORED) {}

  std::int64_t memory_bytes_max;
  RE2::Set set;
  bool compiled = false;
  std::unordered_map<std::string, std::size_t> index;
  mutable std::deque<Single> singles;

  const RE2& single(std::size_t pattern) const {
    Single& one = singles[pattern];
    // What fits into the set fits by itself, so the same bound cannot fail here.
    std::call_once(one.once, [&] { one.compiled = std::make_unique<RE2>(one.expression, options(memory_bytes_max)); });
    return *one.compiled;
  }
};

PatternSet::PatternSet(std::int64_t memory_bytes_max) : content_(std::make_unique<Content>(memory_bytes_max)) {}
PatternSet::~PatternSet() = default;

std::size_t PatternSet::add(const std::string& expression) {
  CHECK(!content_->compiled);
  const auto [place, is_new] = content_->index.try_emplace(expression, content_->singles.size());
  if (is_new) {
    std::string mistake;
    CHECK(content_->set.Add(expression, &mistake) == static_cast<int>(place->second));
    content_->singles.emplace_back().expression = expression;
  }
  return place->second;
}

bool PatternSet::compile() {
  content_->compiled = content_->set.Compile();
  return content_->compiled;
}

std::size_t PatternSet::size() const { return content_->singles.size(); }

Result<void> PatternSet::match(std::string_view line, std::vector<int>& found) const {
  CHECK(content_->compiled);
  RE2::Set::ErrorInfo error{};
  if (content_->set.Match(line, &found, &error)) return {};
  found.clear();
  if (error.kind == RE2::Set::kNoError) return {};
  // The automaton of all patterns did not fit. One by one takes long, but a pattern by itself needs no automaton.
  for (std::size_t i = 0; i < content_->singles.size(); ++i) {
    const RE2& single = content_->single(i);
    if (!single.ok()) return Error{ErrorKind::try_later, "the pattern matcher is out of memory: " + single.error()};
    if (RE2::PartialMatch(line, single)) found.push_back(static_cast<int>(i));
  }
  return {};
}

}  // namespace beadle::rules
