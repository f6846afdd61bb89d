// What winmail.dat (TNEF) and .msg files have in common: properties of an Outlook message ([MS-OXPROPS]), and what becomes of
// them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "extract/child/document.h"

namespace beadle::extract {

namespace mapi {
inline constexpr std::uint32_t subject = 0x0037;
inline constexpr std::uint32_t transport_headers = 0x007D;
inline constexpr std::uint32_t sender_name = 0x0C1A;
inline constexpr std::uint32_t sender_address = 0x0C1F;
inline constexpr std::uint32_t display_cc = 0x0E03;
inline constexpr std::uint32_t display_to = 0x0E04;
inline constexpr std::uint32_t body = 0x1000;
inline constexpr std::uint32_t rtf_compressed = 0x1009;
inline constexpr std::uint32_t html = 0x1013;
inline constexpr std::uint32_t attach_data = 0x3701;
inline constexpr std::uint32_t attach_file_name = 0x3704;
inline constexpr std::uint32_t attach_long_file_name = 0x3707;
inline constexpr std::uint32_t internet_code_page = 0x3FDE;
}  // namespace mapi

/// A message as Outlook keeps it; texts are UTF-8, the others raw.
struct OutlookMessage {
  std::string headers;  // as they came by SMTP; may be empty
  std::string sender;
  std::string to;
  std::string cc;
  std::string subject;
  std::string body;
  std::string html;
  std::string rtf_compressed;
};

/// The message as a mail (raw_message), so that it is told apart like any other; HTML and RTF bodies as passages of their own.
void add_outlook_message(Document& document, const OutlookMessage& message);

/// LZFu ([MS-OXRTFCP]) → RTF; empty where it is broken. `cut` tells whether it ended early.
std::string inflate_rtf(std::string_view compressed, bool& cut);

}  // namespace beadle::extract
