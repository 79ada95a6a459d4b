local orders = { A1 = "boots", B2 = "sandals" }

function order_exists(order)
  return orders[order:upper()] ~= nil
end

function open_return(order, reason, code)
  return { id = "R-" .. order }
end
