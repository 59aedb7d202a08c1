// 资阳 stays by hand: fee lines by class and price, the deductible that falls with every stay of a
// year, the ratio by grade, place and age, the limit of the year, and what the large-cost fund pays
// of the year's running burden. A grade that the table does not have is refused.
#include "days.h"

enum { EXCLUDED = 2, PARTLY = 1, SERVICE = 1, GRADES = 11 };
static const int64_t CAP = 48000000;
static const int64_t BOUNDS[3] = {2000000, 5000000, 10000000};
static const int64_t SHARES[2][3] = {{50, 60, 70}, {70, 80, 90}};

static inline int64_t least(int64_t a, int64_t b) { return a < b ? a : b; }
static inline int64_t most(int64_t a, int64_t b) { return a > b ? a : b; }

// What the large-cost fund pays of a running burden, in hundredths of a 分.
static inline int64_t large(int64_t burden, const int64_t *shares) {
    return most(0, least(burden, BOUNDS[1]) - BOUNDS[0]) * shares[0]
         + most(0, least(burden, BOUNDS[2]) - BOUNDS[1]) * shares[1]
         + most(0, burden - BOUNDS[2]) * shares[2];
}

// Whole years from one day to another, by the corresponding day.
static inline int32_t age(int32_t born, int32_t day) {
    date a = date_of(born), b = date_of(day);
    return b.year - a.year - (100 * b.month + b.day < 100 * a.month + a.day);
}

void plain(int64_t from, int64_t to, const int64_t *restrict person,
           const int32_t *restrict begin, const int32_t *restrict end,
           const int32_t *restrict born, const int16_t *restrict retired,
           const int16_t *restrict grade, const int32_t *restrict area,
           const int32_t *restrict locals, const int64_t *restrict deductibles,
           const int64_t *restrict ratios, const int64_t *restrict offsets,
           const int64_t *restrict amount, const int64_t *restrict price,
           const int16_t *restrict class, const int16_t *restrict catalogue,
           int32_t *restrict reject, int64_t *restrict years, int64_t *restrict eligible_out,
           int64_t *restrict deductible_out, int64_t *restrict paid_out,
           int64_t *restrict large_out, int64_t *restrict own_out) {
    int64_t who = -1, paid_so_far = 0, burden_so_far = 0, stays = 0;
    int32_t year_now = 0;
    for (int64_t i = from; i < to; i++) {
        int32_t local = locals[area[i]], year = year_of(end[i]);
        int64_t standard = deductibles[local * GRADES + grade[i]];
        if (standard < 0) {
            reject[i] = 1;
            years[i] = eligible_out[i] = deductible_out[i] = 0;
            paid_out[i] = large_out[i] = own_out[i] = 0;
            continue;
        }
        if (person[i] != who || year != year_now) {
            who = person[i];
            year_now = year;
            paid_so_far = burden_so_far = stays = 0;
        }
        int64_t total = 0, eligible = 0;
        for (int64_t j = offsets[i]; j < offsets[i + 1]; j++) {
            int64_t p = price[j];
            int64_t service = 10 + 10 * (p > 30000) + 10 * (p > 100000) + 10 * (p > 300000);
            int64_t share = class[j] == PARTLY ? (catalogue[j] == SERVICE ? service : 10) : 0;
            total += amount[j];
            eligible += class[j] == EXCLUDED ? 0 : amount[j] - (amount[j] * share + 50) / 100;
        }
        int32_t years_old = age(born[i], begin[i]);
        int64_t deductible = most(10000, standard - 20000 * retired[i] - 5000 * stays);
        if (years_old >= 80 && stays > 0) deductible = 0;
        int64_t points = retired[i] ? (years_old >= 70 ? 10 : 5) : 0;
        int64_t ratio = least(100, ratios[local * GRADES + grade[i]] + points);
        int64_t pooled = eligible - least(deductible, eligible);
        int64_t paid = least((pooled * ratio + 50) / 100, CAP - paid_so_far);
        int64_t burden = eligible - paid, after = burden_so_far + burden;
        const int64_t *shares = SHARES[local];
        int64_t more = (large(after, shares) - large(burden_so_far, shares) + 50) / 100;
        paid_so_far += paid;
        burden_so_far = after;
        stays++;
        reject[i] = 0;
        years[i] = year;
        eligible_out[i] = eligible;
        deductible_out[i] = deductible;
        paid_out[i] = paid;
        large_out[i] = more;
        own_out[i] = total - paid - more;
    }
}
