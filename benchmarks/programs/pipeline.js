// A sum over the even ones among many squares: lists made by map and filter, whose
// lambdas capture a variable.

function pipeline(size) {
  const modulus = 1009;
  const squares = Array.from({ length: size }, (_, x) => (x * x) % modulus);
  const even = squares.filter((x) => x % 2 === 0);
  return even.reduce((total, x) => (total * 3 + x) % modulus, 0);
}

if (require.main === module) console.log(pipeline(Number(process.argv[2])));
module.exports = pipeline;
