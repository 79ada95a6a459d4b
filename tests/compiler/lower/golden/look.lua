function look(query)
  return query
end

plan = function(topic, call) return topic end
