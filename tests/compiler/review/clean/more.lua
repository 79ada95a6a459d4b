-- The tools of the flows beside it, as far as the compiler looks at them.
function place_on_list(surname) end
function join_list(surname, phone) end
function garden_rule(question) end
function open_application(number, birthday) end
function papers_for(household, income) end
function note_household(people, income) end
function appointment(number, day) end
function today() end
function still_open() end
function add(name, count) end
function place_order(name, at) end
function next_chair(from_time, with_beard) end
function write_name(name, at) end
function rub_out(at) end
function note_voice(voice) end
function find_evening(voice) end
function lend_notes(piece, name) end
function programme(day) end
function choose_show(film, at) end
function hold_seats(count) end
function free_held(count) end
function track(code) end
function another_day(code, day) end
function another_place(code, place) end
function sailings(origin, destination, day) end
function choose_sailing(number, car) end
function weather_at_sea() end
function buy_places(number, people) end
function refund_places(number) end
function find_member(number) end
function find_classes(kind) end
function take_place(class_name, at) end
function leave_class(at) end
function wants_to_leave() end
function end_membership(member_id) end
function note_fault(fault, children) end
function next_visit(fault) end
function send_fitter(street, at) end
function free_beds(day, count) end
function look_at_path() end
function reserve_beds(name, count, day) end
function release_beds(day) end
function find_insured(policy_number, surname) end
function find_claim(number) end
function note_claim(kind, day, hurt) end
function note_car(damage, police) end
function note_home(cause) end
function open_claim(kind, day) end
function close_claim(day) end
function find_garage(damage, town) end
function book_garage(claim_number, at) end
function order_drying(claim_number) end
function missing_papers(claim_number) end
function last_letter(policy_number) end
function new_address(policy_number, street, town) end
function call_me_back(topic) end
function find_line(customer) end
function measure_line(id) end
function note_light(light) end
function restart_box(id) end
function send_technician(id, day) end
function find_flat(house, number) end
function note_trouble(trouble, people_inside) end
function open_ticket(flat_number, trouble) end
function call_locksmith(flat_number) end
function send_locksmith_home(flat_number) end
function search_shelves(words, only_free) end
function check_card(number) end
function put_aside(title) end
function owed() end
function ask_buoy(area) end
function tours(day) end
function pick_tour(number) end
function how_many(count) end
function book_tour(number) end
function note_matter(matter) end
function free_hour(matter, from_day) end
function book_hour(day, name, phone) end
function unbook_hour(day) end
function find_patient(surname, birthday) end
function open_prescription(number) end
function order_refill(number) end
function find_song(words) end
function queue_song(title, greeting) end
function to_studio(name) end
function find_trains(origin, destination, at) end
function take_train(number) end
function how_late(number) end
function fare_of(number, class) end
function find_booking(code, surname) end
function buy_ticket(number, class, traveller) end
function return_ticket(number) end
function quiet_seat(code) end
function order_help(help, at) end
function claim_delay(code, minutes) end
function search_found(thing, words) end
function platform_of(number) end
function broken_things(station) end
function write_down(thing, words, phone) end
function find_pupil(name, form) end
function report_absence(pupil_id, day, reason) end
function leave_message(teacher, text) end
function note_call(about) end
function note_garden(yes) end
function find_dog(garden, children) end
function read_chip(number) end
function arrange_visit(name, at) end
function note_stars(count) end
function note_again(yes) end
function note_words(text) end
function send_car(street, house, size) end
function call_back_car(street) end
function where_is_it(car) end
function next_exercise(subject) end
function check_answer(number, answer) end
function note_case(animal, urgency) end
function free_visit(animal) end
function book_visit(at, owner) end
function drop_visit(at) end
function write_worker(name, phone, papers) end
function note_weeks(weeks) end
function find_bed(weeks) end
function give_place(phone, weeks) end
function which_ramp(plate) end
function check_papers(order) end
function note_seal(whole) end
function open_ramp(ramp) end
function note_age(age) end
function note_taste(taste) end
function suggest(taste, up_to) end
function order_case(bottle) end
