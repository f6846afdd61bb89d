// Mail and documents that nobody here wrote: the folder that BEADLE_CORPUS names, else the one beside the source tree. They are
// no part of Beadle; whoever tests with them skips, and says so, where there are none.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string_view>
#include <vector>

namespace beadle::tests {

/// Every file under `folder` ("mail", "documents") of the corpus, sorted; none where there is no corpus.
inline std::vector<std::filesystem::path> corpus_files(std::string_view folder) {
  namespace fs = std::filesystem;
  const char* elsewhere = std::getenv("BEADLE_CORPUS");
  const fs::path root = (elsewhere != nullptr ? fs::path(elsewhere) : fs::path(BEADLE_SOURCE_DIR) / "../shared/corpus") / folder;
  std::vector<fs::path> files;
  if (!fs::is_directory(root)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace beadle::tests
