// docx, xlsx, pptx and their kin (ECMA-376). A part is told by its root element, not by its name, so that a renamed part is read
// all the same.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "extract/child/document.h"
#include "extract/child/package.h"

namespace beadle::extract {

/// Reads the package of `document` and says its kind.
void read_ooxml(Document& document);

/// Targets of a part's relationships by their id; package names without leading slash.
std::map<std::string, std::string> relationships(Document& document, Package& package, std::string_view part);

/// xlsx: sheets in the order of the workbook, with shared strings. Takes the parts that it has read out of the package.
void read_workbook(Document& document, Package& package);
/// pptx: slides in the order of the presentation. Takes the parts that it has read out of the package.
void read_presentation(Document& document, Package& package);

}  // namespace beadle::extract
