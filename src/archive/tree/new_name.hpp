#pragma once

#include <braid/archive.hpp>

#include <functional>

#include "archive/tree/folders.hpp"

namespace braid::archive {

enum class Placed : std::uint8_t { made, skipped };

// A name in a folder that something new is to have. One thread at a time.
class NewName {
 public:
  // Makes the thing under a name in `folder`: 0 or an errno, EEXIST when the name is taken.
  using Make = std::function<int(const io::File& folder, const std::string& name)>;

  // `entry` is what errors call it.
  NewName(Folders::Handle folder, std::string name, Existing existing, std::string entry)
      : folder_(std::move(folder)),
        name_(std::move(name)),
        existing_(existing),
        entry_(std::move(entry)) {}

  // Errors: already_exists, io.
  [[nodiscard]] Result<Placed> make(const Make& make);

  // What was made under `temporary` in the same folder gets the name. It is gone from `temporary`
  // whatever the result. Errors: already_exists, io.
  [[nodiscard]] Result<Placed> move_here(const std::string& temporary);

  // Whether the name is taken, so that making something would fail or be in vain. A hint: the name
  // may be taken or freed meanwhile.
  [[nodiscard]] bool taken() const noexcept;

  [[nodiscard]] Error taken_error() const;

  void remove(const std::string& name) const noexcept;

  [[nodiscard]] const io::File& folder() const noexcept { return *folder_; }

  // The one it got, in the end.
  [[nodiscard]] const std::string& name() const noexcept { return name_; }

  [[nodiscard]] const std::string& entry() const noexcept { return entry_; }

  [[nodiscard]] Existing existing() const noexcept { return existing_; }

  [[nodiscard]] Error error(std::string_view action, int code) const;

 private:
  [[nodiscard]] Result<Placed> replace(const std::string& temporary);
  [[nodiscard]] Result<Placed> make_renamed(const Make& make);

  Folders::Handle folder_;
  std::string name_;
  Existing existing_;
  std::string entry_;
};

}  // namespace braid::archive
