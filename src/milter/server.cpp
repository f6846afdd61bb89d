#include "milter/server.h"

#include <condition_variable>
#include <list>
#include <mutex>
#include <system_error>
#include <thread>

#include "milter/conversation.h"

namespace beadle::milter {
namespace {

// accept() failed for want of descriptors or memory: a moment later some may be free.
constexpr std::int64_t accept_pause_ms = 200;

}  // namespace

class Server::Impl {
 public:
  Impl(std::vector<net::Listener> listeners, Receive receive, const ServerLimits& bounds)
      : listeners_(std::move(listeners)), shared_(std::move(receive), bounds) {}

  void run(const net::StopSwitch& stop) {
    std::vector<std::jthread> acceptors;
    acceptors.reserve(listeners_.size());
    for (net::Listener& listener : listeners_) acceptors.emplace_back([&] { accept_all(listener, stop); });
    while (!net::wait_for_stop(stop, net::after_ms(3'600'000))) {
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

 private:
  struct Conversation {
    std::jthread thread;
    bool ended = false;
  };

  void accept_all(net::Listener& listener, const net::StopSwitch& stop) {
    while (!stop.stopped()) {
      auto stream = listener.accept(stop);
      if (!stream) {
        shared_.rare_log.log(LogLevel::error, "milter-accept-failed", to_string(listener.endpoint()), stream.error().what);
        net::wait_for_stop(stop, net::after_ms(accept_pause_ms));
      } else if (*stream && wait_for_place()) {
        start(std::move(**stream), stop);
      }
    }
  }

  /// Takes one of the places for conversations: the connection in hand waits for it, those that follow wait in the backlog. False
  /// when it is time to stop.
  bool wait_for_place() {
    std::unique_lock lock(mutex_);
    const auto is_free = [&] { return stopping_ || running_ < shared_.bounds.connections; };
    if (!is_free()) {
      shared_.rare_log.log(LogLevel::warning, "milter-full", "",
                           std::to_string(shared_.bounds.connections) + " connections are open; more must wait");
      changed_.wait(lock, is_free);
    }
    if (stopping_) return false;
    ++running_;
    return true;
  }

  void start(net::Stream stream, const net::StopSwitch& stop) {
    const std::lock_guard lock(mutex_);
    conversations_.remove_if([](const Conversation& conversation) { return conversation.ended; });  // joins them
    conversations_.emplace_back();
    Conversation& conversation = conversations_.back();
    try {
      conversation.thread = std::jthread([this, &conversation, &stop, stream = std::move(stream)]() mutable {
        converse(std::move(stream), shared_, stop);
        const std::lock_guard ending(mutex_);
        conversation.ended = true;
        --running_;
        changed_.notify_all();
      });
    } catch (const std::system_error& error) {
      conversations_.pop_back();
      --running_;
      shared_.rare_log.log(LogLevel::error, "milter-no-thread", "", error.what());
    }
  }

  std::vector<net::Listener> listeners_;
  Shared shared_;
  std::mutex mutex_;
  std::condition_variable changed_;  // a place is free, or stopping
  std::size_t running_ = 0;          // conversations
  bool stopping_ = false;
  std::list<Conversation> conversations_;
};

Server::Server(std::vector<net::Listener> listeners, Receive receive, std::size_t connections)
    : Server(std::move(listeners), std::move(receive), ServerLimits{.connections = connections}) {}

Server::Server(std::vector<net::Listener> listeners, Receive receive, const ServerLimits& bounds)
    : impl_(std::make_unique<Impl>(std::move(listeners), std::move(receive), bounds)) {}

Server::~Server() = default;

void Server::run(const net::StopSwitch& stop) { impl_->run(stop); }

}  // namespace beadle::milter
