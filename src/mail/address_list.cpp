// Address fields (header_value.h): the value is cut into tokens once, then read as mailboxes. What the grammar does not explain
// is swept for anything that looks like an address, so that a broken value hides nobody.
#include <algorithm>
#include <unordered_set>

#include "base/limits.h"
#include "base/text.h"
#include "mail/address_tokens.h"
#include "mail/charset.h"
#include "mail/encoded_word.h"
#include "mail/header_value.h"

namespace beadle::mail {
namespace {

using Token = AddressToken;
using TokenKind = AddressTokenKind;

// RFC 5322 §3.2.1: without the backslashes of quoted pairs.
void append_unescaped(std::string& out, std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 1 < text.size()) ++i;
    out += text[i];
  }
}

std::string_view without_apostrophes(std::string_view address) {
  if (address.starts_with('\'')) address.remove_prefix(1);  // Outlook: 'jane@exmouth.example'
  while (address.ends_with('\'') || address.ends_with('.')) address.remove_suffix(1);
  return address;
}

class Reader {
 public:
  Reader(std::string_view text, std::size_t mailboxes_max) : text_(text), mailboxes_max_(mailboxes_max) {}

  AddressList run() {
    AddressTokens cut = cut_addresses(text_);
    tokens_ = std::move(cut.tokens);
    out_.complete = cut.regular;
    for (std::size_t i = 0; i < tokens_.size() && !out_.limit;) i = step(i);
    if (!out_.limit) flush(tokens_.size());
    if (!out_.complete) sweep(text_);
    return std::move(out_);
  }

 private:
  std::size_t step(std::size_t i) {
    const Token& token = tokens_[i];
    if (token.is(',') || token.is(';')) {
      flush(i);
      start_ = i + 1;
      if (token.is(';')) group_.clear();
      behind_angle_ = false;
    } else if (token.is(':')) {
      open_group(i);
    } else if (token.is('<')) {
      return read_angle(i);
    } else if (token.is('>')) {
      out_.complete = false;
    }
    return i + 1;
  }

  void open_group(std::size_t colon) {
    const std::string name = name_of(start_, colon);
    if (has_at(start_, colon)) {
      flush(colon);
      out_.complete = false;
    } else if (!ascii_iequals(name, "mailto")) {
      if (!group_.empty()) out_.complete = false;
      group_ = name;
    }
    start_ = colon + 1;
  }

  bool has_at(std::size_t begin, std::size_t end) const {
    return std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(begin), tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                       [](const Token& token) { return token.is('@'); });
  }

  // Words, and what stands between them, as they are shown; comments only if there is nothing else.
  std::string name_of(std::size_t begin, std::size_t end) const {
    std::string words, comments;
    for (std::size_t i = begin; i < end; ++i) {
      std::string& out = tokens_[i].kind == TokenKind::comment ? comments : words;
      if (tokens_[i].blank_before && !out.empty()) out += ' ';
      if (tokens_[i].kind == TokenKind::quoted || tokens_[i].kind == TokenKind::comment) {
        append_unescaped(out, tokens_[i].text);
      } else {
        out += tokens_[i].text;
      }
    }
    return decode_header(words.empty() ? comments : words);
  }

  bool is_comment(std::size_t i) const { return tokens_[i].kind == TokenKind::comment; }

  // First token of the local part that ends before `at`, not before `begin`: words joined by dots, with blanks and comments
  // between (RFC 5322 §4.4). `at` where there is none.
  std::size_t local_begin(std::size_t begin, std::size_t at) const {
    std::size_t first = at;
    for (std::size_t i = at; i > begin; --i) {
      const Token& token = tokens_[i - 1];
      if (is_comment(i - 1)) continue;
      if (!token.is_word() || (first < at && !tokens_[first].text.starts_with('.') && !token.text.ends_with('.'))) break;
      first = i - 1;
    }
    return first;
  }

  // Behind the last token of the domain; at + 1 where there is none.
  std::size_t domain_end(std::size_t at, std::size_t end) const {
    std::size_t last = at;
    for (std::size_t i = at + 1; i < end; ++i) {
      const Token& token = tokens_[i];
      if (is_comment(i)) continue;
      if (token.kind == TokenKind::literal) return last == at ? i + 1 : last + 1;
      if (token.kind != TokenKind::atom) break;
      if (last > at && !token.text.starts_with('.') && !tokens_[last].text.ends_with('.')) break;
      last = i;
    }
    return last + 1;
  }

  std::string joined_tokens(std::size_t begin, std::size_t end) const {
    std::string out;
    for (std::size_t i = begin; i < end; ++i) {
      if (tokens_[i].kind == TokenKind::quoted) {
        append_unescaped(out, tokens_[i].text);
      } else if (!is_comment(i)) {
        out += tokens_[i].text;
      }
    }
    return out;
  }

  // "Name <address>". A ">" may be missing; a route (RFC 5322 §4.4: "@a,@b:c@d") is skipped.
  std::size_t read_angle(std::size_t open) {
    std::size_t begin = open + 1, end = begin;
    if (begin < tokens_.size() && tokens_[begin].is('@')) {
      std::size_t colon = begin;
      while (colon < tokens_.size() && !tokens_[colon].is(':') && !tokens_[colon].is('>') && !tokens_[colon].is('<')) ++colon;
      if (colon < tokens_.size() && tokens_[colon].is(':')) begin = end = colon + 1;
    }
    while (end < tokens_.size() && !tokens_[end].is('>') && !tokens_[end].is('<') && !tokens_[end].is(',') &&
           !tokens_[end].is(';'))
      ++end;
    const bool closed = end < tokens_.size() && tokens_[end].is('>');
    if (!closed) out_.complete = false;
    if (has_at(start_, open)) look_at_imitation(open, begin, end);
    std::string address = angle_address(begin, end);
    std::string name = name_of(start_, open);
    if (!address.empty() || !name.empty()) add({std::move(name), std::move(address), group_});
    start_ = closed ? end + 1 : end;
    behind_angle_ = true;
    return start_;
  }

  // jane@x.example <other@y.example>: a display name without quotes, or a comma that is missing. The same address twice is what
  // mail programs write, and "Jane @ Exmouth" is a name.
  void look_at_imitation(std::size_t open, std::size_t begin, std::size_t end) {
    const std::string name = joined_tokens(start_, open);
    if (!ascii_iequals(name, joined_tokens(begin, end)) && name.find('.', name.find('@')) != std::string::npos)
      out_.complete = false;
  }

  std::string angle_address(std::size_t begin, std::size_t end) {
    while (begin < end && is_comment(begin)) ++begin;
    while (end > begin && is_comment(end - 1)) --end;
    if (end - begin > 2 && tokens_[begin + 1].is(':') && ascii_iequals(tokens_[begin].text, "mailto")) begin += 2;
    std::size_t at = begin;
    while (at < end && !tokens_[at].is('@')) ++at;
    if (at == end) {
      if (end - begin > 1) out_.complete = false;
      return end - begin == 1 && tokens_[begin].is_word() ? joined_tokens(begin, end) : "";
    }
    const std::size_t first = local_begin(begin, at), last = domain_end(at, end);
    if (first != begin || last != end || first == at || last == at + 1) out_.complete = false;
    return first == at || last == at + 1 ? "" : joined_tokens(first, last);
  }

  // What stands before a separator without angle brackets: addresses with their commas forgotten, or a name alone.
  void flush(std::size_t end) {
    std::size_t begin = start_;
    bool found = false;
    for (std::size_t at = begin; at < end; ++at) {
      if (!tokens_[at].is('@')) continue;
      const std::size_t first = local_begin(begin, at), last = domain_end(at, end);
      if (first == at || last == at + 1) {
        out_.complete = false;
        continue;
      }
      std::string name = name_of(begin, first);
      begin = last;
      at = last - 1;
      const std::size_t next_at = static_cast<std::size_t>(std::find_if(tokens_.begin() + static_cast<std::ptrdiff_t>(last),
                                                                        tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                                                                        [](const Token& token) { return token.is('@'); }) -
                                                           tokens_.begin());
      if (next_at == end) {
        if (name.empty()) name = name_of(last, end);
        begin = end;
      }
      add({std::move(name), joined_tokens(first, last), group_});
      found = true;
    }
    if (!found) flush_name(end);
    start_ = end;
  }

  void flush_name(std::size_t end) {
    const auto only_comments = [&] {
      return std::all_of(tokens_.begin() + static_cast<std::ptrdiff_t>(start_),
                         tokens_.begin() + static_cast<std::ptrdiff_t>(end),
                         [](const Token& token) { return token.kind == TokenKind::comment; });
    };
    if (start_ >= end || (behind_angle_ && only_comments())) return;
    std::string name = name_of(start_, end);
    // "jane@exmouth.example" in quotes and nothing else is meant as her address; words behind an address mean nothing.
    const bool address = name.find('@') != std::string::npos;
    if (behind_angle_ || address) out_.complete = false;
    if (!name.empty()) add({name, "", group_});
    if (address) sweep(name);
  }

  void add(Mailbox mailbox) {
    std::string_view address = without_apostrophes(mailbox.address);
    const bool half = address.starts_with('@') || address.ends_with('@');  // now that dots are gone
    if (half || address.size() > limits::address_bytes_max) {
      out_.complete = false;
      address = "";
    }
    mailbox.address = std::string(address);
    if (mailbox.address.empty() && mailbox.name.empty()) return;
    if (!mailbox.address.empty() && !is_new(mailbox.address)) return;
    if (out_.mailboxes.size() >= mailboxes_max_) {
      out_.limit = true;
    } else {
      out_.mailboxes.push_back(std::move(mailbox));
    }
  }

  // A set only where there are many: most fields have one address.
  bool is_new(const std::string& address) {
    constexpr std::size_t few = 16;
    if (out_.mailboxes.size() < few) {
      return std::none_of(out_.mailboxes.begin(), out_.mailboxes.end(),
                          [&](const Mailbox& mailbox) { return mailbox.address == address; });
    }
    if (seen_.empty()) {
      for (const Mailbox& mailbox : out_.mailboxes) seen_.insert(mailbox.address);
    }
    return seen_.insert(address).second;
  }

  static bool is_address_byte(char c) {
    return c != ' ' && address_specials.find(c) == std::string_view::npos && static_cast<unsigned char>(c) > 0x20;
  }

  void sweep(std::string_view text) {
    for (std::size_t at = text.find('@'); at != std::string_view::npos && !out_.limit; at = text.find('@', at + 1)) {
      std::size_t begin = at, end = at + 1;
      while (begin > 0 && is_address_byte(text[begin - 1])) --begin;
      while (end < text.size() && is_address_byte(text[end])) ++end;
      if (begin < at && end > at + 1)
        add({.name = "", .address = std::string(text.substr(begin, end - begin)), .group = "", .doubtful = true});
    }
  }

  std::string_view text_;
  std::size_t mailboxes_max_;
  std::vector<Token> tokens_;
  AddressList out_;
  std::unordered_set<std::string> seen_;
  std::string group_;
  std::size_t start_ = 0;      // first token of the mailbox that is being read
  bool behind_angle_ = false;  // since the last separator an address in brackets has been read
};

// First of all, so that a character that is not shown parts no words.
std::string cleaned(std::string_view raw) {
  std::string text = unfolded(raw);
  const bool plain = std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7F; });
  return plain ? text : without_controls(is_valid_utf8(text) ? text : to_utf8(text, "").utf8);
}

}  // namespace

AddressList parse_addresses(std::string_view raw, std::size_t mailboxes_max) {
  const std::string text = cleaned(raw);
  return Reader(text, mailboxes_max).run();
}

}  // namespace beadle::mail
