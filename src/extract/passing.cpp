#include "extract/passing.h"

#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace beadle::extract {
namespace {

using Pair = std::array<int, 2>;

/// One byte, with room for two descriptors. Stays where it is: the header points into it.
struct Packet {
  char byte = 'D';
  iovec data{&byte, 1};
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(Pair))> control{};
  msghdr header{};

  Packet() {
    header.msg_iov = &data;
    header.msg_iovlen = 1;
    header.msg_control = control.data();
    header.msg_controllen = control.size();
  }
  Packet(const Packet&) = delete;
  Packet& operator=(const Packet&) = delete;
};

}  // namespace

bool pass_descriptors(int socket, const Pair& numbers) {
  Packet packet;
  cmsghdr* rights = CMSG_FIRSTHDR(&packet.header);
  rights->cmsg_level = SOL_SOCKET;
  rights->cmsg_type = SCM_RIGHTS;
  rights->cmsg_len = CMSG_LEN(sizeof numbers);
  std::memcpy(CMSG_DATA(rights), numbers.data(), sizeof numbers);
  ssize_t sent = 0;
  do {
    sent = sendmsg(socket, &packet.header, MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return sent == 1;
}

std::optional<Pair> take_descriptors(int socket) {
  Packet packet;
  ssize_t got = 0;
  do {
    got = recvmsg(socket, &packet.header, MSG_CMSG_CLOEXEC);
  } while (got < 0 && errno == EINTR);
  const cmsghdr* rights = got == 1 ? CMSG_FIRSTHDR(&packet.header) : nullptr;
  if (rights == nullptr || rights->cmsg_type != SCM_RIGHTS || rights->cmsg_len != CMSG_LEN(sizeof(Pair))) return std::nullopt;
  Pair numbers{};
  std::memcpy(numbers.data(), CMSG_DATA(rights), sizeof numbers);
  return numbers;
}

}  // namespace beadle::extract
