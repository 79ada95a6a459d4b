#include "runtime/tools/speech.h"

#include "runtime/json/json.h"
#include "runtime/tools/request.h"

namespace flow::tools {
namespace {

constexpr net::Millis Deadline{20'000};        // of a whole line
constexpr std::size_t BytesMax = 60 * 48'000;  // a minute

// Sound of another kind would be noise.
auto is_samples(const net::HttpResponse& head) -> bool {
  const auto type = net::find(head.headers, "Content-Type").value_or("");
  return type.empty() || type.starts_with("audio/pcm") || type.starts_with("audio/l16") || type.starts_with("application/octet-stream");
}

}  // namespace

auto speak(Access& access, const Settings& settings, const ir::Service& service, const std::string& words, std::function<void(std::string_view piece)> on_piece,
           std::function<void(Result<void>)> done) -> std::shared_ptr<void> {
  net::HttpRequest request{.method = "POST", .url = settings.text(service.at), .headers = {{"Content-Type", "application/json"}, {"Accept", "audio/pcm"}}};
  request.body = to_json(Value::Record{{"text", words}});
  request.deadline = Deadline;
  request.body_max = BytesMax;
  request.keep = true;
  const auto is_sound = std::make_shared<bool>(true);
  request.on_piece = [is_sound, on_piece = std::move(on_piece)](const net::HttpResponse& head, std::string_view piece) {
    *is_sound = is_samples(head);
    if (*is_sound) on_piece(piece);
    return *is_sound;
  };
  return access.send(service, std::move(request), [is_sound, name = service.name, done = std::move(done)](const Result<net::HttpResponse>& answer) {
    if (!answer) return done(tl::unexpected(answer.error()));
    if (answer->status < 200 || answer->status >= 300) {
      const auto why = refusal("service `" + name + "`", *answer);
      return done(failure("R0230", why.text, "lines are read by the model until it speaks"));
    }
    if (*is_sound) return done({});
    done(failure("R0230", "service `" + name + "` answers with something else than samples", "ask for 24 kHz PCM, for example `?output_format=pcm_24000`"));
  });
}

}  // namespace flow::tools
