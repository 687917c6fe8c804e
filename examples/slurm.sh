#!/bin/bash
#SBATCH --job-name=pictures --array=1-64 --cpus-per-task=2 --requeue --open-mode=append
# Describes and fetches the pictures of a list, each task of the array its share:
#
#     sbatch --array=1-64 examples/slurm.sh /shared/images.jsonl /shared/town
#
# PACER, where it is set, is the address of 'mly pace --listen 0.0.0.0:8090' on some node, so that all tasks keep one pace.
# The array counts from 1. A task that is requeued goes on where it was.
set -eu
list=$1 into=$2 task=$SLURM_ARRAY_TASK_ID of=$SLURM_ARRAY_TASK_COUNT
flags=(--task "$task" --ok-failed -f jsonl --log-format json ${PACER:+--pace "$PACER"})
mkdir -p "$into/meta" "$into/rows"
get-meta "$list" --shard "$task/$of" "${flags[@]}" -o "$into/meta/{task}.jsonl"
download "$into/meta/$task.jsonl" "${flags[@]}" --into "$into/pictures/$task" -o "$into/rows/{task}.jsonl"
