-- How often each word stands in a text that is made up first: strings and a table.

local floor = math.floor
local syllables = { "ba", "ke", "li", "mo", "nu", "ra", "se", "ti" }

local function text_of(words)
  local state = 42
  local made = {}
  for i = 1, words do
    state = state * 1103 % 1000003
    local word = syllables[state % 8 + 1] .. syllables[floor(state / 8) % 8 + 1]
    if floor(state / 64) % 2 == 1 then
      word = word .. syllables[floor(state / 128) % 8 + 1]
    end
    made[i] = word
  end
  return table.concat(made, " ")
end

local function word_count(words)
  local counts, distinct, most = {}, 0, 0
  for word in text_of(words):gmatch("[^ ]+") do
    counts[word] = (counts[word] or 0) + 1
  end
  for _, count in pairs(counts) do
    distinct = distinct + 1
    most = math.max(most, count)
  end
  return distinct * 1000000 + most
end

if ... then
  print(word_count(tonumber((...))))
end
return word_count
