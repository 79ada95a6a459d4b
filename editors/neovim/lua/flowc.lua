-- `flowc lsp` for Neovim 0.7 and later, without other plugins. `require("flowc").setup({ cmd = { "/path/to/flowc", "lsp" } })`
-- is needed only if flowc is not on the PATH.
local M = { cmd = { "flowc", "lsp" } }

function M.setup(options)
  M.cmd = (options or {}).cmd or M.cmd
end

local clients = {} -- by root
local last_root -- a module of the library belongs to the project that led to it

local function root_of(buffer)
  local file = vim.fn.fnamemodify(vim.api.nvim_buf_get_name(buffer), ":p")
  if last_root and file:find("/flowc/[^/]+/std/[^/]+%.flow$") then return last_root end
  local folder = vim.fn.fnamemodify(file, ":h")
  local top = vim.fn.finddir(".git", folder .. ";")
  if top == "" then top = vim.fn.findfile(".git", folder .. ";") end -- of a second work tree, a file
  last_root = top ~= "" and vim.fn.fnamemodify(top, ":p"):gsub("/?%.git/?$", "") or folder
  return last_root
end

-- In a window of its own, as `flowc test` prints it.
local function run_test(arguments)
  local command = { M.cmd[1], "test", vim.uri_to_fname(arguments[1]) }
  if arguments[2] then vim.list_extend(command, { "--filter", arguments[2] }) end
  vim.cmd("botright new")
  vim.fn.termopen(command)
end

-- The flow's graph as a page in the browser.
function M.graph()
  local params = { textDocument = vim.lsp.util.make_text_document_params(), format = "html" }
  vim.lsp.buf_request(0, "flowc/graph", params, function(problem, answer)
    if problem then return vim.notify(problem.message, vim.log.levels.WARN) end
    local page = vim.fn.tempname() .. ".html"
    vim.fn.writefile(vim.split(answer.text, "\n"), page)
    vim.fn.jobstart({ "xdg-open", page }, { detach = true })
  end)
end

local function on_attach(_, buffer)
  local map = function(keys, action, what) vim.keymap.set("n", keys, action, { buffer = buffer, desc = what }) end
  vim.bo[buffer].omnifunc = "v:lua.vim.lsp.omnifunc"
  map("K", vim.lsp.buf.hover, "what is this?")
  map("gd", vim.lsp.buf.definition, "where is it declared?")
  map("gr", vim.lsp.buf.references, "where is it used?")
  map("<leader>rn", vim.lsp.buf.rename, "call it something else")
  map("<leader>ca", vim.lsp.buf.code_action, "mend it")
  map("<leader>f", M.format, "lay the file out")
  map("<leader>t", vim.lsp.codelens.run, "run the test of this line")
  map("<leader>g", M.graph, "show the graph")
  vim.cmd("autocmd BufEnter,InsertLeave,BufWritePost <buffer=" .. buffer .. "> silent! lua vim.lsp.codelens.refresh()")
end

function M.format()
  if vim.lsp.buf.format then return vim.lsp.buf.format({ timeout_ms = 2000 }) end
  vim.lsp.buf.formatting_sync(nil, 2000) -- 0.7
end

local function config(root)
  return {
    name = "flowc",
    cmd = M.cmd,
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    on_attach = on_attach,
    commands = {
      ["flowc.runTest"] = function(command) run_test(command.arguments) end,
      ["flowc.runTests"] = function(command) run_test(command.arguments) end,
      ["flowc.showGraph"] = function() M.graph() end,
    },
    on_exit = function() clients[root] = nil end,
  }
end

-- The server of the buffer's project, which is started if it is the first of it.
function M.attach(buffer)
  if buffer == 0 then buffer = vim.api.nvim_get_current_buf() end
  local root = root_of(buffer)
  if vim.lsp.start then return vim.lsp.start(config(root), { bufnr = buffer }) end
  clients[root] = clients[root] or vim.lsp.start_client(config(root)) -- 0.7
  if clients[root] then vim.lsp.buf_attach_client(buffer, clients[root]) end
end

return M
