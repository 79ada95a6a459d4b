-- The tool `opening_hours`: a global function of that name, with the parameters that the flow declares.
function opening_hours(day)
  if day:lower():find("sunday") then return "closed" end
  return "from nine to six"
end
