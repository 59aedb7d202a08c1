"""Run a command and print what it took, as one line of JSON after its own output.

A process begins with the peak of memory of the one it was forked from. This one is small, so that
the figure is the command's own; it imports nothing that is not Python's.
"""

import json
import os
import sys
import time

begin = time.perf_counter()
process = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ)
_, status, used = os.wait4(process, 0)
took = {
    "wall": time.perf_counter() - begin, "cpu": used.ru_utime + used.ru_stime,
    "peak": used.ru_maxrss * 1024, "status": os.waitstatus_to_exitcode(status),
}  # fmt: skip
print("\n" + json.dumps(took), flush=True)
