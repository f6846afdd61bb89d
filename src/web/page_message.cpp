// One held message in front of whoever decides about it: why it is held, whom it goes to, its words, what a release would send, and the forms to
// decide. Opening it is an event of the register.
#include <algorithm>

#include "base/limits.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "mail/charset.h"
#include "mail/codec.h"
#include "mail/html.h"
#include "review/acts.h"
#include "web/mail_html.h"
#include "web/message_parts.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

using store::HeldState;

// Who looks twice within this time has opened it once.
constexpr auto same_opening = std::chrono::minutes(30);

/// Everything that the page shows.
struct Shown {
  store::InboxRow row;
  store::Held held;
  std::optional<review::MessageView> view;  // nullopt: its content was forgotten
  std::optional<review::Conflict> conflict;
  std::vector<store::Note> notes;
  std::vector<store::AuditRow> history;
  std::vector<store::Desk::ThreadMail> thread;
  std::vector<store::InboxRow> similar;
  std::vector<std::pair<std::string, store::BreakGlass>> exceptions;  // requests of others that nobody has agreed to
  std::optional<store::BreakGlass> own_exception;
  std::vector<store::Account> reviewers;
};

Result<void> note_opening(const Visit& visit, const std::string& id, const std::vector<store::AuditRow>& history) {
  const bool known = std::any_of(history.begin(), history.end(), [&](const store::AuditRow& row) {
    return row.act == "opened" && row.who == visit.account.name && row.at > visit.now - same_opening;
  });
  if (known) return {};
  return visit.world.store.opened(id, visit.account.name, visit.now);
}

Result<void> add_content(const Visit& visit, Shown& shown) {
  if (shown.held.purged) return {};
  mail::Message message = mail::parse_message(shown.held.bytes);
  if (visit.world.documents) visit.world.documents(message);
  shown.view = TRY(review::view_of(shown.held, message, *visit.in_force->policy, visit.in_force->catalogues));
  // With the documents, so that who is named in one does not decide either.
  shown.conflict = review::conflict_of(review::actor_of(visit.account), shown.held, message, visit.people());
  store::Desk desk(visit.world.store);
  shown.thread = TRY(desk.thread(shown.view->thread));
  auto similar = TRY(desk.inbox(review::similar_query(shown.held)));
  std::erase_if(similar.rows, [&](const store::InboxRow& row) { return row.id == shown.held.id; });
  shown.similar = std::move(similar.rows);
  return {};
}

/// To whom it can be passed on.
Result<std::vector<store::Account>> other_reviewers(const Visit& visit) {
  auto accounts = TRY(store::Accounts(visit.world.store).all());
  std::erase_if(accounts, [&](const store::Account& account) {
    return account.disabled || account.name == visit.account.name || !review::may(account.roles, review::Permission::decide);
  });
  return accounts;
}

Result<Shown> load(const Visit& visit) {
  Shown shown;
  store::Desk desk(visit.world.store);
  shown.held = TRY(visit.world.store.get(visit.id()));
  shown.row = TRY(desk.row(shown.held.id));
  shown.history = TRY(desk.history(shown.held.id));
  TRY(note_opening(visit, shown.held.id, shown.history));
  TRY(add_content(visit, shown));
  shown.notes = TRY(desk.notes(shown.held.id));
  shown.exceptions = TRY(desk.break_glass_asked(shown.held.id));
  std::erase_if(shown.exceptions, [&](const auto& one) { return one.second.asked_by == visit.account.name; });
  shown.own_exception = TRY(desk.break_glass(shown.held.id, visit.account.name));
  shown.reviewers = TRY(other_reviewers(visit));
  return shown;
}

std::string subject_of(const Shown& shown) {
  if (shown.held.purged) return "Content forgotten";
  return shown.held.subject.empty() ? "(no subject)" : shown.held.subject;
}

Html facts_of(const Visit& visit, const Shown& shown) {
  const store::Held& held = shown.held;
  std::vector<Fact> facts;
  facts.push_back({"State", fragment(state_tag(held.state), html_if(!held.decided_by.empty(), [&] {
                                       return fragment(" by ", shown_actor(held.decided_by, visit),
                                                       html_if(held.decided.has_value(), [&] { return fragment(", ", shown_moment(*held.decided)); }));
                                     }))});
  if (!held.reason.empty()) facts.push_back({held.state == HeldState::returned ? "Words to the sender" : "Reason", verbatim(held.reason)});
  facts.push_back({"From", shown_party(held.from, visit.people())});
  facts.push_back({"Held since", fragment(shown_moment(held.received), " (", shown_age(held.received, visit.now), ")")});
  if (held.state == HeldState::held) {
    facts.push_back(
        {"Taken on by", shown.row.claim ? fragment(shown_actor(shown.row.claim->who, visit), ", ", shown_moment(shown.row.claim->at)) : Html("nobody yet")});
    const auto days = visit.in_force->settings.review.return_after_days;
    if (days > 0) facts.push_back({"Goes back to the sender", fragment("on ", shown_moment(held.received + std::chrono::days(days)), ", if nobody decides before")});
  }
  if (shown.row.legal_hold) facts.push_back({"Legal hold", "kept until somebody lifts it, also after the decision"});
  facts.push_back({"Reference", element("code", held.id)});
  return summary_list(facts);
}

std::string said_of(std::string_view done) {
  static constexpr std::pair<std::string_view, std::string_view> words[] = {
      {"release", "The message will be sent in a moment."},
      {"disclose", "The message will be sent in a moment, and its readers learn who else has it."},
      {"again", "The mail server is asked once more."},
      {"return", "The message goes back to its sender, with your words."},
      {"claim", "You have taken this message on."},
      {"unclaim", "You have given this message up."},
      {"pass-on", "The message waits for another reviewer."},
      {"note", "Your note is kept with the message."},
      {"legal-hold", "The message is kept until the legal hold is lifted."},
      {"lift-legal-hold", "The legal hold is lifted."},
      {"ask", "Another person now has to agree."},
      {"agree", "You have agreed. Both names stand in the register."},
  };
  for (const auto& [act, what] : words) {
    if (act == done) return std::string(what);
  }
  return "";
}

template <class... Children>
Html act_form(const Visit& visit, const Shown& shown, std::string_view act, const Children&... children) {
  return form_post(local_link("/held/" + shown.held.id + "/act"), visit.session.csrf, hidden_field("act", act), children...);
}

Field words_field(std::string_view id, std::string_view label, std::string_view hint) {
  Field field{.name = "words", .label = std::string(label), .hint = std::string(hint)};
  field.id = std::string(id);
  field.rows = 3;
  field.characters_max = limits::desk_words_bytes_max;
  return field;
}

Html release_forms(const Visit& visit, const Shown& shown) {
  Html out = card("Release", act_form(visit, shown, "release", paragraph("The message goes to everybody it was addressed to."),
                                      textarea_field(words_field("release-words", "Why (kept in the register)", "For example: ordered by resolution 114")),
                                      button({.words = "Release"})));
  if (shown.view && review::can_disclose(shown.held, *shown.view)) {
    out += card(
        "Release, and tell who else has it",
        act_form(
            visit, shown, "disclose",
            paragraph(
                "Its readers learn that ", joined(shown.view->undisclosed, ", "), shown.view->undisclosed.size() == 1 ? " has" : " have",
                " a copy: by a line at the foot of the message or, where none can be put in (signed mail), by a short message to those named in To and Cc."),
            textarea_field(words_field("disclose-words", "Why (kept in the register)", "")), button({.words = "Release and disclose"})));
  }
  return out;
}

Html return_form(const Visit& visit, const Shown& shown) {
  return card("Return to the sender",
              act_form(visit, shown, "return", paragraph("The message is not sent. Its sender gets it back, with your words."),
                       textarea_field(words_field("return-words", "Your words to the sender", "They are signed with your name. Say what the sender can do now")),
                       button({.words = "Return to the sender", .kind = ButtonKind::warning})));
}

Html pass_on_form(const Visit& visit, const Shown& shown) {
  std::vector<Choice> choices{{"", "Whoever is free"}};
  for (const store::Account& account : shown.reviewers) choices.push_back({account.name, account.name + " (" + account.address + ")"});
  return details({.summary = "Hold for another reviewer",
                  .content = act_form(visit, shown, "pass-on", select_field({.name = "to", .label = "For whom"}, choices),
                                      textarea_field(words_field("pass-on-words", "Your words to him or her", "")),
                                      button({.words = "Pass on", .kind = ButtonKind::secondary}))});
}

Html claim_form(const Visit& visit, const Shown& shown) {
  const auto& claim = shown.row.claim;
  if (!claim) return act_form(visit, shown, "claim", button({.words = "Take this on", .kind = ButtonKind::secondary}));
  if (claim->who == visit.account.name) return act_form(visit, shown, "unclaim", button({.words = "Give it up", .kind = ButtonKind::secondary}));
  return inset_text(fragment(shown_actor(claim->who, visit), " has taken this on. You may still decide, if it cannot wait."));
}

Html note_form(const Visit& visit, const Shown& shown) {
  return details({.summary = "Write a note",
                  .content = act_form(visit, shown, "note", textarea_field(words_field("note-words", "Note", "For other reviewers; the sender does not see it")),
                                      button({.words = "Keep the note", .kind = ButtonKind::secondary}))});
}

Html legal_hold_form(const Visit& visit, const Shown& shown) {
  const bool on = shown.row.legal_hold;
  return details(
      {.summary = on ? "Lift the legal hold" : "Put a legal hold on it",
       .content = act_form(
           visit, shown, on ? "lift-legal-hold" : "legal-hold",
           paragraph(on ? "It will then be forgotten in its time." : "Its content is kept beyond the usual time, for a complaint, a request or a court."),
           textarea_field(words_field("legal-words", "Why", "")), button({.words = on ? "Lift it" : "Keep it", .kind = ButtonKind::secondary}))});
}

/// Requests of those who have a conflict of interest, and what others can do about them.
Html exception_part(const Visit& visit, const Shown& shown) {
  Html out;
  if (!visit.may(review::Permission::agree)) return out;
  for (const auto& [held, request] : shown.exceptions) {
    out += card("Somebody asks to decide in spite of a conflict of interest",
                act_form(visit, shown, "agree", hidden_field("who", request.asked_by),
                         paragraph(request.asked_by, " has a part in this message, and says: ", request.reason),
                         paragraph("If you agree, both names stand in the register."), button({.words = "Agree", .kind = ButtonKind::warning})));
  }
  return out;
}

Html conflict_part(const Visit& visit, const Shown& shown) {
  const Html out = warning_text(fragment(shown.conflict->reason, " Somebody else has to decide about it."));
  if (shown.own_exception) {
    const std::string address = visit.in_force->settings.web.url + "/held/" + shown.held.id + "/agree";
    return out + inset_text("You have asked to decide in spite of this. Another person has to agree.") +
           paragraph("Ask another reviewer, or an auditor, to open this address and agree: ", element("code", address));
  }
  return out +
         details({.summary = "There is nobody else, and it cannot wait",
                  .content = act_form(visit, shown, "ask",
                                      paragraph("Two people together can decide in spite of this. Say why; when another person has agreed, you may decide. "
                                                "Both names stand in the register."),
                                      textarea_field(words_field("ask-words", "Why it cannot wait", "")),
                                      button({.words = "Ask", .kind = ButtonKind::secondary}))});
}

Html decision_part(const Visit& visit, const Shown& shown) {
  Html out = heading_2("Decide", "decide");
  out += exception_part(visit, shown);
  if (shown.held.state == HeldState::releasing) {
    const bool refused =
        std::any_of(shown.held.outcomes.begin(), shown.held.outcomes.end(), [](const store::RecipientOutcome& one) { return one.state == "refused"; });
    if (refused)
      out +=
          act_form(visit, shown, "again", paragraph("The mail server refused it for somebody."), button({.words = "Try again", .kind = ButtonKind::secondary}));
    out += paragraph("It is being sent.");
    // Else somebody else's decision would be overturned, which the store refuses.
    const bool may_end = refused || shown.held.decided_by == visit.account.name;
    const bool gone = std::any_of(shown.held.outcomes.begin(), shown.held.outcomes.end(),
                                  [](const store::RecipientOutcome& one) { return one.state == "delivered" || one.state == "sending"; });
    if (may_end && !gone && (!shown.conflict || (shown.own_exception && shown.own_exception->agreed))) out += return_form(visit, shown);
    return out + note_form(visit, shown) + legal_hold_form(visit, shown);
  }
  if (shown.held.state != HeldState::held) return out + paragraph("It is decided.") + note_form(visit, shown) + legal_hold_form(visit, shown);
  const bool excepted = shown.own_exception && shown.own_exception->agreed;
  if (shown.conflict && !excepted) return out + conflict_part(visit, shown) + pass_on_form(visit, shown) + note_form(visit, shown);
  if (shown.conflict) out += warning_text(fragment(shown.conflict->reason, " ", shown.own_exception->agreed_by, " has agreed that you decide."));
  return out + claim_form(visit, shown) + columns({release_forms(visit, shown), return_form(visit, shown)}) + pass_on_form(visit, shown) + note_form(visit, shown) +
         legal_hold_form(visit, shown);
}

Html notes_part(const Visit& visit, const Shown& shown) {
  Html out;
  for (const store::Note& note : shown.notes) {
    const std::string_view what = note.kind == "explained" ? " explained, " : note.kind == "passed-on" ? " passed it on, " : " noted, ";
    out += card(shown_actor(note.who, visit) + std::string(what) + deliver::shown_time(note.at), verbatim(note.words));
  }
  return out.empty() ? out : fragment(heading_2("Notes", "notes"), out);
}

Html thread_part(const Visit& visit, const Shown& shown) {
  Html out;
  if (!shown.thread.empty()) {
    Table list{.caption = "Earlier mail of this correspondence, as the record has it", .columns = {{"When"}, {"From"}, {"To"}, {"Marked"}}, .rows = {}};
    list.stacked = true;
    for (const store::Desk::ThreadMail& mail : shown.thread) {
      const Html when = mail.held.empty() ? shown_moment(mail.at) : link(local_link("/held/" + mail.held), deliver::shown_time(mail.at));
      list.rows.push_back({when, shown_party(mail.sender, visit.people()), deliver::shown_recipients(mail.recipients),
                           mail.marked ? tag("Confidential", Colour::red) : Html("no")});
    }
    out += table(list);
  }
  if (!shown.similar.empty()) {
    std::vector<Html> items;
    for (const store::InboxRow& row : shown.similar)
      items.push_back(fragment(link(local_link("/held/" + row.id), row.subject), ", ", shown_moment(row.received), " ", state_tag(row.state)));
    out += fragment(paragraph("Held from the same sender since, with words of the same subject:"), bullets(items));
  }
  return out.empty() ? out : fragment(heading_2("Correspondence", "thread"), out);
}

/// Where not all have room, those of people before Beadle's own, of which a mail to thousands has thousands.
std::vector<store::AuditRow> with_room(std::vector<store::AuditRow> rows) {
  if (rows.size() > limits::page_rows_max) {
    std::erase_if(rows, [](const store::AuditRow& row) { return row.who == "beadle" && row.act != "held" && row.act != "released"; });
  }
  if (rows.size() > limits::page_rows_max) rows.erase(rows.begin(), rows.end() - static_cast<std::ptrdiff_t>(limits::page_rows_max));
  return rows;
}

Html more_of(std::size_t count, std::string_view words) {
  return html_if(count > 0, [&] { return inset_text(fragment(with_commas(static_cast<std::int64_t>(count)), words)); });
}

Html history_part(const Visit& visit, const Shown& shown) {
  Table list{.caption = "Every act on this message", .columns = {{"When"}, {"Act"}, {"Who"}}, .rows = {}};
  list.caption_hidden = true;
  const auto rows = with_room(shown.history);
  for (const store::AuditRow& row : rows) list.rows.push_back({shown_moment(row.at), shown_act(row.act), shown_actor(row.who, visit)});
  return fragment(heading_2("History", "history"), table(list), more_of(shown.history.size() - rows.size(), " more acts stand in the register."),
                  html_if(visit.may(review::Permission::read_register),
                          [&] { return paragraph(link(local_link("/register", {{"held", shown.held.id}}), "This message in the register")); }));
}

Html delivery_part(const Shown& shown) {
  if (shown.held.state != HeldState::releasing && shown.held.state != HeldState::released) return {};
  Table list{.caption = "What the mail server said", .columns = {{"Recipient"}, {"State"}, {"Words"}}, .rows = {}};
  // Where not all have room, those who have it already need nobody's care.
  std::vector<store::RecipientOutcome> outcomes = shown.held.outcomes;
  if (outcomes.size() > limits::page_rows_max) {
    std::stable_partition(outcomes.begin(), outcomes.end(), [](const store::RecipientOutcome& one) { return one.state != "delivered"; });
    outcomes.resize(limits::page_rows_max);
  }
  for (const store::RecipientOutcome& one : outcomes) list.rows.push_back({one.address, one.state, one.reply});
  return fragment(heading_2("Delivery", "delivery"), table(list), more_of(shown.held.outcomes.size() - outcomes.size(), " more recipients are not listed."));
}

Html body_of(const Visit& visit, const Shown& shown) {
  const std::string done = said_of(visit.request.query_value("done"));
  Html out = fragment(html_if(!done.empty(), [&] { return success_banner(done); }), heading_1(subject_of(shown), "Held message"), facts_of(visit, shown),
                      html_if(shown.view && shown.held.state == HeldState::held, [] {
                        return paragraph("Below: ", link(fragment_link("why"), "why it is held"), ", ", link(fragment_link("recipients"), "who gets it"), ", ",
                                         link(fragment_link("message"), "the message"), ", ", link(fragment_link("decide"), "decide"), ".");
                      }));
  if (!shown.view) return out + inset_text("Its content was forgotten when its time was up. Who decided what stays in the register.") + history_part(visit, shown);
  const review::MessageView& view = *shown.view;
  return out + findings_part(view) + parties_part(view) + texts_part(view, shown.held.id) + attachments_part(view) + oddities_part(view) + leaving_part(view) +
         notes_part(visit, shown) + thread_part(visit, shown) + delivery_part(shown) + decision_part(visit, shown) +
         paragraph(link(local_link("/held/" + shown.held.id + "/original"), "Download the original (.eml)"), ". The download is noted.") +
         history_part(visit, shown);
}

Result<void> note_frame(const Visit& visit, const std::string& id) {
  const auto history = TRY(store::Desk(visit.world.store).history(id));
  return note_opening(visit, id, history);
}

/// The HTML of a part, as UTF-8, read as mail/texts.cpp does.
std::string html_of(const mail::Message& message, const mail::Part& part) {
  const mail::Decoded decoded = mail::decode_body(mail::slice(message.bytes, part.body), part.encoding);
  return mail::to_utf8(decoded.bytes, part.charset.empty() ? mail::html_charset(decoded.bytes) : part.charset).utf8;
}

}  // namespace

Response message_page(const Visit& visit) {
  const auto shown = load(visit);
  if (!shown) return failure_page(visit, shown.error());
  return page(visit, {.title = subject_of(*shown),
                      .current = "/inbox",
                      .before = element("nav", {{"aria-label", "Way back"}}, back_link(local_link("/inbox"), "Held mail")),
                      .main = body_of(visit, *shown),
                      .wide = true});
}

Response message_act(const Visit& visit) {
  const Request& request = visit.request;
  const std::string act(request.form_value("act"));
  const std::string words(request.form_value("words"));
  const std::string& id = visit.id();
  const review::Actor actor = review::actor_of(visit.account);
  review::Acts acts(visit.world.store, *visit.in_force->policy, *visit.in_force->notices, visit.world.documents);
  const auto done = [&]() -> Result<void> {
    if (act == "release") return acts.release(id, actor, words, visit.now);
    if (act == "again") return acts.release_again(id, actor, words, visit.now);
    if (act == "disclose") {
      TRY(acts.release_disclosed(id, actor, words, visit.now));
      return {};
    }
    if (act == "return") return acts.return_to_sender(id, actor, words, visit.now);
    if (act == "claim") return acts.claim(id, actor, visit.now);
    if (act == "unclaim") return acts.unclaim(id, actor, visit.now);
    if (act == "pass-on") return acts.pass_on(id, actor, request.form_value("to"), words, visit.now);
    if (act == "note") return acts.note(id, actor, words, visit.now);
    if (act == "legal-hold" || act == "lift-legal-hold") return acts.set_legal_hold(id, actor, act == "legal-hold", words, visit.now);
    if (act == "ask") return acts.ask_break_glass(id, actor, words, visit.now);
    if (act == "agree") return acts.agree_break_glass(id, actor, visit.now, request.form_value("who"));
    return Error{ErrorKind::usage, "this page has no such act"};
  }();
  if (!done) return failure_page(visit, done.error(), local_link("/held/" + id), words);
  return redirect("/held/" + url_encoded(id) + "?done=" + url_encoded(act));
}

Response agree_page(const Visit& visit) {
  store::Desk desk(visit.world.store);
  const auto row = desk.row(visit.id());
  if (!row) return failure_page(visit, row.error());
  const auto asked = desk.break_glass_asked(row->id);
  if (!asked) return failure_page(visit, asked.error());
  Html out = heading_1("Decide in spite of a conflict of interest", "Reference " + row->id);
  out += paragraph(
      "Whoever has a part in a message does not decide about it, unless two people say that it cannot wait. You see who asks and why; the message itself is "
      "not shown here.");
  bool open = false;
  for (const auto& [held, request] : *asked) {
    if (request.agreed || request.asked_by == visit.account.name) continue;
    open = true;
    out += card(
        request.asked_by + " asks",
        form_post(local_link("/held/" + row->id + "/agree"), visit.session.csrf, hidden_field("who", request.asked_by), verbatim(request.reason),
                  summary_list({{"Asked", shown_moment(request.asked)}, {"Held for", joined(row->clauses, ", ")}, {"Held since", shown_moment(row->received)}}),
                  paragraph("If you agree, both names stand in the register."), button({.words = "Agree", .kind = ButtonKind::warning})));
  }
  if (!open) out += inset_text("Nobody waits for you to agree.");
  return page(visit, {.title = "Decide in spite of a conflict of interest", .main = two_thirds(out)});
}

Response agree(const Visit& visit) {
  review::Acts acts(visit.world.store, *visit.in_force->policy, *visit.in_force->notices, visit.world.documents);
  const auto done = acts.agree_break_glass(visit.id(), review::actor_of(visit.account), visit.now, visit.request.form_value("who"));
  return done ? redirect("/held/" + url_encoded(visit.id()) + "/agree") : failure_page(visit, done.error());
}

Response message_frame(const Visit& visit) {
  const auto held = visit.world.store.get(visit.id());
  if (!held) return failure_page(visit, held.error());
  const std::string part = visit.words[1] == "0" ? "" : visit.words[1];
  const mail::Message message = mail::parse_message(held->bytes);
  for (const mail::Text& text : message.texts) {
    const mail::Part& of = message.parts[static_cast<std::size_t>(text.part)];
    if (!text.html || of.id != part) continue;
    // Who asks for the frame alone has opened the message too.
    const auto noted = note_frame(visit, held->id);
    if (!noted) return failure_page(visit, noted.error());
    // Nothing is loaded, run or sent from it, whatever it says.
    return {.status = 200,
            .body = safe_mail_html(html_of(message, of)),
            .headers = {{"Content-Security-Policy", "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"},
                        {"X-Frame-Options", "SAMEORIGIN"}}};
  }
  return failure_page(visit, {ErrorKind::not_found, "the message has no such part"});
}

Response message_original(const Visit& visit) {
  const auto held = visit.world.store.get(visit.id());
  if (!held) return failure_page(visit, held.error());
  if (held->purged) return failure_page(visit, {ErrorKind::not_found, "the content was forgotten when its time was up"});
  const auto noted = visit.world.store.audit("downloaded", visit.account.name, held->id, "{}", visit.now);
  if (!noted) return failure_page(visit, noted.error());
  // Not message/rfc822: a browser should keep it, not show it.
  return {.status = 200,
          .type = "application/octet-stream",
          .body = held->bytes,
          .headers = {{"Content-Disposition", "attachment; filename=\"" + held->id + ".eml\""}}};
}

}  // namespace beadle::web
