// What is to be done in a mailbox, and what came of a move: tests/data/mailbox/plans.txt and endings.tsv, to which cases are
// added without C++.
#include "mailbox/plan.h"

#include <fstream>
#include <sstream>

#include "base/text.h"

#include "catch.h"

namespace beadle::mailbox {
namespace {

const std::string data_directory = std::string(BEADLE_TEST_DATA) + "/mailbox";

Box box_of(const std::string& name) {
  for (const Box box : {Box::held, Box::release, Box::give_back}) {
    if (to_string(box) == name) return box;
  }
  FAIL("no folder " << name);
  return Box::held;
}

Shape shape_of(const std::string& name) {
  for (const Shape shape : {Shape::original, Shape::facts, Shape::conflict}) {
    if (to_string(shape) == name) return shape;
  }
  FAIL("no shape " << name);
  return Shape::original;
}

store::HeldState state_of(const std::string& name) {
  const auto state = store::held_state_from(name);
  REQUIRE(state);
  return *state;
}

std::string shown(const Step& step) {
  const std::string place = std::string(to_string(step.box)) + " " + std::to_string(step.uid);
  switch (step.kind) {
    case Step::Kind::decide:
      return "decide " + place + " " + step.id;
    case Step::Kind::contradict:
      return "contradict " + place + " " + step.id;
    case Step::Kind::explain:
      return "explain " + place + " " + std::string(to_string(step.stray));
    case Step::Kind::place:
      return "place " + step.id + " " + std::string(to_string(step.shape));
    case Step::Kind::remove:
      break;
  }
  std::vector<std::string> uids;
  for (const std::uint32_t uid : step.uids) uids.push_back(std::to_string(uid));
  return "remove " + std::string(to_string(step.box)) + " " + joined(uids, ",");
}

Copy copy_of(std::istringstream& in) {
  Copy copy;
  std::string box, id, shape, flag;
  in >> box >> copy.uid >> id >> shape >> flag;
  copy.box = box_of(box);
  copy.read.claimed = shape != "other";
  if (id != "-") copy.read.mark = Mark{id, shape_of(shape)};
  copy.deleted = flag == "deleted";
  copy.answered = flag == "answered";
  return copy;
}

struct Case {
  std::string name;
  World world;
  std::vector<std::string> steps;
};

std::vector<Case> cases() {
  std::ifstream file(data_directory + "/plans.txt");
  std::vector<Case> out;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    if (line.starts_with("== ")) {
      out.push_back({line.substr(3), {}, {}});
      continue;
    }
    REQUIRE_FALSE(out.empty());
    INFO(out.back().name << ": " << line);
    World& world = out.back().world;
    std::istringstream in(line);
    std::string what, word;
    in >> what;
    if (what == "wait") {
      while (in >> word) {
        const bool excepted = word.ends_with('*');
        if (excepted) word.pop_back();
        world.waiting.push_back({word, excepted});
        world.fates[word] = {store::HeldState::held, ""};
      }
    } else if (what == "fate") {
      std::string state, who;
      in >> word >> state >> who;
      world.fates[word] = {state_of(state), who};
    } else if (what == "attach") {
      world.attach_original = false;
    } else if (what == "copy") {
      world.copies.push_back(copy_of(in));
    } else if (what == "step") {
      out.back().steps.push_back(line.substr(5));
    } else {
      FAIL("what is this?");
    }
  }
  return out;
}

}  // namespace

TEST_CASE("folders are made to agree with the store, case by case") {
  const auto all = cases();
  CHECK(all.size() >= 25);
  for (const Case& one : all) {
    INFO(one.name);
    std::vector<std::string> steps;
    for (const Step& step : plan(one.world)) steps.push_back(shown(step));
    CHECK(steps == one.steps);
  }
}

TEST_CASE("the order in which a server tells of messages changes nothing") {
  for (Case& one : cases()) {
    INFO(one.name);
    std::reverse(one.world.copies.begin(), one.world.copies.end());
    std::vector<std::string> steps;
    for (const Step& step : plan(one.world)) steps.push_back(shown(step));
    std::sort(steps.begin(), steps.end());
    std::sort(one.steps.begin(), one.steps.end());
    CHECK(steps == one.steps);
  }
}

TEST_CASE("what came of a move") {
  std::ifstream file(data_directory + "/endings.tsv");
  std::size_t count = 0;
  for (std::string line; std::getline(file, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    ++count;
    INFO(line);
    const auto fields = split(line, '\t');
    REQUIRE(fields.size() == 5);
    const Fate fate{state_of(std::string(fields[2])), std::string(fields[3])};
    CHECK(to_string(ending_of(box_of(std::string(fields[0])), fields[1] == "yes", fate, "sam")) == fields[4]);
  }
  CHECK(count >= 15);
}

}  // namespace beadle::mailbox
