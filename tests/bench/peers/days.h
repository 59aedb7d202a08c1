// Years and days of the Gregorian calendar by whole numbers, without a branch.
// Good for 1900 to 2999: the numbers stay within 32 bits, eight of them to a vector.
#include <stdint.h>

typedef struct { int32_t year, month, day; } date;

// The year of a day counted from 1970-01-01. A year here begins on 1 March; 306 days on is 1 January.
static inline int32_t year_of(int32_t days) {
    uint32_t z = (uint32_t)(days + 719468);
    uint32_t century = (4 * z + 3) / 146097;
    uint32_t day = z - 146097 * century / 4;
    uint32_t year = (4 * day + 3) / 1461;
    return (int32_t)(100 * century + year + (day - 1461 * year / 4 >= 306));
}

static inline date date_of(int32_t days) {
    uint32_t z = (uint32_t)(days + 719468);
    uint32_t century = (4 * z + 3) / 146097;
    uint32_t day = z - 146097 * century / 4;
    uint32_t year = (4 * day + 3) / 1461;
    day -= 1461 * year / 4;
    uint32_t month = (5 * day + 2) / 153;
    date found = {(int32_t)(100 * century + year + (month >= 10)),
                  (int32_t)(month < 10 ? month + 3 : month - 9),
                  (int32_t)(day - (153 * month + 2) / 5 + 1)};
    return found;
}
