#include "smtp/transaction.h"

#include <algorithm>
#include <exception>

#include "base/check.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/text.h"
#include "mail/boundaries.h"
#include "mail/header_block.h"
#include "mail/header_value.h"

namespace beadle::smtp {
namespace {

constexpr std::string_view unreachable = "451 4.4.1 The mail server behind this one does not answer; please try again later";
constexpr std::string_view hop_lost = "451 4.4.2 The connection to the mail server behind this one was lost; please try again later";
constexpr std::string_view no_room = "452 4.3.1 The message cannot be kept at the moment; please try again later";
constexpr std::string_view not_ours = "550 5.7.1 This message does not come by way of the organisation that this server works for";
constexpr std::string_view client_left = "451 4.4.2 You hung up before the message was passed on; please send it again";
constexpr std::string_view other_offers = "421 4.3.5 The mail server behind this one offers something else now; please connect again";
constexpr std::string_view looping = "554 5.4.6 Too many hops: this message is going in circles";

constexpr const char* hop_trouble = "smtp-next-hop";
constexpr const char* spool_trouble = "smtp-spool";

/// The fields that intake saw: read by the same reader, so that none is taken for something else here.
std::vector<mail::Field> fields_of(std::string_view bytes) { return mail::read_header_block(bytes, 0, mail::Boundaries()).fields; }

std::size_t count_received(std::string_view bytes) {
  const auto fields = fields_of(bytes);
  return static_cast<std::size_t>(
      std::count_if(fields.begin(), fields.end(), [](const mail::Field& field) { return ascii_iequals(field.name, "Received"); }));
}

void append_without(std::string& out, std::string_view bytes, const std::vector<std::string>& names) {
  std::size_t kept = 0;  // up to here
  for (const mail::Field& field : fields_of(bytes)) {
    if (std::none_of(names.begin(), names.end(), [&](const std::string& name) { return ascii_iequals(name, field.name); })) continue;
    out += bytes.substr(kept, field.whole.begin - kept);
    kept = field.whole.end;
  }
  out += bytes.substr(kept);
}

const std::string* attribute(const ClientFacts& client, std::string_view name) {
  for (const auto& [key, value] : client.xforward) {
    // Postfix says so where it does not know.
    if (key == name && value != "[UNAVAILABLE]" && value != "[TEMPUNAVAIL]") return &value;
  }
  return nullptr;
}

/// What is kept with a held message, so that its release asks for what its sender asked for.
std::string dsn_of(const PathCommand& path) {
  std::string dsn;
  for (const auto& [keyword, value] : path.parameters) inspect::add_dsn(dsn, keyword + "=" + value);
  return dsn;
}

/// XFORWARD for the next hop: what a trusted client told about its own client, else the client itself. "" where nothing is asked for.
std::string xforward_command(const Extensions& offered, const ClientFacts& client) {
  std::string command;
  const bool told = !client.xforward.empty();
  for (const std::string& name : offered.xforward) {
    std::string value = "[UNAVAILABLE]";
    if (told) {
      if (const std::string* known = attribute(client, name)) value = *known;
    } else if (name == "ADDR" && client.address != "unix") {
      value = client.address.find(':') == std::string::npos ? client.address : "IPV6:" + client.address;
    } else if (name == "HELO" && !client.helo.empty()) {
      value = client.helo;
    } else if (name == "PROTO") {
      value = client.extended ? "ESMTP" : "SMTP";
    }
    const std::string added = " " + name + "=" + to_xtext(value);
    if (command.size() + added.size() > limits::smtp_short_command_bytes_max - 20) break;
    command += added;
  }
  return command.empty() ? "" : "XFORWARD" + command;
}

}  // namespace

Transaction::Transaction(HopPool& pool, const TransactionSettings& settings, const net::StopSwitch* stop)
    : pool_(pool), settings_(settings), stop_(stop), spool_(settings.spool_directory, settings.spool_memory_bytes) {}

Transaction::~Transaction() = default;

Reply Transaction::lost(const Error& error) {
  trouble_ = {hop_trouble, error.what};
  hop_.reset();
  ahead_.clear();
  return reply(hop_lost);
}

/// Not for the next client either: it would hear the same.
Reply Transaction::offers_less() {
  trouble_ = {hop_trouble, "it offers less than the client was told"};
  hop_.reset();
  ahead_.clear();
  return reply(other_offers);
}

Result<Reply> Transaction::begin(const PathCommand& command, const std::vector<PathCommand>& ahead, const ClientFacts& client) {
  const std::string xforward = xforward_command(hop_->extensions(), client);
  // What the next hop makes of it changes nothing: it is a courtesy to its log.
  if (!xforward.empty()) TRY(hop_->command(xforward));
  std::vector<std::string> lines{to_command("MAIL", command)};
  if (ahead.empty() || !hop_->extensions().pipelining) return hop_->command(lines.front());
  for (const PathCommand& recipient : ahead) lines.push_back(to_command("RCPT", recipient));
  std::vector<Reply> replies = TRY(hop_->group(lines));
  for (std::size_t i = lines.size(); i-- > 1;) ahead_.push_back({std::move(lines[i]), std::move(replies[i])});
  return replies.front();
}

Reply Transaction::mail(const PathCommand& command, const ClientFacts& client, const std::vector<PathCommand>& ahead) {
  reset();
  // One that waited may have been closed just now; a new one that fails is a failure.
  for (const bool fresh : {false, true}) {
    auto hop = pool_.take(stop_, fresh);
    if (!hop) {
      trouble_ = {hop_trouble, hop.error().what};
      return reply(unreachable);
    }
    hop_.emplace(std::move(*hop));
    const bool fits = is_offered(command, hop_->extensions()) &&
                      std::all_of(ahead.begin(), ahead.end(), [&](const PathCommand& one) { return is_offered(one, hop_->extensions()); });
    if (!fits) {
      if (fresh) return offers_less();
      hop_.reset();
      continue;
    }
    const auto answer = begin(command, ahead, client);
    // One that waited may say its goodbye just now.
    if (answer && !fresh && answer->code == 421) {
      hop_.reset();
      ahead_.clear();
      continue;
    }
    if (answer) {
      sender_ = command;
      if (!answer->positive()) reset();
      return *answer;
    }
    trouble_ = {hop_trouble, answer.error().what};
    hop_.reset();
  }
  return reply(hop_lost);
}

Reply Transaction::recipient(const PathCommand& command) {
  if (!hop_) return reply(hop_lost);
  if (!is_offered(command, hop_->extensions())) return offers_less();
  auto answer = answer_to(to_command("RCPT", command));
  if (!answer) return lost(answer.error());
  if (answer->positive()) recipients_.push_back(command);
  return *answer;
}

Result<Reply> Transaction::answer_to(const std::string& line) {
  if (ahead_.empty()) return hop_->command(line);
  Ahead next = std::move(ahead_.back());
  ahead_.pop_back();
  CHECK(next.line == line);
  return std::move(next.answer);
}

void Transaction::append(std::string_view bytes) {
  if (spool_failed_) return;
  if (auto kept = spool_.append(bytes); !kept) {
    spool_failed_ = kept.error();
    spool_.clear();
  }
}

intake::Arrival Transaction::arrival(std::string bytes, const ClientFacts& client) const {
  intake::Arrival arrival;
  arrival.door = "smtp";
  arrival.envelope.sender = sender_.address;
  arrival.envelope.dsn = dsn_of(sender_);
  for (const PathCommand& recipient : recipients_) {
    arrival.envelope.recipients.push_back(recipient.address);
    arrival.envelope.recipient_dsn.push_back(dsn_of(recipient));
  }
  arrival.envelope.smtputf8 = sender_.parameter("SMTPUTF8") != nullptr;
  if (const std::string* body = sender_.parameter("BODY")) arrival.envelope.body = ascii_iequals(*body, "8BITMIME") ? "8BITMIME" : "7BIT";
  arrival.bytes = std::move(bytes);
  const std::string* ident = attribute(client, "IDENT");
  arrival.queue_id = ident == nullptr ? "" : *ident;
  const std::string* name = attribute(client, "NAME");
  const std::string* address = attribute(client, "ADDR");
  // The name of the host that forwards never stands beside the address of the one it forwards for.
  const std::string* forwarded_name = name != nullptr ? name : attribute(client, "HELO");
  const bool forwarded = forwarded_name != nullptr || address != nullptr;
  const std::string shown = forwarded_name != nullptr ? *forwarded_name : forwarded ? "unknown" : client.helo;
  arrival.client = shown + " [" + (address != nullptr ? *address : forwarded ? "unknown" : client.address) + "]";
  return arrival;
}

// RFC 5321 §4.4. No "for": it would show a blind recipient to the others.
std::string Transaction::received_field(const ClientFacts& client, const std::string& id, Time now) const {
  // RFC 6531 §4.3 has a word of its own for mail that needs SMTPUTF8.
  const bool utf8 = client.extended && sender_.parameter("SMTPUTF8") != nullptr;
  const std::string protocol = std::string(utf8 ? "UTF8SMTP" : client.extended ? "ESMTP" : "SMTP") + (client.extended && client.tls ? "S" : "");
  const std::string literal = (client.address.find(':') == std::string::npos ? "" : "IPv6:") + client.address;
  return "Received: from " + printable(shortened(client.helo, 255)) + " ([" + literal + "])\r\n\tby " + settings_.host_name + " (beadle) with " + protocol +
         " id " + id + ";\r\n\t" + to_rfc5322(now) + "\r\n";
}

Reply Transaction::finish(const Receive& receive, const ClientFacts& client, Time now, const std::function<bool()>& has_left) {
  if (spool_failed_) {
    trouble_ = {spool_trouble, spool_failed_->what};
    forget();
    return reply(no_room);
  }
  auto bytes = spool_.take();
  if (!bytes || !hop_) {
    if (!bytes) trouble_ = {spool_trouble, bytes.error().what};
    const bool no_bytes = !bytes;
    forget();
    return reply(no_bytes ? no_room : hop_lost);
  }
  if (count_received(*bytes) >= limits::received_fields_max) {
    forget();
    return reply(looping);
  }
  if (const RequiredField& required = settings_.required_field; !required.name.empty()) {
    if (!has_required_field(required, *bytes)) {
      trouble_ = {"smtp-not-ours", "a message without the right " + required.name};
      forget();
      return reply(not_ours);
    }
    // Before anybody keeps or sees it.
    *bytes = without_fields(*bytes, {required.name});
  }
  intake::Arrival arriving = arrival(std::move(*bytes), client);
  // The next hop makes itself ready while the disk writes; without a message behind it, DATA is given up with the connection.
  bool asked = false;
  arriving.may_go = [&] { asked = hop_->ask("DATA").has_value(); };
  arriving.learns_outcome = true;
  intake::Answer answer = receive(std::move(arriving));
  if (asked && answer.kind != intake::Answer::Kind::accept) hop_.reset();
  switch (answer.kind) {
    case intake::Answer::Kind::try_later:
      forget();
      return reply(answer.reply.empty() ? "451 4.3.0 Message cannot be checked at the moment; please try again later" : answer.reply);
    case intake::Answer::Kind::held:
      forget();
      return reply("250 2.0.0 Ok: held for review " + answer.id);
    case intake::Answer::Kind::accept:
      break;
  }
  const std::string_view message = answer.edited.empty() ? answer.bytes : answer.edited;
  const Reply said = send_on(outgoing_bytes(answer, message, received_field(client, answer.id, now)), client, asked, has_left);
  if (said.positive() && answer.taken) {
    // The next hop has the message: whatever goes wrong now, the client is not to send it again.
    try {
      answer.taken();
    } catch (const std::exception& error) {
      trouble_ = {"smtp-exception", error.what()};
    }
  }
  return said;
}

/// A new connection on which the next hop has accepted what it accepted on the one before.
Result<void> Transaction::begin_again(const ClientFacts& client) {
  hop_.emplace(TRY(pool_.take(stop_, true)));
  Reply answer = TRY(begin(sender_, {}, client));
  for (const PathCommand& recipient : recipients_) {
    if (answer.positive()) answer = TRY(hop_->command(to_command("RCPT", recipient)));
  }
  if (!answer.positive()) return Error{ErrorKind::try_later, "the next hop does not take any more what it took before: " + to_words(answer)};
  return {};
}

Reply Transaction::send_on(const std::string& bytes, const ClientFacts& client, bool asked, const std::function<bool()>& has_left) {
  CHECK(ahead_.empty());
  auto answer = asked ? hop_->heard() : hop_->command("DATA");
  if (!answer) {
    // A client, or the reading of its documents, may take longer than the next hop waits for a command. It has nothing of the message yet, so that no
    // harm is done by beginning again.
    const auto again = begin_again(client);
    if (!again) return lost(again.error());
    answer = hop_->command("DATA");
  }
  if (!answer) return lost(answer.error());
  if (answer->code != 354) {
    const Reply said = *answer;
    if (said.positive()) hop_.reset();
    forget();
    return said.positive() ? reply(hop_lost) : said;
  }
  // The last moment at which it can be spared a second copy.
  if (has_left()) {
    trouble_ = {"smtp-closed", "the client closed the connection before its message was passed on"};
    hop_.reset();
    return reply(client_left);
  }
  answer = hop_->content(bytes);
  if (!answer) return lost(answer.error());
  const Reply said = *answer;
  pool_.give_back(std::move(*hop_));
  hop_.reset();
  recipients_.clear();
  return said;
}

void Transaction::forget() {
  spool_.clear();
  spool_failed_.reset();
  recipients_.clear();
  ahead_.clear();
  sender_ = {};
}

void Transaction::reset() {
  forget();
  if (!hop_) return;
  if (hop_->reset()) pool_.give_back(std::move(*hop_));
  hop_.reset();
}

std::string outgoing_bytes(const intake::Answer& answer, std::string_view bytes, std::string_view trace) {
  std::string out;
  out.reserve(bytes.size() + trace.size() + 300);
  for (const auto& [name, value] : answer.add_fields) out += name + ": " + value + "\r\n";
  // The trace last: should the message begin with a line that goes on, it is not one of our fields that it goes on with.
  out += trace;
  append_without(out, bytes, answer.remove_fields);
  return out;
}

bool has_required_field(const RequiredField& required, std::string_view bytes) {
  bool found = false;
  for (const mail::Field& field : fields_of(bytes)) {
    if (!ascii_iequals(field.name, required.name)) continue;
    const std::string unfolded = mail::unfolded(bytes.substr(field.value.begin, field.value.end - field.value.begin));
    for (const std::string& value : required.values) found = equal_secret(trimmed(unfolded), value) || found;
  }
  return found;
}

std::string without_fields(std::string_view bytes, const std::vector<std::string>& names) {
  std::string out;
  out.reserve(bytes.size());
  append_without(out, bytes, names);
  return out;
}

}  // namespace beadle::smtp
