// The program as people and scripts use it: what it prints, what it writes, how it ends. Each case has a folder of its own.

#include <catch2/catch_test_macros.hpp>
#include <filesystem>
#include <fstream>

#include "cli/command_line.h"
#include "tests/flowc/folder.h"

namespace fs = std::filesystem;
using namespace flow;
using test::Ended;
using test::Folder;

namespace {

void says(const Ended& ended, const std::string& words) {
  INFO(ended.output << "\nlacks " << words);
  CHECK(ended.output.find(words) != ended.output.npos);
}

const std::string Good = "flow shop { start desk }\n\nagent desk { instructions \"Help.\" }\n";
// A service with the key abc, at what stands in `address` once it listens; for the shell's `kill $service`.
const std::string Service =
    "touch address; THE_KEY=abc flowc simulate --listen 127.0.0.1:0 --key THE_KEY --ears none > address & service=$!; "
    "until grep -q ws: address; do :; done; ";
const std::string Lonely = Good + "agent sales { instructions \"Sell.\" }\n";

}  // namespace

TEST_CASE("check ends with 0, 1 or 2: nothing wrong, errors, wrong usage") {
  const Folder folder;
  folder.write("flows/a.flow", Good);
  folder.write("flows/parts/b.flow", "enum Tier { basic }\n");
  CHECK(folder.run("flowc check flows --no-explore").output == "2 files (1 flow): nothing wrong\n");
  folder.write("flows/c.flow", Lonely);
  CHECK(folder.run("flowc check flows").code == 0);
  says(folder.run("flowc check flows"), "flows/c.flow:4:7: warning: no handoff leads to `sales` [F0501]");
  CHECK(folder.run("flowc check flows --deny warnings").code == 1);
  CHECK(folder.run("flowc check flows --deny warnings --warn F0501").code == 0);
  CHECK(folder.run("flowc check flows --allow F0501 --no-explore").output == "3 files (2 flows): nothing wrong\n");
  says(folder.run("flowc check flows --deny F0501 --format github"), "::error file=flows/c.flow,line=4,");
  CHECK(folder.run("flowc check nowhere.flow").code == 1);
  folder.write("empty/readme.txt", "");
  CHECK(folder.run("flowc check empty").code == 2);
  CHECK(folder.run("flowc check --frob").code == 2);
  CHECK(folder.run("cd flows && flowc check --allow F0501 --no-explore").output == "3 files (2 flows): nothing wrong\n");
}

TEST_CASE("an error of one flow does not hide the warnings of another") {
  const Folder folder;
  folder.write("a.flow", Lonely);
  folder.write("b.flow", "flow b { start nobody }\n");
  const auto ended = folder.run("flowc check a.flow b.flow");
  says(ended, "[F0501]");
  says(ended, "[F0301]");
  CHECK(ended.code == 1);
}

TEST_CASE("check --watch checks again when a file changes") {
  const Folder folder;
  folder.write("a.flow", Good);
  folder.write("b.flow", Lonely);
  // Reads the first answer before it changes the file, and the second before it ends the program that it started.
  const auto ended = folder.run(
      "mkfifo pipe; flowc check a.flow --watch --no-explore > pipe & flowc=$!; exec 3< pipe; read -r a <&3; read -r b <&3; cp b.flow a.flow;"
      " for n in 1 2 3; do read -r c <&3; echo \"$c\"; done; kill $flowc; echo \"$a\"; echo \"$b\"");
  says(ended, "a.flow changed");
  says(ended, "a.flow:4:7: warning: no handoff leads to `sales`");
  says(ended, "1 file: nothing wrong\nwatching 1 file; Ctrl-C ends\n");
}

TEST_CASE("check explores the calls of each flow and says how far it came") {
  const Folder folder;
  folder.write("a.flow", Good);
  const auto ended = folder.run("flowc check");
  CHECK(ended.code == 0);
  says(ended, "1 file: nothing wrong\nshop: explored every call in which 3 things happen; ");
  says(ended, "1 of 1 agents, up to 3 tools at a time; no law is broken\n");
  says(folder.run("flowc check --bound 1"), "explored every call in which 1 thing happens; ");
  says(folder.run("flowc check --format json"), "\"explored\":[{\"flow\":\"shop\",\"deeds\":3,\"complete\":true,");
  CHECK(folder.run("flowc check --no-explore --format json").output.find("\"complete\"") == std::string::npos);
  CHECK(folder.run("flowc check --bound many").code == 2);
  CHECK(folder.run("flowc check").output == ended.output);
}

TEST_CASE("test disturbs tests and proposes others") {
  const Folder folder;
  folder.write("shop.flow", Good + "agent sales { instructions \"Sell.\" }\nhandoff sales when \"they want to buy\"\non silence 20s { say \"Hello?\" }\n");
  folder.write("shop.test.flow", "import \"shop.flow\"\ntest \"they talk\" { caller says \"Hello.\" ; model says \"Hello.\" }\n");
  const auto fuzzed = folder.run("flowc test --fuzz=10 --seed 3");
  CHECK(fuzzed.code == 0);
  says(fuzzed, "✓ they talk");
  says(fuzzed, " times)");
  CHECK(folder.run("flowc test --fuzz=10 --seed 3 --json").output == folder.run("flowc test --json --seed 3 --fuzz=10").output);
  says(folder.run("flowc test --fuzz=10 --json"), "\"fuzz\":{\"tried\":");

  says(folder.run("flowc test shop.flow --generate"), "test \"agent sales is reached\" {");
  says(folder.run("flowc test shop.flow --write more/new.test.flow"), "R0504");
  says(folder.run("mkdir more && flowc test shop.flow --write more/new.test.flow"), "proposed");
  says(folder.run("flowc test more/new.test.flow --coverage"), "100 % covered");
  CHECK(folder.run("flowc fmt --check more").code == 0);
  const auto both = folder.run("flowc test --write all.test.flow");
  CHECK(both.code == 2);
  says(both, "R0608");
  CHECK_FALSE(folder.has("all.test.flow"));
}

TEST_CASE("test finds the tests below a folder, this one unless told otherwise, and fails where there are none") {
  const Folder folder;
  folder.write("shop.flow", Good);
  CHECK(folder.run("flowc test").code == 1);
  says(folder.run("flowc test"), "R0605 there is no test");
  folder.write("more/shop.test.flow", "import \"../shop.flow\"\ntest \"it ends\" { caller hangs_up ; expect call ended }\n");
  const auto ended = folder.run("flowc test");
  CHECK(ended.code == 0);
  says(ended, "more/shop.test.flow\n  ✓ it ends");
  CHECK(ended.output.find("no tests") == ended.output.npos);  // of shop.flow nobody asked
  says(folder.run("flowc test shop.flow"), "no tests");
  CHECK(folder.run("flowc test nowhere.flow").code == 1);
}

TEST_CASE("fmt writes what is laid out otherwise, says so, and leaves the rest alone") {
  const Folder folder;
  folder.write("a.flow", "flow shop{start desk}\n\n\n\nagent desk{instructions \"Help.\"}");
  folder.write("b.flow", Good);
  folder.write("c.flow", "agent {");
  const auto check = folder.run("flowc fmt --check a.flow b.flow");
  CHECK(check.code == 1);
  CHECK(check.output == "a.flow is laid out otherwise\n");
  const auto ended = folder.run("flowc fmt .");
  says(ended, "a.flow is laid out anew\n");
  says(ended, "c.flow:1:");
  CHECK(ended.code == 1);
  CHECK(folder.read("a.flow") == Good);
  CHECK(folder.read("c.flow") == "agent {");
  CHECK(folder.run("flowc fmt --check a.flow b.flow").code == 0);
}

TEST_CASE("fmt - lays out its input") {
  const Folder folder;
  CHECK(folder.run("printf 'enum A{a,b}' | flowc fmt -").output == "enum A { a, b }\n");
  CHECK(folder.run("printf 'enum A{a,b}' | flowc fmt --check -").code == 1);
  CHECK(folder.run("printf 'enum {' | flowc fmt -").code == 1);
}

TEST_CASE("fix makes the edits that are offered, and with --dry-run shows them alone") {
  const Folder folder;
  const std::string wrong = "flow shop { start dsek }\n\nagent desk { instructions \"Help.\" }\n";
  folder.write("a.flow", wrong);
  says(folder.run("flowc fix a.flow --dry-run"), "@@ -1,3 +1,3 @@\n-flow shop { start dsek }\n+flow shop { start desk }\n");
  CHECK(folder.read("a.flow") == wrong);
  CHECK(folder.run("flowc fix a.flow").output == "1 fixed, 0 left\n");
  CHECK(folder.read("a.flow") == Good);
  folder.write("b.flow", "flow b { start desk }\nagent desk { greet first \"{nobody}\" }\n");
  CHECK(folder.run("flowc fix b.flow").code == 1);
}

TEST_CASE("policy shows one tool or all, and knows what was probably meant") {
  const Folder folder;
  const auto flow = "'" + test::source_dir() + "/flows/support/support.flow'";
  says(folder.run("flowc policy " + flow + " lookup_orders"), "the result is there      deliver              interrupt");
  CHECK(folder.run("flowc policy " + flow + " lookup_orders").output.find("cancel_order") == std::string::npos);
  says(folder.run("flowc policy " + flow), "cancel_order  writes once, policy blocking\n");
  const auto ended = folder.run("flowc policy " + flow + " lookup_order");
  CHECK(ended.code == 2);
  says(ended, "R0503 the flow has no tool `lookup_order`\n  did you mean `lookup_orders`?");
}

TEST_CASE("graph and docs print, or write a page") {
  const Folder folder;
  folder.write("a.flow", Good);
  says(folder.run("flowc graph a.flow"), "flowchart TD\n");
  CHECK(folder.run("flowc graph a.flow --format html -o a.html && flowc graph a.flow --format svg -o a.svg && flowc docs a.flow --format html -o docs.html").output == "");
  CHECK(folder.read("a.html").starts_with("<!doctype html>"));
  CHECK(folder.read("a.svg").starts_with("<svg "));
  CHECK(folder.read("docs.html").find("<h1>shop</h1>") != std::string::npos);
  const auto ended = folder.run("flowc docs a.flow -o nowhere/docs.md");
  CHECK(ended.code == 1);
  says(ended, "R0504 cannot write nowhere/docs.md: No such file or directory");
}

TEST_CASE("diff tells how flows behave differently, and ends with 1 if it is asked to") {
  const Folder folder;
  folder.write("a.flow", Good);
  folder.write("b.flow", "flow shop { start desk }\nagent desk { instructions \"Help them.\" }\n");
  CHECK(folder.run("flowc diff a.flow a.flow --exit-code").code == 0);
  CHECK(folder.run("flowc diff a.flow b.flow").output == "Prompts\n  ~ what `desk` is told: +1 words\n");
  CHECK(folder.run("flowc diff a.flow b.flow").code == 0);
  CHECK(folder.run("flowc diff a.flow b.flow --exit-code").code == 1);
  CHECK(folder.run("flowc diff a.flow nowhere.flow --exit-code").code == 2);
}

TEST_CASE("a new flow of every template is right and laid out as fmt would") {
  const Folder folder;
  for (const auto* kind : {"minimal", "support"}) {
    const auto name = std::string("my_") + kind;
    INFO(kind);
    says(folder.run("flowc new " + name + " --template " + kind), "flowc run " + name + "/" + name + ".flow");
    says(folder.run("flowc check --deny warnings " + name), "nothing wrong");
    CHECK(folder.run("flowc fmt --check " + name).output == "");
    CHECK(folder.run("flowc test " + name).code == 0);
    says(folder.run("flowc ir " + name + "/" + name + ".flow"), "name \"" + name + "\"");
    CHECK(folder.has(name + "/caller.script"));
    CHECK(folder.run("grep -rn @NAME@ " + name).output == "");
  }
}

TEST_CASE("new overwrites nothing, and refuses what cannot be a name") {
  const Folder folder;
  folder.write("shop/notes.txt", "mine");
  const auto ended = folder.run("flowc new shop");
  CHECK(ended.code == 1);
  says(ended, "R0504 shop is there already");
  for (const auto* name : {"my-shop", "1st", "none", "../up"}) CHECK(folder.run(std::string("flowc new ") + name).code == 2);
}

TEST_CASE("a simulated service asks for the key it was told to, takes as long as told, and knows when it has none") {
  const Folder folder;
  folder.write("shop.flow", Good + "realtime voice { provider openai ; model \"gpt-realtime\" ; key secret(\"MY_KEY\") }\n");
  folder.write("caller.script", "at 500ms hangs_up\n");
  const auto ended = folder.run(
      Service + "url=$(grep -o 'ws:.*' address); "
      "MY_KEY=wrong flowc run shop.flow --play --url $url; echo \"first: $?\"; MY_KEY=abc flowc run shop.flow --play --url $url; echo \"second: $?\"; kill $service");
  says(ended, "first: 1");
  says(ended, "R0105");
  says(ended, "second: 0");
  says(folder.run("flowc simulate --key NOWHERE"), "R0501");
}

TEST_CASE("an exact line is spoken by the voice service, and read by the model where that refuses") {
  const Folder folder;
  folder.write("shop.flow",
               "flow shop { start desk }\nagent desk { instructions \"x\"; greet first \"All calls are recorded.\" }\n"
               "service reader { url env(\"READER\"); auth header \"xi-api-key\" secret(\"READER_KEY\") }\n"
               "realtime voice { provider openai; model \"gpt-realtime\"; key secret(\"MY_KEY\"); exact_speech reader }\n");
  folder.write("caller.script", "at 5s hangs_up\n");
  const auto ended = folder.run(
      Service + "url=$(grep -o 'ws:.*' address); export MY_KEY=abc; "
      "export READER=$(echo $url | sed 's,^ws,http,; s,/realtime,/text-to-speech/anna/stream?output_format=pcm_24000,'); "
      "READER_KEY=abc flowc run shop.flow --play --url $url --wire spoken.jsonl --record spoken.wav; "
      "READER_KEY=wrong flowc run shop.flow --play --url $url --wire read.jsonl; "
      "flowc run shop.flow --play --url $url; kill $service");
  says(ended, "All calls are recorded.");
  says(ended, "R0230");
  says(ended, "R0215");  // no key at all
  CHECK(folder.run("grep -c response.create spoken.jsonl").output == "0\n");
  CHECK(folder.run("grep -c '\"response.create\"' read.jsonl").output == "1\n");
  says(folder.run("cat read.jsonl"), "Read this line aloud");
  says(folder.run("sox spoken.wav -n remix 2 stat 2>&1 | grep Maximum | grep -v 0.0000; true"), "Maximum amplitude");
}

TEST_CASE("a deployment on Azure is called at its own path, with its own header") {
  const Folder folder;
  folder.write("shop.flow",
               "flow shop { start desk }\nagent desk { instructions \"x\"; greet first \"Hello there.\" }\n"
               "realtime voice { provider azure_openai; url env(\"ADDRESS\"); model \"my-deployment\"; key secret(\"MY_KEY\") }\n");
  folder.write("caller.script", "at 3s hangs_up\n");
  const auto ended = folder.run(
      Service + "export ADDRESS=$(grep -o 'ws://[^/]*' address); "
      "MY_KEY=abc flowc run shop.flow --realtime voice --wire wire.jsonl --play; MY_KEY=wrong flowc run shop.flow --realtime voice --play; kill $service; flowc run shop.flow --play");
  says(ended, "Hello there.");
  says(ended, "the flow names azure_openai; --realtime voice calls it");
  CHECK(folder.run("grep -c my-deployment wire.jsonl").output != "0\n");
  says(ended, "R0105");
}

TEST_CASE("bash completes commands, options, their words and flows") {
  const Folder folder;
  folder.write("a.flow", Good);
  folder.write("a.txt", "");
  const auto complete = [&](const std::string& words) {
    return folder.run("cat > try <<'END'\neval \"$(flowc completions bash)\"\nCOMP_WORDS=(" + words + ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_flowc 2>/dev/null\necho \"${COMPREPLY[@]}\"\nEND\nbash try").output;
  };
  CHECK(complete("flowc po") == "policy\n");
  CHECK(complete("flowc check --den") == "--deny\n");
  CHECK(complete("flowc graph --format s") == "svg\n");
  CHECK(complete("flowc check ''").starts_with("a.flow"));
  CHECK(complete("flowc check a.t") == "\n");
  CHECK(complete("flowc completions f") == "fish\n");
}

TEST_CASE("zsh completes commands, options, their words and flows") {
  const Folder folder;
  folder.write("a.flow", Good);
  folder.write("a.txt", "");
  // A shell at a terminal of its own: what stands on its line after the Tab.
  folder.write("try.zsh",
               "zmodload zsh/zpty\n"
               "zpty shell zsh -f -i\n"
               "zpty -w shell 'PS1=; fpath=($PWD $fpath); autoload -Uz compinit; compinit -D -u; bindkey \"^I\" complete-word'\n"
               "zpty -n -w shell \"$1\"$'\\t'\n"
               "zpty -r -m shell line \"*$2*\" && print found\n");
  folder.run("flowc completions zsh > _flowc");
  const auto becomes = [&](const std::string& typed, const std::string& line) { return folder.run("timeout 60 zsh -f try.zsh '" + typed + "' '" + line + "'").output == "found\n"; };
  CHECK(becomes("flowc po", "flowc policy"));
  CHECK(becomes("flowc check --den", "flowc check --deny"));
  CHECK(becomes("flowc graph --format s", "flowc graph --format svg"));
  CHECK(becomes("flowc check a", "flowc check a.flow"));
  CHECK(becomes("flowc completions f", "flowc completions fish"));
}

TEST_CASE("fish completes commands, options, their words and flows") {
  const Folder folder;
  folder.write("a.flow", Good);
  folder.write("a.txt", "");
  const auto complete = [&](const std::string& line) { return folder.run("fish --no-config -c 'source (flowc completions fish | psub); complete -C \"" + line + "\"'").output; };
  CHECK(complete("flowc po").starts_with("policy\t"));
  CHECK(complete("flowc check --den").starts_with("--deny\t"));
  CHECK(complete("flowc graph --format s").starts_with("svg\t"));
  CHECK(complete("flowc check ").starts_with("a.flow"));
  CHECK(complete("flowc completions f").starts_with("fish"));
}

TEST_CASE("every command stands in all completions and in the manual, with its options") {
  const Folder folder;
  const auto bash = folder.run("flowc completions bash").output, zsh = folder.run("flowc completions zsh").output, fish = folder.run("flowc completions fish").output, man = folder.run("flowc man").output;
  for (const auto& command : cli::command_table()) {
    INFO(command.name);
    CHECK(zsh.find("'" + command.name + ":") != zsh.npos);
    CHECK(fish.find(" -a " + command.name + " ") != fish.npos);
    CHECK(man.find(".SS flowc " + command.name) != man.npos);
    for (const auto& option : command.options) {
      for (const auto& name : option.names) {
        CHECK(bash.find(name) != bash.npos);
        CHECK(zsh.find("'" + name + "[") != zsh.npos);
      }
    }
  }
  CHECK(folder.run("flowc completions bash | bash -n").output == "");
}

TEST_CASE("colours are for terminals: what goes to a file has none") {
  const Folder folder;
  folder.write("a.flow", Lonely);
  for (const auto* command : {"check a.flow", "policy a.flow", "diff a.flow a.flow", "fix a.flow --dry-run"}) {
    CHECK(folder.run(std::string("flowc ") + command).output.find('\x1b') == std::string::npos);
  }
}
