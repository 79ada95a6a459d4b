#pragma once
// A byte stream, plain or encrypted, behind one type: so Beast's WebSocket and HTTP are compiled for one stream, once,
// and not for every combination. For this folder only.

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/recycling_allocator.hpp>
#include <boost/beast/core/buffers_range.hpp>
#include <boost/beast/core/error.hpp>
#include <boost/beast/core/role.hpp>
#include <memory>
#include <new>

namespace flow::net {

namespace asio = boost::asio;
namespace beast = boost::beast;
using beast::error_code;

// A function that is called once, or dropped. Its memory comes from Asio's recycler and goes back before the call, so
// that a stream in steady state allocates nothing.
template <class... Args>
class Once {
 public:
  template <class F>
  explicit Once(F function) {
    asio::recycling_allocator<Held<F>> memory;
    auto* place = memory.allocate(1);
    held_ = new (place) Held<F>(std::move(function));
  }
  Once(Once&& other) noexcept : held_(std::exchange(other.held_, nullptr)) {}
  auto operator=(Once&&) -> Once& = delete;
  ~Once() {
    if (held_ != nullptr) held_->end(held_, nullptr);
  }
  void operator()(Args... args) {
    std::tuple<Args...> all{std::move(args)...};
    auto* held = std::exchange(held_, nullptr);
    held->end(held, &all);
  }

 private:
  struct Base {
    void (*end)(Base*, std::tuple<Args...>*);
  };
  template <class F>
  struct Held : Base {
    explicit Held(F&& f) : Base{&Held::finish}, function(std::move(f)) {}
    static void finish(Base* base, std::tuple<Args...>* args) {
      auto* self = static_cast<Held*>(base);
      F function(std::move(self->function));
      self->~Held();
      asio::recycling_allocator<Held>{}.deallocate(self, 1);
      if (args != nullptr) std::apply(function, std::move(*args));
    }
    F function;
  };
  Base* held_;
};

// The first few buffers of a sequence; who writes "some" may leave the rest for the next call.
template <class Buffer>
class FewBuffers {
 public:
  using value_type = Buffer;
  using const_iterator = const Buffer*;
  static constexpr std::size_t Max = 8;

  template <class Sequence>
  static auto of(const Sequence& sequence) -> FewBuffers {
    FewBuffers few;
    for (const auto buffer : beast::buffers_range_ref(sequence)) {
      if (buffer.size() == 0) continue;
      if (few.count_ == Max) break;
      few.items_[few.count_++] = buffer;
    }
    return few;
  }
  auto begin() const -> const_iterator { return items_.data(); }
  auto end() const -> const_iterator { return items_.data() + count_; }
  auto size() const -> std::size_t { return count_; }

 private:
  std::array<Buffer, Max> items_;
  std::size_t count_ = 0;
};
using FewToRead = FewBuffers<asio::mutable_buffer>;
using FewToWrite = FewBuffers<asio::const_buffer>;

// What a connection of bytes must be able to do. None of the functions calls `done` before it returns.
class Bytes {
 public:
  using Done = Once<error_code, std::size_t>;
  virtual ~Bytes() = default;
  virtual void read_some(const FewToRead& buffers, Done done) = 0;
  virtual void write_some(const FewToWrite& buffers, Done done) = 0;
  virtual void shut_down(Once<error_code> done) = 0;  // in order: the other side learns that nothing more comes
  virtual void close() = 0;                           // at once; what is under way ends with operation_aborted
  virtual auto is_idle() -> bool = 0;                 // the other side has sent nothing that was not read, and is still there
};

// The AsyncStream that Beast is compiled for.
class AnyStream {
 public:
  using executor_type = asio::io_context::executor_type;

  AnyStream(executor_type executor, std::unique_ptr<Bytes> bytes)
      : executor_(std::move(executor)), bytes_(std::move(bytes)) {}

  auto get_executor() const noexcept -> executor_type { return executor_; }
  auto bytes() -> Bytes& { return *bytes_; }
  // Grows with everything the other side sends: a sign of life.
  auto received() const -> std::uint64_t { return *received_; }

  template <class Buffers, class Token>
  auto async_read_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const FewToRead& few) {
          bytes_->read_some(few, Bytes::Done([count = received_, handler = std::move(handler)](error_code error,
                                                                                               std::size_t n) mutable {
                              *count += n;
                              handler(error, n);
                            }));
        },
        token, FewToRead::of(buffers));
  }

  template <class Buffers, class Token>
  auto async_write_some(const Buffers& buffers, Token&& token) {
    return asio::async_initiate<Token, void(error_code, std::size_t)>(
        [this](auto handler, const FewToWrite& few) { bytes_->write_some(few, Bytes::Done(std::move(handler))); },
        token, FewToWrite::of(buffers));
  }

 private:
  executor_type executor_;
  std::unique_ptr<Bytes> bytes_;
  std::shared_ptr<std::uint64_t> received_ = std::make_shared<std::uint64_t>(0);
};

// Found by Beast through the argument's namespace.
template <class Handler>
void async_teardown(beast::role_type, AnyStream& stream, Handler&& handler) {
  stream.bytes().shut_down(Once<error_code>(std::forward<Handler>(handler)));
}
inline void teardown(beast::role_type, AnyStream& stream, error_code& error) {
  stream.bytes().close();
  error = {};
}
inline void beast_close_socket(AnyStream& stream) { stream.bytes().close(); }

}  // namespace flow::net
