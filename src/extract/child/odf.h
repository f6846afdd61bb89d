// odt, ods, odp (OASIS OpenDocument 1.3): content, styles (headers and footers), properties.
#pragma once

#include "extract/child/document.h"

namespace beadle::extract {

void read_odf(Document& document);

}  // namespace beadle::extract
