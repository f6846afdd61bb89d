#include "replay/journal.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <optional>
#include <utility>

#include <nlohmann/json.hpp>

#include "base/digest.h"

namespace beadle::replay {
namespace {

using nlohmann::json;

constexpr std::string_view format = "beadle-replay 1";
// Lines that wait to be written together: some hundred messages, which are done again if the program is killed.
constexpr std::size_t waiting_bytes_max = 64u << 10;
// A line has findings of one message, and fingerprints: 80 kB for the longest. More is no journal.
constexpr std::size_t line_bytes_max = 16u << 20;
constexpr std::size_t read_bytes = 1u << 20;

std::string to_line(const JournalHead& head) {
  return json{{"state", format}, {"rules", head.rules}, {"sources", head.sources}, {"key", hex(head.key)}}.dump(-1, ' ', false,
                                                                                                               json::error_handler_t::replace);
}

std::string unhexed(std::string_view digits) {
  std::string bytes;
  for (std::size_t i = 0; i + 2 <= digits.size(); i += 2) {
    bytes += static_cast<char>(std::strtol(std::string(digits.substr(i, 2)).c_str(), nullptr, 16));
  }
  return bytes;
}

std::optional<JournalHead> head_from(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (!object.is_object()) return std::nullopt;
  for (const char* key : {"state", "rules", "sources", "key"}) {
    if (!object.contains(key) || !object[key].is_string()) return std::nullopt;
  }
  if (object["state"].get<std::string>() != format) return std::nullopt;
  return JournalHead{object["rules"].get<std::string>(), object["sources"].get<std::string>(), unhexed(object["key"].get<std::string>())};
}

Error failed(const std::string& file, const char* what) { return {ErrorKind::try_later, file + ": " + what + ": " + std::strerror(errno)}; }

struct Content {
  std::optional<JournalHead> head;
  std::uint64_t whole = 0;  // bytes of whole lines
};

/// Line by line, so that a journal of a million messages needs no memory. Goes on behind the head where `wanted` says so. What is no line of ours is
/// passed over: its message is done again.
Result<Content> read_file(const std::string& file, const std::function<bool(const JournalHead&)>& wanted, const std::function<void(Outcome)>& each) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return Error{ErrorKind::not_found, file + ": cannot be read"};
  Content content;
  std::string block(read_bytes, '\0'), rest;
  bool first = true, goes_on = true;
  const auto take = [&](std::string_view line) {
    if (std::exchange(first, false)) {
      content.head = head_from(line);
      goes_on = content.head && wanted(*content.head);
    } else if (goes_on) {
      if (auto outcome = outcome_from(line)) each(std::move(*outcome));
    }
  };
  while (goes_on && rest.size() <= line_bytes_max && (in.read(block.data(), static_cast<std::streamsize>(block.size())) || in.gcount() > 0)) {
    rest.append(block.data(), static_cast<std::size_t>(in.gcount()));
    const std::size_t taken = read_lines(rest, take);
    content.whole += taken;
    rest.erase(0, taken);
  }
  return content;
}

/// Opens `file` for appending, with the lock that keeps other replays away.
Result<int> open_locked(const std::string& file) {
  const int descriptor = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_APPEND, 0600);
  if (descriptor < 0) return failed(file, "cannot be written");
  if (::flock(descriptor, LOCK_EX | LOCK_NB) == 0) return descriptor;
  ::close(descriptor);
  return Error{ErrorKind::refused, file + ": another replay writes it"};
}

}  // namespace

std::size_t read_lines(std::string_view text, const std::function<void(std::string_view)>& each) {
  std::size_t at = 0;
  for (std::size_t end = text.find('\n'); end != std::string_view::npos; end = text.find('\n', at)) {
    each(text.substr(at, end - at));
    at = end + 1;
  }
  return at;
}

Result<JournalHead> Journal::read(const std::string& file, const std::function<void(Outcome)>& each) {
  const Content content = TRY(read_file(file, [](const JournalHead&) { return true; }, each));
  if (!content.head) return Error{ErrorKind::bad_data, file + ": is no state of a replay"};
  return *content.head;
}

Result<Journal> Journal::open(const std::string& file, const JournalHead& wanted, const std::function<void(Outcome)>& each) {
  Journal journal;
  journal.file_ = file;
  journal.head_ = wanted;
  journal.descriptor_ = TRY(open_locked(file));
  const auto is_same = [&](const JournalHead& head) { return head.rules == wanted.rules && head.sources == wanted.sources; };
  Content content = TRY(read_file(file, is_same, each));
  if (!content.head && content.whole > 0) return Error{ErrorKind::bad_data, file + ": is no state of a replay; nothing was changed"};
  if (content.head && is_same(*content.head)) {
    journal.head_ = *content.head;
    journal.begin_ = Begin::continued;
  } else if (content.head) {
    // What was done before is set aside, not thrown away.
    std::error_code error;
    std::filesystem::rename(file, file + ".before", error);
    if (error) return Error{ErrorKind::try_later, file + ": cannot be set aside: " + error.message()};
    ::close(std::exchange(journal.descriptor_, -1));
    journal.descriptor_ = TRY(open_locked(file));
    journal.begin_ = Begin::changed;
    content.whole = 0;
  }
  if (::ftruncate(journal.descriptor_, static_cast<off_t>(content.whole)) != 0) return failed(file, "cannot be written");
  if (content.whole == 0) {
    TRY(journal.add_line(to_line(journal.head_)));
    TRY(journal.flush());
  }
  return journal;
}

Journal::Journal(Journal&& other) noexcept { *this = std::move(other); }

Journal& Journal::operator=(Journal&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  std::swap(file_, other.file_);
  std::swap(waiting_, other.waiting_);
  std::swap(head_, other.head_);
  std::swap(begin_, other.begin_);
  return *this;
}

Journal::~Journal() {
  if (descriptor_ < 0) return;
  (void)flush();
  ::close(descriptor_);
}

Result<void> Journal::add(const Outcome& outcome) { return add_line(replay::to_line(outcome)); }

Result<void> Journal::add_line(std::string_view line) {
  waiting_.append(line).append(1, '\n');
  return waiting_.size() < waiting_bytes_max ? Result<void>() : flush();
}

Result<void> Journal::flush() {
  std::size_t done = 0;
  while (done < waiting_.size()) {
    const ssize_t now = ::write(descriptor_, waiting_.data() + done, waiting_.size() - done);
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) {
      const Error error = failed(file_, "cannot be written");
      waiting_.erase(0, done);
      return error;
    }
    done += static_cast<std::size_t>(now);
  }
  waiting_.clear();
  return {};
}

}  // namespace beadle::replay
