#include "replay/outcome.h"

#include <charconv>

#include <nlohmann/json.hpp>

namespace beadle::replay {
namespace {

using nlohmann::json;

// Sixteen digits each, one after another: a marked mail has hundreds.
std::string packed(const std::vector<std::uint64_t>& numbers) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(numbers.size() * 16);
  for (const std::uint64_t number : numbers) {
    for (int shift = 60; shift >= 0; shift -= 4) out += digits[(number >> shift) & 15];
  }
  return out;
}

std::optional<std::vector<std::uint64_t>> unpacked(std::string_view text) {
  std::vector<std::uint64_t> numbers;
  if (text.size() % 16 != 0) return std::nullopt;
  for (; !text.empty(); text.remove_prefix(16)) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + 16, number, 16);
    if (error != std::errc() || end != text.data() + 16) return std::nullopt;
    numbers.push_back(number);
  }
  return numbers;
}

json to_json(const Judgement& judgement) {
  json out{{"action", rules::to_string(judgement.action)}};
  for (const Found& found : judgement.findings) {
    json one{{"clause", found.clause}, {"family", found.family}, {"says", found.says}, {"action", rules::to_string(found.action)}};
    if (found.observed) one["observed"] = true;
    for (const inspect::Evidence& evidence : found.evidence) one["evidence"].push_back({evidence.part, evidence.zone, evidence.text});
    out["findings"].push_back(std::move(one));
  }
  return out;
}

json to_json(const Remembered& remembered) {
  const inspect::EarlierMail& mail = remembered.mail;
  json out{{"id", mail.message_id}, {"sender", mail.sender}, {"at", to_ms(mail.at)}};
  if (!mail.visible.empty()) out["visible"] = mail.visible;
  if (!mail.recipients.empty()) out["recipients"] = mail.recipients;
  if (mail.marked) out["marked"] = true;
  if (mail.consent) out["consent"] = true;
  if (!remembered.fingerprints.empty()) out["fingerprints"] = packed(remembered.fingerprints);
  return out;
}

/// Reads values of an object; notes when one has another type.
class Reader {
 public:
  explicit Reader(const json& object) : object_(object) { good_ = object.is_object(); }
  bool good() const { return good_; }
  const json* at(const char* key) const {
    if (!object_.is_object()) return nullptr;
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }
  void read(const char* key, std::string& out) { take(key, out, &json::is_string); }
  void read(const char* key, bool& out) { take(key, out, &json::is_boolean); }
  void read(const char* key, std::size_t& out) { take(key, out, &json::is_number_unsigned); }
  void read(const char* key, std::vector<std::string>& out) {
    const json* list = at(key);
    if (list == nullptr) return;
    for (const json& item : *list) {
      good_ = good_ && item.is_string();
      if (good_) out.push_back(item.get<std::string>());
    }
  }
  void read(const char* key, std::optional<Time>& out) {
    const json* value = at(key);
    if (value == nullptr) return;
    good_ = good_ && value->is_number_integer();
    if (good_) out = from_ms(value->get<std::int64_t>());
  }
  void read(const char* key, rules::Action& out) {
    std::string word;
    read(key, word);
    const auto action = rules::action_from(word);
    good_ = good_ && action.has_value();
    if (action) out = *action;
  }
  void spoil() { good_ = false; }

 private:
  template <class Value>
  void take(const char* key, Value& out, bool (json::*is)() const noexcept) {
    const json* value = at(key);
    if (value == nullptr) return;
    good_ = good_ && (value->*is)();
    if (good_) out = value->get<Value>();
  }

  const json& object_;
  bool good_ = true;
};

std::optional<Found> found_from(const json& object) {
  Reader reader(object);
  Found found;
  reader.read("clause", found.clause);
  reader.read("family", found.family);
  reader.read("says", found.says);
  reader.read("action", found.action);
  reader.read("observed", found.observed);
  if (const json* evidence = reader.at("evidence")) {
    for (const json& one : *evidence) {
      if (!one.is_array() || one.size() != 3 || !one[0].is_string() || !one[1].is_string() || !one[2].is_string()) return std::nullopt;
      found.evidence.push_back({one[0].get<std::string>(), one[1].get<std::string>(), one[2].get<std::string>()});
    }
  }
  return reader.good() && !found.clause.empty() ? std::optional(found) : std::nullopt;
}

std::optional<Judgement> judgement_from(const json& object) {
  Reader reader(object);
  Judgement judgement;
  reader.read("action", judgement.action);
  if (const json* findings = reader.at("findings")) {
    for (const json& one : *findings) {
      auto found = found_from(one);
      if (!found) return std::nullopt;
      judgement.findings.push_back(std::move(*found));
    }
  }
  return reader.good() ? std::optional(judgement) : std::nullopt;
}

std::optional<Remembered> remembered_from(const json& object) {
  Reader reader(object);
  Remembered remembered;
  std::optional<Time> at;
  std::string fingerprints;
  reader.read("id", remembered.mail.message_id);
  reader.read("sender", remembered.mail.sender);
  reader.read("at", at);
  reader.read("visible", remembered.mail.visible);
  reader.read("recipients", remembered.mail.recipients);
  reader.read("marked", remembered.mail.marked);
  reader.read("consent", remembered.mail.consent);
  reader.read("fingerprints", fingerprints);
  auto numbers = unpacked(fingerprints);
  if (!reader.good() || !at || !numbers) return std::nullopt;
  remembered.mail.at = *at;
  remembered.fingerprints = std::move(*numbers);
  return remembered;
}

}  // namespace

std::string to_line(const Outcome& outcome) {
  json out{{"message", outcome.digest}, {"verdict", to_json(outcome.judgement)}};
  const auto add = [&](const char* key, const std::string& text) {
    if (!text.empty()) out[key] = text;
  };
  add("name", outcome.name);
  add("role", outcome.role);
  add("from", outcome.from);
  add("subject", outcome.subject);
  if (outcome.at) out["at"] = to_ms(*outcome.at);
  if (outcome.copy) out["copy"] = true;
  if (outcome.protected_only) out["protected"] = true;
  if (outcome.records_blind) out["blind"] = true;
  if (outcome.unread > 0) out["unread"] = outcome.unread;
  if (outcome.recipients > 0) out["recipients"] = outcome.recipients;
  add("content", outcome.content);
  if (!outcome.went_to.empty()) out["went_to"] = outcome.went_to;
  if (outcome.against) out["against"] = to_json(*outcome.against);
  if (outcome.remembered) out["record"] = to_json(*outcome.remembered);
  return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

std::optional<Outcome> outcome_from(std::string_view line) {
  const json object = json::parse(line, nullptr, false);
  if (object.is_discarded()) return std::nullopt;
  Reader reader(object);
  Outcome outcome;
  reader.read("message", outcome.digest);
  reader.read("name", outcome.name);
  reader.read("role", outcome.role);
  reader.read("from", outcome.from);
  reader.read("subject", outcome.subject);
  reader.read("at", outcome.at);
  reader.read("copy", outcome.copy);
  reader.read("protected", outcome.protected_only);
  reader.read("blind", outcome.records_blind);
  reader.read("unread", outcome.unread);
  reader.read("recipients", outcome.recipients);
  reader.read("content", outcome.content);
  reader.read("went_to", outcome.went_to);
  const json* verdict = reader.at("verdict");
  auto judgement = verdict == nullptr ? std::nullopt : judgement_from(*verdict);
  if (!judgement) return std::nullopt;
  outcome.judgement = std::move(*judgement);
  if (const json* against = reader.at("against")) {
    outcome.against = judgement_from(*against);
    if (!outcome.against) return std::nullopt;
  }
  if (const json* record = reader.at("record")) {
    outcome.remembered = remembered_from(*record);
    if (!outcome.remembered) return std::nullopt;
  }
  return reader.good() && outcome.digest.size() == 32 ? std::optional(outcome) : std::nullopt;
}

}  // namespace beadle::replay
