// The built front end (style, script, images), read into memory at start. An address with ?v= and the digest of what is there is kept by browsers for
// a year; without it they ask each time whether it has changed. Symbolic links, dot files and other kinds of file are left out.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "web/http.h"

namespace beadle::web {

class StaticFiles {
 public:
  /// Without any file.
  StaticFiles() = default;
  /// error: bad_settings with the folder and how to build what belongs there; or with the file that is too large.
  static Result<StaticFiles> load(const std::string& folder);

  /// "app.css" → "/assets/app.css?v=<digest>"; without digest where there is no such file.
  std::string path_of(std::string_view name) const;
  /// For paths that begin with "/assets/": the file, 304 where the browser has it already, 404, 405.
  Response serve(const Request& request) const;
  std::size_t count() const { return files_.size(); }

 private:
  struct File {
    std::string type, bytes, digest;
  };
  std::map<std::string, File, std::less<>> files_;  // "app.css", "images/crest.svg"
};

}  // namespace beadle::web
