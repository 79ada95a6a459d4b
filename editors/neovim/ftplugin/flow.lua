-- One server for each project: the folder of version control, or the file's own.
vim.bo.commentstring = "// %s"
vim.bo.comments = ":///,://"
vim.bo.shiftwidth = 2
vim.bo.tabstop = 2
vim.bo.expandtab = true

require("flowc").attach(0)
