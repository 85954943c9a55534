-- Complete binary trees are made, counted and dropped: allocation.

local leaf = {}

local function made(depth)
  if depth == 0 then
    return leaf
  end
  return { made(depth - 1), made(depth - 1) }
end

local function nodes(tree)
  if tree == leaf then
    return 1
  end
  return 1 + nodes(tree[1]) + nodes(tree[2])
end

local function binary_trees(depth)
  local kept = made(depth)
  local total = 0
  local small = math.floor(depth / 2)
  for _ = 1, math.floor(2 ^ (depth - small)) do
    total = total + nodes(made(small))
  end
  return total + nodes(kept)
end

if ... then
  print(binary_trees(tonumber((...))))
end
return binary_trees
