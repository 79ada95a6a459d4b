-- The bank's books, which take their time.
function balance()
  flow.sleep(6)
  return 1240.5
end

function send_money(to, amount)
  flow.sleep(2)
  return { id = "P1", status = "sent" }
end

function call_back_money(to, amount)
  return { id = "P1", status = "called back" }
end
