function note_mood(mood)
  return mood
end
