// The parts that view.cpp puts together. Each is pure and fills in one thing of a MessageView.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "inspect/facts.h"
#include "review/view.h"

namespace beadle::review {

// view_texts.cpp
std::vector<ShownText> shown_texts(const mail::Message& message);
/// Places the evidence of each finding and highlights it in the texts, in every alternative that has the words.
void place_evidence(const mail::Message& message, MessageView& view);

// view_parties.cpp
void add_senders(const store::Held& held, const mail::Message& message, const people::Directory& people, MessageView& view);
void add_recipients(const store::Held& held, const mail::Message& message, const inspect::Facts& facts, const people::Directory& people, MessageView& view);

// view_words.cpp
std::string_view zone_says(mail::ZoneKind kind);
std::string_view place_says(std::string_view zone);
std::string defect_says(const mail::Defect& defect);
/// "report.pdf: too many pages"
std::string not_inspected_says(const mail::NotInspected& part);

// leaving.cpp
Leaving leaving_of(const store::Held& held, const mail::Message& message);

}  // namespace beadle::review
