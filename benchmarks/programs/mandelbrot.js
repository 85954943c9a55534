// Points of a grid that stay within the Mandelbrot set: float arithmetic.

function escapes(cr, ci) {
  let x = 0.0;
  let y = 0.0;
  for (let i = 0; i < 50; i++) {
    const xx = x * x;
    const yy = y * y;
    if (xx + yy > 4.0) return true;
    y = 2.0 * x * y + ci;
    x = xx - yy + cr;
  }
  return false;
}

function mandelbrot(size) {
  let inside = 0;
  for (let row = 0; row < size; row++) {
    const ci = (2.0 * row) / size - 1.0;
    for (let column = 0; column < size; column++) {
      const cr = (2.0 * column) / size - 1.5;
      if (!escapes(cr, ci)) inside += 1;
    }
  }
  return inside;
}

if (require.main === module) console.log(mandelbrot(Number(process.argv[2])));
module.exports = mandelbrot;
