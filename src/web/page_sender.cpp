// What a sender sees who follows the link of a notice: why the message is held, and how to withdraw or explain it. No account is needed: the link is
// random, for one message, and ends when it was used. Looking changes nothing, so a mail filter that follows links does no harm.
#include "base/limits.h"
#include "base/text.h"
#include "deliver/wording.h"
#include "review/acts.h"
#include "review/view.h"
#include "web/pages.h"

namespace beadle::web {
namespace {

struct Shown {
  store::Link link;
  store::Held held;
  std::vector<review::ShownFinding> findings;
};

/// nullopt: there is no such link, or the message is not there any more.
Result<std::optional<Shown>> load(const Guest& guest, const std::string& token) {
  store::Accounts accounts(guest.world.store);
  auto link = TRY(accounts.link(token));
  if (!link || link->purpose != "sender") return std::optional<Shown>();
  Shown shown{.link = std::move(*link), .held = {}, .findings = {}};
  auto held = guest.world.store.get(shown.link.held);
  if (!held && held.error().kind == ErrorKind::not_found) return std::optional<Shown>();
  if (!held) return held.error();
  shown.held = std::move(*held);
  if (!shown.held.purged) {
    auto view = TRY(review::view_of(shown.held, mail::parse_message(shown.held.bytes), *guest.in_force->policy, guest.in_force->catalogues));
    shown.findings = std::move(view.findings);
  }
  return std::optional<Shown>(std::move(shown));
}

Response nothing_here(const Guest& guest) {
  return page(
      guest,
      {.title = "This link leads nowhere",
       .main = two_thirds(fragment(
           heading_1("This link leads nowhere"),
           paragraph("It may have been cut in two by your mail program: copy all of it into the address line. If that does not help, answer the notice."))),
       .status = 404});
}

Html why(const Shown& shown) {
  Html out;
  for (const review::ShownFinding& finding : shown.findings) {
    if (finding.observed_only) continue;
    std::vector<Html> words;
    for (const review::ShownEvidence& one : finding.evidence)
      words.push_back(fragment("“", one.words, "”", html_if(one.zone != "own", [&] { return fragment(" (", one.place.says, ")"); })));
    out += card(finding.title.empty() ? finding.clause : finding.title, fragment(paragraph(finding.asks.empty() ? finding.says : finding.asks), bullets(words),
                                                                                 html_if(!finding.cure.empty(), [&] { return paragraph(finding.cure); })));
  }
  return out.empty() ? paragraph("Part of it could not be read.") : out;
}

Html what_became_of(const store::Held& held) {
  switch (held.state) {
    case store::HeldState::held:
      return paragraph("It has not gone out yet. A reviewer will read it.");
    case store::HeldState::releasing:
    case store::HeldState::released:
      return paragraph("A reviewer has let it go out.");
    case store::HeldState::returned:
      return paragraph("A reviewer has given it back to you: you had a message with the reviewer's words.");
    case store::HeldState::withdrawn:
      return paragraph("It was withdrawn and will not be sent.");
  }
  return {};
}

Html forms(const Guest& guest, const std::string& token, std::string_view problem) {
  const Link here = local_link("/sender/" + token);
  Field words{.name = "words", .label = "What the reviewer should know", .hint = "For example: who agreed to it, and when", .error = std::string(problem)};
  words.characters_max = limits::desk_words_bytes_max;
  return columns(
      {card("Explain it", form_post(here, guest.form_token, hidden_field("act", "explain"), paragraph("Your words go to the reviewer, who then decides."),
                                    textarea_field(words), button({.words = "Send to the reviewer"}))),
       card("Withdraw it",
            form_post(here, guest.form_token, hidden_field("act", "withdraw"), paragraph("The message will not be sent to anybody. This cannot be undone."),
                      button({.words = "Withdraw the message", .kind = ButtonKind::warning})))});
}

Html end_of_link(const Guest& guest, const Shown& shown) {
  if (shown.link.used) return inset_text(fragment("This link was used on ", shown_moment(*shown.link.used), ". To say more, answer the notice."));
  if (shown.link.expires <= guest.now) return inset_text("This link has expired. To say something, answer the notice.");
  return {};
}

Response shown_page(const Guest& guest, const std::string& token, const Shown& shown, std::string_view problem = {}) {
  const bool open = !shown.link.used && shown.link.expires > guest.now && shown.held.state == store::HeldState::held;
  std::vector<FieldError> errors;
  if (!problem.empty()) errors.push_back({"words", std::string(problem)});
  const std::string subject = shown.held.purged ? "Your message" : shown.held.subject.empty() ? "(no subject)" : shown.held.subject;
  return page(
      guest,
      {.title = "Your message",
       .main = fragment(
           error_summary(errors), heading_1(subject, "Your message"), what_became_of(shown.held),
           summary_list({{"To", deliver::shown_recipients(shown.held.recipients)}, {"Sent", shown_moment(shown.held.received)}, {"Reference", shown.held.id}}),
           html_if(!shown.held.purged, [&] { return fragment(heading_2("Why it was held"), why(shown)); }), end_of_link(guest, shown),
           html_if(open, [&] { return fragment(heading_2("What you can do"), forms(guest, token, problem)); })),
       .status = problem.empty() ? 200 : 400,
       .failed = !problem.empty()});
}

Response done(const Guest& guest, std::string_view title, std::string_view words) {
  return page(guest, {.title = std::string(title), .main = two_thirds(fragment(heading_1(title), paragraph(words)))});
}

Response withdraw(const Guest& guest, const std::string& token) {
  const auto withdrawn = review::withdraw_by_link(guest.world.store, token, guest.now);
  if (!withdrawn) return failure_page(guest, withdrawn.error());
  return done(guest, "Your message is withdrawn", "It will not be sent to anybody.");
}

Response explain(const Guest& guest, const std::string& token, const Shown& shown) {
  const auto explained = review::explain_by_link(guest.world.store, *guest.in_force->notices, token, guest.request.form_value("words"), guest.now);
  if (!explained && explained.error().kind == ErrorKind::usage) return shown_page(guest, token, shown, explained.error().what);
  if (!explained) return failure_page(guest, explained.error());
  return done(guest, "Thank you", "The reviewer will read your words before deciding.");
}

}  // namespace

Response sender_page(const Guest& guest, const std::string& token) {
  const auto shown = load(guest, token);
  if (!shown) return failure_page(guest, shown.error());
  return *shown ? shown_page(guest, token, **shown) : nothing_here(guest);
}

Response sender_act(const Guest& guest, const std::string& token) {
  const auto shown = load(guest, token);
  if (!shown) return failure_page(guest, shown.error());
  if (!*shown) return nothing_here(guest);
  const bool open = !(*shown)->link.used && (*shown)->link.expires > guest.now;
  if (!open) return shown_page(guest, token, **shown);
  if (guest.request.form_value("act") == "withdraw") return withdraw(guest, token);
  return explain(guest, token, **shown);
}

}  // namespace beadle::web
