#include "cli/coverage_page.h"

#include <algorithm>

#include "base/text.h"

namespace beadle::cli {
namespace {

using rules::Checked;
using rules::Coverage;

struct FamilyWords {
  std::string_view family, title, about;
};

// In the order of the page. Every family of rules/pack.h is here (tests/cli).
constexpr FamilyWords family_words[] = {
    {"silent-copy", "Copies to somebody else", "Who else is reading, where a councillor and an officer write to each other."},
    {"cc-footer", "Saying who had a copy", "A line at the foot of a message that names a councillor who received it unseen."},
    {"member-obligation", "Orders, promises and payments", "The council is bound by its decisions and its officers, not by a letter from one councillor."},
    {"official-name", "Whose name stands under official letters", "Letters that speak for the council."},
    {"confidential", "Confidential letters", "What was written in confidence, and where it may go."},
    {"confidential-reason", "Saying what is confidential, and why", "A reader who is told a secret should know what it is and why it is one."},
    {"press", "Press and broadcasting", "Who speaks to the media for the council, and who needs to know of it."},
    {"neutrality", "Political neutrality", "Officers serve the whole council, and are not asked to work for a party."},
    {"chain", "Requests and instructions to staff", "Staff take their instructions from their managers."},
    {"criticism", "Criticism and abuse", "How councillors and officers write about each other."},
    {"pressure", "Pressure on officers", "Professional advice is the officer's own."},
    {"group-confidence", "What political groups discuss", "What is said or written within one political group stays there."},
    {"required-copy", "Copies that have to be sent", "Others who must be told."},
    {"personal-matter", "Personal and staff matters", "There are procedures for these; a councillor's mailbox is none."},
    {"response-time", "Answers in time", "Councillors' enquiries, and what they hear while they wait."},
    {"heading", "The heading of a councillor's own letters", "What shows that a letter is the councillor's own."},
};

constexpr std::string_view style = R"(
:root { --ink: #1d2433; --soft: #4a5366; --line: #c3c9d4; --tint: #f3f5f9; --link: #0b4a8f; }
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; color: var(--ink); background: #fff; font: 1.0625rem/1.55 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 76rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; border-bottom: 3px solid var(--ink); padding-bottom: 1rem; }
.council { margin: 0; color: var(--soft); font-weight: 600; }
h1 { margin: .25rem 0 .5rem; font-size: 2rem; line-height: 1.2; }
h2 { margin: 2.5rem 0 .25rem; font-size: 1.4rem; line-height: 1.25; }
p, ul, dl { max-width: 46rem; }
header p { margin: .25rem 0; }
a { color: var(--link); }
a:focus-visible { outline: 3px solid #b35c00; outline-offset: 2px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: .5rem; background: #fff; padding: .5rem; }
.note { border-left: .35rem solid #0b4a8f; background: var(--tint); padding: .75rem 1rem; }
dt { font-weight: 600; margin-top: .75rem; }
dd { margin: 0 0 .5rem 0; }
nav ol { columns: 20rem; padding-left: 2rem; max-width: none; }
nav li { break-inside: avoid; margin: .15rem 0; }
table { border-collapse: collapse; width: 100%; margin: .75rem 0 1rem; font-size: 1rem; line-height: 1.45; }
caption { text-align: left; color: var(--soft); padding: .25rem 0 .5rem; }
th, td { text-align: left; vertical-align: top; padding: .6rem .75rem; border: 1px solid var(--line); }
thead th { background: var(--ink); color: #fff; border-color: var(--ink); }
tbody th { background: var(--tint); font-weight: 400; }
tbody th strong { display: block; }
td p, th p { margin: 0 0 .5rem; }
td p:last-child, th p:last-child { margin-bottom: 0; }
table { table-layout: fixed; }
.five th:first-child { width: 21%; }
.five th:nth-child(2) { width: 27%; }
.five th:nth-child(3) { width: 18%; }
.three th:first-child { width: 20%; }
.state { display: inline-block; border: 1px solid currentColor; border-radius: .25rem; padding: 0 .4rem; font-size: .875rem; font-weight: 600; }
.state.yes { color: #14532d; }
.state.partly { color: #7a3e00; }
.id { color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
footer { margin-top: 3rem; padding-top: 1rem; padding-bottom: 2rem; border-top: 1px solid var(--line); color: var(--soft); }
@media screen and (max-width: 52rem) {
  h1 { font-size: 1.6rem; }
  thead { position: absolute; left: -100rem; }
  table, tbody, tr, caption, tbody th, tbody td { display: block; width: 100% !important; }
  tr { border: 1px solid var(--line); margin-bottom: 1.25rem; }
  tbody th, td { border: 0; border-bottom: 1px solid var(--line); }
  tr > :last-child { border-bottom: 0; }
  td::before { content: attr(data-label); display: block; font-weight: 600; color: var(--soft); font-size: .9rem; }
}
@media print {
  html { font-size: 9pt; }
  p, ul, dl { max-width: none; }
  header, main, footer { max-width: none; padding-left: 0; padding-right: 0; }
  nav, .skip { display: none; }
  table { font-size: .9rem; }
  tr { break-inside: avoid; }
  h2, dt, caption { break-after: avoid; }
  thead th { background: #fff; color: #000; border-color: var(--line); }
  a { color: inherit; }
}
@page { margin: 15mm; }
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : valid_utf8(text)) {
    switch (c) {
      case '&': out += "&amp;"; break;
      case '<': out += "&lt;"; break;
      case '>': out += "&gt;"; break;
      case '"': out += "&quot;"; break;
      case '\'': out += "’"; break;  // in prose an apostrophe
      default: out += c;
    }
  }
  return out;
}

bool is_link(std::string_view text) { return text.starts_with("https://") || text.starts_with("http://"); }

std::string happens(const rules::Rule& rule, rules::Mode mode) {
  if (rule.mode == rules::Mode::off) return "Nothing: the council has not switched this rule on.";
  if (mode != rules::Mode::enforce || rule.mode == rules::Mode::observe) return "It is noted, and delivered unchanged.";
  switch (rule.action) {
    case rules::Action::pass: return "It is delivered unchanged.";
    case rules::Action::flag: return "It is delivered, and noted for the reviewers.";
    case rules::Action::annotate: return "It is delivered with a line at its foot that names the councillor who had a copy.";
    case rules::Action::hold: return "It is held until a reviewer has decided. The sender is told at once.";
  }
  return "";
}

std::string paragraphs(std::string_view text) { return text.empty() ? "" : "<p>" + escaped(text) + "</p>"; }

class Page {
 public:
  Page(const CoveragePage& page, const std::vector<Coverage>& coverage) : page_(page), coverage_(coverage) {}

  std::string write() {
    add("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    add("<title>What our mail filter checks – " + escaped(page_.council) + "</title>\n<style>" + std::string(style) + "</style>\n</head>\n<body>\n");
    add("<a class=\"skip\" href=\"#main\">Skip to the text</a>\n");
    head();
    add("<main id=\"main\">\n");
    about();
    contents();
    for (const FamilyWords& words : family_words) family(words);
    by_people();
    questions();
    add("</main>\n<footer>\n<p>This page is written from the rules that the filter uses: Beadle " BEADLE_VERSION
        ", protocol “" + escaped(page_.protocol.name) + "”.</p>\n</footer>\n</body>\n</html>\n");
    return std::move(out_);
  }

 private:
  void add(std::string_view text) { out_ += text; }

  void head() {
    const rules::Protocol& protocol = page_.protocol;
    add("<header>\n<p class=\"council\">" + escaped(page_.council) + "</p>\n<h1>What our mail filter checks</h1>\n<p>Protocol: ");
    const std::string title = "<cite>" + escaped(protocol.title) + "</cite>";
    add(is_link(protocol.source) ? "<a href=\"" + escaped(protocol.source) + "\">" + title + "</a>" : title);
    if (protocol.council != page_.council) add(" of " + escaped(protocol.council));
    if (!protocol.adopted.empty()) add(", adopted " + escaped(spoken_date(protocol.adopted)));
    add(".</p>\n<p>As of <time datetime=\"" + escaped(page_.date) + "\">" + escaped(spoken_date(page_.date)) + "</time>.</p>\n</header>\n");
  }

  std::size_t count(Checked checked) const {
    return static_cast<std::size_t>(
        std::count_if(coverage_.begin(), coverage_.end(), [&](const Coverage& one) { return one.checked() == checked; }));
  }

  void about() {
    add("<p>The council has adopted a protocol on how councillors and officers work with each other and write for the council. E-mail that is sent "
        "from the council, within it or to others, passes a filter that holds it against this protocol. This page says, "
        "paragraph by paragraph, what the filter looks for, what then happens, and what it cannot see. ");
    add("Of the " + std::to_string(coverage_.size()) + " paragraphs listed here, " + std::to_string(count(Checked::yes)) + " are checked, " +
        std::to_string(count(Checked::partly)) + " partly, and " + std::to_string(count(Checked::no)) + " only people can judge.</p>\n");
    if (page_.mode == rules::Mode::observe) {
      add("<p class=\"note\"><strong>At present the filter only observes.</strong> It notes what it would do, and delivers every message unchanged.</p>\n");
    } else if (page_.mode == rules::Mode::off) {
      add("<p class=\"note\"><strong>At present the filter is switched off.</strong></p>\n");
    }
    add(R"(<h2 id="does">What the filter does</h2>
<ul>
<li>It reads e-mail that is sent from the council: header, text, quoted and forwarded letters, and most attached documents.</li>
<li>It compares it with the rules on this page. The rules are public, and each has examples that are tested.</li>
<li>Each time it finds something, it says which paragraph, which words and where, so that a person can see whether it is right.</li>
<li>It tells the sender at once when a message waits, why, and what can be done.</li>
</ul>
<h2 id="not">What it does not do</h2>
<ul>
<li>It decides about nobody. A message that is held waits for a person, who sends it on as it was written or gives it back. Nobody
decides about a message of their own.</li>
<li>It does not read e-mail that comes in from outside, nor follow telephone calls, meetings, social media or messages sent from private accounts.</li>
<li>It never holds, changes or records mail that goes only to those whom anybody may write to undisturbed, such as the ombudsman, the auditor or the police.</li>
<li>It does not read scans, photographs and encrypted messages, and says so where it met one.</li>
<li>It is not always right. It overlooks things that are put in words it does not know, and it takes some harmless words for something
else. That nothing was found does not mean that a message keeps to the protocol.</li>
</ul>
<h2 id="happens">What happens to a message</h2>
<dl>
<dt>Nothing was found</dt><dd>It is delivered unchanged.</dd>
<dt>Noted</dt><dd>It is delivered unchanged, and the reviewers can see that something was found.</dd>
<dt>A line is added</dt><dd>It is delivered with one more line at its foot, such as “CC Councillor Jane Holt”.</dd>
<dt>Held</dt><dd>It waits. A reviewer reads it and either sends it on or gives it back with a reason. Who decided what, and when, is
kept in a record that cannot be changed unseen.</dd>
</dl>
)");
  }

  std::vector<const Coverage*> of_family(std::string_view family) const {
    std::vector<const Coverage*> found;
    for (const Coverage& one : coverage_) {
      if (one.checked() != Checked::no && one.family == family) found.push_back(&one);
    }
    return found;
  }

  void contents() {
    add("<nav aria-labelledby=\"contents\">\n<h2 id=\"contents\">What is checked</h2>\n<ol>\n");
    for (const FamilyWords& words : family_words) {
      if (!of_family(words.family).empty()) add("<li><a href=\"#" + std::string(words.family) + "\">" + escaped(words.title) + "</a></li>\n");
    }
    if (count(Checked::no) > 0) add("<li><a href=\"#people\">What only people can judge</a></li>\n");
    add("<li><a href=\"#questions\">Questions and complaints</a></li>\n</ol>\n</nav>\n");
  }

  // Narrow screens show a table as a list of blocks, which takes its meaning from readers' aids unless the roles are spelled out.
  void open_table(std::string_view kind, std::string_view caption, const std::vector<std::string>& heads) {
    add("<table role=\"table\" class=\"" + std::string(kind) + "\">\n<caption>" + escaped(caption) + "</caption>\n<thead role=\"rowgroup\">\n<tr role=\"row\">");
    for (const std::string& head : heads) add("<th scope=\"col\" role=\"columnheader\">" + escaped(head) + "</th>");
    add("</tr>\n</thead>\n<tbody role=\"rowgroup\">\n");
  }

  void cell(std::string_view label, std::string_view html) {
    add("<td role=\"cell\" data-label=\"" + escaped(label) + "\">" + std::string(html) + "</td>\n");
  }

  std::string named(const Coverage& one) const {
    const std::string id = one.clause.substr(one.clause.find('/') + 1);
    const std::string place = one.paragraph != nullptr ? one.paragraph->place : id;
    std::string out = "<strong>" + escaped(place) + "</strong>";
    // What the filter's notices call it. It may be long, so it may be broken after its first half.
    const std::string protocol = one.clause.substr(0, one.clause.size() - id.size());
    if (place != id && one.checked() != Checked::no) out += "<span class=\"id\">" + escaped(protocol) + "<wbr>" + escaped(id) + "</span>";
    return out;
  }

  void family(const FamilyWords& words) {
    const auto found = of_family(words.family);
    if (found.empty()) return;
    add("<h2 id=\"" + std::string(words.family) + "\">" + escaped(words.title) + "</h2>\n");
    open_table("five", words.about, {"Paragraph", "What is looked for", "What happens", "For example, this is found", "This is not"});
    for (const Coverage* one : found) row(*one);
    add("</tbody>\n</table>\n");
  }

  void row(const Coverage& one) {
    const rules::Paragraph* paragraph = one.paragraph;
    const bool partly = one.checked() == Checked::partly;
    add("<tr role=\"row\">\n<th scope=\"row\" role=\"rowheader\">" + named(one));
    add("<p>" + escaped(paragraph != nullptr ? paragraph->asks : one.rules.front()->says) + "</p>");
    add(std::string("<span class=\"state ") + (partly ? "partly\">Partly checked" : "yes\">Checked") + "</span></th>\n");
    std::string finds = paragraphs(paragraph != nullptr ? paragraph->finds : one.rules.front()->says);
    if (paragraph != nullptr && !paragraph->limits.empty()) finds += "<p><strong>Limits:</strong> " + escaped(paragraph->limits) + "</p>";
    cell("What is looked for", finds);
    cell("What happens", what_happens(one));
    cell("For example, this is found", paragraphs(paragraph != nullptr ? paragraph->caught : ""));
    cell("This is not", paragraphs(paragraph != nullptr ? paragraph->missed : ""));
    add("</tr>\n");
  }

  std::string what_happens(const Coverage& one) const {
    if (one.rules.empty()) return "<p>When the time is over, a reminder.</p>";
    std::vector<std::string> acts;
    for (const rules::Rule* rule : one.rules) acts.push_back(happens(*rule, page_.mode));
    const bool all_same = std::all_of(acts.begin(), acts.end(), [&](const std::string& act) { return act == acts.front(); });
    if (all_same) return paragraphs(acts.front());
    // Two rules of one clause, such as a copy that is hidden and one that is open.
    std::string out;
    for (std::size_t i = 0; i < acts.size(); ++i) out += "<p><em>" + escaped(one.rules[i]->says) + "</em> " + escaped(acts[i]) + "</p>";
    return out;
  }

  void by_people() {
    if (count(Checked::no) == 0) return;
    add("<h2 id=\"people\">What only people can judge</h2>\n");
    open_table("three", "Paragraphs that no machine can check by reading mail. They count all the same.", {"Paragraph", "What it asks", "Why it is left to people"});
    for (const Coverage& one : coverage_) {
      if (one.checked() != Checked::no) continue;
      add("<tr role=\"row\">\n<th scope=\"row\" role=\"rowheader\">" + named(one) + "</th>\n");
      cell("What it asks", paragraphs(one.paragraph->asks));
      cell("Why it is left to people", paragraphs(one.paragraph->limits));
      add("</tr>\n");
    }
    add("</tbody>\n</table>\n");
  }

  void questions() {
    add("<h2 id=\"questions\">Questions and complaints</h2>\n<p>If a message of yours was held, answer the notice that you were sent: it says which "
        "paragraph, which words, and what you can do. If you think that the filter was wrong, or that a reviewer was, or if you have a question about this page, "
        "please ask " +
        escaped(page_.contact) +
        ".</p>\n<p>Please say what happened and when; the reference in the notice helps. About how the "
        "council uses your personal data you can also complain to the <a href=\"https://ico.org.uk/make-a-complaint/\">Information Commissioner’s Office</a>.</p>\n");
  }

  const CoveragePage& page_;
  const std::vector<Coverage>& coverage_;
  std::string out_;
};

}  // namespace

std::string to_html(const CoveragePage& page, const std::vector<Coverage>& coverage) { return Page(page, coverage).write(); }

std::string spoken_date(std::string_view date) {
  static constexpr std::string_view months[] = {"January", "February", "March",     "April",   "May",      "June",
                                                "July",    "August",   "September", "October", "November", "December"};
  const auto fields = split(date, '-');
  const bool digits = !date.empty() && date.find_first_not_of("0123456789-") == std::string_view::npos;
  if (!digits || fields.size() < 2 || fields.size() > 3 || fields[1].size() != 2 || fields[1] < "01" || fields[1] > "12") return std::string(date);
  const std::string month = std::string(months[static_cast<std::size_t>((fields[1][0] - '0') * 10 + fields[1][1] - '0' - 1)]) + " " + std::string(fields[0]);
  if (fields.size() == 2) return month;
  if (fields[2].size() != 2) return std::string(date);
  return std::string(fields[2].substr(fields[2][0] == '0' ? 1 : 0)) + " " + month;
}

}  // namespace beadle::cli
