-- The sun and four planets, moved in small steps by their attraction: floats in
-- tables. The answer is the energy in 1e-12.

local sqrt = math.sqrt

local function body(mass, x, y, z, vx, vy, vz)
  return { mass = mass, x = x, y = y, z = z, vx = vx, vy = vy, vz = vz }
end

local function advance(system, dt)
  local count = #system
  for i = 1, count do
    local a = system[i]
    for j = i + 1, count do
      local b = system[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      local square = dx * dx + dy * dy + dz * dz
      local pull = dt / (square * sqrt(square))
      local mi, mj = a.mass * pull, b.mass * pull
      a.vx = a.vx - dx * mj
      a.vy = a.vy - dy * mj
      a.vz = a.vz - dz * mj
      b.vx = b.vx + dx * mi
      b.vy = b.vy + dy * mi
      b.vz = b.vz + dz * mi
    end
  end
  for i = 1, count do
    local a = system[i]
    a.x = a.x + dt * a.vx
    a.y = a.y + dt * a.vy
    a.z = a.z + dt * a.vz
  end
end

local function energy(system)
  local total = 0.0
  for i = 1, #system do
    local a = system[i]
    total = total + 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
    for j = i + 1, #system do
      local b = system[j]
      local dx, dy, dz = a.x - b.x, a.y - b.y, a.z - b.z
      total = total - a.mass * b.mass / sqrt(dx * dx + dy * dy + dz * dz)
    end
  end
  return total
end

local function nbody(steps)
  local system = {
    body(39.5, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0),
    body(0.038, 4.84, -1.16, -0.1, 0.606, 2.81, -0.025),
    body(0.0113, 8.34, 4.12, -0.4, -1.01, 1.82, 0.0084),
    body(0.0017, 12.89, -15.11, -0.22, 1.08, 0.868, -0.0108),
    body(0.002, 15.38, -25.92, 0.18, 0.979, 0.594, -0.0347),
  }
  for _ = 1, steps do
    advance(system, 0.01)
  end
  return string.format("%d", math.ceil(energy(system) * 1e12))
end

if ... then
  print(nbody(tonumber((...))))
end
return nbody
