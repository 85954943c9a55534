"""How often each word stands in a text that is made up first: strings and a dict."""

import sys

SYLLABLES = ["ba", "ke", "li", "mo", "nu", "ra", "se", "ti"]


def text_of(words: int) -> str:
    state = 42
    made = []
    for _ in range(words):
        state = state * 1103 % 1_000_003
        word = SYLLABLES[state % 8] + SYLLABLES[state // 8 % 8]
        if state // 64 % 2 == 1:
            word += SYLLABLES[state // 128 % 8]
        made.append(word)
    return " ".join(made)


def word_count(words: int) -> int:
    counts: dict[str, int] = {}
    for word in text_of(words).split(" "):
        counts[word] = counts.get(word, 0) + 1
    return len(counts) * 1_000_000 + max(counts.values())


if __name__ == "__main__":
    print(word_count(int(sys.argv[1])))
