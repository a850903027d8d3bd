"""Faults on purpose: what a client was told is kept must be kept, once, whatever breaks."""

import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).parent),
                str(pathlib.Path(__file__).parents[1] / "system")]
