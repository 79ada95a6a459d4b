#pragma once
// Speech to words: one recogniser of English with its state while it hears one turn. Takes about a sixth of the time that
// was spoken, so it lives where nobody waits for it: on a thread of a pool, one at a time (recogniser.h).

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

#include "compiler/base/result.h"
#include "runtime/simulate/ears.h"

namespace flow::simulate {

class Decoder {
 public:
  virtual ~Decoder() = default;
  // A turn begins. Sentences like those of `hints` are likelier than others; a change of them takes some tenths of a
  // second.
  virtual void begin(const std::string& hints) = 0;
  virtual void hear(audio::Pcm pcm) = 0;  // 24 kHz
  virtual auto so_far() -> std::string = 0;
  virtual auto end() -> Words = 0;
};

using MakeDecoder = std::function<Result<std::unique_ptr<Decoder>>()>;

// Where the packages of the system put the model.
auto speech_model_folder() -> std::filesystem::path;

// Looks whether the files are there, without reading them. R0122 if one is not.
auto find_speech_model(const std::filesystem::path& folder) -> Result<void>;

// Reads the model: a quarter of a second and 110 MB. R0122 if that fails.
auto load_decoder(const std::filesystem::path& folder) -> Result<std::unique_ptr<Decoder>>;

}  // namespace flow::simulate
