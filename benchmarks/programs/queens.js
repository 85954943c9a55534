// Ways to place n queens on a board of n x n, none attacking another: lists that
// grow by a copy for each way tried.

function safe(placed, column) {
  const row = placed.length;
  for (let above = 0; above < row; above++) {
    const distance = placed[above] - column;
    if (distance === 0 || distance === row - above || distance === above - row) {
      return false;
    }
  }
  return true;
}

function ways(placed, size) {
  if (placed.length === size) return 1;
  let count = 0;
  for (let column = 0; column < size; column++) {
    if (safe(placed, column)) count += ways([...placed, column], size);
  }
  return count;
}

function queens(size) {
  return ways([], size);
}

if (require.main === module) console.log(queens(Number(process.argv[2])));
module.exports = queens;
