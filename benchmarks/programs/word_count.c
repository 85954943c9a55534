/* How often each word stands in a text that is made up first: a hash table of words
   that point into the text. */

#include "timed.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define BUCKETS 4096

typedef struct entry {
    const char *word;
    size_t length;
    long count;
    struct entry *next;
} entry;

static const char *syllables[] = {"ba", "ke", "li", "mo", "nu", "ra", "se", "ti"};

static char *append(char *end, const char *text) {
    size_t length = strlen(text);
    memcpy(end, text, length);
    return end + length;
}

static char *text_of(long words) {
    char *text = malloc(7 * words + 1), *end = text;
    long state = 42;
    for (long i = 0; i < words; i++) {
        state = state * 1103 % 1000003;
        if (i > 0) *end++ = ' ';
        end = append(end, syllables[state % 8]);
        end = append(end, syllables[state / 8 % 8]);
        if (state / 64 % 2 == 1) end = append(end, syllables[state / 128 % 8]);
    }
    *end = '\0';
    return text;
}

static void counted(entry **table, const char *word, size_t length) {
    uint64_t hash = 14695981039346656037u;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)word[i]) * 1099511628211u;
    entry **slot = &table[hash % BUCKETS];
    for (entry *at = *slot; at != NULL; at = at->next) {
        if (at->length == length && memcmp(at->word, word, length) == 0) {
            at->count += 1;
            return;
        }
    }
    entry *made = malloc(sizeof *made);
    *made = (entry){word, length, 1, *slot};
    *slot = made;
}

long run(long words) {
    entry **table = calloc(BUCKETS, sizeof *table);
    char *text = text_of(words);
    for (const char *at = text; *at != '\0';) {
        size_t length = strcspn(at, " ");
        counted(table, at, length);
        at += length;
        if (*at == ' ') at += 1;
    }
    long distinct = 0, most = 0;
    for (long bucket = 0; bucket < BUCKETS; bucket++) {
        for (entry *at = table[bucket]; at != NULL;) {
            entry *next = at->next;
            distinct += 1;
            if (at->count > most) most = at->count;
            free(at);
            at = next;
        }
    }
    free(table);
    free(text);
    return distinct * 1000000 + most;
}
