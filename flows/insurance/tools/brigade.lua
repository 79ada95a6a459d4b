-- The fire brigade's map of where there is danger. A real one asks the brigade.
function check_danger(place)
  flow.sleep(4)
  if place:lower():find("mill", 1, true) then
    return "Gas has been reported in Mill Road. Please leave the house now, do not use any switch, and wait outside."
  end
  return "There is no danger in " .. place .. " that anybody knows of."
end
