// Mail that Beadle writes: to the sender when mail is held and what became of it, to reviewers when something is held.
// Words come from templates in config/notices; who may get one is decided here (never null senders, lists, automatic mail, strangers).
#pragma once

#include <map>
#include <string>
#include <vector>

#include "inspect/inspect.h"
#include "intake/intake.h"
#include "store/store.h"

namespace beadle::deliver {

/// Template text with {{name}} fields; a line whose field is empty is left out where it holds nothing else.
struct Templates {
  std::map<std::string, std::string> by_kind;  // held-sender held-reviewer released-sender returned-sender refused-reviewer
};
/// Reads <dir>/<kind>.txt for every kind; first line "Subject: …". Unknown {{fields}} are problems with file and line.
std::optional<Templates> load_templates(const std::string& directory, Problems& problems);

struct NoticeSettings {
  std::string council;
  std::string from;                    // monitored address
  std::vector<std::string> reviewers;  // addresses
  std::string host;                    // for Message-ID
};

class NoticeWriter {
 public:
  NoticeWriter(NoticeSettings settings, Templates templates, std::shared_ptr<const people::Directory> people);

  std::vector<store::Notice> on_hold(const std::string& id, const intake::Arrival& arrival, const mail::Message& message,
                                     const inspect::Verdict& verdict, Time now) const;
  std::vector<store::Notice> on_released(const store::Held& held, Time now) const;
  std::vector<store::Notice> on_returned(const store::Held& held, const std::string& who, const std::string& words, Time now) const;
  std::vector<store::Notice> on_refused(const store::Held& held, const std::vector<store::Store::Delivery>& refused, Time now) const;

 private:
  NoticeSettings settings_;
  Templates templates_;
  std::shared_ptr<const people::Directory> people_;
};

}  // namespace beadle::deliver
