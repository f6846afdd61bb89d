// Recipients of an envelope as they are gathered from a copy: each address once, in whatever spelling, and no more than an envelope may have.
#pragma once

#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "base/limits.h"
#include "people/address.h"

namespace beadle::imap {

class Recipients {
 public:
  explicit Recipients(std::vector<std::string>& out) : out_(out) {}

  void add(std::string_view address) {
    if (out_.size() >= limits::envelope_recipients_max || address.find('@') == std::string_view::npos) return;
    const std::string key = people::address_key(address);
    if (!key.empty() && seen_.insert(key).second) out_.emplace_back(address);
  }

 private:
  std::vector<std::string>& out_;
  std::unordered_set<std::string> seen_;
};

}  // namespace beadle::imap
