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

local size, warm_up = tonumber(arg[1]), tonumber(arg[2])
collatz(warm_up)
local began = os.clock()
local answer = collatz(size)
print(answer, os.clock() - began)
