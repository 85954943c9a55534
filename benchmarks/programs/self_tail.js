// Laps run in `n` steps of 7919 on a ring of 10007 places.
//
// JavaScript engines make no tail calls; what is written with them elsewhere is a loop.

function selfTail(n) {
  let place = 0;
  let total = 0;
  while (n !== 0) {
    n -= 1;
    const following = place + 7919;
    if (following < 10007) {
      place = following;
    } else {
      place = following - 10007;
      total += 1;
    }
  }
  return total;
}

if (require.main === module) console.log(selfTail(Number(process.argv[2])));
module.exports = selfTail;
