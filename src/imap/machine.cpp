#include "imap/machine.h"

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "imap/folder_name.h"

namespace beadle::imap {
namespace {

std::string shown(std::string_view words) { return printable(shortened(words, words_bytes_max)); }

char separator_of(const Value& value) { return value.kind == Value::Kind::text && !value.text.empty() ? value.text.front() : '\0'; }

/// LIST (attributes) separator name, RFC 3501 §7.2.2
std::optional<Folder> folder_of(const Response& response) {
  const auto& values = response.values;
  if (values.size() < 3 || !values[0].is_list() || !values[2].is_word()) return std::nullopt;
  Folder folder{.name = from_wire_name(values[2].text), .wire = values[2].text, .separator = separator_of(values[1]), .attributes = {}};
  for (const Value& attribute : values[0].items) folder.attributes.push_back(attribute.text);
  return folder;
}

std::vector<Namespace> namespaces_of(const Value& value) {
  std::vector<Namespace> out;
  for (const Value& one : value.items) {
    if (one.is_list() && one.items.size() >= 2) out.push_back({from_wire_name(one.items[0].text), separator_of(one.items[1])});
  }
  return out;
}

struct Read {
  Item item;
  bool has_uid = false, has_size = false, sound = true;
};

/// FETCH (name value …), RFC 3501 §7.4.2
Read item_of(Response& response) {
  Read read;
  read.sound = response.values.size() == 1 && response.values.front().is_list() && response.values.front().items.size() % 2 == 0;
  if (!read.sound) return read;
  auto& values = response.values.front().items;
  for (std::size_t i = 0; i + 1 < values.size(); i += 2) {
    const std::string name = ascii_upper(values[i].text);
    Value& value = values[i + 1];
    if (name == "UID") {
      const auto uid = value.number();
      read.has_uid = read.sound = uid.has_value() && *uid > 0 && !read.has_uid;
      read.item.uid = uid.value_or(0);
    } else if (name == "RFC822.SIZE") {
      const auto size = value.long_number();
      read.has_size = size.has_value();
      read.sound = read.sound && read.has_size;
      read.item.size = size.value_or(0);
    } else if (name == "INTERNALDATE") {
      read.item.received = internal_date_from(value.text);
    } else if (name == "FLAGS") {
      for (const Value& flag : value.items) read.item.flags.push_back(flag.text);
    } else if (name.starts_with("BODY[HEADER")) {
      read.item.header = std::move(value.text);
    } else if (name.starts_with("BODY[]") || name == "RFC822") {
      read.item.body = std::move(value.text);
    }
    if (!read.sound) return read;
  }
  return read;
}

}  // namespace

std::optional<Event> Machine::broken(std::string what) {
  if (problem_.empty()) problem_ = "the mail server sent " + std::move(what);
  return std::nullopt;
}

std::optional<Event> Machine::next_event() {
  while (problem_.empty()) {
    auto response = reader_.next();
    if (!response) {
      if (!reader_.problem().empty()) return broken(reader_.problem());
      return std::nullopt;
    }
    if (auto event = take(std::move(*response))) return event;
  }
  return std::nullopt;
}

std::optional<Event> Machine::take(Response&& response) {
  if (response.kind == Response::Kind::go_ahead) return on_go_ahead();
  if (response.kind == Response::Kind::tagged) return on_tagged(response);
  return on_untagged(std::move(response));
}

std::optional<Event> Machine::on_go_ahead() {
  if (doing_ == Doing::idle && !idling_ && busy()) {
    idling_ = true;
    return Idling{};
  }
  if (behind_go_ahead_.empty()) return broken("a request to go on that nothing was waiting for");
  output_ += behind_go_ahead_.front();
  behind_go_ahead_.pop_front();
  return std::nullopt;
}

std::optional<Event> Machine::on_tagged(const Response& response) {
  if (!busy()) return broken("an answer to nothing");
  if (response.tag != tag_) return broken("an answer under a tag that is not ours");
  if (response.name == "BYE" || response.name == "PREAUTH") return broken("an answer that is none");
  Completed done{.status = Completed::Status::ok, .code = shown(response.code), .words = shown(response.words)};
  if (response.name != "OK") done.status = response.name == "NO" ? Completed::Status::no : Completed::Status::bad;
  if (done.status == Completed::Status::ok) {
    if (!behind_go_ahead_.empty() || idling_) return broken("an answer before the command was whole");
    if (doing_ == Doing::open) folder_.read_only = response.code == "READ-ONLY";
    if (!steps_.empty()) {
      send_next_step();
      return std::nullopt;
    }
  }
  if (doing_ == Doing::logout) ended_ = true;
  behind_go_ahead_.clear();
  steps_.clear();
  asked_.clear();
  idling_ = false;
  doing_ = Doing::nothing;
  tag_.clear();
  return done;
}

bool Machine::counts_unasked() {
  if (++unasked_ <= unasked_responses_max) return true;
  (void)broken("responses without end");
  return false;
}

std::optional<Event> Machine::on_untagged(Response&& response) {
  return response.is_status() ? on_status(response) : on_data(std::move(response));
}

std::optional<Event> Machine::on_status(const Response& response) {
  if (response.name == "BYE") {
    if (doing_ == Doing::logout) return std::nullopt;
    ended_ = true;
    return Bye{shown(response.words)};
  }
  if (!counts_unasked()) return std::nullopt;
  if (doing_ != Doing::open) return std::nullopt;
  const Value value{.kind = Value::Kind::atom, .text = response.code_value, .items = {}};
  if (response.code == "UIDVALIDITY") folder_.uid_validity = value.number().value_or(0);
  if (response.code == "UIDNEXT") folder_.uid_next = value.number().value_or(0);
  return std::nullopt;
}

std::optional<Event> Machine::on_data(Response&& response) {
  if (response.name == "FETCH") return on_fetch(std::move(response));
  if (response.name == "SEARCH") return on_search(response);
  if (!counts_unasked()) return std::nullopt;
  if (response.name == "EXISTS" && response.number) {
    folder_.exists = *response.number;
    return Changed{folder_.exists};
  }
  if (response.name == "EXPUNGE" && response.number) {
    if (*response.number == 0 || *response.number > folder_.exists) return broken("word of a message that there was not");
    return Changed{--folder_.exists};
  }
  if (response.name == "CAPABILITY" && doing_ == Doing::capability) {
    for (const Value& value : response.values) capabilities_.names.push_back(ascii_upper(value.text));
    return capabilities_;
  }
  if (response.name == "NAMESPACE" && doing_ == Doing::namespaces) {
    if (response.values.size() < 3) return broken("namespaces that are none");
    return Namespaces{namespaces_of(response.values[0]), namespaces_of(response.values[1]), namespaces_of(response.values[2])};
  }
  if (response.name == "LIST" && doing_ == Doing::list) {
    if (++folders_ > folders_max) return broken("more folders than a mailbox has");
    auto folder = folder_of(response);
    if (!folder) return broken("a folder that is none");
    return std::move(*folder);
  }
  return std::nullopt;  // FLAGS, RECENT, ENABLED, what extensions say
}

std::optional<Event> Machine::on_search(const Response& response) {
  if (doing_ != Doing::search) return broken("what it found without being asked");
  if (!counts_unasked()) return std::nullopt;
  Found found;
  for (const Value& value : response.values) {
    if (value.is_list()) continue;  // (MODSEQ …), RFC 7162
    const auto uid = value.number();
    if (!uid || *uid < first_ || *uid > last_) return broken("the number of a message that was not asked for");
    found.uids.push_back(*uid);
  }
  found_ += found.uids.size();
  std::sort(found.uids.begin(), found.uids.end());
  const bool repeated = std::adjacent_find(found.uids.begin(), found.uids.end()) != found.uids.end();
  if (repeated) return broken("the number of a message twice");
  if (found_ > search_uids_max) return broken("more messages than were asked for");
  return found;
}

/// Whether it has what was asked of it.
bool Machine::is_wanted(const Item& item, bool has_size) const {
  switch (doing_) {
    case Doing::summaries: return has_size && item.header.has_value();
    case Doing::headers:
    case Doing::fields: return item.header.has_value();
    case Doing::bodies: return item.body.has_value();
    default: return false;
  }
}

std::optional<Event> Machine::on_fetch(Response&& response) {
  Read read = item_of(response);
  if (!read.sound) return broken("a message that is none");
  const bool has_content = read.item.body.has_value() || read.item.header.has_value();
  if (read.has_uid && asked_.contains(read.item.uid) && is_wanted(read.item, read.has_size)) {
    asked_.erase(read.item.uid);
    return std::move(read.item);
  }
  // RFC 3501 §7.4.2: flags that somebody else changed come at any time. Content does not.
  if (has_content) return broken("a message that was not asked for");
  (void)counts_unasked();
  return std::nullopt;
}

}  // namespace beadle::imap
