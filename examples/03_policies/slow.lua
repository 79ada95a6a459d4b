function stock_price(company)
  flow.sleep(5)
  return company .. " stands at forty-two dollars."
end

function next_train(station)
  flow.sleep(5)
  return "The next train to " .. station .. " leaves at ten past three from platform two."
end

function horoscope(sign)
  flow.sleep(8)
  return "Today is a good day for " .. sign .. ". Old friends call, new shoes fit, and a small risk pays off in the evening. "
    .. "In the afternoon be patient with machines. Somebody near you needs a kind word, and you will know who it is."
end
