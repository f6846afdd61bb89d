#include "milter/session.h"

#include <algorithm>

#include "base/limits.h"
#include "base/log.h"
#include "base/text.h"
#include "milter/header_edit.h"

namespace beadle::milter {
namespace {

constexpr std::uint32_t oldest_version = 2, our_version = 6;
constexpr std::uint32_t needed_actions = actions::add_headers | actions::change_body | actions::change_headers;
// CONNECT is asked for, although macros may tell the client too: with no reply it costs no round trip, and it needs nobody's
// configuration.
constexpr std::uint32_t wanted_steps = steps::no_helo | steps::no_unknown | steps::no_data | steps::skip | steps::leading_space |
                                       steps::no_reply_connect | steps::no_reply_mail | steps::no_reply_recipient |
                                       steps::no_reply_header | steps::no_reply_end_of_header | steps::no_reply_body;
constexpr std::string_view mail_macros = "i {auth_authen} {client_addr} {client_name}";
constexpr std::string_view end_macros = "i";
// Stages of a message, the latest first: a macro of a later one replaces that of an earlier one.
constexpr std::string_view message_commands = "ENBLTRM";
constexpr std::string_view all_commands = "ENBLTRMHC";

// Below the 65535 that every mail server takes (MILTER_CHUNK_SIZE).
constexpr std::size_t body_chunk_bytes = 64'000;
constexpr std::size_t macro_bytes_max = 1000;
constexpr std::size_t client_bytes_max = 300;
// A buffer that held a large packet is given back, or each of many idle connections would keep its own.
constexpr std::size_t idle_buffer_bytes_max = 128u << 10;

constexpr std::string_view too_large = "552 5.3.4 Message too large to be checked";
constexpr std::string_view too_many_recipients = "452 4.5.3 Too many recipients to be checked";
constexpr std::string_view cannot_edit = "451 4.3.0 Message cannot be changed as it has to be; please try again later";
constexpr std::string_view later = "451 4.3.0 Message cannot be checked at the moment; please try again later";

bool is_kept_macro(std::string_view name) {
  return name == "i" || name == "auth_authen" || name == "client_addr" || name == "client_name";
}

std::string_view without(std::string_view text, char open, char close) {
  if (text.size() >= 2 && text.front() == open && text.back() == close) return text.substr(1, text.size() - 2);
  return text;
}

/// Such a name would end the header, or begin another field than the mail server sees.
bool is_field_name(std::string_view name) {
  while (!name.empty() && (name.back() == ' ' || name.back() == '\t')) name.remove_suffix(1);
  return !name.empty() && std::all_of(name.begin(), name.end(),
                                      [](char c) { return static_cast<unsigned char>(c) > ' ' && c != ':' && c != 0x7F; });
}

/// A folded value with CRLF where the mail server has LF; false where a line that follows is no continuation (RFC 5322 §2.2.3).
bool append_value(std::string& out, std::string_view value) {
  for (std::size_t i = 0; i < value.size(); ++i) {
    if (value[i] != '\n') {
      out += value[i];
      continue;
    }
    if (i + 1 == value.size() || (value[i + 1] != ' ' && value[i + 1] != '\t')) return false;
    out += i > 0 && value[i - 1] == '\r' ? "\n" : "\r\n";
  }
  return true;
}

std::string hex_number(std::uint32_t number) {
  std::string digits;
  do digits.insert(digits.begin(), "0123456789abcdef"[number & 0xF]);
  while ((number >>= 4) != 0);
  return "0x" + digits;
}

}  // namespace

Session::Step Session::feed(std::string_view bytes) {
  Step step;
  if (state_ == State::waiting) {
    buffer_.append(bytes);
    return step;
  }
  const bool begun = !buffer_.empty();
  if (begun) buffer_.append(bytes);
  std::string_view input = begun ? std::string_view(buffer_) : bytes;
  while (state_ != State::waiting && state_ != State::closed) {
    std::string problem;
    const auto packet = take_packet(input, problem);
    if (!problem.empty()) fail(std::move(problem), step);
    if (!packet) break;
    ++packets_;
    on_packet(*packet, step);
  }
  if (state_ == State::closed) {
    step.close = true;
    input = {};
  }
  if (begun) {
    buffer_.erase(0, buffer_.size() - input.size());
  } else {
    buffer_.assign(input);
  }
  if (buffer_.empty() && buffer_.capacity() > idle_buffer_bytes_max) std::string().swap(buffer_);
  return step;
}

void Session::on_packet(const Packet& packet, Step& step) {
  if (packet.command == command::quit) {
    forget_message();
    state_ = State::closed;
    return;
  }
  if ((packet.command == command::negotiate) != (state_ == State::negotiating)) {
    return fail(state_ == State::negotiating ? "a packet before the negotiation" : "a second negotiation", step);
  }
  switch (packet.command) {
    case command::negotiate:
      return on_negotiate(packet.data, step);
    case command::macro:
      return on_macros(packet.data, step);
    case command::connect:
      return on_connect(packet.data, step);
    case command::helo:
      return acknowledge(steps::no_reply_helo, step);
    case command::unknown:
      return acknowledge(steps::no_reply_unknown, step);
    case command::mail:
      return on_mail(packet.data, step);
    case command::recipient:
      return on_recipient(packet.data, step);
    case command::data:
      return acknowledge(steps::no_reply_data, step);
    case command::header:
      return on_header(packet.data, step);
    case command::end_of_header:
      return on_envelope_end(State::body, step);
    case command::body:
      return on_body(packet.data, step);
    case command::end_of_body:
      return on_end(packet.data, step);
    case command::abort:
      return forget_message();
    case command::quit_new_connection:
      forget_message();
      macros_.clear();
      host_.clear();
      address_.clear();
      return;
    default:
      return fail("an unknown command " + hex_number(static_cast<unsigned char>(packet.command)), step);
  }
}

void Session::on_negotiate(std::string_view data, Step& step) {
  const auto version = take_uint32(data);
  const auto offered_actions = take_uint32(data);
  const auto offered_steps = take_uint32(data);
  if (!version || !offered_actions || !offered_steps) return fail("a negotiation that is too short", step);
  if (*version < oldest_version) return fail("protocol version " + std::to_string(*version) + "; 2 or later is needed", step);
  if ((*offered_actions & needed_actions) != needed_actions) {
    return fail(
        "it does not let a filter add and change header fields and the body (actions " + hex_number(*offered_actions) + ")",
        step);
  }
  // Only what was offered may be asked for: mail servers close on anything else.
  steps_ = *offered_steps & wanted_steps;
  const bool names_macros = (*offered_actions & actions::set_macros) != 0;
  std::string choice;
  append_uint32(choice, std::min(*version, our_version));
  append_uint32(choice, needed_actions | (names_macros ? actions::set_macros : 0));
  append_uint32(choice, steps_);
  if (names_macros) {
    append_uint32(choice, stage::mail);
    choice += with_nul(mail_macros);
    append_uint32(choice, stage::end_of_message);
    choice += with_nul(end_macros);
  }
  append_packet(step.replies, command::negotiate, {choice});
  state_ = State::ready;
}

void Session::on_connect(std::string_view data, Step& step) {
  // milter v6 SMFIC_CONNECT: name NUL family; port and address NUL follow unless the family is unknown.
  const auto name = take_string(data);
  if (!name || data.empty()) return fail("a broken connect packet", step);
  const char family = data.front();
  data.remove_prefix(1);
  std::string_view address;
  if (family == '4' || family == '6' || family == 'L') {
    if (data.size() < 2) return fail("a broken connect packet", step);
    data.remove_prefix(2);
    const auto text = take_string(data);
    if (!text) return fail("a broken connect packet", step);
    if (family != 'L') address = *text;
  }
  forget_message();
  host_ = shortened(*name, client_bytes_max);
  address_ = shortened(address, client_bytes_max);
  acknowledge(steps::no_reply_connect, step);
}

void Session::on_macros(std::string_view data, Step& step) {
  const auto texts = take_strings(data.substr(std::min<std::size_t>(1, data.size())));
  if (data.empty() || !texts || texts->size() % 2 != 0) return fail("a broken macro packet", step);
  if (texts->size() / 2 > limits::milter_macros_max)
    return fail("a packet of " + std::to_string(texts->size() / 2) + " macros", step);
  if (all_commands.find(data.front()) == std::string_view::npos) return;
  Macros& macros = macros_[data.front()];
  macros.clear();
  for (std::size_t i = 0; i < texts->size(); i += 2) {
    const std::string_view name = without((*texts)[i], '{', '}');
    if (is_kept_macro(name)) macros[std::string(name)] = shortened((*texts)[i + 1], macro_bytes_max);
  }
}

void Session::on_mail(std::string_view data, Step& step) {
  const auto texts = take_strings(data);
  if (!texts || texts->empty()) return fail("a broken mail packet", step);
  // Macros of MAIL come before MAIL: they belong to this message, those of later stages to an earlier one that was not ended.
  Macros macros = std::move(macros_[command::mail]);
  forget_message();
  macros_[command::mail] = std::move(macros);
  envelope_.sender = without(texts->front(), '<', '>');
  for (std::size_t i = 1; i < texts->size(); ++i) {
    const std::string_view parameter = (*texts)[i];
    if (ascii_iequals(parameter, "SMTPUTF8")) envelope_.smtputf8 = true;
    if (ascii_iequals(parameter, "BODY=8BITMIME")) envelope_.body = "8BITMIME";
    if (ascii_iequals(parameter, "BODY=7BIT")) envelope_.body = "7BIT";
    inspect::add_dsn(envelope_.dsn, parameter);
  }
  envelope_bytes_ = envelope_.sender.size() + envelope_.dsn.size();
  state_ = State::envelope;
  acknowledge(steps::no_reply_mail, step);
}

void Session::on_recipient(std::string_view data, Step& step) {
  if (state_ != State::envelope) return fail("a recipient outside an envelope", step);
  const auto texts = take_strings(data);
  if (!texts || texts->empty()) return fail("a broken recipient packet", step);
  if (refusal_.empty()) {
    envelope_.recipients.emplace_back(without(texts->front(), '<', '>'));
    std::string& dsn = envelope_.recipient_dsn.emplace_back();
    for (std::size_t i = 1; i < texts->size(); ++i) inspect::add_dsn(dsn, (*texts)[i]);
    envelope_bytes_ += texts->front().size() + dsn.size();
    if (envelope_.recipients.size() > limits::envelope_recipients_max) give_up(too_many_recipients);
    if (envelope_bytes_ > limits::message_bytes_max) give_up(too_large);
  }
  acknowledge(steps::no_reply_recipient, step);
}

void Session::on_header(std::string_view data, Step& step) {
  if (state_ == State::envelope) state_ = State::header;
  if (state_ != State::header) return fail("a header field outside a header", step);
  const auto name = take_string(data);
  const auto value = take_string(data);
  // A NUL within a value would hide what follows from us, but perhaps not from the mail server.
  if (!name || !value || !data.empty()) return fail("a broken header packet", step);
  if (!is_field_name(*name)) return fail("a header field whose name is none", step);
  std::string field(*name);
  field += (steps_ & steps::leading_space) != 0 ? ":" : ": ";
  if (!append_value(field, *value)) return fail("a header field with a line that continues nothing", step);
  field += "\r\n";
  keep(field);
  acknowledge(steps::no_reply_header, step);
}

void Session::on_envelope_end(State next, Step& step) {
  if (state_ != State::envelope && state_ != State::header) return fail("an end of header without one", step);
  state_ = next;
  header_.assign(message_);
  keep("\r\n");
  acknowledge(steps::no_reply_end_of_header, step);
}

void Session::on_body(std::string_view data, Step& step) {
  if (state_ != State::body) return fail("a body before the end of the header", step);
  keep(data);
  if (!refusal_.empty() && (steps_ & steps::skip) != 0 && (steps_ & steps::no_reply_body) == 0) {
    append_packet(step.replies, reply::skip);
    return;
  }
  acknowledge(steps::no_reply_body, step);
}

void Session::on_end(std::string_view data, Step& step) {
  if (state_ != State::body) return fail("an end of message before the end of the header", step);
  keep(data);
  if (!refusal_.empty()) {
    step.replies += refusal_;
    forget_message();
    return;
  }
  intake::Arrival arrival;
  arrival.door = "milter";
  arrival.envelope = std::move(envelope_);
  arrival.envelope.login = macro("auth_authen");
  arrival.bytes = std::move(message_);
  arrival.queue_id = macro("i");
  arrival.client = client();
  message_.clear();
  envelope_bytes_ = 0;
  step.arrival = std::move(arrival);
  state_ = State::waiting;
}

void Session::keep(std::string_view bytes) {
  if (!refusal_.empty()) return;
  // Never looked at in part: over the bound nothing is kept, and the end of the message is refused. For good, because a second
  // try would bring the same.
  if (header_.size() + message_.size() + envelope_bytes_ + bytes.size() > limits::message_bytes_max) return give_up(too_large);
  message_.append(bytes);
}

void Session::give_up(std::string_view reply) {
  if (state_ != State::envelope && state_ != State::header && state_ != State::body) return;
  if (!refusal_.empty()) return;
  append_reply_code(refusal_, reply);
  std::string().swap(message_);
  std::string().swap(header_);
  envelope_ = {};
  envelope_bytes_ = 0;
}

void Session::acknowledge(std::uint32_t no_reply_step, Step& step) const {
  if ((steps_ & no_reply_step) == 0) append_packet(step.replies, reply::continue_);
}

void Session::fail(std::string problem, Step& step) {
  forget_message();
  state_ = State::closed;
  step.problem = std::move(problem);
}

void Session::forget_message() {
  envelope_ = {};
  envelope_bytes_ = 0;
  std::string().swap(message_);
  std::string().swap(header_);
  refusal_.clear();
  // Or the login of one message would stand for the next.
  for (const char command : message_commands) macros_.erase(command);
  if (state_ != State::negotiating && state_ != State::closed) state_ = State::ready;
}

std::string Session::macro(std::string_view name) const {
  for (const char command : all_commands) {
    const auto macros = macros_.find(command);
    if (macros == macros_.end()) continue;
    const auto found = macros->second.find(name);
    if (found != macros->second.end()) return found->second;
  }
  return "";
}

std::string Session::client() const {
  std::string name = macro("client_name");
  std::string address = macro("client_addr");
  if (name.empty()) name = host_;
  if (address.empty()) address = address_;
  // Sendmail names a client without a name by its address in brackets.
  if (name.empty() || name.front() == '[') name = address.empty() ? "" : "unknown";
  return address.empty() ? name : name + " [" + address + "]";
}

std::size_t Session::bytes_held() const { return buffer_.size() + message_.size() + header_.size() + envelope_bytes_; }

bool Session::idle() const {
  return (state_ == State::negotiating || state_ == State::ready || state_ == State::closed) && buffer_.empty();
}

std::string Session::try_later(std::string_view reply) {
  std::string out;
  append_reply_code(out, reply.starts_with('5') || reply.empty() ? later : reply);
  forget_message();
  return out;
}

std::string Session::answer(const intake::Answer& answer) {
  CHECK(state_ == State::waiting);
  std::string out;
  switch (answer.kind) {
    case intake::Answer::Kind::try_later:
      return try_later(answer.reply);
    case intake::Answer::Kind::held:
      append_packet(out, reply::discard);
      break;
    case intake::Answer::Kind::accept:
      out = accept(answer);
      break;
  }
  forget_message();
  return out;
}

std::string Session::accept(const intake::Answer& answer) {
  const LeadingSpace space = (steps_ & steps::leading_space) != 0 ? LeadingSpace::kept : LeadingSpace::left_out;
  const auto came = header_fields(header_);
  CHECK(came.has_value());
  std::string out;
  append_deletions(out, *came, answer.remove_fields);
  std::string_view body;
  if (!answer.edited.empty()) {
    const std::string_view edited = answer.edited;
    const std::size_t end = edited.starts_with("\r\n") ? 0 : edited.find("\r\n\r\n");
    const auto fields = end == std::string_view::npos ? std::nullopt : header_fields(edited.substr(0, end == 0 ? 0 : end + 2));
    if (!fields || !append_changes(out, *came, *fields, answer.remove_fields, space)) {
      log(LogLevel::error, "milter-edit-refused",
          {{"id", answer.id}, {"why", "the edit changes header fields that do not describe the body"}});
      return try_later(cannot_edit);
    }
    body = edited.substr(end == 0 ? 2 : end + 4);
  }
  // Each goes above all others, so the last comes first.
  for (auto field = answer.add_fields.rbegin(); field != answer.add_fields.rend(); ++field)
    append_insertion(out, field->first, field->second, space);
  // Postfix wants one sequence of body packets, with nothing between and nothing but the final reply after it.
  if (!answer.edited.empty()) {
    out.reserve(out.size() + body.size() + (body.size() / body_chunk_bytes + 2) * 8);
    do {
      append_packet(out, reply::replace_body, {body.substr(0, body_chunk_bytes)});
      body.remove_prefix(std::min(body.size(), body_chunk_bytes));
    } while (!body.empty());
  }
  // Not SMFIR_ACCEPT: "continue" at the end of a message is acceptance in every mail server, and leaves no doubt that filters
  // after us (signing, for one) see the message too.
  append_packet(out, reply::continue_);
  return out;
}

}  // namespace beadle::milter
