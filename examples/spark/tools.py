"""The tools inside Apache Spark: two thin helpers, over lines of JSON and over Arrow.

    pipe(rdd, "get-meta | download --into /shared/town")     an RDD of JSON lines in, one out
    map_in_arrow(df, "get-meta", "img_id string, lon double")  a DataFrame in, one out (needs pyarrow and pandas)

A command is a line of bash: several tools may be joined. Give each of them `--ok-failed`, so that a row that fails comes out
with its `error` and does not make Spark run the whole task once more; a fault, such as a refused token, still fails the task.
Tools that need all rows of a key (`TOOL --help` says which) want partitions of whole keys: `by_key`.

What the tools do is safe for tasks that run twice: a picture is written once, under a lock, and both tasks report it.
"""

import datetime
import json
import os
import subprocess
import threading

# What the executors do not have by themselves: Spark gives a piped program no environment but this.
PASSED_ON = ("PATH", "HOME", "MAPILLARY_TOKEN", "MAPILLARY_GRAPH_API_ENDPOINT", "MAPILLARY_TILES_ENDPOINT")
SEPARATORS = (",", ":")


def environment():
    return {name: os.environ[name] for name in PASSED_ON if name in os.environ}


def bash(command):
    """A pipe fails where any of its tools does."""
    return ["bash", "-c", f"set -o pipefail; {command}"]


def pipe(rdd, command):
    """JSON lines through tools, by the pipe of Spark. A task whose tools end with another status than 0 fails."""
    quoted = " ".join("'" + word.replace("'", "'\"'\"'") + "'" for word in bash(command))
    return rdd.pipe(quoted, environment(), checkCode=True)


def by_key(rdd, key, partitions):
    """JSON lines in partitions that have all rows of a key: `key` makes it of a row."""
    return rdd.keyBy(lambda line: str(key(json.loads(line)))).partitionBy(partitions).values()


def map_in_arrow(frame, command, schema):
    """Rows of a DataFrame through tools. The columns have the names of the table of names (img_id, captured_at, ...); of
    what comes out, `schema` names the columns that are kept."""
    passed_on = environment()

    def work(batches):
        import pyarrow as pa
        import pyarrow.csv

        names = pa_schema(schema)
        tools = subprocess.Popen(bash(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=passed_on)
        feeder = threading.Thread(target=feed, args=(batches, tools.stdin))
        feeder.start()
        options = pyarrow.csv.ConvertOptions(
            column_types=dict(zip(names.names, names.types)), include_columns=names.names,
            include_missing_columns=True, strings_can_be_null=True,
        )
        try:
            yield from pyarrow.csv.open_csv(tools.stdout, convert_options=options)
        except pa.ArrowInvalid as error:
            # A partition without rows.
            if "Empty CSV file" not in str(error):
                raise
        feeder.join()
        if tools.wait() != 0:
            raise RuntimeError(f"{command}: status {tools.returncode}")

    return frame.mapInArrow(work, schema)


def feed(batches, stdin):
    with stdin:
        for batch in batches:
            for row in batch.to_pylist():
                line = json.dumps(row, separators=SEPARATORS, default=of_time) + "\n"
                try:
                    stdin.write(line.encode())
                except BrokenPipeError:
                    # The tools have ended, and their status says why.
                    return


def of_time(value):
    """Instants are milliseconds, as in all rows."""
    if isinstance(value, datetime.datetime):
        return round(value.timestamp() * 1000)
    raise TypeError(f"{value!r} has no form in JSON")


def pa_schema(text):
    """`img_id string, captured_at bigint, lon double` as a schema of Arrow."""
    import pyarrow as pa

    kinds = {"string": pa.string(), "bigint": pa.int64(), "double": pa.float64(), "boolean": pa.bool_()}
    fields = (field.split() for field in text.split(","))
    return pa.schema([(name, kinds[kind]) for name, kind in fields])
