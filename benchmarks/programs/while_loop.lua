-- Laps run in `n` steps of 7919 on a ring of 10007 places, by a loop.

local function while_loop(n)
  local place, total = 0, 0
  while n > 0 do
    place = place + 7919
    if place >= 10007 then
      place = place - 10007
      total = total + 1
    end
    n = n - 1
  end
  return total
end

if ... then
  print(while_loop(tonumber((...))))
end
return while_loop
