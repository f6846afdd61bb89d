// Something must be compiled with the prelude, so that it is made.
#include "prelude.h"
