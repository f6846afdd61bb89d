// beadle audit: the newest acts first of all, and how to see the others.
#include "town.h"

namespace beadle::cli {
namespace {

struct Trail : Town {
  Trail() {
    auto store = store::Store::open(*this / "beadle.db", system_now());
    REQUIRE(store);
    for (int i = 1; i < rows; ++i) REQUIRE(store->audit("opened", "sam", "", "{}", system_now()));
  }
  Ran list(const std::string& words) const { return run("audit list --config beadle.toml " + words); }
  static constexpr int rows = 130;  // with that of the new store
};

int number(const Ran& ran, bool first) {
  const auto rows = ran.json();
  REQUIRE_FALSE(rows.empty());
  return (first ? rows.front() : rows.back())["number"].get<int>();
}

}  // namespace

TEST_CASE("without a filter the last acts are listed, and it is said how to see earlier ones") {
  const Trail trail;
  const Ran last = trail.list("--json");
  CHECK(last.json().size() == 100);
  CHECK(number(last, true) == 31);
  CHECK(number(last, false) == Trail::rows);
  CHECK(last.err == "beadle: these are rows 31 to 130 of 130; earlier ones: --from 1\n");
  CHECK(trail.list("--most 10").err == "beadle: these are rows 121 to 130 of 130; earlier ones: --from 111\n");
  const Ran first = trail.list("--from 1 --json");
  CHECK(number(first, true) == 1);
  CHECK(first.err == "beadle: these are rows 1 to 100 of 130; later ones: --from 101\n");
  CHECK(trail.list("--most 500").err.empty());
  CHECK(trail.list("--from 0").code == exit_usage);
}

TEST_CASE("with a filter the newest are listed, and an act that there is not is told") {
  const Trail trail;
  const Ran opened = trail.list("--act opened --json");
  CHECK(opened.json().size() == 100);
  CHECK(number(opened, true) == Trail::rows);
  CHECK(opened.err.find("newest 100") != std::string::npos);
  CHECK(trail.list("--act released").code == 0);  // has not happened yet
  const Ran wrong = trail.list("--act relased");
  CHECK(wrong.code == exit_usage);
  CHECK(wrong.err.find("there is no act relased; did you mean released?") != std::string::npos);
  CHECK(wrong.err.find("break-glass-asked") != std::string::npos);
  CHECK(trail.list("--act opened --from 5").code == exit_usage);
}

}  // namespace beadle::cli
