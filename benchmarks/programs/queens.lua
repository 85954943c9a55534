-- Ways to place n queens on a board of n x n, none attacking another. The queens
-- stand in one table, which is put back after each way tried.

local function safe(placed, row, column)
  for above = 1, row - 1 do
    local distance = placed[above] - column
    if distance == 0 or distance == row - above or distance == above - row then
      return false
    end
  end
  return true
end

local function ways(placed, row, size)
  if row > size then
    return 1
  end
  local count = 0
  for column = 1, size do
    if safe(placed, row, column) then
      placed[row] = column
      count = count + ways(placed, row + 1, size)
    end
  end
  return count
end

local function queens(size)
  return ways({}, 1, size)
end

if ... then
  print(queens(tonumber((...))))
end
return queens
