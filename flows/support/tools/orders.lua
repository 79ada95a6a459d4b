-- The order system of the shop, as far as a demonstration needs one: three orders, and the patience of a real one.

local orders = {
  { id = "A1", items = { "a pair of winter boots", "two pairs of wool socks" }, status = "on its way, and there on Friday", placed = "last week, on Tuesday" },
  { id = "A2", items = { "a pair of running shoes" }, status = "delivered", placed = "last month" },
  { id = "A3", items = { "a tin of leather balm" }, status = "being packed", placed = "yesterday" },
}

local cancelled = {}

-- Whether an order has anything to do with what the caller said; words of one or two letters say nothing.
local function fits(order, query)
  local about = (order.id .. " " .. order.placed .. " " .. order.status .. " " .. table.concat(order.items, " ")):lower()
  for word in query:lower():gmatch("%a%a%a+") do
    if about:find(word, 1, true) then return true end
  end
  return false
end

function lookup_orders(query, limit)
  flow.sleep(8) -- seconds: the order system is slow, and the call goes on meanwhile
  local found = {}
  for _, order in ipairs(orders) do
    if #found < limit and fits(order, query) then found[#found + 1] = order end
  end
  if #found == 0 then found[1] = orders[1] end
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
  error("there is no order " .. id .. " that can be cancelled")
end
