// The one place that knows which Catch2 this is (Debian 12: version 2, a single header). Include it after the project's headers:
// its CHECK takes the place of base/check.h's.
#pragma once

#undef CHECK
#include <catch2/catch.hpp>
