#include "web/static_files.h"

#include <filesystem>
#include <fstream>
#include <string>

#include "net/helpers.h"

#include "catch.h"

using namespace beadle;
using namespace beadle::web;
namespace fs = std::filesystem;

namespace {

void write(const std::string& path, const std::string& text) {
  fs::create_directories(fs::path(path).parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

Request asking(const std::string& address, const std::string& method = "GET") {
  Request request;
  request.method = method;
  const std::size_t mark = address.find('?');
  request.path = address.substr(0, mark);
  if (mark != std::string::npos) request.query = parse_form(address.substr(mark + 1)).value();
  return request;
}

std::string header_of(const Response& response, const std::string& name) {
  for (const auto& [known, value] : response.headers) {
    if (known == name) return value;
  }
  return "";
}

}  // namespace

TEST_CASE("files of the front end are served under an address that changes with them") {
  const net::TemporaryFolder folder;
  write(folder / "app.css", "p{}");
  write(folder / "app.js", "let a");
  write(folder / "images/crest.svg", "<svg/>");
  write(folder / "images/a.png", "PNG");
  const StaticFiles files = StaticFiles::load(folder / "").value();
  REQUIRE(files.count() == 4);
  const std::string address = files.path_of("app.css");
  CHECK(address.starts_with("/assets/app.css?v="));
  const Response response = files.serve(asking(address));
  CHECK(response.status == 200);
  CHECK(response.body == "p{}");
  CHECK(response.type == "text/css; charset=utf-8");
  CHECK(header_of(response, "Cache-Control") == "public, max-age=31536000, immutable");
  CHECK(files.serve(asking(files.path_of("app.js"))).type == "text/javascript; charset=utf-8");
  CHECK(files.serve(asking(files.path_of("images/crest.svg"))).body == "<svg/>");
  CHECK(files.serve(asking(files.path_of("images/a.png"), "HEAD")).type == "image/png");

  write(folder / "app.css", "p{} ");
  CHECK(StaticFiles::load(folder / "").value().path_of("app.css") != address);
}

TEST_CASE("what is kept for a year is this version only") {
  const net::TemporaryFolder folder;
  write(folder / "app.css", "p{}");
  const StaticFiles files = StaticFiles::load(folder / "").value();
  CHECK(header_of(files.serve(asking("/assets/app.css")), "Cache-Control") == "no-cache");
  CHECK(header_of(files.serve(asking("/assets/app.css?v=0")), "Cache-Control") == "no-cache");
  const std::string tag = header_of(files.serve(asking("/assets/app.css")), "ETag");
  CHECK(tag.size() > 10);
  for (const std::string& known : {tag, "W/" + tag, "\"x\", " + tag, std::string("*")}) {
    Request request = asking("/assets/app.css");
    request.headers = {{"if-none-match", known}};
    const Response response = files.serve(request);
    INFO(known);
    CHECK(response.status == 304);
    CHECK(response.body.empty());
    CHECK(header_of(response, "ETag") == tag);
  }
  Request other = asking("/assets/app.css");
  other.headers = {{"if-none-match", "\"x\""}};
  CHECK(files.serve(other).status == 200);
}

TEST_CASE("nothing else is served") {
  const net::TemporaryFolder folder, outside;
  write(outside / "secret.css", "secret");
  write(folder / "public/app.css", "p{}");
  write(folder / "public/.hidden.css", "x");
  write(folder / "public/.git/a.css", "x");
  write(folder / "public/app.css.map", "x");
  write(folder / "public/README", "x");
  write(folder / "above.css", "x");
  fs::create_symlink(outside / "secret.css", folder / "public/link.css");
  fs::create_directory_symlink(outside / "", folder / "public/linked");
  const StaticFiles files = StaticFiles::load(folder / "public").value();
  CHECK(files.count() == 1);
  for (const char* path :
       {"/assets/.hidden.css", "/assets/.git/a.css", "/assets/link.css", "/assets/linked/secret.css", "/assets/../above.css", "/assets/app.css.map",
        "/assets/README", "/assets/", "/assets", "/assetsapp.css", "/app.css", "/assets//app.css", "/assets/APP.css"}) {
    INFO(path);
    CHECK(files.serve(asking(path)).status == 404);
  }
  CHECK(files.path_of("none.css") == "/assets/none.css");
  CHECK(files.serve(asking("/assets/app.css", "POST")).status == 405);
}

TEST_CASE("a front end that is missing or too large is told at start") {
  const net::TemporaryFolder folder;
  for (const std::string& path : {folder / "none", folder / ""}) {
    const auto files = StaticFiles::load(path);
    REQUIRE_FALSE(files);
    CHECK(files.error().kind == ErrorKind::bad_settings);
    CHECK(files.error().what.find(path) != std::string::npos);
    CHECK(files.error().what.find("src/web/frontend/build") != std::string::npos);
  }
  write(folder / "app.css", std::string((2u << 20) + 1, ' '));
  const auto large = StaticFiles::load(folder / "");
  REQUIRE_FALSE(large);
  CHECK(large.error().what.find("app.css: is larger than 2 MB") != std::string::npos);
  fs::remove(folder / "app.css");
  for (int i = 0; i < 201; ++i) write(folder / (std::to_string(i) + ".css"), "x");
  CHECK_FALSE(StaticFiles::load(folder / ""));
}
