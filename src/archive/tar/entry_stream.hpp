#pragma once

#include <array>
#include <memory>
#include <span>

#include "archive/batches.hpp"
#include "archive/format.hpp"
#include "archive/tar/parser.hpp"

namespace braid::archive::tar {

// Takes the archive as it comes out of decompression and leads the visitor through it. Entries that
// lie in one piece of it are given to all threads, out of that piece, without a copy, while those
// behind them are looked for; all are done before the piece goes. What is larger is passed on as it
// comes.
class EntryStream final : public Sink {
 public:
  EntryStream(const ReadCall& call, EntryVisitor& visitor);

  Result<void> write(ByteView in) override;

  [[nodiscard]] bool stopped() const noexcept { return stopped_; }

  // How many bytes from here on nobody looks at: they need not be given.
  [[nodiscard]] std::uint64_t to_pass() const noexcept { return over_ ? 0 : parser_.to_pass(); }

  void pass(std::uint64_t count) noexcept { parser_.pass(count); }

  // The archive was given to its end.
  Result<void> finish();

 private:
  // Entries handed to a thread at once.
  static constexpr std::size_t batch_entries = 8;

  // One entry all of whose content is at hand.
  struct Job {
    Entry entry;
    ByteView content;
    Result<void> done{};
  };

  // Entries that one thread sees to.
  struct Batch {
    std::array<Job, batch_entries> jobs;
    std::size_t count = 0;

    [[nodiscard]] std::span<Job> all() noexcept { return std::span(jobs).first(count); }

    // Errors are left in the jobs; what the visitor throws comes out.
    void run_all(EntryVisitor& visitor);
  };

  // However a call ends, no thread uses its piece afterwards.
  struct Joined {
    Batches<Batch>& batches;

    ~Joined() { batches.drop(); }
  };

  Result<void> take(ByteView& in);
  [[nodiscard]] Result<void> behind_end(ByteView bytes) const;
  Result<void> enter(ByteView in);
  Result<void> open();
  template <typename Call>
  Result<void> feed(const Call& call);
  Result<void> give_up(Error error);
  void add(Entry entry, ByteView content);
  Result<void> drain();

  EntryVisitor& visitor_;
  std::stop_token stop_;
  bool strict_;
  Parser parser_;
  Batches<Batch> batches_;
  std::unique_ptr<EntrySink> sink_;  // of an entry that is passed on as it comes
  bool over_ = false;                // nothing more is looked at
  bool stopped_ = false;
};

}  // namespace braid::archive::tar
