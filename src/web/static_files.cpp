#include "web/static_files.h"

#include <filesystem>
#include <system_error>
#include <vector>

#include "base/digest.h"
#include "base/text.h"
#include "config/files.h"

namespace beadle::web {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view prefix = "/assets/";
// The style of all GOV.UK components together has 140 kB.
constexpr std::size_t file_bytes_max = 2u << 20;
constexpr std::size_t files_max = 200;
// Files and folders that are looked at, whether they are served or not: somebody may have named the wrong folder.
constexpr std::size_t entries_max = 2'000;
constexpr int folder_depth_max = 3;
// Of the digest, in hexadecimal digits: enough to tell versions of one file apart.
constexpr std::size_t digest_digits = 20;
constexpr std::string_view how_to_build = "; build it: src/web/frontend/build FOLDER";

/// "" for a kind that is not served.
std::string type_of(const fs::path& path) {
  const std::string extension = path.extension();
  if (extension == ".css") return "text/css; charset=utf-8";
  if (extension == ".js") return "text/javascript; charset=utf-8";
  if (extension == ".svg") return "image/svg+xml";
  if (extension == ".png") return "image/png";
  return "";
}

Error unusable(const std::string& what) { return {ErrorKind::bad_settings, what}; }

/// Paths of the files that are served, from `folder`.
Result<std::vector<fs::path>> found_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::size_t seen = 0;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);  // follows no links to folders
  for (; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (++seen > entries_max) return unusable("has more than " + std::to_string(entries_max) + " files");
    const bool is_hidden = entry->path().filename().string().starts_with('.');
    std::error_code unknown;
    const fs::file_status status = entry->symlink_status(unknown);
    if (fs::is_directory(status) && (is_hidden || entry.depth() >= folder_depth_max)) entry.disable_recursion_pending();
    if (is_hidden || !fs::is_regular_file(status) || type_of(entry->path()).empty()) continue;
    found.push_back(entry->path().lexically_relative(folder));
    if (found.size() > files_max) return unusable("has more than " + std::to_string(files_max) + " files of a front end");
  }
  if (error) return unusable(error.message() + std::string(how_to_build));
  return found;
}

/// RFC 9110 §13.1.2: a list of tags, of which any may be ours.
bool names_tag(std::string_view field, std::string_view tag) {
  for (std::string_view one : split(field, ',')) {
    one = trimmed(one);
    if (one.starts_with("W/")) one.remove_prefix(2);
    if (one == "*" || one == tag) return true;
  }
  return false;
}

}  // namespace

Result<StaticFiles> StaticFiles::load(const std::string& folder) {
  const auto found = found_in(folder);
  if (!found) return in_context("front end in " + folder, found.error());
  if (found->empty()) return unusable("front end in " + folder + ": has no files" + std::string(how_to_build));
  StaticFiles all;
  for (const fs::path& name : *found) {
    const std::string path = (fs::path(folder) / name).string();
    config::FileText text = config::read_text(path, file_bytes_max);
    if (!text.why.empty()) return unusable(path + ": " + text.why);
    const std::string digest = sha256_hex(text.text).substr(0, digest_digits);
    all.files_[name.generic_string()] = {type_of(name), std::move(text.text), digest};
  }
  return all;
}

std::string StaticFiles::path_of(std::string_view name) const {
  const auto file = files_.find(name);
  const std::string path = std::string(prefix) + std::string(name);
  return file == files_.end() ? path : path + "?v=" + file->second.digest;
}

Response StaticFiles::serve(const Request& request) const {
  if (request.method != "GET" && request.method != "HEAD") {
    Response response = error_page(405);
    response.headers = {{"Allow", "GET, HEAD"}};
    return response;
  }
  const std::string_view path = request.path;
  const auto file = path.starts_with(prefix) ? files_.find(path.substr(prefix.size())) : files_.end();
  if (file == files_.end()) return error_page(404);
  const File& found = file->second;
  const std::string tag = "\"" + found.digest + "\"";
  // Kept only under the address of this version: what is behind another one will be something else one day.
  const bool is_this_version = request.query_value("v") == found.digest;
  Response response{.type = found.type, .body = "", .headers = {{"ETag", tag}}};
  response.headers.emplace_back("Cache-Control", is_this_version ? "public, max-age=31536000, immutable" : "no-cache");
  if (names_tag(request.header("if-none-match"), tag)) {
    response.status = 304;
  } else {
    response.body = found.bytes;
  }
  return response;
}

}  // namespace beadle::web
