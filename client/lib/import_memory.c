#include "client/lib/import_memory.h"

#include "common/i18n.h"

#include <stdio.h>
#include <stdlib.h>

void *import_must(void *memory)
{
    if (memory == NULL) {
        fputs(_("tiejun: out of memory\n"), stderr);
        exit(EXIT_FAILURE);
    }
    return memory;
}
