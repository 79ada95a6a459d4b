// The grammar colours every sample flow as the server, which reads the tables of the language, understands it.
"use strict";

const assert = require("node:assert");
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const test = require("node:test");
const oniguruma = require("vscode-oniguruma");
const textmate = require("vscode-textmate");

const root = process.env.FLOW_ROOT;
const flowc = process.env.FLOWC;
const here = path.join(root, "editors/vscode");

async function grammar() {
  const wasm = fs.readFileSync(require.resolve("vscode-oniguruma/release/onig.wasm"));
  await oniguruma.loadWASM(wasm.buffer.slice(wasm.byteOffset, wasm.byteOffset + wasm.byteLength)).catch(() => {});
  const registry = new textmate.Registry({
    onigLib: Promise.resolve({ createOnigScanner: (patterns) => new oniguruma.OnigScanner(patterns), createOnigString: (text) => new oniguruma.OnigString(text) }),
    loadGrammar: async () => textmate.parseRawGrammar(fs.readFileSync(path.join(here, "syntaxes/flow.tmLanguage.json"), "utf8"), "flow.json"),
  });
  return registry.loadGrammar("source.flow");
}

// Lines of tokens, and whether everything was closed at the end.
async function tokensOf(text) {
  const language = await grammar();
  let state = textmate.INITIAL;
  const lines = text.split("\n").map((line) => {
    const { tokens, ruleStack } = language.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map((token) => ({ begin: token.startIndex, end: token.endIndex, text: line.slice(token.startIndex, token.endIndex), scopes: token.scopes }));
  });
  return { lines, open: state.depth - 1 };
}

function samples() {
  const found = [];
  const look = (folder) => {
    for (const entry of fs.readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const file = path.join(folder, entry.name);
      if (entry.isDirectory()) look(file);
      else if (file.endsWith(".flow")) found.push(file);
    }
  };
  for (const folder of ["flows", "examples", "stdlib"]) look(path.join(root, folder));
  return found;
}

// What the server says of each word, as `{line, begin, end, kind}`.
function meantBy(text) {
  const uri = "file:///sample.flow";
  const messages = [
    { id: 1, method: "initialize", params: { capabilities: {} } },
    { method: "textDocument/didOpen", params: { textDocument: { uri, languageId: "flow", version: 1, text } } },
    { id: 2, method: "textDocument/semanticTokens/full", params: { textDocument: { uri } } },
    { id: 3, method: "shutdown" },
    { method: "exit" },
  ];
  return new Promise((resolve, reject) => {
    const server = spawn(flowc, ["lsp"]);
    const chunks = [];
    server.stdout.on("data", (chunk) => chunks.push(chunk));
    server.on("error", reject);
    server.on("close", () => {
      const answers = new Map();
      let out = Buffer.concat(chunks);
      while (out.length > 0) {
        const length = Number(/Content-Length: (\d+)/.exec(out.toString("latin1"))[1]);
        const begin = out.indexOf("\r\n\r\n") + 4;
        const message = JSON.parse(out.subarray(begin, begin + length).toString("utf8"));
        answers.set(message.id, message.result);
        out = out.subarray(begin + length);
      }
      const kinds = answers.get(1).capabilities.semanticTokensProvider.legend.tokenTypes;
      const data = answers.get(2).data;
      const words = [];
      for (let i = 0, line = 0, begin = 0; i < data.length; i += 5) {
        if (data[i] > 0) begin = 0;
        line += data[i];
        begin += data[i + 1];
        words.push({ line, begin, end: begin + data[i + 2], kind: kinds[data[i + 3]] });
      }
      resolve(words);
    });
    for (const message of messages) {
      const body = JSON.stringify({ jsonrpc: "2.0", ...message });
      server.stdin.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
    }
  });
}

const expected = {
  comment: /^comment\./,
  string: /^string\./,
  number: /^constant\.numeric\./,
  macro: /^(support\.(type\.property-name|function\.action|class\.event)|keyword\.control|storage\.modifier)\./, // a clause
  keyword: /^(storage|keyword|constant\.language|support)\./,
};

test("every sample flow is coloured as the server understands it, and nothing is left open", async () => {
  const files = samples();
  assert.ok(files.length > 8, files.join("\n"));
  for (const file of files) {
    const text = fs.readFileSync(file, "utf8");
    const { lines, open } = await tokensOf(text);
    assert.strictEqual(open, 0, `${file}: something is open at its end`);
    let compared = 0;
    for (const word of await meantBy(text)) {
      const wanted = expected[word.kind];
      if (!wanted) continue;
      const token = lines[word.line].find((each) => each.begin <= word.begin && word.begin < each.end);
      const where = `${path.relative(root, file)}:${word.line + 1}: ${word.kind} \`${text.split("\n")[word.line].slice(word.begin, word.end)}\``;
      assert.ok(token.scopes.some((scope) => wanted.test(scope)), `${where} has ${token.scopes.slice(1).join(" ")}`);
      ++compared;
    }
    assert.ok(compared > 3, `${file}: ${compared} words compared`);
  }
});

test("a page of a flow has these scopes", async () => {
  const text = fs.readFileSync(path.join(here, "test/page.flow"), "utf8");
  const { lines } = await tokensOf(text);
  const seen = lines.map((tokens) => tokens.filter((token) => token.scopes.length > 1 && token.text.trim() && !/^(punctuation|meta)\./.test(token.scopes.at(-1)))
    .map((token) => `${token.text.trim()}  ${token.scopes.at(-1).replace(/\.flow$/, "")}`).join("\n")).filter((line) => line).join("\n\n") + "\n";
  const golden = path.join(here, "test/page.scopes");
  if (process.env.FLOW_UPDATE) fs.writeFileSync(golden, seen);
  assert.strictEqual(seen, fs.readFileSync(golden, "utf8"), "FLOW_UPDATE=1 writes test/page.scopes anew");
});

test("a text ends with its line, whatever was forgotten in it", async () => {
  for (const line of ['  say "no end', '  say "a hole {name', '  say "{if x}y']) {
    const { open } = await tokensOf(`${line}\nagent a { }`);
    assert.strictEqual(open, 0, line);
  }
});
