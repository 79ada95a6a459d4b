-- The calendar of the practice, as far as a demonstration needs one. A real one asks its own system: each run of a tool
-- begins with what stands here.

local appointments = {
  A7 = { number = "A7", treatment = "checkup", day = "monday", at = "10:00" },
  B3 = { number = "B3", treatment = "cleaning", day = "tuesday", at = "14:30" },
  C9 = { number = "C9", treatment = "toothache", day = "friday", at = "09:00" },
}

local function key(number)
  return (number:upper():gsub("[^%w]", ""))
end

local function taken(day, at, besides)
  for _, each in pairs(appointments) do
    if each.day == day and each.at == at and each.number ~= besides then return true end
  end
  return false
end

function is_free(day, at)
  flow.sleep(0.5)
  return not taken(day, at)
end

function find_appointment(number)
  flow.sleep(0.5)
  return appointments[key(number)]
end

function book(treatment, day, at, name, phone)
  flow.sleep(1)
  if taken(day, at) then error("somebody else has just taken " .. day .. " at " .. at, 0) end
  return { number = "D" .. phone:sub(-1), treatment = treatment, day = day, at = at }
end

function move(number, day, at)
  flow.sleep(1)
  local found = appointments[key(number)]
  if taken(day, at, found.number) then error("somebody else has just taken " .. day .. " at " .. at, 0) end
  return { number = found.number, treatment = found.treatment, day = day, at = at }
end

function cancel(number)
  flow.sleep(1)
  return "appointment " .. key(number) .. " is cancelled"
end
