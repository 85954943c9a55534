// `n` steps of the 3x + 1 problem, from 27 and then from each number of steps left:
// the branches of a step are as good as random.

function collatz(n) {
  let x = 27;
  let total = 0;
  while (n > 0) {
    if (x === 1) {
      x = n;
      total += 1;
    } else if (x % 2 === 0) {
      x = x / 2;
    } else {
      x = 3 * x + 1;
    }
    n -= 1;
  }
  return total;
}

if (require.main === module) console.log(collatz(Number(process.argv[2])));
module.exports = collatz;
