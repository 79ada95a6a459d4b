-- A weather service that needs four seconds for everything.
local skies = { oslo = "snow and minus three degrees", lisbon = "sunshine and nineteen degrees", london = "rain and eleven degrees" }

function look_up_weather(town)
  flow.sleep(4)
  if town:lower() == "atlantis" then error("there is no weather station in Atlantis", 0) end
  return "In " .. town .. " there is " .. (skies[town:lower()] or "a clear sky and fifteen degrees") .. "."
end
