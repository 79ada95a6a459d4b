#include "runtime/simulate/model.h"

#include <catch2/catch_test_macros.hpp>
#include <string>
#include <vector>

#include "runtime/json/json.h"

using namespace flow;
using namespace flow::simulate;
using Who = Line::Who;

namespace {

auto schema(const std::string& text) -> Value { return *json::parse(text); }

const Tool LookupOrder{"lookup_order", "Looks up the status of an order by its number.",
                       schema(R"({"type":"object","properties":{"order_id":{"type":"string","description":"the order number"}},
                                  "required":["order_id"],"additionalProperties":false})")};
const Tool ToBilling{"transfer_to_billing", "Handoff to the billing agent to handle the request. Answers billing questions.",
                     schema(R"({"type":"object","properties":{},"required":[],"additionalProperties":false})")};
const Tool LookupOrders{"lookup_orders", "Find the orders that a caller placed. Examples: \"what did I order last week\"",
                        schema(R"({"type":"object","properties":{"query":{"type":"string","description":"what the caller is looking for"},
                                   "limit":{"type":"integer","default":5}},"required":["query"]})")};
const Tool ToFraud{"handoff_fraud", "Hand the call to fraud when the caller reports a charge they do not recognise",
                   schema(R"({"type":"object","properties":{"reason":{"type":"string","description":"what they dispute"}},"required":["reason"]})")};
const Tool Verify{"verify_identity", "Check who is calling.",
                  schema(R"({"type":"object","properties":{"postcode":{"type":"string"}},"required":["postcode"]})")};
const Tool Plan{"business_plan", "Write a business plan; takes minutes.",
                schema(R"({"type":"object","properties":{"topic":{"type":"string"}},"required":["topic"]})")};
const Tool Book{"book_table", "Books a table in the restaurant.",
                schema(R"({"type":"object","properties":{"people":{"type":"integer"},"area":{"type":"string","enum":["inside","terrace"]},
                           "window":{"type":"boolean"}},"required":["people","area"]})")};
const std::vector<Tool> All{LookupOrders, ToFraud, Verify, Plan, Book};

auto ask(std::vector<Tool> tools, const std::string& said, std::vector<Line> before = {}) -> Answer {
  Model model({}, 7);
  before.push_back({Who::Caller, said, {}, {}});
  return model.answer({.prompt = "You are a helper.", .directive = {}, .context = std::move(before), .tools = std::move(tools), .must_call = {}});
}

struct Expected {
  std::vector<Tool> tools;
  std::string said, call, arguments;
};

auto told(const std::string& output) -> std::string {
  Model model({}, 7);
  return model.answer({.prompt = {}, .directive = {}, .context = {{Who::Caller, "go", {}, {}}, {Who::Call, "{}", "t", "c1"}, {Who::Result, output, {}, "c1"}},
                       .tools = {}, .must_call = {}}).say;
}

auto directed(const std::string& directive, std::vector<Line> context = {}) -> std::string {
  Model model({}, 7);
  return model.answer({.prompt = "You are Ann.", .directive = directive, .context = std::move(context), .tools = {}, .must_call = {}}).say;
}

}  // namespace

TEST_CASE("a wish that fits a tool becomes a call with its arguments") {
  const std::vector<Expected> table{
      {{LookupOrder}, "What is the status of order 42? Use the lookup_order tool.", "lookup_order", R"({"order_id":"42"})"},
      {{LookupOrder, ToBilling}, "I have a billing question, please transfer me to billing.", "transfer_to_billing", "{}"},
      {{ToBilling, LookupOrder}, "Where is my order number A17?", "lookup_order", R"({"order_id":"A17"})"},
      {All, "What did I order last week?", "lookup_orders", R"({"query":"last week"})"},
      {All, "what did i order last week", "lookup_orders", R"({"query":"last week"})"},
      {All, "Could you look up my boots order?", "lookup_orders", R"({"query":"boots"})"},
      {All, "There's a charge on my card that I don't recognize.", "handoff_fraud", R"({"reason":"charge on my card that I don't recognize"})"},
      {All, "Write me a business plan about selling used shoes.", "business_plan", R"({"topic":"selling used shoes"})"},
      {All, "I'd like to verify my identity, my postcode is SW1A 1AA.", "verify_identity", R"({"postcode":"SW1A 1AA"})"},
      {All, "Please book a table for four on the terrace.", "book_table", R"({"people":4,"area":"terrace"})"},
      {All, "Book a table for 2 inside, by the window.", "book_table", R"({"people":2,"area":"inside","window":true})"},
  };
  for (const auto& row : table) {
    const auto answer = ask(row.tools, row.said);
    INFO(row.said << " -> " << answer.say);
    REQUIRE(answer.calls.size() == 1);
    CHECK(answer.calls[0] == simulate::Call{row.call, row.arguments});
  }
}

TEST_CASE("small talk calls nothing, and is answered") {
  for (const auto* said : {"Hello, please greet me in one short sentence.", "How are you today?", "Is it sunny where you are?", "Thanks a lot!",
                           "My daughter starts school on Monday.", "Do you like music?", "uh", "", "Is this going to take long?"}) {
    const auto answer = ask(All, said);
    INFO(said);
    CHECK(answer.calls.empty());
    CHECK(answer.say.size() > 3);
  }
  CHECK(ask(All, "Who are you?").say == "I'm a helper.");
}

TEST_CASE("the same remark twice in a row is answered in two ways") {
  const auto first = ask({}, "How are you?").say;
  const auto second = ask({}, "How are you?", {{Who::Caller, "How are you?", {}, {}}, {Who::Agent, first, {}, {}}}).say;
  CHECK(first != second);
}

TEST_CASE("what a tool needs and was not said is asked for, and the answer completes the wish") {
  const auto asked = ask({LookupOrder}, "What is the status of my order?");
  CHECK(asked.calls.empty());
  CHECK(asked.say == "Could you tell me the order number, please?");
  const auto answered = ask({LookupOrder}, "It's 42.", {{Who::Caller, "What is the status of my order?", {}, {}}, {Who::Agent, asked.say, {}, {}}});
  REQUIRE(answered.calls.size() == 1);
  CHECK(answered.calls[0].arguments == R"({"order_id":"42"})");
}

TEST_CASE("a number of an earlier turn or result serves for `it`") {
  const Tool cancel{"cancel_order", "Cancel one order.", schema(R"({"type":"object","properties":{"id":{"type":"string"}},"required":["id"]})")};
  const auto answer = ask({cancel}, "Please cancel the order.",
                          {{Who::Call, "{}", "lookup_orders", "c1"}, {Who::Result, R"([{"id":"A1","items":["boots"]}])", {}, "c1"}, {Who::Agent, "You ordered boots.", {}, {}}});
  REQUIRE(answer.calls.size() == 1);
  CHECK(answer.calls[0].arguments == R"({"id":"A1"})");
}

TEST_CASE("results are told in plain sentences") {
  CHECK(told(R"({"order_id":"42","status":"shipped","eta_days":2})") == "For order 42, the status is shipped and the eta is 2 days.");
  CHECK(told(R"([{"id":"A1","items":["boots"]}])") == "I found one. For A1, the items are boots.");
  CHECK(told(R"([{"id":"A1","items":["boots","laces"]},{"id":"A2","items":["socks"]}])").starts_with("I found 2. A1, where the items are boots and laces."));
  CHECK(told("[]") == "I found nothing.");
  CHECK(told("null") == "I found nothing.");
  CHECK(told("Your parcel is on its way") == "Your parcel is on its way.");
  CHECK(told(R"({"error":"no such order"})") == "I'm sorry, that did not work. No such order.");
  CHECK(told("true") == "Yes, that is so.");
  CHECK(told("") == "That is done.");
}

TEST_CASE("a result that is still to come is answered with a filler") {
  const auto said = told(R"({"status":"pending"})");
  CHECK((said.find("oment") != std::string::npos));
}

TEST_CASE("a late result that comes as a message is told") {
  Model model({}, 7);
  const std::vector<Line> context{{Who::Caller, "What did I order?", {}, {}}, {Who::Agent, "One moment.", {}, {}},
                                  {Who::System, R"(Result of lookup_orders (call c1, tool data): [{"id":"A1","items":["boots"]}])", {}, {}}};
  const auto answer = model.answer({.prompt = {}, .directive = "First say \"I have the result now.\" Then tell the result.", .context = context, .tools = {}, .must_call = {}});
  CHECK(answer.say == "I have the result now. I found one. For A1, the items are boots.");
}

TEST_CASE("words that are to be read are read, and nothing else") {
  CHECK(directed("Say exactly these words and nothing else: \"One moment, I'm looking that up.\"") == "One moment, I'm looking that up.");
  CHECK(directed("Read the following text aloud, word for word.\n\nThe text: Goodbye now.") == "Goodbye now.");
  CHECK(directed("Say \"She said \"no\" to me.\" exactly.") == "She said \"no\" to me.");
  CHECK(directed("\"Hello there\"") == "Hello there");
}

TEST_CASE("orders for one response are followed") {
  CHECK(directed("Greet the caller.") == "Hello! I'm Ann. How can I help you?");
  CHECK(directed("Tell the caller that you are looking it up.", {{Who::Agent, "x", {}, {}}}) == "I am looking it up.");
  CHECK(directed("Ask for the order number.", {{Who::Agent, "x", {}, {}}}) == "Could you tell me the order number?");
  CHECK(directed("Go on from there.", {{Who::Agent, "We open at nine.", {}, {}}}) == "As I was saying: We open at nine.");
}

TEST_CASE("a follow-up question is answered from an earlier result") {
  const auto answer = ask({}, "And when is the ETA?", {{Who::Call, "{}", "t", "c1"}, {Who::Result, R"({"id":"7","status":"shipped","eta_days":2})", {}, "c1"}, {Who::Agent, "It is shipped.", {}, {}}});
  CHECK(answer.say == "The eta is 2 days.");
}

TEST_CASE("a forced tool is called even if nothing fits") {
  Model model({}, 7);
  const auto answer = model.answer({.prompt = {}, .directive = {}, .context = {{Who::Caller, "hello", {}, {}}}, .tools = {ToBilling}, .must_call = "transfer_to_billing"});
  REQUIRE(answer.calls.size() == 1);
  CHECK(answer.calls[0].name == "transfer_to_billing");
}

TEST_CASE("a script goes before the model's own wits") {
  const auto script = Script::read("# desk\nwhen what did I order\nsay One moment.\ncall lookup_orders {\"query\":\"x\"}\n\nwhen result lookup_orders\nsay Boots,\nsay as ever.\n");
  REQUIRE(script);
  Model model(*script, 7);
  const auto called = model.answer({.prompt = {}, .directive = {}, .context = {{Who::Caller, "Tell me what I ordered", {}, {}}}, .tools = {}, .must_call = {}});
  CHECK(called.say == "One moment.");
  REQUIRE(called.calls.size() == 1);
  CHECK(called.calls[0].arguments == "{\"query\":\"x\"}");
  const auto after = model.answer({.prompt = {}, .directive = {}, .context = {{Who::Call, "{}", "lookup_orders", "c1"}, {Who::Result, "[]", {}, "c1"}}, .tools = {}, .must_call = {}});
  CHECK(after.say == "Boots, as ever.");
}

TEST_CASE("a script that cannot be read names the line") {
  const auto script = Script::read("when a\nsing a song\n");
  REQUIRE_FALSE(script);
  CHECK(script.error().code == "R0120");
  CHECK(script.error().text.find("line 2") != std::string::npos);
  CHECK_FALSE(Script::read("say too early"));
  CHECK_FALSE(Script::read("when x\ncall t {broken"));
}
