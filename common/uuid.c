#include "common/uuid.h"

#include "common/instant.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <sys/random.h>

static void format(const uint8_t bytes[16], char text[UUID_TEXT_SIZE])
{
    static const char hex[] = "0123456789abcdef";
    char *out = text;
    for (int i = 0; i < 16; i++) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            *out++ = '-';
        *out++ = hex[bytes[i] >> 4];
        *out++ = hex[bytes[i] & 15];
    }
    *out = '\0';
}

static void stamp(uint8_t bytes[16], uint8_t version)
{
    bytes[6] = (uint8_t)((bytes[6] & 0x0F) | version << 4);
    bytes[8] = (uint8_t)((bytes[8] & 0x3F) | 0x80);
}

// Milliseconds and 12 bits below them (RFC 9562 6.2, method 3), kept ahead of the last one also
// when the clock stands still or steps back.
static uint64_t next_tick(void)
{
    static uint64_t last;
    int64_t seconds;
    int32_t nanos;
    instant_now(&seconds, &nanos);
    uint64_t milliseconds = (uint64_t)seconds * 1000 + (uint64_t)(nanos / 1000000);
    uint64_t tick = milliseconds << 12 | (uint64_t)(nanos % 1000000) * 4096 / 1000000;
    last = tick > last ? tick : last + 1;
    return last;
}

void uuid_v7(char text[UUID_TEXT_SIZE])
{
    uint8_t bytes[16] = {0};
    uint64_t tick = next_tick();
    // Up to 256 bytes never come short once the kernel's generator is seeded.
    while (getrandom(bytes + 8, 8, 0) != 8)
        continue;
    for (int i = 0; i < 6; i++)
        bytes[i] = (uint8_t)(tick >> (52 - 8 * i));
    bytes[6] = (uint8_t)(tick >> 8 & 0x0F);
    bytes[7] = (uint8_t)tick;
    stamp(bytes, 7);
    format(bytes, text);
}

void uuid_named(const char *space, const char *name, char text[UUID_TEXT_SIZE])
{
    uint8_t hash[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)space, strlen(space) + 1);
    crypto_generichash_update(&state, (const uint8_t *)name, strlen(name));
    crypto_generichash_final(&state, hash, sizeof hash);
    stamp(hash, 8);
    format(hash, text);
}

bool uuid_valid(const char *text)
{
    static const char form[] = "00000000-0000-0000-0000-000000000000";
    if (!text || strlen(text) != sizeof form - 1)
        return false;
    for (int i = 0; form[i]; i++) {
        char lower = (char)(text[i] | 0x20);
        bool is_hex = (text[i] >= '0' && text[i] <= '9') || (lower >= 'a' && lower <= 'f');
        if (form[i] == '0' ? !is_hex : text[i] != '-')
            return false;
    }
    return true;
}
