// What the client does by itself, at a VS Code that is made up.
"use strict";

const assert = require("node:assert");
const fs = require("node:fs");
const path = require("node:path");
const Module = require("node:module");
const test = require("node:test");
const { Graph } = require("../client/graph");
const { testCommand } = require("../client/tests");

const uri = { path: "/w/shop.flow", toString: () => "file:///w/shop.flow" };

function editor() {
  const panels = [];
  return {
    panels,
    ViewColumn: { Beside: -2 },
    window: {
      createWebviewPanel: (kind, title) => {
        const panel = { title, webview: { html: "" }, revealed: 0, reveal: () => ++panel.revealed, onDidDispose: (close) => { panel.close = close; } };
        panels.push(panel);
        return panel;
      },
    },
  };
}

test("the graph is shown beside the file, once", async () => {
  const vscode = editor();
  const graph = new Graph(vscode, async () => ({ text: "<p>one</p>" }));
  await graph.show(uri);
  await graph.show(uri);
  assert.strictEqual(vscode.panels.length, 1);
  assert.strictEqual(vscode.panels[0].title, "Graph: shop.flow");
  assert.strictEqual(vscode.panels[0].webview.html, "<p>one</p>");
  assert.strictEqual(vscode.panels[0].revealed, 1);
});

test("what is typed while a picture is drawn makes one more, not many", async () => {
  const vscode = editor();
  let drawn = 0;
  let finish = () => {};
  const graph = new Graph(vscode, () => new Promise((resolve) => { finish = () => resolve({ text: `<p>${++drawn}</p>` }); }));
  const shown = graph.show(uri);
  finish();
  await shown;
  const first = graph.changed(uri);
  graph.changed(uri);
  graph.changed(uri);
  finish();
  await new Promise(setImmediate);
  finish();
  await first;
  assert.strictEqual(drawn, 3);
  assert.strictEqual(vscode.panels[0].webview.html, "<p>3</p>");
});

test("a file with errors leaves the last picture, and one that never had any says why", async () => {
  const vscode = editor();
  let good = false;
  const graph = new Graph(vscode, async () => { if (good) return { text: "<p>flow</p>" }; throw new Error("no <flow>"); });
  await graph.show(uri);
  assert.strictEqual(vscode.panels[0].webview.html, "<p>no &#60;flow></p>");
  good = true;
  await graph.changed(uri);
  good = false;
  await graph.changed(uri);
  assert.strictEqual(vscode.panels[0].webview.html, "<p>flow</p>");
  vscode.panels[0].close();
  await graph.changed(uri);
  assert.strictEqual(graph.panels.size, 0);
});

test("a lens runs the test of its title", () => {
  assert.deepStrictEqual(testCommand("/w/a.flow", "it works"), ["test", "/w/a.flow", "--filter", "it works"]);
  assert.deepStrictEqual(testCommand("/w/a.flow"), ["test", "/w/a.flow"]);
});

test("the extension starts the server, and brings every command that its page and the lenses name", async () => {
  const commands = new Map();
  const started = [];
  const tasks = [];
  const fake = {
    vscode: {
      ...editor(),
      workspace: {
        getConfiguration: () => ({ get: () => "/opt/flowc" }),
        createFileSystemWatcher: (glob) => glob,
        onDidChangeTextDocument: () => ({}),
      },
      commands: { registerCommand: (name, action) => commands.set(name, action) },
      tasks: { executeTask: (task) => tasks.push(task) },
      Uri: { parse: (text) => ({ fsPath: text.replace("file://", ""), toString: () => text, path: text }) },
      Task: class { constructor(...parts) { this.parts = parts; } },
      TaskScope: { Workspace: 2 },
      TaskRevealKind: { Always: 1 },
      ProcessExecution: class { constructor(program, args) { Object.assign(this, { program, args }); } },
    },
    "vscode-languageclient/node": { LanguageClient: class { constructor(...parts) { started.push(parts); } async start() {} async stop() {} } },
  };
  const load = Module._load;
  Module._load = (name, ...rest) => fake[name] || load(name, ...rest);
  try {
    const extension = require("../client/extension");
    await extension.activate({ subscriptions: [] });
  } finally {
    Module._load = load;
  }
  assert.deepStrictEqual(started[0][2].run, { command: "/opt/flowc", args: ["lsp"] });
  const page = JSON.parse(fs.readFileSync(path.join(__dirname, "../package.json"), "utf8"));
  for (const { command } of page.contributes.commands) assert.ok(commands.has(command), command);
  commands.get("flowc.runTest")("file:///w/a.flow", "it works");
  assert.deepEqual({ ...tasks[0].parts[4] }, { program: "/opt/flowc", args: ["test", "/w/a.flow", "--filter", "it works"] });
});
