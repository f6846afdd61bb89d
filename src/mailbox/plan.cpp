#include "mailbox/plan.h"

#include <algorithm>

namespace beadle::mailbox {
namespace {

using store::HeldState;

/// Copies of one held message that its owner still sees, lowest UID first.
struct Standing {
  std::vector<const Copy*> held, release, give_back;
};

const std::string* id_of(const Copy& copy) { return copy.read.mark ? &copy.read.mark->id : nullptr; }

bool fits(Shape shape, bool excepted, bool attach_original) {
  if (shape == Shape::conflict) return !excepted;
  return (shape == Shape::original) == attach_original;
}

class Planner {
 public:
  explicit Planner(const World& world) : world_(world) {
    for (const Copy& copy : world.copies) {
      if (!id_of(copy)) continue;
      Standing& standing = standing_[*id_of(copy)];
      if (copy.deleted) continue;
      (copy.box == Box::held ? standing.held : copy.box == Box::release ? standing.release : standing.give_back).push_back(&copy);
    }
    const auto by_uid = [](const Copy* a, const Copy* b) { return a->uid < b->uid; };
    for (auto& [id, standing] : standing_) {
      for (auto* copies : {&standing.held, &standing.release, &standing.give_back})
        std::sort(copies->begin(), copies->end(), by_uid);
    }
  }

  std::vector<Step> steps() {
    for (const auto& [id, standing] : standing_) add_decision(id, standing);
    for (const Copy& copy : world_.copies) add_explanation(copy);
    for (const Waiting& waiting : world_.waiting) add_waiting(waiting);
    for (const Copy& copy : world_.copies) add_deleted(copy);
    for (const auto& [id, standing] : standing_) add_leaving(id);
    for (auto& [box, uids] : leaving_) {
      std::sort(uids.begin(), uids.end());
      uids.erase(std::unique(uids.begin(), uids.end()), uids.end());
      steps_.push_back({.kind = Step::Kind::remove, .box = box, .id = "", .uids = uids});
    }
    return std::move(steps_);
  }

 private:
  void add_decision(const std::string& id, const Standing& standing) {
    if (!world_.fates.contains(id) || (standing.release.empty() && standing.give_back.empty())) return;
    const Copy& first = standing.release.empty() ? *standing.give_back.front() : *standing.release.front();
    const bool both = !standing.release.empty() && !standing.give_back.empty();
    steps_.push_back(
        {.kind = both ? Step::Kind::contradict : Step::Kind::decide, .box = first.box, .uid = first.uid, .id = id, .uids = {}});
    decided_[id] = true;
  }

  void add_explanation(const Copy& copy) {
    if (copy.box == Box::held || copy.deleted || copy.answered) return;
    const bool is_known = id_of(copy) && world_.fates.contains(*id_of(copy));
    if (is_known) return;
    const Stray stray = id_of(copy) ? Stray::unknown : copy.read.claimed ? Stray::forged : Stray::other;
    steps_.push_back({.kind = Step::Kind::explain, .box = copy.box, .uid = copy.uid, .id = "", .stray = stray, .uids = {}});
  }

  void add_waiting(const Waiting& waiting) {
    shown_[waiting.id] = true;
    if (decided_.contains(waiting.id)) return;
    const auto found = standing_.find(waiting.id);
    const Copy* kept = nullptr;
    if (found != standing_.end()) {
      for (const Copy* copy : found->second.held) {
        if (kept == nullptr && fits(copy->read.mark->shape, waiting.excepted, world_.attach_original))
          kept = copy;
        else
          leaving_[Box::held].push_back(copy->uid);
      }
    }
    if (kept != nullptr) return;
    const Shape shape = world_.attach_original ? Shape::original : Shape::facts;
    steps_.push_back({.kind = Step::Kind::place, .id = waiting.id, .shape = shape, .uids = {}});
  }

  /// Its owner, or a move of ours that broke off, has flagged it for the next expunge.
  void add_deleted(const Copy& copy) {
    if (!copy.deleted || !id_of(copy) || !world_.fates.contains(*id_of(copy)) || decided_.contains(*id_of(copy))) return;
    leaving_[copy.box].push_back(copy.uid);
  }

  /// What Held shows no more: decided elsewhere, or not for this account. What the store does not know stays: it may be all that
  /// is left of a message.
  void add_leaving(const std::string& id) {
    if (shown_.contains(id) || decided_.contains(id) || !world_.fates.contains(id)) return;
    for (const auto& [box, uids] : places_of(world_.copies, id))
      leaving_[box].insert(leaving_[box].end(), uids.begin(), uids.end());
  }

  const World& world_;
  std::map<std::string, Standing, std::less<>> standing_;
  std::map<std::string, bool, std::less<>> decided_, shown_;
  std::map<Box, std::vector<std::uint32_t>> leaving_;
  std::vector<Step> steps_;
};

}  // namespace

std::string_view to_string(Box box) { return box == Box::held ? "held" : box == Box::release ? "release" : "return"; }

std::string_view to_string(Ending ending) {
  switch (ending) {
    case Ending::released:
      return "released";
    case Ending::returned:
      return "returned";
    case Ending::put_back:
      return "put-back";
    case Ending::overtaken:
      break;
  }
  return "overtaken";
}

std::string_view to_string(Stray stray) {
  return stray == Stray::forged ? "forged" : stray == Stray::unknown ? "unknown" : "other";
}

std::vector<Step> plan(const World& world) { return Planner(world).steps(); }

Ending ending_of(Box box, bool done, const Fate& fate, std::string_view account) {
  const Ending wished = box == Box::release ? Ending::released : Ending::returned;
  if (done) return wished;
  if (fate.state == HeldState::held) return Ending::put_back;
  const bool as_wished = box == Box::release ? fate.state == HeldState::releasing || fate.state == HeldState::released
                                             : fate.state == HeldState::returned;
  return as_wished && fate.decided_by == account ? wished : Ending::overtaken;
}

std::map<Box, std::vector<std::uint32_t>> places_of(const std::vector<Copy>& copies, std::string_view id) {
  std::map<Box, std::vector<std::uint32_t>> places;
  for (const Copy& copy : copies) {
    if (id_of(copy) && *id_of(copy) == id) places[copy.box].push_back(copy.uid);
  }
  for (auto& [box, uids] : places) std::sort(uids.begin(), uids.end());
  return places;
}

}  // namespace beadle::mailbox
