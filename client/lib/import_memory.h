// Memory that an importer cannot go on without.
#pragma once

// Ends the program with a message when memory is NULL; returns it otherwise.
void *import_must(void *memory);
