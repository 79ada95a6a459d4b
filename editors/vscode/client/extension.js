// Flow in VS Code: starts `flowc lsp` and carries out what its lenses ask for. Everything the editor knows of a flow comes
// from the server.
"use strict";

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");
const { Graph } = require("./graph");
const { testCommand } = require("./tests");

let client;

function program() {
  return vscode.workspace.getConfiguration("flowc").get("path") || "flowc";
}

async function start(context) {
  const run = { command: program(), args: ["lsp"] };
  client = new LanguageClient("flowc", "Flow", { run, debug: run }, {
    documentSelector: [{ scheme: "file", language: "flow" }],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/*.{flow,lua,md}") },
  });
  try {
    await client.start();
  } catch (problem) {
    const choice = await vscode.window.showErrorMessage(`Flow: \`${run.command} lsp\` does not start: ${problem.message}`, "Say where flowc is");
    if (choice) vscode.commands.executeCommand("workbench.action.openSettings", "flowc.path");
  }
}

function fileOf(uri) {
  if (uri) return vscode.Uri.parse(uri);
  return vscode.window.activeTextEditor && vscode.window.activeTextEditor.document.uri;
}

function runTest(uri, title) {
  const file = fileOf(uri);
  if (!file) return;
  const task = new vscode.Task({ type: "flowc", title }, vscode.TaskScope.Workspace, title || "all tests", "flowc",
    new vscode.ProcessExecution(program(), testCommand(file.fsPath, title)));
  task.presentationOptions = { clear: true, reveal: vscode.TaskRevealKind.Always };
  return vscode.tasks.executeTask(task);
}

async function activate(context) {
  const graph = new Graph(vscode, (uri) => client.sendRequest("flowc/graph", { textDocument: { uri: uri.toString() }, format: "html" }));
  const command = (name, action) => context.subscriptions.push(vscode.commands.registerCommand(name, action));
  command("flowc.showGraph", (uri) => fileOf(uri) && graph.show(fileOf(uri)));
  command("flowc.runTest", (uri, title) => runTest(uri, title));
  command("flowc.runTests", (uri) => runTest(uri));
  command("flowc.restart", async () => {
    if (client) await client.stop();
    await start(context);
  });
  context.subscriptions.push(vscode.workspace.onDidChangeTextDocument((event) => graph.changed(event.document.uri)));
  await start(context);
}

function deactivate() {
  return client && client.stop();
}

module.exports = { activate, deactivate };
