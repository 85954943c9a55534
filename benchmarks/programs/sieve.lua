-- Primes up to a limit by the sieve of Eratosthenes.

local function sieve(limit)
  local candidate = {}
  for n = 2, limit do
    candidate[n] = true
  end
  local count = 0
  for n = 2, limit do
    if candidate[n] then
      count = count + 1
      for multiple = n * n, limit, n do
        candidate[multiple] = false
      end
    end
  end
  return count
end

if ... then
  print(sieve(tonumber((...))))
end
return sieve
