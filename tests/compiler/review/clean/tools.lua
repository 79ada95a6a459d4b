-- The tools of the flows beside it, as far as the compiler looks at them.
function find_flights(origin, destination, day) end
function open_booking(code, surname) end
function identify(card) end
function note_reason(reason) end
function book_flight(flight, day, cabin) end
function move_booking(day) end
function refund(reason) end
function free_seats(window) end
function take_seat(seat) end
function trace_bag(tag) end
function flight_status(flight) end
function goodbye() end
function check_code(code) end
function balance() end
function payments(days) end
function transfer_money(to, amount) end
function block_card(card) end
function hang_up() end
function note_urgency(urgency) end
function note_patient(name) end
function next_slot(after) end
function book_slot(day) end
function bye() end
function where_is(id) end
function note_mood(mood) end
function open_claim(id, story) end
function leave() end
function room_service(dish, portions) end
function wake_up(at) end
function which_room(name) end
function free_room(nights) end
function good_night() end
function find_table(day, guests) end
function note_guests(count) end
function reserve(day, name) end
function menu(course) end
function next_word(level) end
function count_point(points) end
function remember(word) end
function set_level(level) end
function finish() end
function note_danger(danger) end
function check_outage(street) end
function read_meter(number, value) end
