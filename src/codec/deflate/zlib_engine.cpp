#include "codec/deflate/engine.hpp"
#include "codec/deflate/stored_blocks.hpp"
#include "codec/deflate/zlib_context.hpp"

namespace braid::codec::deflate {

namespace {

class ZlibEngine final : public Engine {
 public:
  Result<void> open(const CompressionConfig& config) { return context_.open(config); }

  Result<bool> append(ByteView plain, bool final, bool with_dictionary, Buffer& out) override {
    const std::size_t before = out.size();
    const std::size_t bound = stored_size(plain.size());
    out.resize(before + bound);
    context_.begin(with_dictionary);
    auto ran = context_.run(plain, out.writable().subspan(before), final ? Z_FINISH : Z_FULL_FLUSH);
    out.resize(before);
    if (!ran) return std::move(ran).error();
    if (!ran->done || ran->produced == bound) return false;
    out.resize(before + ran->produced);
    return true;
  }

 private:
  ZlibContext context_;
};

}  // namespace

Result<std::unique_ptr<Engine>> make_zlib_engine(const CompressionConfig& config) {
  auto engine = std::make_unique<ZlibEngine>();
  if (auto opened = engine->open(config); !opened) return std::move(opened).error();
  return engine;
}

}  // namespace braid::codec::deflate
