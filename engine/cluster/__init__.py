"""The same kernel on Apache Spark: claims parted by person, each worker settling whole people.

The driver binds columns and makes the kernel as a batch here does, and sends both once; workers
cut Spark's Arrow batches where people change and settle them by the code that settles a chunk of
a file. So a cluster's rows are those of one machine, whatever it lost on the way. Needs the
extras ``batch`` and ``spark`` and a Java of at least version 17.
"""
