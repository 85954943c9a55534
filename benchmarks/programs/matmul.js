// The product of two matrices by three loops.

function filled(size, step) {
  const matrix = [];
  for (let i = 0; i < size; i++) {
    const row = new Float64Array(size);
    for (let j = 0; j < size; j++) row[j] = (i * step + j) % 10;
    matrix.push(row);
  }
  return matrix;
}

function product(a, b, size) {
  const c = [];
  for (let i = 0; i < size; i++) {
    const row = a[i];
    const sums = new Float64Array(size);
    for (let j = 0; j < size; j++) {
      let total = 0.0;
      for (let k = 0; k < size; k++) total += row[k] * b[k][j];
      sums[j] = total;
    }
    c.push(sums);
  }
  return c;
}

function multiply(size) {
  const c = product(filled(size, 3), filled(size, 7), size);
  let trace = 0.0;
  for (let i = 0; i < size; i++) trace += c[i][i];
  return Math.trunc(trace);
}

if (require.main === module) console.log(multiply(Number(process.argv[2])));
module.exports = multiply;
