// Complete binary trees are made, counted and dropped: allocation.

class Node {
  constructor(left, right) {
    this.left = left;
    this.right = right;
  }
}

function made(depth) {
  return depth === 0 ? null : new Node(made(depth - 1), made(depth - 1));
}

function nodes(tree) {
  return tree === null ? 1 : 1 + nodes(tree.left) + nodes(tree.right);
}

function binaryTrees(depth) {
  const kept = made(depth);
  let total = 0;
  const small = Math.trunc(depth / 2);
  for (let i = 0; i < 2 ** (depth - small); i++) total += nodes(made(small));
  return total + nodes(kept);
}

if (require.main === module) console.log(binaryTrees(Number(process.argv[2])));
module.exports = binaryTrees;
