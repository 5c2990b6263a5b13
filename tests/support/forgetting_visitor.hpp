#pragma once

#include <braid/archive.hpp>

#include <memory>

namespace braid::support {

// Has every entry read, and keeps nothing of it.
class ForgettingVisitor final : public EntryVisitor {
 public:
  Result<Visit> enter(const Entry& /*entry*/) override { return Visit::read; }

  Result<std::unique_ptr<EntrySink>> open(const Entry& /*entry*/) override {
    class Nowhere final : public EntrySink {
     public:
      Result<void> write(ByteView /*bytes*/) override { return {}; }

      Result<void> finish() override { return {}; }
    };
    return std::unique_ptr<EntrySink>(std::make_unique<Nowhere>());
  }
};

}  // namespace braid::support
