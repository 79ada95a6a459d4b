-- A name as it is spoken, without what people say around it.
function note_name(name)
  local plain = name:gsub("^%s+", ""):gsub("%s+$", "")
  if plain == "" then error("there is no name") end
  return plain
end
