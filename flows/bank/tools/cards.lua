-- Cards, what was charged to them, and what the caller did not buy.
function recent_charges()
  flow.sleep(1)
  return {
    { id = "C7", shop = "a shop for fishing rods", amount = 189.0, day = "yesterday" },
    { id = "C6", shop = "the railway", amount = 12.5, day = "on Monday" },
  }
end

function block_card() return true end

function dispute_charge(id) return { id = id, status = "filed" } end
