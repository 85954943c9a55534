// Fibonacci numbers by their definition: calls and little else.

function fib(n) {
  return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

if (require.main === module) console.log(fib(Number(process.argv[2])));
module.exports = fib;
