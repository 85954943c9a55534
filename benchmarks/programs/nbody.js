// The sun and four planets, moved in small steps by their attraction: floats in
// objects. The answer is the energy in 1e-12.

class Body {
  constructor(mass, [x, y, z], [vx, vy, vz]) {
    this.mass = mass;
    this.x = x;
    this.y = y;
    this.z = z;
    this.vx = vx;
    this.vy = vy;
    this.vz = vz;
  }
}

function bodies() {
  return [
    new Body(39.5, [0.0, 0.0, 0.0], [0.0, 0.0, 0.0]),
    new Body(0.038, [4.84, -1.16, -0.1], [0.606, 2.81, -0.025]),
    new Body(0.0113, [8.34, 4.12, -0.4], [-1.01, 1.82, 0.0084]),
    new Body(0.0017, [12.89, -15.11, -0.22], [1.08, 0.868, -0.0108]),
    new Body(0.002, [15.38, -25.92, 0.18], [0.979, 0.594, -0.0347]),
  ];
}

function advance(system, dt) {
  for (let i = 0; i < system.length; i++) {
    const a = system[i];
    for (let j = i + 1; j < system.length; j++) {
      const b = system[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      const square = dx * dx + dy * dy + dz * dz;
      const pull = dt / (square * Math.sqrt(square));
      const mi = a.mass * pull;
      const mj = b.mass * pull;
      a.vx -= dx * mj;
      a.vy -= dy * mj;
      a.vz -= dz * mj;
      b.vx += dx * mi;
      b.vy += dy * mi;
      b.vz += dz * mi;
    }
  }
  for (const a of system) {
    a.x += dt * a.vx;
    a.y += dt * a.vy;
    a.z += dt * a.vz;
  }
}

function energy(system) {
  let total = 0.0;
  for (let i = 0; i < system.length; i++) {
    const a = system[i];
    total += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz);
    for (let j = i + 1; j < system.length; j++) {
      const b = system[j];
      const dx = a.x - b.x;
      const dy = a.y - b.y;
      const dz = a.z - b.z;
      total -= (a.mass * b.mass) / Math.sqrt(dx * dx + dy * dy + dz * dz);
    }
  }
  return total;
}

function nbody(steps) {
  const system = bodies();
  for (let i = 0; i < steps; i++) advance(system, 0.01);
  return Math.trunc(energy(system) * 1e12);
}

if (require.main === module) console.log(nbody(Number(process.argv[2])));
module.exports = nbody;
