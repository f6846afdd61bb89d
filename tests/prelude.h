// What every test reads, compiled once where the preset asks for it. base/check.h stands before Catch2, which takes the name CHECK (catch.h).
#pragma once

#include <algorithm>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/check.h"
#include "base/result.h"
#include "base/text.h"

#include "catch.h"
