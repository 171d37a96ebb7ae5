#!/bin/sh
# A queue in the folder $QUEUE: starts $SCRIPT in a process group of its own as soon as there is no file `hold`, and prints the job's id.
id=$(date +%s%N)
mkdir -p "$QUEUE/$id"
cp "$SCRIPT" "$QUEUE/$id/script"
JOB=$id sh "$(dirname "$0")/begin.sh"
echo "Submitted job $id"
