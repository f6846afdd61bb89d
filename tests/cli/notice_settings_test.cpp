// What notices are made of, as the settings say.
#include "cli/commands.h"
#include "rules/catalogue.h"

#include "catch.h"

namespace beadle::cli {

TEST_CASE("notices know what the catalogues of the rules folder say, and do without where there is none") {
  config::Settings settings;
  settings.rules_directory = std::string(BEADLE_SOURCE_DIR) + "/rules";
  const people::Directory nobody{people::Roster()};
  const auto notices = notice_settings_of(settings, nobody);
  const rules::Paragraph* paragraph = rules::paragraph_of("exmouth/councillors-contract", notices.catalogues);
  REQUIRE(paragraph != nullptr);
  CHECK(paragraph->asks.find("unless they have authority") != std::string::npos);
  settings.rules_directory = "/nowhere";
  CHECK(notice_settings_of(settings, nobody).catalogues.empty());
}

}  // namespace beadle::cli
