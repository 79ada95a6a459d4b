-- The checks of std.forms. Days are text, YYYY-MM-DD; nothing here knows what day it is.

local lengths = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 }

local function parts(day)
  local year, month, number = day:match("^(%d%d%d%d)-(%d%d)-(%d%d)$")
  return tonumber(year), tonumber(month), tonumber(number)
end

local function is_leap(year)
  return year % 4 == 0 and (year % 100 ~= 0 or year % 400 == 0)
end

function is_day(day)
  local year, month, number = parts(day)
  if not year or month < 1 or month > 12 then return false end
  local length = month == 2 and is_leap(year) and 29 or lengths[month]
  return number >= 1 and number <= length
end

function is_between(day, first, last)
  return is_day(day) and day >= first and day <= last
end

-- Monday to Friday. Sakamoto's method: 0 is Sunday.
function is_working_day(day)
  if not is_day(day) then return false end
  local year, month, number = parts(day)
  local shift = { 0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4 }
  if month < 3 then year = year - 1 end
  local weekday = (year + year // 4 - year // 100 + year // 400 + shift[month] + number) % 7
  return weekday >= 1 and weekday <= 5
end

function is_full_phone(number)
  local digits = number:gsub("%D", "")
  return #digits >= 7 and #digits <= 15
end

function is_email(address)
  local name, host = address:match("^([^@%s]+)@([^@%s]+)$")
  return name ~= nil and host:find("^[%w-]+%.[%w.-]*%w%w$") ~= nil and not host:find("..", 1, true)
end

function has_digits(text, count)
  return #text == count and not text:find("%D")
end

-- The check digit of cards and many customer numbers.
function has_check_digit(number)
  local sum, double = 0, false
  local digits = number:gsub("%s", "")
  if #digits < 2 or digits:find("%D") then return false end
  for i = #digits, 1, -1 do
    local digit = tonumber(digits:sub(i, i))
    if double then digit = digit > 4 and digit * 2 - 9 or digit * 2 end
    sum, double = sum + digit, not double
  end
  return sum % 10 == 0
end
