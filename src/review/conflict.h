// Nobody decides on mail that he or she sent, received or is named in. Says whether somebody has such a part in a message, and which.
// Pure: what overrides it (break-glass, store/desk.h) is acts.h's. A standing disclaimer that names the clerk names nobody for this.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "mail/message.h"
#include "people/directory.h"
#include "store/store.h"

namespace beadle::review {

/// Whoever sits at a desk.
struct Actor {
  std::string name;     // account, or who the operating system says it is
  std::string address;  // of the account; "": none is known
  std::vector<std::string> roles;
};

struct Conflict {
  enum class Kind { sent, received, named } kind = Kind::sent;
  std::string reason;  // "You are a recipient of this message."
  bool operator==(const Conflict&) const = default;
};

/// The person of the roster behind the actor: by address, by name as an address, by full name; nullptr where there is none.
const people::Person* person_of(const Actor& actor, const people::Directory& people);

/// Who wrote or sent it, by address or login, and so may take it back. A display name or Reply-To does not do: the sender writes there what he likes.
bool is_sender(const Actor& actor, const store::Held& held, const mail::Message& message, const people::Directory& people);

/// `message` is `held.bytes` as parsed, with its documents where they were read. nullopt: no conflict.
std::optional<Conflict> conflict_of(const Actor& actor, const store::Held& held, const mail::Message& message, const people::Directory& people);

}  // namespace beadle::review
