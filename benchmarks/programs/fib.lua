-- Fibonacci numbers by their definition: calls and little else.

local function fib(n)
  if n < 2 then
    return n
  end
  return fib(n - 1) + fib(n - 2)
end

if ... then
  print(fib(tonumber((...))))
end
return fib
