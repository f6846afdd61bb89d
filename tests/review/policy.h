// A policy that finds nothing, and one catalogue.
#pragma once

#include "helpers.h"
#include "inspect/inspect.h"
#include "rules/catalogue.h"

namespace beadle::review {

inline std::shared_ptr<const inspect::Policy> quiet_policy() {
  static const std::shared_ptr<const inspect::Policy> made = [] {
    Problems problems;
    auto rules = rules::RuleSet::compile({}, {}, problems);
    INFO(to_string(problems));
    REQUIRE(rules);
    auto policy = std::make_shared<inspect::Policy>();
    policy->people = town();
    policy->rules = std::make_shared<const rules::RuleSet>(std::move(*rules));
    policy->protocol = "marram";
    policy->mode = inspect::Mode::enforce;
    policy->footer_key = "key";
    return policy;
  }();
  return made;
}

inline std::vector<rules::Catalogue> catalogues() {
  rules::Paragraph paragraph;
  paragraph.clause = "marram/7-orders";
  paragraph.place = "Section 7, orders";
  paragraph.asks = "Councillors place no orders.";
  return {{"marram.toml", "marram", {paragraph}}};
}

}  // namespace beadle::review
