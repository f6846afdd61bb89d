// beadle explain: what a rule made of one message, in sentences that can be read out in a meeting.
#include <cstdio>

#include "base/text.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "inspect/explain.h"
#include "inspect/explain_words.h"
#include "intake/record.h"
#include "rules/catalogue.h"
#include "store/store.h"

namespace beadle::cli {
namespace {

constexpr std::size_t pattern_bytes_max = 200;

/// nullopt: told on standard error, `code` is what to exit with.
std::optional<config::Settings> settings_of(const ExplainOptions& options, int& code) {
  Problems problems;
  auto settings = settings_with({options.config, options.roster, options.rules, options.protocol}, problems);
  if (code = report(problems); !settings) return code = exit_config, std::nullopt;
  settings->own_packs.insert(settings->own_packs.end(), options.own.begin(), options.own.end());
  const std::size_t slash = options.clause.find('/');
  if (settings->protocol.empty() && slash != std::string::npos) settings->protocol = options.clause.substr(0, slash);
  const auto usage = [&](const std::string& what) {
    code = fail({ErrorKind::usage, what});
    return std::nullopt;
  };
  if (options.config.empty() && options.roster.empty()) return usage("give --config, or --roster");
  if (!options.clause.empty() && slash == std::string::npos) {
    const std::string protocol = settings->protocol.empty() ? "exmouth" : settings->protocol;
    return usage("--clause " + options.clause + ": give it with its protocol, as in " + protocol + "/" + options.clause);
  }
  return settings;
}

std::string signed_number(int number) { return (number > 0 ? "+" : "") + std::to_string(number); }

std::string points(int number) { return std::to_string(number) + (number == 1 || number == -1 ? " point" : " points"); }

/// "holds it", in the voice of a rule.
std::string_view act_of(rules::Action action) {
  switch (action) {
    case rules::Action::pass:
      return "lets it pass";
    case rules::Action::flag:
      return "flags it";
    case rules::Action::annotate:
      return "adds a line to it that says who was copied";
    case rules::Action::hold:
      return "holds it for a reviewer";
  }
  return "";
}

std::string result_of(const inspect::Explanation& explanation) {
  if (explanation.excepted >= 0) return "would find this, but an exception holds";
  if (!explanation.found) return explanation.reminder ? "this message does not open it" : "does not find this";
  if (explanation.mode == rules::Mode::off) return "finds this, but is switched off, so that nothing happens";
  if (explanation.mode == rules::Mode::observe)
    return "finds this, but only observes: it is written down, and the message goes out";
  if (explanation.reminder) return "this message opens it, and an answer is waited for";
  const rules::Action action = explanation.weak ? std::min(explanation.action, rules::Action::flag) : explanation.action;
  std::string out = "finds this, and " + std::string(act_of(action));
  if (explanation.weak && action != explanation.action) out += ", because too little of a marked mail is repeated to hold it";
  return out;
}

void print_reason(const inspect::CueReason& reason) {
  std::printf("      It is of the kind \"%s\": %s.\n", reason.cue.c_str(), reason.says.c_str());
  if (!reason.place.empty()) {
    std::vector<std::string> forms;
    for (const std::string& form : reason.forms) forms.push_back("/" + shortened(form, pattern_bytes_max) + "/");
    std::printf("      It was found by a form of words (%s): %s.\n", reason.place.c_str(),
                joined(forms, " together with ").c_str());
    return;
  }
  std::printf("      Its words were weighed: it scores %s, and %d or more are needed", points(reason.points).c_str(),
              reason.needed);
  if (reason.needed > reason.usual) std::printf(" in a text of this length (%d in a short one)", reason.usual);
  std::printf(".\n");
  if (reason.points < reason.needed) std::printf("      By itself that is not enough; with other sentences like it, it is.\n");
  std::vector<std::string> words;
  int rest = reason.points - reason.base;
  for (const rules::Weight& weight : reason.words) {
    words.push_back(signed_number(weight.points) + " \"" + weight.feature + "\"");
    rest -= weight.points;
  }
  if (words.empty()) return;
  std::printf("      Every sentence begins with %s. Most weight: %s; all the rest together %s.\n",
              signed_number(reason.base).c_str(), joined(words, ", ").c_str(), signed_number(rest).c_str());
}

void print_proofs(const std::vector<inspect::Proof>& proofs) {
  for (const inspect::Proof& proof : proofs) {
    std::string place = inspect::zone_in_words(proof.evidence.zone);
    if (!proof.evidence.part.empty()) place += ", part " + proof.evidence.part;
    std::printf("    Found %s: \"%s\"\n", printable(place).c_str(), printable(proof.evidence.text).c_str());
    for (const inspect::CueReason& reason : proof.cues) print_reason(reason);
  }
}

void print_sentences(const std::vector<std::string>& sentences) {
  for (const std::string& sentence : sentences) std::printf("    - %s\n", printable(sentence).c_str());
}

void print(const inspect::Explanation& explanation, const std::vector<rules::Catalogue>& catalogues) {
  const rules::Paragraph* paragraph = rules::paragraph_of(explanation.clause, catalogues);
  std::printf("%s (%s:%d): %s.\n", explanation.clause.c_str(), explanation.file.c_str(), explanation.at.line,
              result_of(explanation).c_str());
  std::printf("  What the clause asks: %s\n", (paragraph == nullptr ? explanation.says : paragraph->asks).c_str());
  if (explanation.action != explanation.shipped) {
    std::printf("  The council's settings have changed what it does: by its pack, it %s.\n",
                std::string(act_of(explanation.shipped)).c_str());
  }
  for (std::size_t i = 0; i < explanation.when.size(); ++i) {
    const inspect::TableOutcome& outcome = explanation.when[i];
    if (explanation.tables == 1) {
      std::printf("  Its conditions are %s:\n", outcome.holds ? "met" : "not met");
    } else {
      std::printf("  Set %zu of its %zu sets of conditions is %s:\n", i + 1, explanation.tables,
                  outcome.holds ? "met" : "not met");
    }
    print_sentences(outcome.says);
    print_proofs(outcome.proofs);
  }
  if (explanation.excepted < 0) return;
  std::printf("  Its exception %d holds:\n", explanation.excepted + 1);
  print_sentences(explanation.exception.says);
  print_proofs(explanation.exception.proofs);
}

}  // namespace

int explain(const ExplainOptions& options) {
  int code = exit_ok;
  const auto settings = settings_of(options, code);
  if (!settings) return code;
  Problems problems;
  auto policy = config::load_policy(*settings, problems);
  const auto catalogues = config::load_catalogues(settings->rules_directory, problems);
  const auto read_documents = document_reader(*settings, problems);
  if (code = report(problems); !policy || !catalogues || code != exit_ok) return exit_config;
  // What the rule makes of it, also where all of Beadle only observes.
  policy->mode = rules::Mode::enforce;
  auto bytes = read_message(options.file);
  if (!bytes) return fail(bytes.error());
  mail::Message message = mail::parse_message(std::move(*bytes));
  if (read_documents) read_documents(message);
  inspect::Envelope envelope;
  envelope.sender = options.from;
  envelope.recipients = options.to;
  inspect::History history;
  if (!options.record.empty()) {
    auto record = store::Store::open(options.record, system_now());
    if (!record) return fail(record.error());
    auto found = intake::history_of(message, *policy, *record);
    if (!found) return fail(found.error());
    history = std::move(*found);
  }
  const auto explanations = inspect::explain(message, envelope, *policy, history, options.clause);
  if (!explanations) return fail(explanations.error());
  if (explanations->empty())
    return fail({ErrorKind::not_found, "no rule of protocol " + settings->protocol + " has the clause " + options.clause});
  for (std::size_t i = 0; i < explanations->size(); ++i) {
    if (i > 0) std::printf("\n");
    print((*explanations)[i], *catalogues);
  }
  return exit_ok;
}

}  // namespace beadle::cli
