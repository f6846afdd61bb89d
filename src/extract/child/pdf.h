// PDF by poppler, page by page; properties, and the files that are attached to it.
#pragma once

#include "extract/child/document.h"

namespace beadle::extract {

/// Lets the C library load what it needs to convert charsets. To be called before the process is locked in: without it every page
/// comes out empty.
void warm_up_pdf();
void read_pdf(Document& document);

}  // namespace beadle::extract
