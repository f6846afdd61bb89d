#include "review/subject_access.h"

#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "desk.h"

namespace beadle::review {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "beadle-review-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  std::string operator/(const std::string& name) const { return path_ + "/" + name; }

 private:
  std::string path_;
};

std::string why(const SubjectAccess& access, const std::string& kind, const std::string& reference) {
  for (const SubjectItem& item : access.items) {
    if (item.kind == kind && item.reference == reference) return item.why;
  }
  return "(not there)";
}

std::size_t count(const SubjectAccess& access, const std::string& kind) {
  return static_cast<std::size_t>(std::count_if(access.items.begin(), access.items.end(), [&](const SubjectItem& item) { return item.kind == kind; }));
}

}  // namespace

TEST_CASE("what is kept about a person is gathered, and nothing of others") {
  Office office;
  Folder folder;
  const std::string by_nell = office.hold(fence_mail), to_sam_too = office.hold(fence_mail, {"orders@quay.example", "clerk@marram.example"});
  const std::string about_sam =
      office.hold("From: Nell Barrow <nell.barrow@marram.example>\nTo: orders@quay.example\nSubject: <b>x</b>\n\nMr Reed was late.\n");
  must(office.acts.note(by_nell, tess(), "Sam Reed knows about it", at(50)));
  must(office.acts.note(by_nell, tess(), "the weather is fine", at(51)));
  must(office.acts.open(by_nell, sam(), at(52)));
  const SubjectAccess access = must(gather_subject(office.store, *town(), "Sam Reed", folder / "sam", "tess", nullptr, at(100)));
  CHECK(why(access, "held mail", to_sam_too) == "sent to the person");
  CHECK(why(access, "held mail", about_sam) == "names the person");
  CHECK(why(access, "held mail", by_nell) == "(not there)");
  CHECK(count(access, "held mail") == 2);
  CHECK(why(access, "note", by_nell) == "names the person");
  CHECK(count(access, "note") == 1);
  CHECK(why(access, "account", "sam") == "the person's");
  CHECK(count(access, "account") == 1);
  const auto opened = std::find_if(access.items.begin(), access.items.end(), [](const SubjectItem& item) { return item.what.starts_with("opened by sam"); });
  REQUIRE(opened != access.items.end());
  CHECK(opened->why == "done by the person");
  CHECK_FALSE(access.not_searched.empty());

  CHECK(read_file(folder / ("sam/mail/" + about_sam + ".eml")) == must(office.store.get(about_sam)).bytes);
  CHECK_FALSE(fs::exists(folder / ("sam/mail/" + by_nell + ".eml")));
  const std::string index = read_file(folder / "sam/index.html");
  CHECK(index.find("&lt;b&gt;x&lt;/b&gt;") != std::string::npos);
  CHECK(index.find("<b>") == std::string::npos);
  CHECK(index.find("mail/" + about_sam + ".eml") != std::string::npos);
  CHECK(read_file(folder / "sam/index.csv").find(to_sam_too) != std::string::npos);
  CHECK((fs::status(folder / "sam").permissions() & fs::perms::others_all) == fs::perms::none);
  CHECK((fs::status(folder / "sam").permissions() & fs::perms::group_all) == fs::perms::none);
  const auto rows = must(office.store.audit_rows(1, 1000));
  CHECK(rows.back().act == "subject-access");
  CHECK(rows.back().who == "tess");
}

TEST_CASE("somebody who is in no roster is found by address") {
  Office office;
  Folder folder;
  const std::string to_firm = office.hold(fence_mail);
  const std::string about =
      office.hold("From: Nell Barrow <nell.barrow@marram.example>\nTo: x@else.example\nSubject: y\n\nWrite to orders@quay.example.\n", {"x@else.example"});
  const std::string other = office.hold("From: Nell Barrow <nell.barrow@marram.example>\nTo: x@else.example\nSubject: y\n\nHello\n", {"x@else.example"});
  const SubjectAccess access = must(gather_subject(office.store, *town(), "Orders@quay.example", folder / "firm", "tess", nullptr, at(100)));
  CHECK(why(access, "held mail", to_firm) == "sent to the person");
  CHECK(why(access, "held mail", about) == "names the person");
  CHECK(why(access, "held mail", other) == "(not there)");
}

TEST_CASE("all pages of held mail are looked at") {
  Office office;
  Folder folder;
  for (int i = 0; i < 450; ++i) (void)office.hold(fence_mail);
  CHECK(count(must(gather_subject(office.store, *town(), "Nell Barrow", folder / "nell", "tess", nullptr, at(1000))), "held mail") == 450);
}

TEST_CASE("nobody is gathered about whom nobody knows, nor into a folder that is there") {
  Office office;
  Folder folder;
  CHECK(failure(gather_subject(office.store, *town(), "Somebody Else", folder / "x", "tess", nullptr, at(1))).kind == ErrorKind::usage);
  CHECK_FALSE(fs::exists(folder / "x"));
  fs::create_directory(folder / "y");
  CHECK(failure(gather_subject(office.store, *town(), "Sam Reed", folder / "y", "tess", nullptr, at(1))).kind == ErrorKind::refused);
}

TEST_CASE("cells of the index are no formulas") {
  SubjectAccess access;
  access.items.push_back({"held mail", "=1+1", at(0), "a \"quoted\" word", "@SUM(A1)\r\nx", ""});
  const std::string csv = index_csv(access);
  CHECK(csv.find("\"'=1+1\"") != std::string::npos);
  CHECK(csv.find("\"'@SUM(A1)  x\"") != std::string::npos);
  CHECK(csv.find("a \"\"quoted\"\" word") != std::string::npos);
}

}  // namespace beadle::review
