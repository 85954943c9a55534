/* Complete binary trees are made, counted and freed: allocation. */

#include "timed.h"

#include <stdlib.h>

typedef struct node {
    struct node *left, *right;
} node;

static node *made(long depth) {
    if (depth == 0) return NULL;
    node *tree = malloc(sizeof *tree);
    tree->left = made(depth - 1);
    tree->right = made(depth - 1);
    return tree;
}

static long nodes(const node *tree) {
    return tree == NULL ? 1 : 1 + nodes(tree->left) + nodes(tree->right);
}

static void freed(node *tree) {
    if (tree == NULL) return;
    freed(tree->left);
    freed(tree->right);
    free(tree);
}

long run(long depth) {
    node *kept = made(depth);
    long total = 0, small = depth / 2;
    for (long i = 0; i < 1L << (depth - small); i++) {
        node *tree = made(small);
        total += nodes(tree);
        freed(tree);
    }
    total += nodes(kept);
    freed(kept);
    return total;
}
