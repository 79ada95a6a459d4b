#include "runtime/json/json.h"
#include "tests/runtime/tools/outside.h"

namespace flow::tools {
namespace {

struct Bureau : OutsideWorld {
  Heard heard;
  std::shared_ptr<void> work;

  Bureau() { environment["BATCH_KEY"] = "hunter2hunter2"; }
  auto tool(Id<ir::Type> result) -> ir::Tool {
    ir::Tool plan{.name = "plan", .doc = "Write a business plan.", .result = result, .body = ir::Tool::Body::Batch,
                  .work = ir::Work{.url = {ir::Setting::From::Text, "https://batch.example.com/v1/"}, .key = "BATCH_KEY", .model = "big", .poll_min = 10s, .poll_max = 60s}};
    program.tools.add(plan);
    return plan;
  }
  void begin(const ir::Tool& tool, std::string handle = {}) { work = start(tool, Value::Record{{"topic", "boots"}}, heard, std::move(handle)); }
  void answer(std::size_t which, std::string body, int status = 200) { answers.at(which)(net::HttpResponse{.status = status, .body = std::move(body)}); }
};

}  // namespace

TEST_CASE("a job is handed in as a file and begun, and then it goes on elsewhere") {
  Bureau at;
  at.begin(at.tool(at.text()));
  REQUIRE(at.asked.size() == 1);
  CHECK(at.asked[0].method == "POST");
  CHECK(at.asked[0].url == "https://batch.example.com/v1/files");
  CHECK(net::find(at.asked[0].headers, "Authorization") == "Bearer hunter2hunter2");
  const auto type = std::string(*net::find(at.asked[0].headers, "Content-Type"));
  const auto boundary = type.substr(type.find('=') + 1);
  const auto& file = at.asked[0].body;
  CHECK(file.starts_with("--" + boundary + "\r\n"));
  CHECK(file.ends_with("--" + boundary + "--\r\n"));
  const auto line = *json::parse(file.substr(file.find("{\"custom_id\""), file.find('\n', file.find("{\"custom_id\"")) - file.find("{\"custom_id\"")));
  CHECK(*line.field("body")->field("model") == Value("big"));
  CHECK(*line.field("body")->field("messages")->list()->at(0).field("content") == Value("Write a business plan."));
  CHECK(*line.field("body")->field("messages")->list()->at(1).field("content") == Value(R"({"topic":"boots"})"));
  at.answer(0, R"({"id":"file-1"})");
  REQUIRE(at.asked.size() == 2);
  CHECK(at.asked[1].url == "https://batch.example.com/v1/batches");
  CHECK(*json::parse(at.asked[1].body)->field("input_file_id") == Value("file-1"));
  at.answer(1, R"({"id":"batch_7","status":"validating"})");
  CHECK(at.heard.text() == "pending batch_7");
}

TEST_CASE("a job that is asked for is still going on, done, or came to nothing") {
  Bureau at;
  at.begin(at.tool(at.text()), "batch_7");
  CHECK(at.asked.at(0).url == "https://batch.example.com/v1/batches/batch_7");
  SECTION("going on") {
    at.answer(0, R"({"id":"batch_7","status":"in_progress"})");
    CHECK(at.heard.text() == "pending batch_7");
  }
  SECTION("done: the lines are in any order") {
    at.answer(0, R"({"id":"batch_7","status":"completed","output_file_id":"file-2"})");
    CHECK(at.asked.at(1).url == "https://batch.example.com/v1/files/file-2/content");
    at.answer(1, "{\"custom_id\":\"other\"}\n\nnot json\n{\"custom_id\":\"job\",\"error\":null,\"response\":{\"status_code\":200,\"body\":{\"choices\":[{\"message\":{\"content\":\"Sell boots.\"}}]}}}\n");
    CHECK(at.heard.text() == R"("Sell boots.")");
  }
  SECTION("the model failed") {
    at.answer(0, R"({"status":"completed","output_file_id":null,"error_file_id":"file-3"})");
    at.answer(1, R"({"custom_id":"job","error":{"code":"x","message":"too long"},"response":null})");
    CHECK(at.heard.text() == "R0213: `plan`: the job failed: too long");
  }
  SECTION("refused") {
    at.answer(0, R"({"status":"failed","errors":{"object":"list","data":[{"message":"no such model"}]}})");
    CHECK(at.heard.text() == "R0213: `plan`: the job came to nothing: failed, no such model");
  }
  SECTION("nobody there") {
    at.answers.at(0)(failure("R0101", "cannot reach it"));
    CHECK(at.heard.text() == "R0101 (again): cannot reach it");
  }
  SECTION("another answer than the protocol has") {
    at.answer(0, "<html>");
    CHECK(at.heard.text() == "R0209: `plan`: the service's answer is no JSON: <html>");
  }
}

TEST_CASE("a result of a type of its own is asked for by its schema") {
  Bureau at;
  const auto tool = at.tool(at.type(ir::Type::Kind::List, false, at.text()));
  at.begin(tool);
  CHECK(at.asked[0].body.find(R"("response_format":{"type":"json_schema")") != std::string::npos);
  at.heard = {};
  at.begin(tool, "batch_7");
  at.answer(1, R"({"status":"completed","output_file_id":"f"})");
  at.answer(2, R"({"custom_id":"job","response":{"status_code":200,"body":{"choices":[{"message":{"content":"{\"result\":[\"a\",\"b\"]}"}}]}}})");
  CHECK(at.heard.text() == R"(["a","b"])");
}

TEST_CASE("an id that could change an address is none") {
  Bureau at;
  at.begin(at.tool(at.text()));
  at.answer(0, R"({"id":"../../keys"})");
  CHECK(at.heard.text() == "R0209: `plan`: the service did not say which file it took");
}

TEST_CASE("a job that nobody wants any more is cancelled there") {
  Bureau at;
  const auto tool = at.tool(at.text());
  at.doers = std::make_unique<Doers>(at.outside());
  at.doers->of(tool.body).give_up({.tool = std::make_shared<const ir::Tool>(tool), .handle = "batch_7"});
  REQUIRE(at.asked.size() == 1);
  CHECK(at.asked[0].url == "https://batch.example.com/v1/batches/batch_7/cancel");
  at.answer(0, "{}");
}

}  // namespace flow::tools
