-- What the first desk notes.
function note_need(need) return need end
