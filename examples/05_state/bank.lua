local customers = { ["4711"] = { name = "Robin", tier = "gold", phone = "+49 30 5550100" } }

function check_code(code)
  flow.sleep(1)
  local customer = customers[code]
  if not customer then error("nobody has that code", 0) end
  return customer
end

function balance()
  flow.sleep(2)
  return "One hundred and twelve euros."
end
