function verify(postcode)
  return { id = "C1", name = "Ada", tier = "gold" }
end
