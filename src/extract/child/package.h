// A zip that is one document (docx, odt …): its members in memory, but for pictures, fonts and the like.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/child/document.h"

namespace beadle::extract {

struct Part {
  std::string name;  // without leading slash
  std::string bytes;
};

struct Package {
  std::vector<Part> parts;  // names may come twice: both are read
  bool has_pictures = false;

  Part* find(std::string_view name);
};

/// Names alone tell which kind of zip it is.
enum class ZipKind { office_open, open_document, archive };
ZipKind zip_kind_of(Document& document);

/// Reads the parts, and says what could not be read; what came before a damage is kept.
Package load_package(Document& document);

/// A part that is neither XML nor a picture: an embedded document, or data of a program (printer settings, fonts) that hold no
/// text.
void read_other_part(Document& document, const Part& part);

}  // namespace beadle::extract
