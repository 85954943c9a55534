-- `n` steps of the 3x + 1 problem, from 27 and then from each number of steps left:
-- the branches of a step are as good as random.

local function collatz(n)
  local x, total = 27, 0
  while n > 0 do
    if x == 1 then
      x = n
      total = total + 1
    elseif x % 2 == 0 then
      x = x / 2
    else
      x = 3 * x + 1
    end
    n = n - 1
  end
  return total
end

if ... then
  print(collatz(tonumber((...))))
end
return collatz
