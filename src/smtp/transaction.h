// One mail transaction between a client and the next hop: what the next hop answered, who was accepted, the bytes so far. The next hop is opened
// before any recipient is accepted, so that nothing is promised which cannot be kept; a message is handed over only when intake has said that it may go.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "intake/intake.h"
#include "smtp/command.h"
#include "smtp/hop_pool.h"
#include "smtp/spool.h"

namespace beadle::smtp {

using Receive = std::function<intake::Answer(intake::Arrival)>;

/// Who speaks to us, for Received, XFORWARD and the record.
struct ClientFacts {
  std::string address;  // literal, "unix"
  std::string name;     // reverse lookup is not done: "" unless XFORWARD told one
  std::string helo;
  bool extended = false, tls = false;
  std::vector<std::pair<std::string, std::string>> xforward;
};

/// A field that shows that mail comes from our own organisation, where the client's address cannot: a cloud sends from the same one for all its customers.
struct RequiredField {
  std::string name;                 // "": none is required
  std::vector<std::string> values;  // secret; any of them will do
};
inline constexpr std::size_t required_field_bytes_least = 16;  // 64 bits in hexadecimal: nobody guesses that by sending mail

struct TransactionSettings {
  std::string host_name;        // by which we add ourselves to Received
  std::string spool_directory;
  std::size_t spool_memory_bytes = 0;
  RequiredField required_field{};
};

class Transaction {
 public:
  Transaction(HopPool& pool, const TransactionSettings& settings, const net::StopSwitch* stop);
  /// A next hop that a transaction is left open on is closed, not reused.
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;

  /// 421 where the next hop no longer offers what the client was told: it is to be hung up on, and asks anew. So for recipient().
  /// ahead: the recipients that will follow in any case, in order, which the next hop can be told at once.
  Reply mail(const PathCommand& command, const ClientFacts& client, const std::vector<PathCommand>& ahead = {});
  Reply recipient(const PathCommand& command);
  /// The answer for the next recipient has come already.
  bool was_told_ahead() const { return !ahead_.empty(); }
  /// Bytes of the message; what cannot be kept is remembered and answered at the end.
  void append(std::string_view bytes);
  /// The end of data: has it inspected and, where it may go, sent on. `receive` may throw what libraries throw. The client is to have the answer before
  /// reset(), which has the next hop forget what it is not to get: its time is not the client's. Where `has_left` says that the client hung up, nothing is
  /// sent on: it will come again.
  Reply finish(const Receive& receive, const ClientFacts& client, Time now, const std::function<bool()>& has_left);
  /// RSET, or the client is gone.
  void reset();
  std::size_t bytes_in_memory() const { return spool_.bytes_in_memory(); }
  std::size_t bytes() const { return spool_.size(); }
  /// What went wrong with the next hop, the disk or the mail, once, for the log.
  struct Trouble {
    std::string event;  // "smtp-next-hop"
    std::string what;
  };
  std::optional<Trouble> take_trouble() { return std::exchange(trouble_, std::nullopt); }

 private:
  void forget();
  Reply lost(const Error& error);
  Reply offers_less();
  Result<Reply> begin(const PathCommand& command, const std::vector<PathCommand>& ahead, const ClientFacts& client);
  Result<Reply> answer_to(const std::string& line);
  Result<void> begin_again(const ClientFacts& client);
  /// asked: DATA has been said.
  Reply send_on(const std::string& bytes, const ClientFacts& client, bool asked, const std::function<bool()>& has_left);
  intake::Arrival arrival(std::string bytes, const ClientFacts& client) const;
  std::string received_field(const ClientFacts& client, const std::string& id, Time now) const;

  HopPool& pool_;
  const TransactionSettings& settings_;
  const net::StopSwitch* stop_;
  std::optional<NextHop> hop_;
  PathCommand sender_;
  std::vector<PathCommand> recipients_;  // accepted
  struct Ahead {
    std::string line;
    Reply answer;
  };
  std::vector<Ahead> ahead_;  // what the next hop was told and the client has not been, the next one at the end
  Spool spool_;
  std::optional<Error> spool_failed_;
  std::optional<Trouble> trouble_;
};

/// Whether the message has the field with one of its values; compared in a time that does not tell how much of a value was right.
bool has_required_field(const RequiredField& required, std::string_view bytes);
/// The message without the fields of that name.
std::string without_fields(std::string_view bytes, const std::vector<std::string>& names);

/// The message as it leaves: what intake removes, adds and edits, below `trace` (a Received field). bytes: as the message came.
std::string outgoing_bytes(const intake::Answer& answer, std::string_view bytes, std::string_view trace);

}  // namespace beadle::smtp
