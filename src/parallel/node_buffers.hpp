#pragma once

#include <braid/bytes.hpp>

#include <cstddef>
#include <memory_resource>
#include <vector>

#include "base/mutex.hpp"

namespace braid::parallel {

// Buffers that stay on the NUMA node that first wrote to them: the system gives a page the node of
// the thread that touches it first, and a buffer taken here goes back to where it came from,
// whichever thread lets go of it. Take it on the thread that will fill it.
// Every member may be called from any thread. Must outlive its leases. Not copyable.
class NodeBuffers {
 public:
  // A buffer on loan; given back on destruction. One thread at a time.
  class Lease {
   public:
    Lease() noexcept = default;
    Lease(Lease&& other) noexcept;
    Lease& operator=(Lease&& other) noexcept;
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;

    ~Lease() { give_back(); }

    [[nodiscard]] Buffer& operator*() noexcept { return buffer_; }

    [[nodiscard]] Buffer* operator->() noexcept { return &buffer_; }

    [[nodiscard]] unsigned node() const noexcept { return node_; }

    void give_back() noexcept;

   private:
    friend class NodeBuffers;

    Lease(NodeBuffers& home, unsigned node, Buffer buffer) noexcept
        : home_(&home), node_(node), buffer_(std::move(buffer)) {}

    NodeBuffers* home_ = nullptr;
    unsigned node_ = 0;
    Buffer buffer_;
  };

  // Keeps at most `keep` unused buffers for each of `nodes` nodes; more are freed.
  NodeBuffers(unsigned nodes, std::size_t keep,
              std::pmr::memory_resource* memory = std::pmr::get_default_resource());
  NodeBuffers(const NodeBuffers&) = delete;
  NodeBuffers& operator=(const NodeBuffers&) = delete;

  // An empty buffer with room for `capacity` bytes at least, the one of this node used last if
  // there is one. `node` is WorkerPool::node_here() of the thread that will fill it. Throws
  // std::bad_alloc.
  [[nodiscard]] Lease take(unsigned node, std::size_t capacity) BRAID_EXCLUDES(mutex_);

  // How many unused buffers a node has.
  [[nodiscard]] std::size_t kept(unsigned node) const BRAID_EXCLUDES(mutex_);

 private:
  void put(unsigned node, Buffer buffer) noexcept BRAID_EXCLUDES(mutex_);

  const std::size_t keep_;
  std::pmr::memory_resource* memory_;
  mutable base::Mutex mutex_;
  std::vector<std::vector<Buffer>> free_ BRAID_GUARDED_BY(mutex_);  // by node
};

}  // namespace braid::parallel
