-- Times the function that a Lua program gives: FILE FUNCTION SIZE SMALL.
-- Prints its answer for a size and the median time of a call.

local MOST_CALLS, SECONDS = 7, 1.0

local run = dofile(arg[1])
local size, small = math.floor(tonumber(arg[3])), math.floor(tonumber(arg[4]))
run(small)
run(size)
local times, total, answer = {}, 0, nil
while #times < MOST_CALLS and total < SECONDS do
  local began = os.clock()
  answer = run(size)
  times[#times + 1] = os.clock() - began
  total = total + times[#times]
end
table.sort(times)
local middle = (times[math.ceil(#times / 2)] + times[math.floor(#times / 2) + 1]) / 2
print(answer, string.format("%.9f", middle))
