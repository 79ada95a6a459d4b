-- The company's systems, as far as a demonstration needs them: two people who are insured, and two claims.
local holders = {
  N1001 = { number = "N-1001", name = "Alex" },
  N1002 = { number = "N-1002", name = "Sam" },
}
local claims = {
  C77 = { id = "C-77", status = "being paid, and the money is there on Friday" },
  C78 = { id = "C-78", status = "waiting for the photos" },
}

local function key(number)
  return (number:upper():gsub("[^%w]", ""))
end

-- Who is hurt is kept for the doctor.
function report_injury(who) return who end

function find_holder(number)
  flow.sleep(1)
  return holders[key(number)]
end

function file_claim(number, damage, when, what, phone)
  flow.sleep(3)
  return { id = "C-" .. (78 + #what % 20), status = "new" }
end

function claim_status(id)
  flow.sleep(5)
  local claim = claims[key(id)]
  if not claim then error("there is no claim of that number", 0) end
  return claim
end
