#include "engine/pool_contexts.hpp"

#include <algorithm>

#include "base/try.hpp"

namespace braid::engine {

namespace {

// Configurations whose contexts are kept; one that is not among the last so many starts anew.
constexpr std::size_t most_kinds = 16;

}  // namespace

PoolContexts::PoolContexts(Engine::Impl& engine, const CompressionConfig& config,
                           const DecompressionConfig& decompression, std::size_t places)
    : engine_(engine),
      places_(places),
      decompression_(decompression),
      own_(std::make_shared<PoolKind>(config, places)) {
  for (std::size_t i = 0; i < codec::formats().size(); ++i) {
    decoders_.push_back(std::make_unique<ContextShelf<DecodeContext>>(places));
  }
}

std::shared_ptr<PoolKind> PoolContexts::kind_of(const CompressionConfig& config) {
  if (config == own_->config) return own_;
  const base::Lock lock(mutex_);
  const auto found = std::find_if(kinds_.begin(), kinds_.end(),
                                  [&](const auto& kind) { return kind->config == config; });
  if (found != kinds_.end()) {
    std::rotate(found, found + 1, kinds_.end());
    return kinds_.back();
  }
  auto made = std::make_shared<PoolKind>(config, places_);
  if (kinds_.size() == most_kinds) kinds_.erase(kinds_.begin());
  kinds_.push_back(made);
  return made;
}

Result<std::unique_ptr<EncodeContext>> PoolContexts::take(PoolKind& kind,
                                                          const std::stop_token& stop) {
  BRAID_TRY(Result<void>(kind.valid));
  if (auto idle = kind.encoders.take()) return idle;
  BRAID_TRY_VALUE(auto memory, reserve(EncodeContext::memory_for(kind.config), stop));
  BRAID_TRY_VALUE(auto context, EncodeContext::make(kind.config));
  context->charge(std::move(memory));
  return context;
}

void PoolContexts::put(PoolKind& kind, std::unique_ptr<EncodeContext> context) noexcept {
  // Whoever waits for memory gets this one's instead. The second look catches who began to wait
  // after the first and did not find the context on the shelf.
  if (starving_.load() != 0) return;
  kind.encoders.put(std::move(context));
  if (starving_.load() != 0) kind.encoders.clear();
}

Result<parallel::MemoryBudget::Reservation> PoolContexts::reserve(std::uint64_t bytes,
                                                                  const std::stop_token& stop) {
  if (auto memory = engine_.try_reserve(bytes)) return std::move(*memory);
  // From here on no context goes idle, so that those at work free the memory in the end.
  ++starving_;
  drop_idle();
  auto memory = engine_.reserve(bytes, stop);
  --starving_;
  return memory;
}

void PoolContexts::drop_idle() {
  own_->encoders.clear();
  const base::Lock lock(mutex_);
  for (const auto& kind : kinds_) kind->encoders.clear();
}

bool PoolContexts::shares_contexts(const DecompressionConfig& config) const noexcept {
  return config.memory_limit == decompression_.memory_limit &&
         config.dictionary.data() == decompression_.dictionary.data() &&
         config.dictionary.size() == decompression_.dictionary.size();
}

Result<Buffer> PoolContexts::decompress(ByteView packed, const DecompressionConfig* config,
                                        std::pmr::memory_resource* memory,
                                        const std::stop_token& stop) {
  const DecompressionConfig& how = config != nullptr ? *config : decompression_;
  BRAID_TRY_VALUE(const Algorithm algorithm, algorithm_of(packed, how));
  const bool shared = config == nullptr || shares_contexts(how);
  auto& shelf = *decoders_[static_cast<std::size_t>(algorithm)];
  std::unique_ptr<DecodeContext> context = shared ? shelf.take() : nullptr;
  if (context == nullptr) {
    BRAID_TRY_VALUE(context, DecodeContext::make(algorithm, how));
  }
  auto plain = context->decompress(packed, how, memory, stop);
  if (plain && shared && DecodeContext::stays_small(plain->size())) shelf.put(std::move(context));
  return plain;
}

Result<Buffer> PoolEncoder::compress(const std::shared_ptr<PoolKind>& kind, ByteView plain,
                                     std::pmr::memory_resource* memory,
                                     const std::stop_token& stop) {
  if (kind_ != kind) {
    give_back();
    kind_ = kind;
  }
  if (context_ == nullptr) {
    BRAID_TRY_VALUE(context_, contexts_.take(*kind_, stop));
  }
  auto packed = context_->compress(plain, memory, stop);
  if (!packed) context_.reset();
  return packed;
}

void PoolEncoder::give_back() noexcept {
  if (context_ != nullptr) contexts_.put(*kind_, std::move(context_));
  context_.reset();
}

}  // namespace braid::engine
