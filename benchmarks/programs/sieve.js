// Primes up to a limit by the sieve of Eratosthenes.

function sieve(limit) {
  const candidate = new Uint8Array(limit + 1).fill(1);
  let count = 0;
  for (let n = 2; n <= limit; n++) {
    if (candidate[n]) {
      count += 1;
      for (let multiple = n * n; multiple <= limit; multiple += n) {
        candidate[multiple] = 0;
      }
    }
  }
  return count;
}

if (require.main === module) console.log(sieve(Number(process.argv[2])));
module.exports = sieve;
