"""Complete binary trees are made, counted and dropped: allocation."""

from __future__ import annotations

import sys


class Node:
    __slots__ = ("left", "right")

    def __init__(self, left: Node | None, right: Node | None) -> None:
        self.left = left
        self.right = right


def made(depth: int) -> Node | None:
    return None if depth == 0 else Node(made(depth - 1), made(depth - 1))


def nodes(tree: Node | None) -> int:
    return 1 if tree is None else 1 + nodes(tree.left) + nodes(tree.right)


def binary_trees(depth: int) -> int:
    kept = made(depth)
    total = 0
    small = depth // 2
    for _ in range(2 ** (depth - small)):
        total += nodes(made(small))
    return total + nodes(kept)


if __name__ == "__main__":
    print(binary_trees(int(sys.argv[1])))
