-- Points of a grid that stay within the Mandelbrot set: float arithmetic.

local function escapes(cr, ci)
  local x, y = 0.0, 0.0
  for _ = 1, 50 do
    local xx, yy = x * x, y * y
    if xx + yy > 4.0 then
      return true
    end
    y = 2.0 * x * y + ci
    x = xx - yy + cr
  end
  return false
end

local function mandelbrot(size)
  local inside = 0
  for row = 0, size - 1 do
    local ci = 2.0 * row / size - 1.0
    for column = 0, size - 1 do
      local cr = 2.0 * column / size - 1.5
      if not escapes(cr, ci) then
        inside = inside + 1
      end
    end
  end
  return inside
end

if ... then
  print(mandelbrot(tonumber((...))))
end
return mandelbrot
