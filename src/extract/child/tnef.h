// winmail.dat ([MS-OXTNEF]) by libytnef: the message, and what is attached to it.
#pragma once

#include "extract/child/document.h"

namespace beadle::extract {

void read_tnef(Document& document);

}  // namespace beadle::extract
