// Sources whose messages are files by themselves: Maildir and folders of .eml (source.h).
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <vector>

#include "base/descriptor.h"
#include "base/limits.h"
#include "base/text.h"
#include "replay/source.h"

namespace beadle::replay {
namespace {

namespace fs = std::filesystem;

// Folders within folders: people nest five, a ring of mounts has no end.
constexpr int folder_depth_max = 20;

Error failed_with(int number) { return {number == ENOENT ? ErrorKind::not_found : ErrorKind::try_later, std::strerror(number)}; }

bool is_folder(const fs::path& path) {
  std::error_code error;
  return fs::symlink_status(path, error).type() == fs::file_type::directory;
}

class Folder : public Source {
 public:
  enum class Layout { maildir, eml };
  Folder(std::string folder, Layout layout, Depth depth) : folder_(std::move(folder)), layout_(layout), depth_(depth) {}

  std::string name() const override { return (layout_ == Layout::maildir ? "maildir " : "eml ") + folder_; }

  Result<void> list(const std::function<void(Entry)>& found, const std::function<void(Failure)>& failed) override {
    std::error_code error;
    // The folder itself may be a link: the user named it.
    if (!fs::is_directory(folder_, error)) return Error{ErrorKind::not_found, folder_ + ": is no folder"};
    folders_ = passed_over_ = 0;
    walk("", 0, found, failed);
    if (layout_ == Layout::maildir && folders_ == 0) {
      return Error{ErrorKind::bad_data, folder_ + ": is no Maildir: it has no folders cur and new" +
                                            (depth_ == Depth::flat ? "; --recursive looks into the folders below it" : "")};
    }
    return {};
  }

  Result<std::string> read(const Entry& entry, std::size_t most) const override { return read_regular_file(folder_ + "/" + entry.name, 0, most); }

  std::string_view lasting(std::string_view entry_name) const override {
    if (layout_ != Layout::maildir) return entry_name;
    // Flags stand behind a colon and change; so does the folder, from new to cur.
    const std::size_t slash = entry_name.rfind('/');
    if (slash != std::string_view::npos) entry_name.remove_prefix(slash + 1);
    return entry_name.substr(0, entry_name.find(':'));
  }

  std::string remark() const override {
    if (passed_over_ == 0) return "";
    return folder_ + ": " + std::to_string(passed_over_) + (passed_over_ == 1 ? " folder" : " folders") + " below it not read; --recursive reads them";
  }

 private:
  using Found = std::function<void(Entry)>;
  using Failed = std::function<void(Failure)>;

  void walk(const std::string& below, int depth, const Found& found, const Failed& failed) {
    if (layout_ == Layout::eml) {
      files_of(below, found, failed);
    } else {
      for (const char* part : {"cur/", "new/"}) {
        if (!is_folder(fs::path(folder_) / (below + part))) continue;
        ++folders_;
        files_of(below + part, found, failed);
      }
    }
    std::vector<std::string> folders = folders_of(below, failed);
    if (depth_ == Depth::flat) {
      passed_over_ += folders.size();
    } else if (depth >= folder_depth_max && !folders.empty()) {
      failed({below, "has folders within more than " + std::to_string(folder_depth_max) + " folders, which were not read"});
    } else {
      for (const std::string& folder : folders) walk(below + folder + "/", depth + 1, found, failed);
    }
  }

  /// Calls `each` with the name of everything in a folder.
  template <class Each>
  void look_into(const std::string& below, const Failed& failed, const Each& each) {
    std::error_code error;
    fs::directory_iterator at(fs::path(folder_) / below, error);
    for (; !error && at != fs::directory_iterator(); at.increment(error)) each(*at);
    if (error) failed({below.empty() ? folder_ : below, error.message()});
  }

  void files_of(const std::string& below, const Found& found, const Failed& failed) {
    look_into(below, failed, [&](const fs::directory_entry& one) {
      const std::string file = one.path().filename().string();
      if (layout_ == Layout::maildir ? file.starts_with('.') : !is_eml(file)) return;
      found({.name = below + file, .begin = 0, .size = 0});
    });
  }

  std::vector<std::string> folders_of(const std::string& below, const Failed& failed) {
    std::vector<std::string> folders;
    look_into(below, failed, [&](const fs::directory_entry& one) {
      const std::string folder = one.path().filename().string();
      const bool own = layout_ == Layout::maildir && (folder == "cur" || folder == "new" || folder == "tmp");
      std::error_code error;
      if (!own && one.symlink_status(error).type() == fs::file_type::directory) folders.push_back(folder);
    });
    std::sort(folders.begin(), folders.end());
    return folders;
  }

  static bool is_eml(std::string_view name) { return name.size() > 4 && ascii_iequals(name.substr(name.size() - 4), ".eml"); }

  std::string folder_;
  Layout layout_;
  Depth depth_;
  std::size_t folders_ = 0, passed_over_ = 0;
};

}  // namespace

Result<std::string> read_regular_file(const std::string& path, std::uint64_t begin, std::size_t most) {
  // Without O_NONBLOCK a pipe in a mailbox would stop the replay.
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  if (file.number() < 0) return errno == ELOOP ? Error{ErrorKind::bad_data, "is a link, which is not followed"} : failed_with(errno);
  struct stat about {};
  if (::fstat(file.number(), &about) != 0) return failed_with(errno);
  if (!S_ISREG(about.st_mode)) return Error{ErrorKind::bad_data, "is no file"};
  const auto end = static_cast<std::uint64_t>(std::max<off_t>(about.st_size, 0));
  std::string bytes(static_cast<std::size_t>(std::min<std::uint64_t>(begin < end ? end - begin : 0, most)), '\0');
  std::size_t got = 0;
  while (got < bytes.size()) {
    const ssize_t now = ::pread(file.number(), bytes.data() + got, bytes.size() - got, static_cast<off_t>(begin + got));
    if (now < 0 && errno == EINTR) continue;
    if (now < 0) return failed_with(errno);
    if (now == 0) break;
    got += static_cast<std::size_t>(now);
  }
  bytes.resize(got);
  return bytes;
}

std::unique_ptr<Source> maildir_source(const std::string& folder, Depth depth) { return std::make_unique<Folder>(folder, Folder::Layout::maildir, depth); }
std::unique_ptr<Source> eml_source(const std::string& folder, Depth depth) { return std::make_unique<Folder>(folder, Folder::Layout::eml, depth); }

}  // namespace beadle::replay
