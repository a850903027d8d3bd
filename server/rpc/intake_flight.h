// A batch in the hands of the store: many requests' parts make one statement, whose answer is dealt
// out to them again.
#pragma once

#include "server/rpc/batcher.h"

// For the batchers' settings: context is the intake.
void flight_start_reading(void *context, struct batch *batch);
void flight_start_writing(void *context, struct batch *batch);
