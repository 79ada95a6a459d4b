-- The order system of the shop, as far as a demonstration needs one: three orders, and the patience of a real one.

local orders = {
  { id = "A1", items = { "a pair of winter boots", "two pairs of wool socks" }, status = "on its way, and there on Friday", placed = "last week, on Tuesday" },
  { id = "A2", items = { "a pair of running shoes" }, status = "delivered", placed = "last month" },
  { id = "A3", items = { "a tin of leather balm" }, status = "being packed", placed = "yesterday" },
}

local cancelled = {}

-- How many words of what the caller said an order has to do with; words of one or two letters say nothing.
local function hits(order, query)
  local about = (order.id .. " " .. order.placed .. " " .. order.status .. " " .. table.concat(order.items, " ")):lower()
  local count = 0
  for word in query:lower():gmatch("%w%w%w+") do
    if about:find(word, 1, true) then count = count + 1 end
  end
  return count
end

function lookup_orders(query, limit)
  flow.sleep(8) -- seconds: the order system is slow, and the call goes on meanwhile
  local found, best = {}, 0
  for _, order in ipairs(orders) do
    local count = hits(order, query)
    if count > best then found, best = {}, count end
    if count == best and #found < limit then found[#found + 1] = order end
  end
  return found
end

function cancel_order(id)
  flow.sleep(1)
  for _, order in ipairs(orders) do
    if order.id:lower() == id:lower() and not cancelled[order.id] then
      cancelled[order.id] = true
      return { id = order.id, status = "cancelled; the money is back within three days" }
    end
  end
  error("there is no order " .. id .. " that can be cancelled", 0)
end
