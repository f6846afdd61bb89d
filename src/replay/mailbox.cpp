#include "replay/mailbox.h"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <utility>

#include "base/limits.h"
#include "base/text.h"
#include "imap/bounds.h"
#include "imap/client.h"
#include "imap/folder_choice.h"
#include "replay/outline.h"

namespace beadle::replay {
namespace {

using std::chrono::seconds;

// Conversations at once: more threads do not make a mail server faster, and servers allow people ten or so. What has to be read again in the middle of one
// has one of its own.
constexpr std::size_t conversations_max = 3;
// Messages of one FETCH: enough that the way to the server and back does not count, and few enough that threads do not run far ahead of each other.
constexpr std::size_t fetched_together = 32;
// How long an absent server is waited for, time after time, as long as nothing comes: a restart takes a minute, a line a few.
constexpr seconds pauses[] = {seconds(2), seconds(10), seconds(30), seconds(60), seconds(120)};
// Messages at which a server ends or garbles the conversation: some servers choke on one that is broken; one that chokes on every message is no use.
constexpr int spoilt_max = 20;

struct Place {
  std::string folder;
  std::uint32_t uid_validity = 0, exists = 0;
};

struct Conversation {
  explicit Conversation(std::unique_ptr<imap::Transport> opened) : transport(std::move(opened)), client(*transport) {}
  std::unique_ptr<imap::Transport> transport;
  imap::Client client;
  std::string folder;  // that is open; "": none
};

/// All conversations with one mailbox.
class Mailbox {
 public:
  Mailbox(std::string name, MailboxTools tools) : name_(std::move(name)), tools_(std::move(tools)) {}
  ~Mailbox() {
    for (const auto& conversation : idle_) conversation->client.log_out();
  }
  Mailbox(const Mailbox&) = delete;
  Mailbox& operator=(const Mailbox&) = delete;

  const std::string& name() const { return name_; }

  using Act = std::function<Result<void>(Conversation&)>;
  /// Does `act`, which goes on where it was when it is called again. `left`: how much it still has to do; as long as that grows less, a server that goes away
  /// is waited for again.
  enum class Turn { waits, at_once };  // at once: somebody who has a conversation needs another one
  Result<void> converse(Turn turn, const Act& act, const std::function<std::size_t()>& left) {
    std::size_t pause = 0;
    for (std::size_t before = left();; before = left()) {
      bool was_idle = false;
      const auto done = try_once(turn, act, was_idle);
      if (done || done.error().kind != ErrorKind::try_later) return done;
      if (left() < before) pause = 0;
      if (was_idle) continue;  // servers end what is idle for long; the next one may be new
      if (pause == std::size(pauses)) return done;
      const seconds time = pauses[pause++];
      const std::string again = "; trying again in " + std::to_string(time.count()) + " s (" + std::to_string(pause) + " of " +
                                std::to_string(std::size(pauses)) + ")";
      if (!tools_.wait(name_ + ": " + done.error().what + again, time)) return done;
    }
  }

  /// What a conversation needs before messages of a folder can be read. The same messages must still have the same numbers.
  Result<void> open(Conversation& conversation, const Place& place) {
    if (conversation.folder == place.folder) return {};
    conversation.folder.clear();
    const imap::FolderState state = TRY(conversation.client.examine(place.folder));
    if (state.uid_validity != place.uid_validity) {
      return Error{ErrorKind::bad_data, "the mail server has numbered " + printable(place.folder) + " anew meanwhile; started again, the replay reads all of it anew"};
    }
    conversation.folder = place.folder;
    return {};
  }

  bool may_spoil_another() {
    const std::lock_guard lock(mutex_);
    return ++spoilt_ <= spoilt_max;
  }

 private:
  /// One of conversations_max at a time, for as long as it lives.
  class Slot {
   public:
    Slot(Mailbox& mailbox, Turn turn) : mailbox_(mailbox), counts_(turn == Turn::waits) {
      std::unique_lock lock(mailbox_.mutex_);
      if (!counts_) return;
      mailbox_.free_.wait(lock, [&] { return mailbox_.running_ < conversations_max; });
      ++mailbox_.running_;
    }
    ~Slot() {
      const std::lock_guard lock(mailbox_.mutex_);
      if (counts_) --mailbox_.running_;
      mailbox_.free_.notify_one();
    }
    Slot(const Slot&) = delete;
    Slot& operator=(const Slot&) = delete;

   private:
    Mailbox& mailbox_;
    bool counts_;
  };

  Result<void> try_once(Turn turn, const Act& act, bool& was_idle) {
    const Slot slot(*this, turn);
    auto conversation = take_idle();
    was_idle = conversation != nullptr;
    if (!conversation) conversation = TRY(begin());
    auto done = act(*conversation);
    // After NO the conversation goes on; after any other failure it is over.
    if (done || done.error().kind == ErrorKind::refused) {
      const std::lock_guard lock(mutex_);
      idle_.push_back(std::move(conversation));
    }
    return done;
  }

  std::unique_ptr<Conversation> take_idle() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return nullptr;
    auto conversation = std::move(idle_.back());
    idle_.pop_back();
    return conversation;
  }

  Result<std::unique_ptr<Conversation>> begin() {
    auto conversation = std::make_unique<Conversation>(TRY(tools_.connect()));
    TRY(conversation->client.begin());
    return conversation;
  }

  std::string name_;
  MailboxTools tools_;
  std::mutex mutex_;
  std::condition_variable free_;
  std::vector<std::unique_ptr<Conversation>> idle_;
  std::size_t running_ = 0;
  int spoilt_ = 0;
};

class MailboxFolder : public Source {
 public:
  MailboxFolder(std::shared_ptr<Mailbox> mailbox, Place place, bool journal, std::string own_address)
      : mailbox_(std::move(mailbox)), place_(std::move(place)), journal_(journal), own_address_(std::move(own_address)) {}

  std::string name() const override { return "imap " + mailbox_->name() + "/" + printable(place_.folder); }
  std::string identity() const override { return name() + " numbered " + std::to_string(place_.uid_validity); }
  // RFC 3501 §2.3.1.1: UIDVALIDITY and UID name one message for ever, and its bytes never change.
  bool names_suffice() const override { return true; }
  std::uint64_t expected() const override { return place_.exists; }
  std::string own_address() const override { return own_address_; }
  std::size_t together() const override { return fetched_together; }

  Result<void> list(const std::function<void(Entry)>& found, const std::function<void(Failure)>&) override {
    std::uint32_t done = 0;  // up to which UID
    const auto act = [&](Conversation& conversation) -> Result<void> {
      conversation.folder.clear();  // so that it is asked anew how far the numbers reach
      TRY(mailbox_->open(conversation, place_));
      return conversation.client.search_on(done + 1, [&](const std::vector<std::uint32_t>& uids, std::uint32_t until) -> Result<bool> {
        for (const std::uint32_t uid : uids) found({.name = "UID " + std::to_string(uid), .begin = uid, .size = 0});
        done = until;
        return true;
      });
    };
    return mailbox_->converse(Mailbox::Turn::waits, act, [&] { return static_cast<std::size_t>(UINT32_MAX - done); });
  }

  Result<std::string> read(const Entry& entry, std::size_t most) const override {
    Result<std::string> bytes = gone();
    TRY(fetch({&entry, 1}, Wanted{.header = false, .most = most}, Mailbox::Turn::at_once,
              [&](std::size_t, Result<std::string> read) { bytes = std::move(read); }));
    return bytes;
  }

  Result<void> read_together(const std::vector<Entry>& entries, Part part, const Take& take) const override {
    const Wanted wanted = part == Part::whole ? Wanted{.header = false, .most = limits::message_bytes_max + 1}
                                              : Wanted{.header = !journal_, .most = head_bytes};
    return fetch(entries, wanted, Mailbox::Turn::waits, take);
  }

 private:
  struct Wanted {
    bool header = false;  // the header alone; else the message with it
    std::size_t most = 0;
  };
  using Places = std::map<std::uint32_t, std::size_t>;  // UID → place in what was asked for

  static Error gone() { return {ErrorKind::not_found, "has gone since it was listed"}; }

  Result<void> fetch(std::span<const Entry> entries, Wanted wanted, Mailbox::Turn turn, const Take& take) const {
    Places left;
    for (std::size_t i = 0; i < entries.size(); ++i) left.emplace(static_cast<std::uint32_t>(entries[i].begin), i);
    bool one_by_one = false;
    while (!left.empty()) {
      const std::size_t most = one_by_one ? 1 : std::min(left.size(), imap::fetch_uids_max);
      const Places asked(left.begin(), std::next(left.begin(), static_cast<std::ptrdiff_t>(most)));
      bool at_message = false;
      const auto fetched = fetch_once(asked, left, wanted, turn, take, at_message);
      if (fetched) {
        for (const auto& [uid, place] : asked) {
          if (left.erase(uid) > 0) take(place, gone());
        }
        continue;
      }
      // One message that a server cannot give, or gives garbled, is not the end of all others.
      const ErrorKind kind = fetched.error().kind;
      const bool goes_on = at_message && (kind == ErrorKind::refused || mailbox_->may_spoil_another());
      if (!goes_on) return in_context(name(), fetched.error());
      if (std::exchange(one_by_one, true) && left.erase(asked.begin()->first) > 0) take(asked.begin()->second, fetched.error());
    }
    return {};
  }

  /// `at_message`: it failed by what the server said of these messages.
  Result<void> fetch_once(const Places& asked, Places& left, Wanted wanted, Mailbox::Turn turn, const Take& take, bool& at_message) const {
    const auto act = [&](Conversation& conversation) -> Result<void> {
      TRY(mailbox_->open(conversation, place_));
      std::vector<std::uint32_t> uids;
      for (const auto& [uid, place] : asked) {
        if (left.contains(uid)) uids.push_back(uid);
      }
      const auto taken = [&](imap::Item&& item) -> Result<void> {
        const auto place = left.find(item.uid);
        CHECK(place != left.end());  // machine.h: what was asked for, once
        const std::size_t index = place->second;
        left.erase(place);
        take(index, std::move(wanted.header ? *item.header : *item.body));
        return {};
      };
      if (uids.empty()) return {};
      auto fetched = wanted.header ? conversation.client.headers(uids, wanted.most, taken) : conversation.client.bodies(uids, taken, wanted.most);
      at_message = !fetched && fetched.error().kind != ErrorKind::try_later;
      return fetched;
    };
    return mailbox_->converse(turn, act, [&] { return left.size(); });
  }

  std::shared_ptr<Mailbox> mailbox_;
  Place place_;
  bool journal_;
  std::string own_address_;
};

Result<std::vector<std::string>> chosen(const MailboxChoice& choice, imap::Client& client) {
  if (choice.depth == Depth::recursive && !choice.folder.starts_with('\\')) return imap::folders_below(choice.folder, client);
  std::optional<std::vector<imap::Folder>> known;
  return imap::folders_for(choice.folder, client, known);
}

}  // namespace

Result<std::vector<std::unique_ptr<Source>>> mailbox_sources(const MailboxChoice& choice, MailboxTools tools) {
  const auto mailbox = std::make_shared<Mailbox>(choice.name, std::move(tools));
  std::vector<Place> places;
  const auto act = [&](Conversation& conversation) -> Result<void> {
    places.clear();
    for (const std::string& folder : TRY(chosen(choice, conversation.client))) {
      const auto state = conversation.client.examine(folder);
      if (!state) return in_context(printable(folder), state.error());
      if (state->uid_validity == 0) return Error{ErrorKind::bad_data, printable(folder) + ": the mail server gives no UIDVALIDITY, so that nobody can tell its messages"};
      places.push_back({folder, state->uid_validity, state->exists});
    }
    return {};
  };
  const auto asked = mailbox->converse(Mailbox::Turn::waits, act, [] { return std::size_t{1}; });
  if (!asked) return in_context(choice.name, asked.error());
  std::vector<std::unique_ptr<Source>> sources;
  for (Place& place : places) sources.push_back(std::make_unique<MailboxFolder>(mailbox, std::move(place), choice.journal, choice.own_address));
  return sources;
}

}  // namespace beadle::replay
