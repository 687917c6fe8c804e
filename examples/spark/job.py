"""Pictures of a list, by Spark: described, fetched, read, tagged, converted, and cut into sequences.

    spark-submit --py-files examples/spark/tools.py examples/spark/job.py images.jsonl /shared/town rows

The folder of the pictures has to be one for all executors (NFS, or a bucket by `rclone mount`). `rows` becomes a folder of
JSON lines. The endpoint, the token and the PATH of the tools are those of the driver.
"""

import sys

from pyspark.sql import SparkSession

from tools import by_key, pipe


# A row that fails is among the rows. A partition without rows gives none.
LINES = "--ok-failed -f jsonl"


def main(images, folder, rows, partitions=8):
    spark = SparkSession.builder.appName("pictures").getOrCreate()
    lines = spark.sparkContext.textFile(images, partitions)
    pictures = pipe(lines, " | ".join([
        f"get-meta {LINES}",
        f"download {LINES} --into '{folder}'",
        f"read-exif {LINES}",
        # Not in place: a copy of the task would read what the first one has written, and give other rows.
        f"tag-exif {LINES} --into '{folder}-tagged'",
        f"to-webp {LINES} --into '{folder}-webp' --method 0",
    ]))
    # One camera's photos together: each partition has all rows of its keys.
    rides = by_key(pictures, lambda row: (row.get("make"), row.get("model")), partitions)
    pipe(rides, f"time-split {LINES} --overwrite --gap 600").saveAsTextFile(rows)
    spark.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
