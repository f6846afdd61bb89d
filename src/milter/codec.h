// The packets of the milter protocol: a length of four bytes (network order), one letter, data. Reads what a mail server sends
// and writes what a filter may reply; knows nothing of the order of packets. What is too long or too short is `broken`, never
// guessed at. Numbers and letters as in libmilter's mfdef.h; Postfix: milter/milter8.c.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace beadle::milter {

/// milter v6 SMFIC_*: what the mail server says.
namespace command {
inline constexpr char abort = 'A', body = 'B', connect = 'C', macro = 'D', end_of_body = 'E', helo = 'H',
                      quit_new_connection = 'K', header = 'L', mail = 'M', end_of_header = 'N', negotiate = 'O', quit = 'Q',
                      recipient = 'R', data = 'T', unknown = 'U';
}

/// milter v6 SMFIR_*: what we reply.
namespace reply {
inline constexpr char continue_ = 'c', discard = 'd', skip = 's', reply_code = 'y', replace_body = 'b', add_header = 'h',
                      insert_header = 'i', change_header = 'm';
}

/// milter v6 SMFIF_*: what a filter may do to a message.
namespace actions {
inline constexpr std::uint32_t add_headers = 0x1, change_body = 0x2, change_headers = 0x10, set_macros = 0x100;
}

/// milter v6 SMFIP_*: steps to leave out, and those that get no reply.
namespace steps {
inline constexpr std::uint32_t no_helo = 0x2, no_reply_header = 0x80, no_unknown = 0x100, no_data = 0x200, skip = 0x400,
                               no_reply_connect = 0x1000, no_reply_helo = 0x2000, no_reply_mail = 0x4000,
                               no_reply_recipient = 0x8000, no_reply_data = 0x10000, no_reply_unknown = 0x20000,
                               no_reply_end_of_header = 0x40000, no_reply_body = 0x80000, leading_space = 0x100000;
}

/// milter v6 SMFIM_*: when the mail server is to send a list of macros.
namespace stage {
inline constexpr std::uint32_t mail = 2, end_of_message = 5;
}

struct Packet {
  char command = 0;
  std::string_view data;
};

/// Takes the first packet off `bytes`. nullopt: it is not whole yet, or it never will be and `problem` says why.
std::optional<Packet> take_packet(std::string_view& bytes, std::string& problem);

/// The strings of a packet, each of which ends in NUL; nullopt where the last does not.
std::optional<std::vector<std::string_view>> take_strings(std::string_view data);
std::optional<std::string_view> take_string(std::string_view& data);
std::optional<std::uint32_t> take_uint32(std::string_view& data);

void append_uint32(std::string& out, std::uint32_t number);
/// A packet with `parts` one after the other.
void append_packet(std::string& out, char letter, std::initializer_list<std::string_view> parts = {});
std::string with_nul(std::string_view text);

/// milter v6 SMFIR_REPLYCODE. Printable ASCII without `%` (a format character for mail servers), at most 500 bytes, with a code
/// and an enhanced code of one class (RFC 3463 §2); what has none gets 451 4.3.0.
void append_reply_code(std::string& out, std::string_view text);

}  // namespace beadle::milter
