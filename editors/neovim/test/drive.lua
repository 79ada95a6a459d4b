-- Drives Neovim as somebody at the keyboard does, against the real server, and prints a line for each thing that is so.
-- The first that is not ends it with 1. `run` beside this file starts it.
local flow, broken = vim.env.FLOW_FILE, vim.env.FLOW_BROKEN
require("flowc").setup({ cmd = { vim.env.FLOWC, "lsp" } })

local function check(what, good, seen)
  if good then return print("so: " .. what) end
  print("NOT so: " .. what .. "; seen: " .. vim.inspect(seen))
  vim.cmd("cquit 1")
end

-- Waits for what the server says, and not for a time: `wait` returns when it is so.
local function eventually(condition) return vim.wait(10000, condition, 10) end

local function request(method, params)
  local answers = vim.lsp.buf_request_sync(0, method, params, 10000) or {}
  for _, answer in pairs(answers) do return answer.result, answer.error end
end

local function put_cursor(pattern, offset)
  vim.fn.cursor(1, 1)
  local line, column = unpack(vim.fn.searchpos(pattern, "cW"))
  vim.fn.cursor(line, column + (offset or 0))
  return vim.lsp.util.make_position_params()
end

local function has(list, label)
  for _, item in ipairs(list) do
    if item.label == label then return item end
  end
end

vim.cmd("edit " .. broken)
check("a flow is known by its name", vim.bo.filetype == "flow", vim.bo.filetype)
check("the server is attached", eventually(function() return #vim.lsp.buf_get_clients(0) > 0 end))
check("what is wrong is said", eventually(function() return #vim.diagnostic.get(0) > 0 end), vim.diagnostic.get(0))
local said = vim.diagnostic.get(0)[1]
check("with its code and place", said.code == "F0301" and said.lnum == 2, said)
local actions = request("textDocument/codeAction", vim.tbl_extend("force", vim.lsp.util.make_given_range_params({ 3, 10 }, { 3, 10 }), { context = { diagnostics = {} } }))
check("a fix is offered", actions and actions[1].title == "write `desk`", actions)
vim.lsp.util.apply_workspace_edit(actions[1].edit, "utf-16")
check("and mends it", eventually(function() return #vim.diagnostic.get(0) == 0 end), vim.diagnostic.get(0))
vim.cmd("edit! | bdelete!")

vim.cmd("edit " .. flow)
check("the server is attached to the second file", eventually(function() return #vim.lsp.buf_get_clients(0) > 0 end))
local server = next(vim.lsp.buf_get_clients(0))
local hover = request("textDocument/hover", put_cursor("deliver"))
check("hover tells what a clause means", hover and hover.contents.value:find("when a result is told"), hover)
hover = request("textDocument/hover", put_cursor("tool lookup_orders", 6))
check("and what a tool's policy is", hover.contents.value:find("| deliver | `interrupt` | orders_lookup |", 1, true), hover)
put_cursor("tools .*lookup_orders", 13)
vim.lsp.buf.definition()
check("a definition is gone to", eventually(function() return vim.fn.getline("."):find("^tool lookup_orders") end), vim.fn.getline("."))
local places = request("textDocument/references", vim.tbl_extend("force", vim.lsp.util.make_position_params(), { context = { includeDeclaration = true } }))
check("references are found", #places > 4, places)
local list = request("textDocument/completion", put_cursor("deliver  *interrupt", 9))
check("values are completed", has(list.items, "at_pause"), list)
local start = put_cursor("^on silence 8s {")
local symbols = request("textDocument/documentSymbol", { textDocument = start.textDocument })
check("the outline is there", #symbols > 10, symbols)
local edit = request("textDocument/rename", vim.tbl_extend("force", put_cursor("agent returns", 6), { newName = "send_backs" }))
check("an agent is renamed everywhere, in a file that is not open too", edit and vim.tbl_count(edit.changes) == 2 and #edit.changes[vim.uri_from_bufnr(0)] == 2, edit)
local _, refused = request("textDocument/rename", vim.tbl_extend("force", put_cursor("agent returns", 6), { newName = "fraud" }))
check("but not to a name that is taken", refused and refused.message:find("fraud"), refused)
local lenses = request("textDocument/codeLens", { textDocument = start.textDocument })
check("its graph can be shown from a lens", lenses[1].command.command == "flowc.showGraph", lenses)
local graph = request("flowc/graph", { textDocument = start.textDocument, format = "svg" })
check("the graph is a picture", graph.text:find("<svg", 1, true), graph)

local before = vim.fn.getline(1, "$")
vim.fn.append(0, { "", "enum   Weather {sun,rain}" })
require("flowc").format()
check("the file is laid out", vim.fn.search("^enum Weather { sun, rain }$", "w") > 0, vim.fn.getline(1, 4))
vim.cmd("silent undo | silent undo")
check("the keys are there", vim.fn.maparg("gd", "n", false, true).buffer == 1, vim.fn.maparg("gd", "n", false, true))
check("nothing is left of the changes", vim.deep_equal(before, vim.fn.getline(1, "$")), vim.fn.getline(1, 5))

put_cursor("import std.policies", 9)
vim.lsp.buf.definition()
check("a module of the library is a file that is not written", eventually(function() return vim.fn.expand("%:p"):find("std/policies.flow$") and vim.bo.readonly end), vim.fn.expand("%:p"))
check("for which the same server answers", eventually(function() return vim.lsp.buf_get_clients(0)[server] end), vim.lsp.buf_get_clients(0))
hover = request("textDocument/hover", put_cursor("^policy blocking", 8))
check("and is understood", hover and hover.contents.value:find("policy blocking"), hover)

vim.cmd("edit " .. flow:gsub("support.flow$", "support.test.flow"))
check("the server is attached to the tests", eventually(function() return #vim.lsp.buf_get_clients(0) > 0 end))
lenses = request("textDocument/codeLens", { textDocument = vim.lsp.util.make_text_document_params() })
check("each test can be run from a lens", #lenses > 3 and lenses[1].command.command == "flowc.runTest", lenses)
vim.lsp.get_client_by_id(next(vim.lsp.buf_get_clients(0))).commands["flowc.runTest"](lenses[1].command)
check("and passes", eventually(function() return table.concat(vim.fn.getline(1, "$"), "\n"):find("1 test, 0 failed") end), vim.fn.getline(1, "$"))
print("neovim: everything is so")
vim.cmd("qall!")
