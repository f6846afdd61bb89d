// A value or the reason why there is none: for failures of the world (files, sockets, databases, settings).
// Strange mail is not an error but a mail::Defect; our own mistakes are CHECKs (base/check.h).
// Has the names of std::expected, so that it can become an alias of it with C++23.
#pragma once

#include <string>
#include <utility>
#include <variant>

#include "base/check.h"

namespace beadle {

/// What kind of failure it is decides what is answered: a mail server is told to try again, a user what to mend.
enum class ErrorKind {
  try_later,     // full disk, locked database, next hop away: 451 at a door, exit 75
  refused,       // the other side said no for good, or a state forbids the act
  bad_settings,  // configuration, roster: exit 78
  bad_rule,      // rule pack or lexicon: exit 78
  bad_data,      // input that cannot be used: exit 65
  not_found,     // no such file or held message: exit 66
  usage,         // called the wrong way: exit 64
};

struct Error {
  ErrorKind kind = ErrorKind::try_later;
  std::string what;
};

/// The same error with what we were doing in front: `opening store: disk full`.
inline Error in_context(std::string_view doing, Error error) {
  error.what.insert(0, std::string(doing) + ": ");
  return error;
}

template <class T>
class [[nodiscard]] Result {
 public:
  Result(T value) : content_(std::in_place_index<0>, std::move(value)) {}    // NOLINT: implicit by design
  Result(Error error) : content_(std::in_place_index<1>, std::move(error)) {}  // NOLINT

  bool has_value() const { return content_.index() == 0; }
  explicit operator bool() const { return has_value(); }

  T& value() & {
    CHECK(has_value());
    return std::get<0>(content_);
  }
  const T& value() const& {
    CHECK(has_value());
    return std::get<0>(content_);
  }
  T&& value() && {
    CHECK(has_value());
    return std::get<0>(std::move(content_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(*this).value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  const Error& error() const {
    CHECK(!has_value());
    return std::get<1>(content_);
  }

 private:
  std::variant<T, Error> content_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT: implicit by design

  bool has_value() const { return !failed_; }
  explicit operator bool() const { return has_value(); }
  void value() const { CHECK(has_value()); }
  const Error& error() const {
    CHECK(failed_);
    return error_;
  }

 private:
  Error error_;
  bool failed_ = false;
};

}  // namespace beadle

#define BEADLE_JOIN_(a, b) a##b
#define BEADLE_JOIN(a, b) BEADLE_JOIN_(a, b)

/// Gives the value of `expression` (a Result), or returns its error from the nearest function or lambda.
#define TRY(expression) BEADLE_TRY_(expression, BEADLE_JOIN(beadle_try_, __COUNTER__))
#define BEADLE_TRY_(expression, name)       \
  __extension__({                           \
    auto name = (expression);               \
    if (!name.has_value()) return name.error(); \
    std::move(name).value();                \
  })
