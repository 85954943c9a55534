// Times the function that a JavaScript program exports: FILE FUNCTION SIZE SMALL.
// Prints its answer for a size and the median time of a call: processor time of the
// whole process, the engine's own threads included.

const path = require("path");

const MOST_CALLS = 7;
const SECONDS = 1.0;

function clock() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const [file, , size, small] = process.argv.slice(2);
const run = require(path.resolve(file));
run(Number(small));
run(Number(size));
const times = [];
let total = 0;
let answer;
while (times.length < MOST_CALLS && total < SECONDS) {
  const began = clock();
  answer = run(Number(size));
  times.push(clock() - began);
  total += times[times.length - 1];
}
times.sort((a, b) => a - b);
const middle = (times.length - 1) / 2;
console.log(answer, (times[Math.floor(middle)] + times[Math.ceil(middle)]) / 2);
