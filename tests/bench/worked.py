"""A few stays of each workload with what they come to, worked out by hand."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from tests.bench import provisions as p
from tests.bench.workloads import Work

# A hospital of grade 三级甲等 (deductible 1,500, ratio 60%), in yuan:
# 1. 201,500.00 - 1,500 = 200,000.00 x 60% = 120,000.00, all under the limit of 150,000
# 2. 101,500.01 - 1,500 = 100,000.01 x 60% =  60,000.006 -> 60,000.01; 30,000 are left: 30,000.00
# 3. the next year:  1,501.01 - 1,500 = 1.01 x 60% = 0.606 -> 0.61
# 4. another person, in 成都 without a filing: refused
# 5. the same, in 安次, from December into January: refused
_LANGFANG = Work(
    "langfang",
    {
        "person": np.array((1, 1, 1, 2, 2)),
        "begin": np.array((19_724, 19_800, 20_100, 19_724, 20_080), np.int32),
        "end": np.array((19_730, 19_810, 20_110, 19_730, 20_095), np.int32),
        "kind": np.zeros(5, np.int16),
        "grade": np.full(5, p.GRADES.index("02"), np.int16),
        "area": np.array((0, 0, 0, p.LANGFANG_PLACES.index("510104"), 0), np.int32),
        "total": np.array((30_000_000, 11_000_000, 200_000, 100_000, 100_000)),
        "own": np.array((9_850_000, 849_999, 49_899, 0, 0)),
        "over": np.zeros(5, np.int64),
        "first": np.zeros(5, np.int64),
        "eligible": np.array((20_150_000, 10_150_001, 150_101, 100_000, 100_000)),
    },
    {},
    np.zeros(0, np.int64),
)

# In 分. A person in work, 43 years old, twice in a hospital of grade 三级甲等 here:
# 1. class A 25,000,000; class C 100,000; medicine of class B 10,005 - 10% (1,000.5 -> 1,001);
#    a service of class B 90,000 - 20% (its price is above 300 yuan): eligible 25,081,004
#    - 100,000 = 24,981,004 x 80% = 19,984,803.2; the person's burden is 5,096,201, of which the
#    large-cost fund bears 3,000,000 x 70% + 96,201 x 80% = 2,176,960.8
# 2. 40,000,000 - 95,000 = 39,905,000 x 80% = 31,924,000, of which 28,015,197 are left of the
#    limit; burden 11,984,803 on 5,096,201: 4,903,799 x 80% + 7,081,004 x 90% = 10,295,942.8
# A retired person of 83, twice in a primary hospital elsewhere: 70% + 5 + 5
# 3. deductible 40,000 - 20,000; 1,000,000 - 20,000 = 980,000 x 80% = 784,000
# 4. no second deductible in the year: 100,000 x 80% = 80,000
# 5. 三级特等 has no deductible in the table: refused
_ZIYANG = Work(
    "ziyang",
    {
        "person": np.array((1, 1, 2, 2, 3)),
        "begin": np.array((19_724, 19_800, 19_724, 19_800, 19_724), np.int32),
        "end": np.array((19_730, 19_810, 19_730, 19_810, 19_730), np.int32),
        "kind": np.zeros(5, np.int16),
        "born": np.array((3_666, 3_666, -10_897, -10_897, 3_666), np.int32),
        "retired": np.array((0, 0, 1, 1, 0), np.int16),
        "grade": np.array(
            [p.GRADES.index(code) for code in ("02", "02", "08", "08", "01")], np.int16
        ),
        "area": np.array((0, 0, 3, 3, 0), np.int32),
    },
    {
        "amount": np.array(
            (25_000_000, 100_000, 10_005, 90_000, 40_000_000, 1_000_000, 100_000, 1)
        ),
        "price": np.array((25_000_000, 100_000, 10_005, 30_001, 40_000_000, 1_000_000, 100_000, 1)),
        "class": np.array((0, 2, 1, 1, 0, 0, 0, 0), np.int16),
        "catalogue": np.array((0, 0, 0, 1, 0, 0, 0, 0), np.int16),
    },
    np.array((0, 4, 5, 6, 7, 8)),
)

WORKED: Mapping[str, tuple[Work, Mapping[str, list[int]]]] = {
    "langfang": (
        _LANGFANG,
        {
            "reject": [0, 0, 0, 1, 1],
            "year": [2024, 2024, 2025, 0, 0],
            "crt_dedc": [150_000, 150_000, 150_000, 0, 0],
            "hifp_pay": [12_000_000, 3_000_000, 61, 0, 0],
            "psn_part_amt": [18_000_000, 8_000_000, 199_939, 0, 0],
        },
    ),
    "ziyang": (
        _ZIYANG,
        {
            "reject": [0, 0, 0, 0, 1],
            "year": [2024, 2024, 2024, 2024, 0],
            "inscp_scp_amt": [25_081_004, 40_000_000, 1_000_000, 100_000, 0],
            "crt_dedc": [100_000, 95_000, 20_000, 0, 0],
            "hifp_pay": [19_984_803, 28_015_197, 784_000, 80_000, 0],
            "hifob_pay": [2_176_961, 10_295_943, 0, 0, 0],
            "psn_part_amt": [3_038_241, 1_688_860, 216_000, 20_000, 0],
        },
    ),
}
"""By workload: the stays, and the answers to them."""
