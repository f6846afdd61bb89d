// Passes that follow each other: what is held meanwhile is shown, with and without IDLE, until a stop.
#include "mailbox/loop.h"

#include <thread>

#include "base/log.h"
#include "fake_server.h"
#include "review/desk.h"

namespace beadle::mailbox {
namespace {

using review::must;

bool comes_true(const std::function<bool()>& condition) {
  const net::Deadline end = net::after_ms(60'000);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  return true;
}

}  // namespace

TEST_CASE("what is held while the loop runs is put into the mailbox, until a stop") {
  for (const char* capabilities : {"IMAP4rev1 UIDPLUS MOVE IDLE", "IMAP4rev1 UIDPLUS"}) {
    INFO(capabilities);
    review::Office office;
    FakeMailbox box;  // of the loop's thread, as long as it runs
    box.capabilities = capabilities;
    DeskSettings settings;
    settings.mailboxes = {{"sam at mail.example", "sam", {}, ""}};
    settings.return_words = "No.";
    const Tools tools{.store = office.store,
                      .policy = [] { return review::quiet_policy(); },
                      .notices = [] { return review::writer(); },
                      .documents = nullptr,
                      .now = [] { return review::at(1); },
                      .connect = [&](const Mailbox&, const net::StopSwitch*) {
                        return Result<std::unique_ptr<imap::Transport>>(std::make_unique<FakeServer>(box));
                      }};
    const auto is_placed = [&](const std::string& id) {
      const auto acts = office.acts_on(id);
      return std::find(acts.begin(), acts.end(), "placed-in-mailbox beadle") != acts.end();
    };
    const std::string first = office.hold(review::fence_mail);
    set_log(LogLevel::error, false);
    net::StopSwitch stop;
    std::jthread loop([&] { run_desk_loop([&] { return settings; }, tools, stop); });
    CHECK(comes_true([&] { return is_placed(first); }));
    const std::string second = office.hold(review::fence_mail);
    CHECK(comes_true([&] { return is_placed(second); }));
    stop.stop();
    loop.join();
    set_log(LogLevel::info, false);
    // The row is written before the message is put there, and the stop may have come between.
    const std::size_t shown = box.in("Held").size();
    CHECK((shown == 1 || shown == 2));
    const bool idled = std::find(box.heard.begin(), box.heard.end(), "IDLE") != box.heard.end();
    CHECK(idled == (box.capabilities.find("IDLE") != std::string::npos));
  }
}

TEST_CASE("without a mailbox nothing is done, and a stop is heard at once") {
  review::Office office;
  const Tools tools{.store = office.store,
                    .policy = [] { return review::quiet_policy(); },
                    .notices = [] { return review::writer(); },
                    .documents = nullptr,
                    .now = [] { return review::at(1); },
                    .connect = [](const Mailbox&, const net::StopSwitch*) -> Result<std::unique_ptr<imap::Transport>> {
                      FAIL("nobody to connect to");
                      return Error{};
                    }};
  net::StopSwitch stop;
  std::jthread loop([&] { run_desk_loop([] { return DeskSettings(); }, tools, stop); });
  stop.stop();
  loop.join();
  SUCCEED();
}

}  // namespace beadle::mailbox
