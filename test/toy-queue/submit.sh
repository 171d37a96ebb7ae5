#!/bin/sh
# A queue in the folder $QUEUE: starts $SCRIPT in a process group of its own as soon as there is no file `hold`, and prints the job's id.
# With a file `mute` its answer gets lost.
id=$(date +%s%N)
mkdir -p "$QUEUE/$id"
cp "$SCRIPT" "$QUEUE/$id/script"
JOB=$id sh "$(dirname "$0")/begin.sh"
if [ -e "$QUEUE/mute" ]; then echo "Connection timed out" >&2; exit 1; fi
echo "Submitted job $id"
