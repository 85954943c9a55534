-- Fibonacci numbers by their definition: calls and little else.

local function fib(n)
  if n < 2 then
    return n
  end
  return fib(n - 1) + fib(n - 2)
end

local size, warm_up = tonumber(arg[1]), tonumber(arg[2])
fib(warm_up)
local began = os.clock()
local answer = fib(size)
print(answer, os.clock() - began)
