-- A sum over the even ones among many squares: lists made by map and filter, whose
-- lambdas capture a variable.

local function map(first, last, f)
  local made = {}
  for x = first, last do
    made[#made + 1] = f(x)
  end
  return made
end

local function filter(list, f)
  local kept = {}
  for i = 1, #list do
    if f(list[i]) then
      kept[#kept + 1] = list[i]
    end
  end
  return kept
end

local function fold(list, total, f)
  for i = 1, #list do
    total = f(total, list[i])
  end
  return total
end

local function pipeline(size)
  local modulus = 1009
  local squares = map(0, size - 1, function(x) return x * x % modulus end)
  local even = filter(squares, function(x) return x % 2 == 0 end)
  return fold(even, 0, function(total, x) return (total * 3 + x) % modulus end)
end

if ... then
  print(pipeline(tonumber((...))))
end
return pipeline
