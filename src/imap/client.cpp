#include "imap/client.h"

#include <algorithm>
#include <array>
#include <utility>

namespace beadle::imap {
namespace {

constexpr std::size_t piece_bytes = 16u << 10;  // a TLS record

}  // namespace

Error Client::refusal(const Completed& done) {
  const bool no = done.status == Completed::Status::no;
  return {no ? ErrorKind::refused : ErrorKind::bad_data, std::string("the mail server says ") + (no ? "NO: " : "BAD: ") + done.words};
}

Result<void> Client::converse(std::int64_t timeout_ms, const std::function<Result<void>(Event&&)>& take) {
  net::Deadline deadline = net::after_ms(timeout_ms);
  std::array<char, piece_bytes> piece;
  while (true) {
    while (auto event = machine_.next_event()) {
      if (const auto* done = std::get_if<Completed>(&*event)) {
        if (done->status != Completed::Status::ok) return refusal(*done);
        return {};
      }
      if (const auto* bye = std::get_if<Bye>(&*event)) return Error{ErrorKind::try_later, "the mail server ends the conversation: " + bye->words};
      if (!take) continue;
      const auto before = std::chrono::steady_clock::now();
      TRY(take(std::move(*event)));
      deadline += std::chrono::steady_clock::now() - before;
    }
    if (!machine_.problem().empty()) return Error{ErrorKind::bad_data, machine_.problem()};
    TRY(transport_.send(machine_.take_output(), deadline));
    const std::size_t count = TRY(transport_.receive(piece.data(), piece.size(), deadline));
    if (count == 0) return Error{ErrorKind::try_later, "the mail server has hung up"};
    machine_.feed({piece.data(), count});
  }
}

Result<void> Client::begin() {
  machine_.ask_capabilities();
  return converse(command_timeout_ms, nullptr);
}

Result<std::vector<Folder>> Client::folders() {
  std::vector<Folder> found;
  machine_.list_folders();
  TRY(converse(command_timeout_ms, [&](Event&& event) -> Result<void> {
    if (auto* folder = std::get_if<Folder>(&event)) found.push_back(std::move(*folder));
    return {};
  }));
  return found;
}

Result<FolderState> Client::examine(std::string_view folder) {
  machine_.open_folder(folder, true);
  TRY(converse(command_timeout_ms, nullptr));
  return machine_.folder();
}

Result<std::vector<std::uint32_t>> Client::search(std::uint32_t first, std::uint32_t last) {
  std::vector<std::uint32_t> uids;
  machine_.search(first, last);
  TRY(converse(command_timeout_ms, [&](Event&& event) -> Result<void> {
    if (const auto* found = std::get_if<Found>(&event)) uids.insert(uids.end(), found->uids.begin(), found->uids.end());
    return {};
  }));
  std::sort(uids.begin(), uids.end());
  if (std::adjacent_find(uids.begin(), uids.end()) != uids.end()) return Error{ErrorKind::bad_data, "the mail server sent the number of a message twice"};
  return uids;
}

Result<void> Client::search_on(std::uint32_t first, const TakeFound& take) {
  const FolderState state = machine_.folder();
  if (state.uid_next == 0) return Error{ErrorKind::bad_data, "the mail server gives no UIDNEXT, so nobody can tell where new mail begins"};
  const std::uint32_t last = state.uid_next - 1;
  while (state.exists > 0 && first <= last) {
    // In a smaller folder no search finds more than a search may, however far its numbers reach.
    const bool at_once = state.exists <= search_uids_max / 2 || last - first < search_uids_max;
    const std::uint32_t until = at_once ? last : first + static_cast<std::uint32_t>(search_uids_max) - 1;
    if (!TRY(take(TRY(search(first, until)), until)) || until == last) return {};
    first = until + 1;
  }
  return {};
}

namespace {

std::function<Result<void>(Event&&)> items_to(const Client::Take& take) {
  return [&take](Event&& event) -> Result<void> {
    if (auto* item = std::get_if<Item>(&event)) return take(std::move(*item));
    return {};
  };
}

}  // namespace

Result<void> Client::summaries(const std::vector<std::uint32_t>& uids, const Take& take) {
  machine_.fetch_summaries(uids);
  return converse(fetch_timeout_ms, items_to(take));
}

Result<void> Client::headers(const std::vector<std::uint32_t>& uids, std::size_t most, const Take& take) {
  machine_.fetch_headers(uids, most);
  return converse(fetch_timeout_ms, items_to(take));
}

Result<void> Client::bodies(const std::vector<std::uint32_t>& uids, const Take& take, std::size_t most) {
  machine_.fetch_bodies(uids, most);
  return converse(fetch_timeout_ms, items_to(take));
}

void Client::log_out() {
  if (machine_.busy() || !machine_.problem().empty()) return;
  machine_.log_out();
  (void)converse(logout_timeout_ms, nullptr);
}

}  // namespace beadle::imap
