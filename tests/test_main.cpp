// The heavy half of Catch2, compiled once.
#define CATCH_CONFIG_MAIN
#include "catch.h"
