-- The model says why the caller calls; the state keeps it, and a handoff waits for it.
function note_topic(topic)
  return topic
end
