-- Whether a number is even, by tail calls of two functions.

local is_odd

local function is_even(n)
  if n == 0 then
    return true
  end
  return is_odd(n - 1)
end

function is_odd(n)
  if n == 0 then
    return false
  end
  return is_even(n - 1)
end

if ... then
  print(is_even(tonumber((...))))
end
return is_even
