#include "rules/catalogue.h"

#include <algorithm>

#include "rules/pack.h"
#include "rules/reading.h"

namespace beadle::rules {
namespace {

class CatalogueReader {
 public:
  CatalogueReader(std::string_view file, Problems& problems) : file_(file), problems_(problems) { catalogue_.file = file_; }

  std::optional<Catalogue> read(std::string_view text) {
    const std::size_t before = problems_.size();
    const auto document = parse_document(text, file_, problems_);
    if (!document) return std::nullopt;
    TableReader reader(*document, file_, "the catalogue", problems_);
    catalogue_.protocol = reader.required_text("protocol");
    const auto paragraphs = reader.tables("paragraph");
    if (!reader.has("paragraph")) reader.error({}, "the catalogue has no paragraphs", "[[paragraph]]");
    reader.finish();
    for (const Value* paragraph : paragraphs) read_paragraph(*paragraph);
    if (has_errors_since(problems_, before)) return std::nullopt;
    return std::move(catalogue_);
  }

 private:
  void read_paragraph(const Value& table) {
    TableReader reader(table, file_, "paragraph", problems_);
    Paragraph paragraph;
    const std::string id = reader.required_text("clause");
    paragraph.at = reader.place("clause");
    if (!trimmed(id).empty() && !is_name(id, ".-")) {
      reader.error(paragraph.at, shown(id) + " is no id of a clause", "small letters, digits, hyphens and dots; without the protocol's name");
    }
    paragraph.clause = catalogue_.protocol + "/" + id;
    paragraph.place = reader.text("place").value_or(id);
    paragraph.asks = reader.required_text("asks");
    read_checked(reader, paragraph);
    paragraph.finds = reader.text("finds").value_or("");
    paragraph.limits = reader.text("limits").value_or("");
    paragraph.caught = reader.text("caught").value_or("");
    paragraph.missed = reader.text("missed").value_or("");
    paragraph.reminder = reader.boolean("reminder").value_or(false);
    paragraph.family = reader.text("family").value_or("");
    if (reader.has("family") && !contains(families, paragraph.family)) {
      reader.error(reader.place("family"), "unknown family " + shown(paragraph.family), known_hint(paragraph.family, as_strings(families)));
    }
    reader.finish();
    check_whole(reader, paragraph);
    check_once(reader, paragraph);
    catalogue_.paragraphs.push_back(std::move(paragraph));
  }

  static void read_checked(TableReader& reader, Paragraph& paragraph) {
    const std::string word = reader.required_text("checked");
    if (word == "yes") {
      paragraph.checked = Checked::yes;
    } else if (word == "partly") {
      paragraph.checked = Checked::partly;
    } else if (word != "no" && !trimmed(word).empty()) {
      reader.error(reader.place("checked"), "checked is " + shown(word), "yes, partly or no");
    }
  }

  /// What a reader must be told depends on how much is checked.
  static void check_whole(TableReader& reader, const Paragraph& paragraph) {
    const auto demand = [&](const char* key, bool wanted, const std::string& why) {
      if (wanted && !reader.has(key)) reader.error(reader.place("clause"), std::string(key) + " is missing", why);
      if (!wanted && reader.has(key)) reader.error(reader.place(key), std::string(key) + " of a paragraph that is not checked");
    };
    const bool some = paragraph.checked != Checked::no;
    demand("finds", some, "what is looked for, in plain words");
    demand("caught", some, "an example that is found");
    demand("missed", some, "an example that is not found");
    if (paragraph.checked != Checked::yes) demand("limits", true, some ? "what is not seen, and why" : "why no machine can check it");
    if (paragraph.reminder && paragraph.family.empty()) reader.error(reader.place("reminder"), "a reminder without family", "there is no rule to take it from");
  }

  void check_once(TableReader& reader, const Paragraph& paragraph) {
    for (const Paragraph& other : catalogue_.paragraphs) {
      if (other.clause == paragraph.clause) reader.error(paragraph.at, paragraph.clause + " stands in line " + std::to_string(other.at.line) + " too");
    }
  }

  std::string file_;
  Problems& problems_;
  Catalogue catalogue_;
};

}  // namespace

std::string_view to_string(Checked checked) {
  switch (checked) {
    case Checked::yes: return "checked";
    case Checked::partly: return "partly";
    case Checked::no: return "not by machine";
  }
  return "";
}

std::optional<Catalogue> parse_catalogue(std::string_view text, std::string_view file, Problems& problems) {
  return CatalogueReader(file, problems).read(text);
}

const Paragraph* paragraph_of(std::string_view clause, const std::vector<Catalogue>& catalogues) {
  const Paragraph* best = nullptr;
  for (const Catalogue& catalogue : catalogues) {
    for (const Paragraph& paragraph : catalogue.paragraphs) {
      const bool whole = clause == paragraph.clause;
      const bool part = clause.starts_with(paragraph.clause) && clause.substr(paragraph.clause.size()).starts_with('-');
      if ((whole || part) && (best == nullptr || paragraph.clause.size() > best->clause.size())) best = &paragraph;
    }
  }
  return best;
}

}  // namespace beadle::rules
