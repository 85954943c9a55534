-- The product of two matrices by three loops.

local function filled(size, step)
  local matrix = {}
  for i = 0, size - 1 do
    local row = {}
    for j = 0, size - 1 do
      row[j + 1] = (i * step + j) % 10 * 1.0
    end
    matrix[i + 1] = row
  end
  return matrix
end

local function product(a, b, size)
  local c = {}
  for i = 1, size do
    local row, sums = a[i], {}
    for j = 1, size do
      local total = 0.0
      for k = 1, size do
        total = total + row[k] * b[k][j]
      end
      sums[j] = total
    end
    c[i] = sums
  end
  return c
end

local function multiply(size)
  local c = product(filled(size, 3), filled(size, 7), size)
  local trace = 0.0
  for i = 1, size do
    trace = trace + c[i][i]
  end
  return string.format("%d", trace)
end

if ... then
  print(multiply(tonumber((...))))
end
return multiply
