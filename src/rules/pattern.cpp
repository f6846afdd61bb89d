#include "rules/pattern.h"

#include "base/document.h"
#include "base/limits.h"
#include "base/text.h"
#include "rules/characters.h"

namespace beadle::rules {
namespace {

bool is_name_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}
bool is_name_start(char c) { return is_name_byte(c) && !(c >= '0' && c <= '9') && c != '-'; }

/// Whether the character at the end is escaped, so that "\." is told from "." where that matters.
bool ends_escaped(std::string_view pattern) {
  std::size_t slashes = 0;
  for (std::size_t at = pattern.size() - 1; at > 0 && pattern[at - 1] == '\\'; --at) ++slashes;
  return slashes % 2 == 1;
}

bool needs_edge_before(std::string_view pattern) {
  const char first = pattern.front();
  return first != '^' && first != '\\' && first != '.' && !pattern.starts_with("£");
}

bool needs_edge_after(std::string_view pattern) {
  const char last = pattern.back();
  if (last == '$' || last == '.' || last == '*' || last == '+') return false;
  return !(last == 'b' && ends_escaped(pattern));
}

}  // namespace

std::string pattern_mistake(std::string_view pattern, std::string& hint) {
  if (trimmed(pattern).empty()) return "a pattern is empty";
  if (pattern.size() > limits::pattern_bytes_max) {
    hint = "split it, or put alternatives under a name in [words]";
    return "a pattern is longer than " + std::to_string(limits::pattern_bytes_max) + " bytes";
  }
  if (!is_valid_utf8(pattern)) return "a pattern is not UTF-8";
  for (std::size_t at = 0; at < pattern.size();) {
    const std::size_t begin = at;
    const char32_t c = next_code_point(pattern, at);
    if (c == '\n' || c == '\r') {
      hint = "a sentence has no line ends, only blanks";
      return "a pattern has a line end";
    }
    if (c < 0x20) {
      hint = "in double quotes TOML reads \\b as a backspace: write the pattern in single quotes";
      return "a pattern has a control character";
    }
    if (c < 0x80) continue;
    std::string plain;
    if (!is_invisible(c)) append_plain(plain, c);
    if (is_blank(c)) plain = " ";
    if (plain == pattern.substr(begin, at - begin)) continue;
    const std::string letter =
        is_blank(c) || is_invisible(c) ? "a blank or invisible character" : std::string(pattern.substr(begin, at - begin));
    hint = plain.empty() ? "take it out" : "write " + (plain == " " ? std::string("a plain blank") : plain);
    return letter + " never stands in the plain form of a text";
  }
  return "";
}

std::string whole_words(std::string_view pattern) {
  std::string out = needs_edge_before(pattern) ? "\\b(?:" : "(?:";
  out += pattern;
  out += needs_edge_after(pattern) ? ")\\b" : ")";
  return out;
}

std::vector<NameUse> name_uses(std::string_view pattern) {
  std::vector<NameUse> uses;
  bool in_class = false;
  for (std::size_t at = 0; at < pattern.size(); ++at) {
    const char c = pattern[at];
    if (c == '\\') {
      ++at;
      if (at + 1 < pattern.size() && (pattern[at] == 'p' || pattern[at] == 'P' || pattern[at] == 'x') && pattern[at + 1] == '{') {
        at = std::min(pattern.find('}', at), pattern.size());
      } else if (at < pattern.size() && pattern[at] == 'Q') {  // literal text up to \E
        at = std::min(pattern.find("\\E", at), pattern.size());
      }
    } else if (in_class) {
      in_class = c != ']';
    } else if (c == '[') {
      in_class = true;
      // A ] straight behind the opening is a member.
      if (at + 1 < pattern.size() && pattern[at + 1] == '^') ++at;
      if (at + 1 < pattern.size() && pattern[at + 1] == ']') ++at;
    } else if (c == '{' && at + 1 < pattern.size() && is_name_start(pattern[at + 1])) {
      std::size_t end = at + 1;
      while (end < pattern.size() && is_name_byte(pattern[end])) ++end;
      if (end < pattern.size() && pattern[end] == '}') {
        uses.push_back({at, end + 1, pattern.substr(at + 1, end - at - 1)});
        at = end;
      }
    }
  }
  return uses;
}

WordGroups::WordGroups(const std::vector<Lexicon>& lexicons, Problems& problems) {
  for (const Lexicon& lexicon : lexicons) {
    for (const auto& [name, pattern] : lexicon.words) {
      const auto [place, is_new] = shared_.try_emplace(name, Group{&pattern, &lexicon});
      if (is_new || place->second.pattern->text == pattern.text) continue;
      const std::string where = place->second.lexicon->file + ":" + std::to_string(place->second.pattern->at.line);
      problems.push_back({Problem::Severity::odd, lexicon.file, pattern.at, "{" + name + "} has another meaning in " + where,
                          "each file uses its own; a third uses the first"});
    }
  }
}

WordGroups::Group WordGroups::find(std::string_view name, const Lexicon& lexicon) const {
  const auto own = lexicon.words.find(std::string(name));
  if (own != lexicon.words.end()) return {&own->second, &lexicon};
  const auto other = shared_.find(name);
  return other == shared_.end() ? Group{} : other->second;
}

std::string WordGroups::unknown_hint(std::string_view name, const Lexicon& lexicon) const {
  std::vector<std::string> known;
  for (const auto& [word, pattern] : lexicon.words) known.push_back(word);
  for (const auto& [word, group] : shared_) {
    if (!lexicon.words.contains(word)) known.push_back(word);
  }
  const auto near = nearest(name, known);
  if (near) return "did you mean {" + *near + "}?";
  return known.empty() ? "no file has [words]" : "known: " + shortened(joined(known, ", "), 200);
}

bool WordGroups::append(std::string& out, const Pattern& pattern, const Lexicon& lexicon, int depth, std::string& mistake,
                        std::string& hint) const {
  const std::string_view text = pattern.text;
  std::size_t done = 0;
  for (const NameUse& use : name_uses(text)) {
    out.append(text, done, use.begin - done);
    done = use.end;
    const Group group = find(use.name, lexicon);
    if (group.pattern == nullptr) {
      mistake = "unknown name {" + std::string(use.name) + "}";
      hint = unknown_hint(use.name, lexicon);
      return false;
    }
    if (depth == limits::pattern_names_depth_max) {
      mistake = "{" + std::string(use.name) + "} stands for a text that holds itself, or names within names are too many";
      return false;
    }
    out += "(?:";
    if (!append(out, *group.pattern, *group.lexicon, depth + 1, mistake, hint)) return false;
    out += ')';
  }
  out.append(text, done);
  if (out.size() <= limits::pattern_expanded_bytes_max) return true;
  mistake =
      "with its names replaced, the pattern is longer than " + std::to_string(limits::pattern_expanded_bytes_max) + " bytes";
  return false;
}

std::string WordGroups::expand(const Pattern& pattern, const Lexicon& lexicon, Problems& problems) const {
  std::string out, mistake, hint;
  if (append(out, pattern, lexicon, 0, mistake, hint)) return out;
  problems.push_back({Problem::Severity::error, lexicon.file, pattern.at, std::move(mistake), std::move(hint)});
  return "";
}

}  // namespace beadle::rules
