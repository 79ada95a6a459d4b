// The graph of a flow beside its text. It is drawn anew when the text changes, one picture at a time: what is typed while one
// is drawn makes one more, not many.
"use strict";

class Graph {
  // `draw(uri)` gives `{ text }`, the page; it fails where there is nothing to draw yet.
  constructor(vscode, draw) {
    this.vscode = vscode;
    this.draw = draw;
    this.panels = new Map(); // by address
  }

  async show(uri) {
    const key = uri.toString();
    const known = this.panels.get(key);
    if (known) return known.panel.reveal(undefined, true);
    const panel = this.vscode.window.createWebviewPanel("flowc.graph", `Graph: ${uri.path.split("/").pop()}`,
      { viewColumn: this.vscode.ViewColumn.Beside, preserveFocus: true }, { enableScripts: true, retainContextWhenHidden: true });
    this.panels.set(key, { panel, drawing: false, again: false });
    panel.onDidDispose(() => this.panels.delete(key));
    await this.redraw(uri);
  }

  changed(uri) {
    return this.redraw(uri);
  }

  async redraw(uri) {
    const entry = this.panels.get(uri.toString());
    if (!entry) return;
    if (entry.drawing) {
      entry.again = true;
      return;
    }
    entry.drawing = true;
    try {
      do {
        entry.again = false;
        const page = await this.draw(uri);
        if (page.text !== entry.panel.webview.html) entry.panel.webview.html = page.text;
      } while (entry.again);
    } catch (problem) {
      if (!entry.panel.webview.html) entry.panel.webview.html = `<p>${String(problem.message).replace(/[<&]/g, (c) => `&#${c.charCodeAt(0)};`)}</p>`;
    } finally {
      entry.drawing = false;
    }
  }
}

module.exports = { Graph };
