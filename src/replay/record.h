// The record of earlier correspondence while a replay runs: what store::Store keeps of it, in memory, because a replay touches no store. A mail is kept as
// who, to whom, whether marked, and fingerprints of marked passages; no text. Safe to use from several threads at once.
// Gives the same history as the store would (tests/replay); fails only where it is one (StoreRecord).
#pragma once

#include <cstdint>
#include <memory>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "inspect/history.h"
#include "inspect/inspect.h"
#include "mail/message.h"
#include "store/store.h"

namespace beadle::replay {

/// What is kept of one mail.
struct Remembered {
  inspect::EarlierMail mail;
  std::vector<std::uint64_t> fingerprints;  // where it is marked
  bool operator==(const Remembered&) const = default;
};

class Record {
 public:
  virtual ~Record() = default;
  /// Of fingerprints: the same for as long as the record lasts.
  virtual std::string key() const = 0;
  virtual Result<inspect::History> look_up(const std::vector<std::string>& message_ids) = 0;
  virtual Result<bool> has_fingerprints() = 0;
  virtual Result<std::vector<inspect::SharedPassages>> look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints) = 0;
  virtual Result<void> remember(const Remembered& remembered) = 0;
};

class MemoryRecord : public Record {
 public:
  explicit MemoryRecord(std::string key) : key_(std::move(key)) {}
  /// Before anything is asked of it.
  void set_key(std::string key) { key_ = std::move(key); }
  std::string key() const override { return key_; }
  Result<inspect::History> look_up(const std::vector<std::string>& message_ids) override;
  Result<bool> has_fingerprints() override;
  Result<std::vector<inspect::SharedPassages>> look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints) override;
  Result<void> remember(const Remembered& remembered) override;

 private:
  using Number = std::uint32_t;
  struct Kept {
    const std::string* message_id = nullptr;
    Number sender = 0;
    std::vector<Number> visible, recipients;
    Time at{};
    bool marked = false, consent = false;
  };
  Number number_of(const std::string& address);
  void add(std::vector<Number>& known, const std::vector<std::string>& more);
  inspect::EarlierMail mail_of(const Kept& kept) const;

  std::string key_;
  mutable std::shared_mutex mutex_;
  // A council writes to a few thousand addresses, hundreds of times each.
  std::unordered_map<std::string, Number> addresses_;
  std::vector<const std::string*> address_of_;
  std::unordered_map<std::string, Number> by_id_;
  std::vector<Kept> mails_;
  std::unordered_map<std::uint64_t, std::vector<Number>> by_fingerprint_;  // mails in the order in which they came
};

/// The record that `beadle check --record` also reads and adds to.
class StoreRecord : public Record {
 public:
  static Result<std::unique_ptr<StoreRecord>> open(const std::string& file, Time now);
  std::string key() const override { return key_; }
  Result<inspect::History> look_up(const std::vector<std::string>& message_ids) override { return store_.look_up(message_ids); }
  Result<bool> has_fingerprints() override { return store_.has_fingerprints(); }
  Result<std::vector<inspect::SharedPassages>> look_up_passages(const std::vector<inspect::Fingerprint>& fingerprints) override {
    return store_.look_up_passages(fingerprints);
  }
  Result<void> remember(const Remembered& remembered) override {
    return store_.remember(remembered.mail, remembered.mail.at, remembered.fingerprints);
  }

 private:
  StoreRecord(store::Store store, std::string key) : store_(std::move(store)), key_(std::move(key)) {}
  store::Store store_;
  std::string key_;
};

}  // namespace beadle::replay
