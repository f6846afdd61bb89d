#include <thread>

#include "helpers.h"

namespace beadle::store {

TEST_CASE("several threads use one store") {
  const Folder folder;
  Store store = open_store(folder.database());
  std::vector<int> failures(4, 0);
  {
    std::vector<std::jthread> threads;
    for (std::size_t t = 0; t < failures.size(); ++t) {
      threads.emplace_back([&store, &failures, t] {
        for (int i = 0; i < 20; ++i) {
          const auto outcome = store.hold(some_mail(), at(i), nullptr);
          if (!outcome || !store.get(outcome->id) || !store.opened(outcome->id, "jo", at(i)) || !store.list({}, 5)) ++failures[t];
        }
      });
    }
  }
  CHECK(failures == std::vector<int>(4, 0));
  CHECK(must(store.list({}, 1000)).size() == 80);
  CHECK(must(store.verify_audit()).rows == 161);
  CHECK(must(store.verify_audit()).broken_at == 0);
}

}  // namespace beadle::store
