#include "deliver/templates.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/document.h"
#include "base/limits.h"
#include "base/text.h"

namespace beadle::deliver {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view subject_mark = "Subject:";

void add_problem(Problems& problems, Problem::Severity severity, std::string_view file, Position at, std::string what, std::string hint = "") {
  problems.push_back({severity, std::string(file), at, std::move(what), std::move(hint)});
}

/// The next field of `line` from `at` on: the name between the braces, without blanks.
struct FieldPlace {
  std::size_t begin = std::string_view::npos;  // of {{
  std::size_t end = std::string_view::npos;    // behind }}; npos where it is not closed
  std::string_view name;
};
FieldPlace next_field(std::string_view line, std::size_t at) {
  FieldPlace place;
  place.begin = line.find("{{", at);
  if (place.begin == std::string_view::npos) return place;
  const std::size_t close = line.find("}}", place.begin + 2);
  if (close == std::string_view::npos) return place;
  place.end = close + 2;
  place.name = trimmed(line.substr(place.begin + 2, close - place.begin - 2));
  return place;
}

std::string list_of(const std::vector<std::string_view>& names) {
  std::string list;
  for (const std::string_view name : names) list += (list.empty() ? "" : " ") + std::string(name);
  return list;
}

void check_fields(std::string_view line, int number, std::string_view file, const NoticeKind& kind, std::vector<std::string_view>& used,
                  Problems& problems) {
  for (FieldPlace place = next_field(line, 0); place.begin != std::string_view::npos; place = next_field(line, place.end)) {
    const Position at{number, static_cast<int>(place.begin) + 1};
    if (place.end == std::string_view::npos) {
      add_problem(problems, Problem::Severity::error, file, at, "a field begins with {{ and does not end on this line", "write {{id}}");
      return;
    }
    if (std::find(kind.fields.begin(), kind.fields.end(), place.name) != kind.fields.end()) {
      used.push_back(place.name);
      continue;
    }
    const auto close = nearest(place.name, {kind.fields.begin(), kind.fields.end()});
    add_problem(problems, Problem::Severity::error, file, at,
                "there is no field {{" + printable(shortened(place.name, 100)) + "}} in a " + std::string(kind.name) + " notice",
                close ? "did you mean {{" + *close + "}}?" : "known are: " + list_of(kind.fields));
  }
}

/// The file without comments and CR; `lines_before` counts what stood before the rest.
std::string_view without_head_comments(std::string_view text, int& lines_before) {
  while (text.starts_with('#') || text.starts_with('\n')) {
    const std::size_t end = text.find('\n');
    ++lines_before;
    if (end == std::string_view::npos) return "";
    text.remove_prefix(end + 1);
  }
  return text;
}

std::string without_carriage_returns(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (c != '\r') out += c;
  }
  return out;
}

bool is_left_out(std::string_view line, const Fields& fields) {
  bool has_field = false;
  std::size_t at = 0;
  for (FieldPlace place = next_field(line, 0); place.begin != std::string_view::npos && place.end != std::string_view::npos;
       place = next_field(line, place.end)) {
    if (!trimmed(line.substr(at, place.begin - at)).empty()) return false;
    const auto found = fields.find(place.name);
    if (found != fields.end() && !found->second.empty()) return false;
    has_field = true;
    at = place.end;
  }
  return has_field && trimmed(line.substr(at)).empty();
}

void append_filled(std::string_view line, const Fields& fields, std::string& out) {
  std::size_t at = 0;
  for (FieldPlace place = next_field(line, 0); place.begin != std::string_view::npos && place.end != std::string_view::npos;
       place = next_field(line, place.end)) {
    out += line.substr(at, place.begin - at);
    const auto found = fields.find(place.name);
    if (found != fields.end()) out += found->second;
    at = place.end;
  }
  out += line.substr(at);
}

/// At most limits::notice_template_bytes_max bytes and one; nullopt where there is no such file.
std::optional<std::string> read_bounded(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  std::string bytes(limits::notice_template_bytes_max + 1, '\0');
  file.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  // A folder opens and cannot be read.
  if (file.bad() || (file.fail() && !file.eof())) return std::nullopt;
  bytes.resize(static_cast<std::size_t>(file.gcount()));
  return bytes;
}

}  // namespace

const std::vector<NoticeKind>& notice_kinds() {
  static const std::vector<NoticeKind> kinds = {
      {"held-sender", {"id", "council", "from", "subject", "recipients", "received", "findings", "link", "deadline"}, {"id", "findings"}},
      {"held-reviewer", {"id", "council", "from", "sender", "received", "clauses", "recipient-count", "link", "commands", "deadline"}, {"id"}},
      {"released-sender", {"id", "council", "from", "subject", "recipients", "received"}, {"id"}},
      {"returned-sender", {"id", "council", "from", "subject", "recipients", "received", "who", "words", "attached"}, {"id", "words"}},
      {"withdrawn-sender", {"id", "council", "from", "subject", "recipients", "received", "who", "words"}, {"id", "who"}},
      {"refused-sender", {"id", "council", "from", "subject", "received", "refused"}, {"id", "refused"}},
      {"refused-reviewer", {"id", "council", "from", "sender", "received", "refused", "link"}, {"id", "refused"}},
      {"due-asked", {"id", "council", "from", "clause", "says", "writer", "asked", "opened", "due", "untold", "subject"}, {"says", "subject"}},
      {"due-reviewer", {"id", "council", "from", "clause", "says", "writer", "asked", "opened", "due", "untold"}, {"id", "clause"}},
      {"digest-reviewer", {"council", "from", "count", "oldest", "waiting", "link"}, {"count", "waiting"}},
      {"escalate-reviewer", {"id", "council", "from", "sender", "received", "clauses", "deadline", "link"}, {"id"}},
      {"explained-reviewer", {"id", "council", "from", "sender", "received", "clauses", "link"}, {"id"}},
      {"audit-head", {"council", "from", "number", "hash", "at"}, {"number", "hash"}},
      {"mailbox-held",
       {"id", "council", "from", "headline", "sender", "subject", "recipients", "received", "findings", "clauses", "deadline", "attached", "release-folder",
        "return-folder", "link"},
       {"id", "release-folder", "return-folder"}},
      {"mailbox-conflict", {"id", "council", "from", "received", "clauses", "conflict", "link"}, {"id", "conflict"}},
      {"mailbox-outcome", {"id", "council", "from", "outcome", "says", "link"}, {"outcome", "says"}},
      {"disclosure", {"council", "from", "sender", "subject", "received", "copied"}, {"copied"}},
  };
  return kinds;
}

std::optional<std::string> parse_template(std::string_view raw, std::string_view file, const NoticeKind& kind, Problems& problems) {
  if (raw.size() > limits::notice_template_bytes_max) {
    add_problem(problems, Problem::Severity::error, file, {},
                "the file is longer than " + std::to_string(limits::notice_template_bytes_max) + " bytes");
    return std::nullopt;
  }
  if (!is_valid_utf8(raw) || raw.find('\0') != std::string_view::npos) {
    add_problem(problems, Problem::Severity::error, file, {}, "the file is not UTF-8 text");
    return std::nullopt;
  }
  const std::size_t problems_before = problems.size();
  const std::string text = without_carriage_returns(raw);
  int number = 0;
  const std::string_view rest = without_head_comments(text, number);
  const std::string_view first = rest.substr(0, rest.find('\n'));
  if (!first.starts_with(subject_mark) || trimmed(first.substr(subject_mark.size())).empty()) {
    add_problem(problems, Problem::Severity::error, file, {number + 1, 1}, "the first line after the comments must be \"Subject: \" and a subject");
    return std::nullopt;
  }
  std::vector<std::string_view> used;
  for (const std::string_view line : split(rest, '\n')) check_fields(line, ++number, file, kind, used, problems);
  if (trimmed(rest.substr(first.size())).empty()) {
    add_problem(problems, Problem::Severity::error, file, {number, 1}, "the notice has a subject but no text");
  }
  const auto is_error = [](const Problem& problem) { return problem.severity == Problem::Severity::error; };
  if (std::any_of(problems.begin() + static_cast<std::ptrdiff_t>(problems_before), problems.end(), is_error)) return std::nullopt;
  for (const std::string_view name : kind.needed) {
    if (std::find(used.begin(), used.end(), name) != used.end()) continue;
    add_problem(problems, Problem::Severity::odd, file, {},
                "a " + std::string(kind.name) + " notice without {{" + std::string(name) + "}} leaves its reader in the dark");
  }
  return std::string(rest);
}

std::optional<Templates> load_templates(const std::string& directory, Problems& problems, std::string_view shipped) {
  Templates templates;
  for (const NoticeKind& kind : notice_kinds()) {
    const std::string name = "/" + std::string(kind.name) + ".txt";
    std::string file = directory + name;
    std::error_code error;
    // A folder that is not there at all is a mistake of the settings.
    if (fs::is_directory(directory, error) && !fs::exists(file, error) && fs::exists(std::string(shipped) + name, error)) {
      add_problem(problems, Problem::Severity::odd, file, {}, "this notice template is missing: the one that came with Beadle is used",
                  "copy " + std::string(shipped) + name + " to put it into your own words");
      file = std::string(shipped) + name;
    }
    const auto bytes = read_bounded(file);
    if (!bytes) {
      add_problem(problems, Problem::Severity::error, file, {}, "this notice template is missing or cannot be read",
                  "copy it from the config/notices that came with Beadle");
      continue;
    }
    auto text = parse_template(*bytes, file, kind, problems);
    if (text) templates.by_kind[std::string(kind.name)] = std::move(*text);
  }
  if (templates.by_kind.size() != notice_kinds().size()) return std::nullopt;
  return templates;
}

FilledTemplate fill_template(std::string_view text, const Fields& fields) {
  FilledTemplate filled;
  const std::size_t end = text.find('\n');
  std::string_view first = text.substr(0, end);
  if (first.starts_with(subject_mark)) first.remove_prefix(subject_mark.size());
  append_filled(trimmed(first), fields, filled.subject);
  // printable() makes blanks of control characters, line ends among them: nothing gets into the header but the subject.
  filled.subject = std::string(trimmed(printable(filled.subject)));
  std::string_view body = end == std::string_view::npos ? "" : text.substr(end + 1);
  while (body.starts_with('\n')) body.remove_prefix(1);
  while (body.ends_with('\n')) body.remove_suffix(1);
  for (const std::string_view line : split(body, '\n')) {
    if (is_left_out(line, fields)) continue;
    append_filled(line, fields, filled.text);
    filled.text += '\n';
  }
  return filled;
}

}  // namespace beadle::deliver
