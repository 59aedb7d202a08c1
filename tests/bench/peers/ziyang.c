// 资阳 stays by hand: fee lines by class and price, the deductible that falls with every stay of a
// year, the ratio by grade, place and age, the limit of the year, and what the large-cost fund pays
// of the year's running burden. A grade that the table does not have is refused.
#include "days.h"

enum { EXCLUDED = 2, PARTLY = 1, SERVICE = 1, GRADES = 11, LINES = 4096 };
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

typedef struct {
    const int64_t *person;
    const int32_t *begin, *end, *born;
    const int16_t *retired, *grade;
    const int32_t *area, *locals;
    const int64_t *deductibles, *ratios;
    int32_t *reject;
    int64_t *years, *eligible, *deductible, *paid, *large, *own;
} claims;

typedef struct {
    int64_t who, paid, burden, stays;
    int32_t year;
} past;

// A claim, whose lines came to these sums, after its person's past.
static inline void settle(const claims *c, past *was, int64_t i, int64_t total, int64_t eligible) {
    int32_t local = c->locals[c->area[i]], year = year_of(c->end[i]);
    int64_t standard = c->deductibles[local * GRADES + c->grade[i]];
    if (standard < 0) {
        c->reject[i] = 1;
        c->years[i] = c->eligible[i] = c->deductible[i] = 0;
        c->paid[i] = c->large[i] = c->own[i] = 0;
        return;
    }
    if (c->person[i] != was->who || year != was->year) {
        past anew = {c->person[i], 0, 0, 0, year};
        *was = anew;
    }
    int32_t years_old = age(c->born[i], c->begin[i]);
    int64_t deductible = most(10000, standard - 20000 * c->retired[i] - 5000 * was->stays);
    if (years_old >= 80 && was->stays > 0) deductible = 0;
    int64_t points = c->retired[i] ? (years_old >= 70 ? 10 : 5) : 0;
    int64_t ratio = least(100, c->ratios[local * GRADES + c->grade[i]] + points);
    int64_t pooled = eligible - least(deductible, eligible);
    int64_t paid = least((pooled * ratio + 50) / 100, CAP - was->paid);
    int64_t after = was->burden + eligible - paid;
    const int64_t *shares = SHARES[local];
    int64_t more = (large(after, shares) - large(was->burden, shares) + 50) / 100;
    was->paid += paid;
    was->burden = after;
    was->stays++;
    c->reject[i] = 0;
    c->years[i] = year;
    c->eligible[i] = eligible;
    c->deductible[i] = deductible;
    c->paid[i] = paid;
    c->large[i] = more;
    c->own[i] = total - paid - more;
}

// What is eligible of a line.
static inline int64_t eligible_of(int64_t amount, int64_t p, int16_t class, int16_t catalogue) {
    int64_t service = 10 + 10 * (p > 30000) + 10 * (p > 100000) + 10 * (p > 300000);
    int64_t share = class == PARTLY ? (catalogue == SERVICE ? service : 10) : 0;
    return class == EXCLUDED ? 0 : amount - (amount * share + 50) / 100;
}

// Line by line and claim by claim, as one writes it first.
void plain(int64_t from, int64_t to, const int64_t *person, const int32_t *begin,
           const int32_t *end, const int32_t *born, const int16_t *retired, const int16_t *grade,
           const int32_t *area, const int32_t *locals, const int64_t *deductibles,
           const int64_t *ratios, const int64_t *restrict offsets, const int64_t *restrict amount,
           const int64_t *restrict price, const int16_t *restrict class,
           const int16_t *restrict catalogue, int32_t *reject, int64_t *years, int64_t *eligible_out,
           int64_t *deductible, int64_t *paid, int64_t *large_out, int64_t *own) {
    claims c = {person, begin, end, born, retired, grade, area, locals, deductibles, ratios,
                reject, years, eligible_out, deductible, paid, large_out, own};
    past was = {-1, 0, 0, 0, 0};
    for (int64_t i = from; i < to; i++) {
        int64_t total = 0, eligible = 0;
        for (int64_t j = offsets[i]; j < offsets[i + 1]; j++) {
            total += amount[j];
            eligible += eligible_of(amount[j], price[j], class[j], catalogue[j]);
        }
        settle(&c, &was, i, total, eligible);
    }
}

// What is eligible of the lines of a block, without a branch, eight to a vector; amounts and
// prices within 32 bits.
static void lines_of(int64_t rows, const int64_t *restrict amount, const int64_t *restrict price,
                     const int16_t *restrict class, const int16_t *restrict catalogue,
                     int32_t *restrict kept) {
    for (int64_t j = 0; j < rows; j++) {
        int32_t p = (int32_t)price[j], a = (int32_t)amount[j], of = class[j];
        int32_t service = 10 + 10 * (p > 30000) + 10 * (p > 100000) + 10 * (p > 300000);
        int32_t share = (catalogue[j] == SERVICE ? service : 10) & -(of == PARTLY);
        uint32_t hundreds = (uint32_t)a / 100, rest = (uint32_t)a - 100 * hundreds;
        uint32_t first = hundreds * (uint32_t)share + (rest * (uint32_t)share + 50) / 100;
        kept[j] = (a - (int32_t)first) & -(of != EXCLUDED);
    }
}

static int64_t largest(int64_t rows, const int64_t *restrict cells) {
    int64_t found = 0;
    for (int64_t j = 0; j < rows; j++) found = cells[j] > found ? cells[j] : found;
    return found;
}

// The lines of as many claims as a block has room for at once; then claim by claim.
void blocks(int64_t from, int64_t to, const int64_t *person, const int32_t *begin,
            const int32_t *end, const int32_t *born, const int16_t *retired, const int16_t *grade,
            const int32_t *area, const int32_t *locals, const int64_t *deductibles,
            const int64_t *ratios, const int64_t *restrict offsets, const int64_t *restrict amount,
            const int64_t *restrict price, const int16_t *restrict class,
            const int16_t *restrict catalogue, int32_t *reject, int64_t *years,
            int64_t *eligible_out, int64_t *deductible, int64_t *paid, int64_t *large_out,
            int64_t *own) {
    claims c = {person, begin, end, born, retired, grade, area, locals, deductibles, ratios,
                reject, years, eligible_out, deductible, paid, large_out, own};
    past was = {-1, 0, 0, 0, 0};
    int32_t kept[LINES];
    for (int64_t at = from, next; at < to; at = next) {
        int64_t first = offsets[at];
        next = at + 1;
        while (next < to && offsets[next + 1] - first <= LINES) next++;
        int64_t rows = offsets[next] - first;
        if (rows > LINES || largest(rows, amount + first) > INT32_MAX
                         || largest(rows, price + first) > INT32_MAX) {
            for (int64_t i = at; i < next; i++) {
                int64_t total = 0, eligible = 0;
                for (int64_t j = offsets[i]; j < offsets[i + 1]; j++) {
                    total += amount[j];
                    eligible += eligible_of(amount[j], price[j], class[j], catalogue[j]);
                }
                settle(&c, &was, i, total, eligible);
            }
            continue;
        }
        lines_of(rows, amount + first, price + first, class + first, catalogue + first, kept);
        for (int64_t i = at; i < next; i++) {
            int64_t total = 0, eligible = 0;
            for (int64_t j = offsets[i]; j < offsets[i + 1]; j++) {
                total += amount[j];
                eligible += kept[j - first];
            }
            settle(&c, &was, i, total, eligible);
        }
    }
}
