// Laps run in `n` steps of 7919 on a ring of 10007 places, by a loop.

function whileLoop(n) {
  let place = 0;
  let total = 0;
  while (n > 0) {
    place += 7919;
    if (place >= 10007) {
      place -= 10007;
      total += 1;
    }
    n -= 1;
  }
  return total;
}

if (require.main === module) console.log(whileLoop(Number(process.argv[2])));
module.exports = whileLoop;
