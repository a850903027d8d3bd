#include "client/lib/near_name.h"

#include "common/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LETTERS_MOST 64

static size_t letters_of(const char *name, uint32_t letters[LETTERS_MOST])
{
    size_t count = 0;
    for (size_t left = strlen(name); left > 0 && count < LETTERS_MOST;) {
        uint32_t letter;
        size_t size = utf8_decode(name, left, &letter);
        if (size == 0)
            return count;
        if (letter >= 'A' && letter <= 'Z')
            letter += 'a' - 'A';
        if (letter != ' ')
            letters[count++] = letter;
        name += size;
        left -= size;
    }
    return count;
}

int name_likeness_milli(const char *one, const char *other)
{
    uint32_t mine[LETTERS_MOST];
    uint32_t theirs[LETTERS_MOST];
    bool taken[LETTERS_MOST] = {false};
    size_t count = letters_of(one, mine);
    size_t others = letters_of(other, theirs);
    size_t common = 0;
    if (count < 2 || others < 2)
        return 0;
    for (size_t i = 0; i + 1 < count; i++) {
        size_t j = 0;
        while (j + 1 < others && (taken[j] || theirs[j] != mine[i] || theirs[j + 1] != mine[i + 1]))
            j++;
        // Each pair is met by one of the other's.
        if (j + 1 < others) {
            taken[j] = true;
            common++;
        }
    }
    return (int)(2000 * common / (count - 1 + others - 1));
}
