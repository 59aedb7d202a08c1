// 廊坊 stays by hand: what the regulation says of the columns there are, and nothing else.
// Grade and place look up deductible, ratio and scope; a stay elsewhere, or one inside the area
// that lasts over New Year, is refused; a person's year has a limit.
#include "days.h"

enum { ELSEWHERE = 0, INSIDE = 2, BLOCK = 2048 };
static const int64_t CAP = 15000000;

// Row by row, as one writes it first.
void plain(int64_t from, int64_t to, const int64_t *restrict person,
           const int32_t *restrict begin, const int32_t *restrict end,
           const int16_t *restrict grade, const int32_t *restrict area,
           const int64_t *restrict total, const int64_t *restrict eligible,
           const int32_t *restrict deductibles, const int32_t *restrict ratios,
           const int32_t *restrict scopes, int32_t *restrict reject, int64_t *restrict years,
           int64_t *restrict deductible_out, int64_t *restrict paid_out,
           int64_t *restrict own_out) {
    int64_t who = -1, so_far = 0;
    int32_t year_now = 0;
    for (int64_t i = from; i < to; i++) {
        int32_t year = year_of(end[i]), scope = scopes[area[i]];
        if (scope == ELSEWHERE || (scope == INSIDE && year_of(begin[i]) < year)) {
            reject[i] = 1;
            years[i] = deductible_out[i] = paid_out[i] = own_out[i] = 0;
            continue;
        }
        if (person[i] != who || year != year_now) {
            who = person[i];
            year_now = year;
            so_far = 0;
        }
        int64_t deductible = deductibles[grade[i]];
        int64_t pooled = eligible[i] > deductible ? eligible[i] - deductible : 0;
        int64_t due = (pooled * ratios[grade[i]] + 50) / 100;
        int64_t left = CAP - so_far;
        int64_t paid = due < left ? due : left;
        so_far += paid;
        reject[i] = 0;
        years[i] = year;
        deductible_out[i] = deductible;
        paid_out[i] = paid;
        own_out[i] = total[i] - paid;
    }
}

// Every cell read and written once, and nothing worked out: what the memory alone costs.
void touch(int64_t from, int64_t to, const int64_t *restrict person,
           const int32_t *restrict begin, const int32_t *restrict end,
           const int16_t *restrict grade, const int32_t *restrict area,
           const int64_t *restrict total, const int64_t *restrict eligible,
           const int32_t *restrict deductibles, const int32_t *restrict ratios,
           const int32_t *restrict scopes, int32_t *restrict reject, int64_t *restrict years,
           int64_t *restrict deductible_out, int64_t *restrict paid_out,
           int64_t *restrict own_out) {
    (void)deductibles, (void)ratios, (void)scopes;
    for (int64_t i = from; i < to; i++) {
        reject[i] = begin[i] ^ end[i] ^ grade[i] ^ area[i];
        years[i] = person[i];
        deductible_out[i] = eligible[i];
        paid_out[i] = total[i];
        own_out[i] = eligible[i] ^ total[i];
    }
}

// What needs no history for a block at a time, without a branch, eight rows to a vector; then what
// is left of the limit, row by row. Amounts of a block that all fit take 32 bits. Years of a person
// never fall, so the limit begins anew where the row before is of another year or person.
void blocks(int64_t from, int64_t to, const int64_t *restrict person,
            const int32_t *restrict begin, const int32_t *restrict end,
            const int16_t *restrict grade, const int32_t *restrict area,
            const int64_t *restrict total, const int64_t *restrict eligible,
            const int32_t *restrict deductibles, const int32_t *restrict ratios,
            const int32_t *restrict scopes, int32_t *restrict reject, int64_t *restrict years,
            int64_t *restrict deductible_out, int64_t *restrict paid_out,
            int64_t *restrict own_out) {
    int32_t year[BLOCK + 1], deductible[BLOCK], ratio[BLOCK], refused[BLOCK], anew[BLOCK];
    int64_t due[BLOCK], paid[BLOCK], left = CAP, last = -1;
    year[0] = 0;
    for (int64_t at = from; at < to; at += BLOCK) {
        int32_t rows = (int32_t)(to - at < BLOCK ? to - at : BLOCK);
        const int64_t *amount = eligible + at, *who = person + at, *cost = total + at;
        int64_t most = 0;
        for (int32_t i = 0; i < rows; i++) {
            int32_t scope = scopes[area[at + i]], now = year_of(end[at + i]);
            int32_t kept = (scope != ELSEWHERE) & ((scope != INSIDE) | (year_of(begin[at + i]) >= now));
            year[i + 1] = now;
            refused[i] = !kept;
            deductible[i] = deductibles[grade[at + i]] & -kept;
            ratio[i] = ratios[grade[at + i]] & -kept;
        }
        for (int32_t i = 0; i < rows; i++) most = amount[i] > most ? amount[i] : most;
        if (most < INT32_MAX) {
            for (int32_t i = 0; i < rows; i++) {
                int32_t over = (int32_t)amount[i] - deductible[i];
                uint32_t pooled = (uint32_t)(over > 0 ? over : 0), hundreds = pooled / 100;
                uint32_t rest = pooled - 100 * hundreds, part = (uint32_t)ratio[i];
                due[i] = hundreds * part + (rest * part + 50) / 100;
            }
        } else {
            for (int32_t i = 0; i < rows; i++) {
                int64_t over = amount[i] - deductible[i];
                due[i] = ((over > 0 ? over : 0) * ratio[i] + 50) / 100;
            }
        }
        anew[0] = (who[0] != last) | (year[1] != year[0]);
        for (int32_t i = 1; i < rows; i++) anew[i] = (who[i] != who[i - 1]) | (year[i + 1] != year[i]);
        for (int32_t i = 0; i < rows; i++) {
            left = anew[i] ? CAP : left;
            int64_t rest = left > due[i] ? left - due[i] : 0;
            paid[i] = left - rest;
            left = rest;
        }
        last = who[rows - 1];
        for (int32_t i = 0; i < rows; i++) {
            int64_t kept = (int64_t)refused[i] - 1;
            reject[at + i] = refused[i];
            years[at + i] = year[i + 1] & kept;
            deductible_out[at + i] = deductible[i];
            paid_out[at + i] = paid[i];
            own_out[at + i] = (cost[i] - paid[i]) & kept;
        }
        year[0] = year[rows];
    }
}
