// A diary as an MCP server, made with the protocol's own SDK: `node server.mjs` speaks on its input and output,
// `node server.mjs http` listens, prints where, and wants a key.
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StdioServerTransport } from "@modelcontextprotocol/sdk/server/stdio.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { z } from "zod";

function diary() {
  const server = new McpServer({ name: "diary", version: "1.0.0" });
  server.registerTool(
    "free_hours",
    { description: "Which hours are free", inputSchema: { day: z.string() }, outputSchema: { result: z.array(z.string()) } },
    async ({ day }, { sendNotification, _meta }) => {
      if (_meta?.progressToken !== undefined) {
        await sendNotification({ method: "notifications/progress", params: { progressToken: _meta.progressToken, progress: 1, message: "half way" } });
      }
      const result = [`nine on ${day}`, "ten"];
      return { content: [{ type: "text", text: result.join(", ") }], structuredContent: { result } };
    },
  );
  server.registerTool("book", { description: "Book an hour", inputSchema: { hour: z.string(), seats: z.number().int().optional() } }, async ({ hour, seats }) =>
    hour === "noon" ? { content: [{ type: "text", text: "noon is taken" }], isError: true } : { content: [{ type: "text", text: `booked ${hour} for ${seats ?? 1}` }] });
  return server;
}

if (process.argv[2] !== "http") {
  await diary().connect(new StdioServerTransport());
} else {
  const sessions = new Map();
  const listener = createServer(async (request, response) => {
    if (request.headers.authorization !== "Bearer hunter2hunter2") return response.writeHead(401).end();
    const id = request.headers["mcp-session-id"];
    if (id && !sessions.has(id)) return response.writeHead(404).end();
    let transport = sessions.get(id);
    if (!transport) {
      transport = new StreamableHTTPServerTransport({ sessionIdGenerator: randomUUID, onsessioninitialized: (made) => sessions.set(made, transport) });
      await diary().connect(transport);
    }
    await transport.handleRequest(request, response);
  });
  listener.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${listener.address().port}/mcp`));
}
