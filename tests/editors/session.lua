-- Opens a file, waits for what is found in it, has it mended, types an error, and writes down what was seen.

local seen = {}
local path, report = vim.env.SESSION_FILE, vim.env.SESSION_REPORT

local function told()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do
    table.insert(found, { each.code or each.user_data.lsp.code, each.source, each.message, each.lnum, each.col })
  end
  return found
end

local function await(what, holds)
  if not vim.wait(60000, holds, 20) then
    error(what .. ' did not come; told: ' .. vim.inspect(told()) .. vim.inspect(seen.offered))
  end
end

local function text()
  return table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), '\n')
end

local function run()
  vim.cmd('filetype on')
  vim.cmd('edit ' .. vim.fn.fnameescape(path))
  await('a diagnostic', function() return #told() > 0 end)
  seen.told = told()

  -- What a person picks from the menu at the cursor.
  vim.ui.select = function(items, opts, choose)
    seen.offered = vim.tbl_map(opts.format_item or tostring, items)
    for _, item in ipairs(items) do
      local action = item.action or item[2]
      if not action.title:find('^Ignore') and not action.title:find('^Fix all') then
        return choose(item)
      end
    end
    error('not offered: ' .. vim.inspect(seen.offered))
  end
  vim.api.nvim_win_set_cursor(0, { seen.told[1][4] + 1, seen.told[1][5] })
  local before = text()
  vim.lsp.buf.code_action()
  await('the edit', function() return text() ~= before end)
  seen.mended = text()
  await('that nothing is found any more', function() return #told() == 0 end)

  vim.api.nvim_buf_set_lines(0, -1, -1, false, { 'from chatkit.models import Page' })
  await('what was typed', function() return #told() > 0 end)
  seen.typed = told()
  vim.api.nvim_buf_set_lines(0, -2, -1, false, {})
  await('that it is gone', function() return #told() == 0 end)
  vim.cmd('write')
end

local ok, problem = pcall(run)
seen.problem = not ok and tostring(problem) or nil
seen.version = tostring(vim.version().major) .. '.' .. tostring(vim.version().minor)
local file = assert(io.open(report, 'w'))
file:write((vim.json or { encode = vim.fn.json_encode }).encode(seen))
file:close()
vim.cmd('qall!')
