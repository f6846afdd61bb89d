// Calls that change a mailbox, or wait for it to change (client.h).
#include <algorithm>
#include <array>
#include <utility>

#include "imap/client.h"

namespace beadle::imap {
namespace {

// How soon IDLE notices that it is wanted elsewhere.
constexpr std::int64_t idle_slice_ms = 1'500;

}  // namespace

Result<Namespace> Client::own_namespace() {
  Namespace own;
  if (!machine_.capabilities().has("NAMESPACE") && !machine_.capabilities().has("IMAP4REV2")) return own;
  machine_.ask_namespaces();
  TRY(converse(command_timeout_ms, [&](Event&& event) -> Result<void> {
    if (auto* all = std::get_if<Namespaces>(&event); all != nullptr && !all->own.empty()) own = std::move(all->own.front());
    return {};
  }));
  return own;
}

Result<FolderState> Client::select(std::string_view folder) {
  machine_.open_folder(folder, false);
  TRY(converse(command_timeout_ms, nullptr));
  return machine_.folder();
}

Result<void> Client::fields(const std::vector<std::uint32_t>& uids, std::string_view names, const Take& take) {
  machine_.fetch_fields(uids, names);
  return converse(fetch_timeout_ms, [&](Event&& event) -> Result<void> {
    if (auto* item = std::get_if<Item>(&event)) return take(std::move(*item));
    return {};
  });
}

Result<bool> Client::has_message_id(std::string_view id) {
  bool found = false;
  machine_.search_message_id(id);
  TRY(converse(command_timeout_ms, [&](Event&& event) -> Result<void> {
    if (const auto* uids = std::get_if<Found>(&event)) found = found || !uids->uids.empty();
    return {};
  }));
  return found;
}

Result<void> Client::create(std::string_view folder) {
  machine_.create(folder);
  TRY(converse(command_timeout_ms, nullptr));
  machine_.subscribe(folder);
  const auto subscribed = converse(command_timeout_ms, nullptr);
  // Not every server keeps a list of them.
  if (!subscribed && subscribed.error().kind != ErrorKind::refused) return subscribed.error();
  return {};
}

Result<void> Client::append(std::string_view folder, const std::vector<std::string>& flags, Time received,
                            std::string_view bytes) {
  CHECK(bytes.find('\0') == std::string_view::npos);
  machine_.append(folder, flags, received, bytes);
  return converse(fetch_timeout_ms, nullptr);
}

Result<void> Client::move(const std::vector<std::uint32_t>& uids, std::string_view folder) {
  if (!machine_.move(uids, folder)) return Error{ErrorKind::refused, "the mail server offers neither MOVE nor UIDPLUS"};
  return converse(fetch_timeout_ms, nullptr);
}

Result<void> Client::remove(const std::vector<std::uint32_t>& uids) {
  if (!machine_.remove(uids)) return Error{ErrorKind::refused, "the mail server offers no UIDPLUS"};
  return converse(command_timeout_ms, nullptr);
}

Result<void> Client::add_flag(const std::vector<std::uint32_t>& uids, std::string_view flag) {
  machine_.add_flag(uids, flag);
  return converse(command_timeout_ms, nullptr);
}

Result<bool> Client::idle(net::Deadline until, const std::function<bool()>& woken) {
  if (!machine_.idle()) return false;
  const auto now = [] { return std::chrono::steady_clock::now(); };
  net::Deadline answer = net::after_ms(command_timeout_ms);
  bool idling = false, enough = false, ending = false;
  std::array<char, 4096> piece;
  while (true) {
    while (auto event = machine_.next_event()) {
      if (const auto* done = std::get_if<Completed>(&*event))
        return done->status == Completed::Status::ok ? Result<bool>(true) : refusal(*done);
      if (const auto* bye = std::get_if<Bye>(&*event))
        return Error{ErrorKind::try_later, "the mail server ends the conversation: " + bye->words};
      idling = idling || std::holds_alternative<Idling>(*event);
      enough = enough || std::holds_alternative<Changed>(*event);
    }
    if (!machine_.problem().empty()) return Error{ErrorKind::bad_data, machine_.problem()};
    if (idling && !ending && (enough || now() >= until || woken())) {
      machine_.end_idle();
      ending = true;
      answer = net::after_ms(command_timeout_ms);
    }
    TRY(transport_.send(machine_.take_output(), answer));
    const bool waits = idling && !ending;
    const net::Deadline deadline = waits ? std::min(until, net::after_ms(idle_slice_ms)) : answer;
    const auto count = transport_.receive(piece.data(), piece.size(), deadline);
    if (!count && waits && now() >= deadline) continue;  // nothing was said: the usual case
    if (!count) return count.error();
    if (*count == 0) return Error{ErrorKind::try_later, "the mail server has hung up"};
    machine_.feed({piece.data(), *count});
  }
}

}  // namespace beadle::imap
