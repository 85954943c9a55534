// Whether a number is even, one step down at a time.
//
// JavaScript engines make no tail calls; what is written with them elsewhere is a loop.

function isEven(n) {
  let even = true;
  while (n !== 0) {
    n -= 1;
    even = !even;
  }
  return even;
}

if (require.main === module) console.log(isEven(Number(process.argv[2])));
module.exports = isEven;
