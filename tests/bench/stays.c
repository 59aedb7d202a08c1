// 廊坊 stays by hand: what the regulation says of the columns there are, and nothing else.
// Fee lines of class A (40) or excluded (42), three levels, the limit of a year over a person's
// stays; stays elsewhere or over the turn of the year are refused, as their facts are not there.
#include <stdint.h>

static int64_t year_of(int64_t days) {
    uint64_t z = (uint64_t)(days + 719468);
    uint64_t century = (4 * z + 3) / 146097;
    uint64_t day = z - 146097 * century / 4;
    uint64_t year = (4 * day + 3) / 1461;
    return (int64_t)(100 * century + year + (day - 1461 * year / 4 >= 306));
}

void settle(int64_t rows, const int64_t *restrict person, const int32_t *restrict begin,
            const int32_t *restrict end, const int16_t *restrict level,
            const int32_t *restrict area, const int32_t *restrict inside,
            const int32_t *restrict place, const int64_t *restrict offsets,
            const int64_t *restrict amount, const int16_t *restrict kind, int16_t class_a,
            int16_t excluded, int32_t *restrict reject, int64_t *restrict year_out,
            int64_t *restrict deductible_out, int64_t *restrict paid_out,
            int64_t *restrict own_out) {
    static const int64_t deductibles[3] = {20000, 50000, 150000};
    static const int64_t ratios[3] = {18, 15, 12};  // twentieths
    int64_t year_now = 0, paid_so_far = 0, who = -1;
    for (int64_t i = 0; i < rows; i++) {
        int64_t year = year_of(end[i]);
        if (person[i] != who || year != year_now) {
            who = person[i];
            year_now = year;
            paid_so_far = 0;
        }
        int64_t total = 0, eligible = 0, unknown = 0;
        for (int64_t j = offsets[i]; j < offsets[i + 1]; j++) {
            total += amount[j];
            eligible += kind[j] == excluded ? 0 : amount[j];
            unknown |= kind[j] != excluded && kind[j] != class_a;
        }
        int32_t at = place[level[i]];
        if (!inside[area[i]] || year_of(begin[i]) < year || at < 0 || unknown) {
            reject[i] = 1;
            continue;
        }
        int64_t deductible = deductibles[at];
        int64_t pooled = eligible > deductible ? eligible - deductible : 0;
        int64_t due = (2 * pooled * ratios[at] + 20) / 40;
        int64_t left = 15000000 - paid_so_far;
        int64_t paid = due < left ? due : left > 0 ? left : 0;
        paid_so_far += paid;
        reject[i] = 0;
        year_out[i] = year;
        deductible_out[i] = deductible;
        paid_out[i] = paid;
        own_out[i] = total - paid;
    }
}
