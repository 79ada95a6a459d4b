#include "runtime/audio/device/opened.h"

#include "runtime/audio/device/choice.h"

namespace flow::audio::device {
namespace {

auto find(const std::vector<Device>& devices, Side side, const std::string& wanted, bool or_default) -> Result<Device> {
  auto device = choose(devices, side, wanted);
  return device || !or_default ? device : choose(devices, side, {});
}

// The library's own words stay; what to do about them is the same everywhere.
template <class One>
auto open_one(Backend& backend, const Device& device, Side side, const net::Bell::Rope& rope, std::unique_ptr<One>& one,
              std::unique_ptr<Stream>& stream) -> Result<void> {
  return backend.open(device, side).and_then([&](std::unique_ptr<Stream> open) {
    one = std::make_unique<One>(open->format(), rope);
    stream = std::move(open);
    return stream->start(*one);
  });
}

}  // namespace

auto open_both(Backend& backend, const Choice& choice, const net::Bell::Rope& rope) -> Result<std::unique_ptr<Opened>> {
  const auto devices = backend.devices();
  if (!devices) return tl::unexpected(devices.error());
  const auto input = find(*devices, Side::Input, choice.input, choice.or_default);
  if (!input) return tl::unexpected(input.error());
  const auto output = find(*devices, Side::Output, choice.output, choice.or_default);
  if (!output) return tl::unexpected(output.error());

  auto opened = std::make_unique<Opened>();
  opened->input = input->name;
  opened->output = output->name;
  return open_one(backend, *output, Side::Output, rope, opened->speaker, opened->out)
      .and_then([&] { return open_one(backend, *input, Side::Input, rope, opened->microphone, opened->in); })
      .map([&] { return std::move(opened); });
}

}  // namespace flow::audio::device
