/* What a program in C gives: its function of a size. */

long run(long size);
