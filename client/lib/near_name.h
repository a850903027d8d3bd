// How alike two names are, to find the one that was meant when another was typed.
#pragma once

// In thousandths, by Dice's coefficient over the pairs of neighbouring letters: twice the pairs
// that both have, by all that they have. Blanks and the case of Latin letters make no difference;
// letters behind the 64th do not count. 0 for a name of fewer than two letters.
int name_likeness_milli(const char *one, const char *other);
