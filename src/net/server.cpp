#include "net/server.h"

#include <algorithm>
#include <condition_variable>
#include <exception>
#include <list>
#include <mutex>
#include <thread>

#include "base/limits.h"
#include "base/text.h"

namespace beadle::net {
namespace {

// accept() failed for want of descriptors or memory: a moment later some may be free.
constexpr std::int64_t accept_pause_ms = 200;

}  // namespace

class Server::Impl {
 public:
  Impl(std::vector<Listener> listeners, Door door, RareLog& log)
      : listeners_(std::move(listeners)), door_(std::move(door)), log_(log) {}

  void run(const StopSwitch& stop) {
    std::vector<std::jthread> acceptors;
    acceptors.reserve(listeners_.size());
    for (Listener& listener : listeners_) acceptors.emplace_back([&] { accept_all(listener, stop); });
    while (!wait_for_stop(stop, after_ms(3'600'000))) {
    }
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    acceptors.clear();
    listeners_.clear();  // whoever connects now is told at once that nobody is there
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return running_ == 0; });
    lock.unlock();
    conversations_.clear();
  }

  void set_connections(std::size_t connections) {
    {
      const std::lock_guard lock(mutex_);
      door_.connections = connections;
    }
    changed_.notify_all();
  }

 private:
  struct Conversation {
    std::string host;
    bool ended = false;
    std::jthread thread;
  };

  void accept_all(Listener& listener, const StopSwitch& stop) {
    while (!stop.stopped()) {
      auto stream = listener.accept(stop);
      if (!stream) {
        log(LogLevel::error, "accept-failed", to_string(listener.endpoint()), stream.error().what);
        wait_for_stop(stop, after_ms(accept_pause_ms));
      } else if (*stream) {
        // Nobody may end the process for one connection.
        try {
          admit(std::move(**stream), stop);
        } catch (const std::exception& error) {
          log(LogLevel::error, "exception", "", error.what());
        }
      }
    }
  }

  void admit(Stream stream, const StopSwitch& stop) {
    const std::string host = stream.peer_host();
    if (door_.refuse) {
      if (const auto words = door_.refuse({host, conversations_of(host)})) {
        log(LogLevel::notice, "refused", host, std::string(trimmed(*words)));
        // They fit into the empty buffer of a new connection, so nobody waits; whether they arrive is not worth a second try.
        [[maybe_unused]] const auto said = stream.write_all(*words, after_ms(limits::refusal_timeout_ms), &stop);
        return;
      }
    }
    if (wait_for_place()) start(std::move(stream), host, stop);
  }

  std::size_t conversations_of(const std::string& host) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(conversations_.begin(), conversations_.end(),
                      [&](const Conversation& conversation) { return !conversation.ended && conversation.host == host; }));
  }

  /// Takes one of the places for conversations: the connection in hand waits for it, those that follow wait in the backlog. False
  /// when it is time to stop.
  bool wait_for_place() {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return stopping_ || running_ < door_.connections; };
    if (!is_free()) {
      log(LogLevel::warning, "full", "", std::to_string(door_.connections) + " connections are open; more must wait");
      changed_.wait(lock, is_free);
    }
    if (stopping_) return false;
    ++running_;
    return true;
  }

  void start(Stream stream, const std::string& host, const StopSwitch& stop) {
    const std::lock_guard lock(mutex_);
    conversations_.remove_if([](const Conversation& conversation) { return conversation.ended; });  // joins them
    try {
      std::list<Conversation> begun(1);
      Conversation& conversation = begun.front();
      conversation.host = host;
      conversation.thread = std::jthread([this, &conversation, &stop, stream = std::move(stream)]() mutable {
        converse(std::move(stream), conversation, stop);
      });
      conversations_.splice(conversations_.end(), begun);
    } catch (const std::exception& error) {
      --running_;
      changed_.notify_all();
      log(LogLevel::error, "no-thread", host, error.what());
    }
  }

  void converse(Stream stream, Conversation& conversation, const StopSwitch& stop) {
    try {
      door_.converse(std::move(stream), stop);
    } catch (const std::exception& error) {
      log(LogLevel::error, "exception", conversation.host, error.what());
    }
    const std::lock_guard lock(mutex_);
    conversation.ended = true;
    --running_;
    changed_.notify_all();
  }

  void log(LogLevel level, const std::string& event, const std::string& peer, const std::string& why) {
    log_.log(level, door_.name + "-" + event, peer, why);
  }

  std::vector<Listener> listeners_;
  Door door_;
  RareLog& log_;
  std::mutex mutex_;
  std::condition_variable changed_;  // a place is free, or stopping
  std::size_t running_ = 0;          // conversations
  bool stopping_ = false;
  std::list<Conversation> conversations_;
};

Server::Server(std::vector<Listener> listeners, Door door, RareLog& log)
    : impl_(std::make_unique<Impl>(std::move(listeners), std::move(door), log)) {}

Server::~Server() = default;

void Server::run(const StopSwitch& stop) { impl_->run(stop); }

void Server::set_connections(std::size_t connections) { impl_->set_connections(connections); }

}  // namespace beadle::net
