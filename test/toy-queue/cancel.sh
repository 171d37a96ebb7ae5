#!/bin/sh
# Ends job $JOB, which may not have begun.
if [ -e "$QUEUE/down" ]; then echo "connect to queue: Connection refused" >&2; exit 1; fi
cd "$QUEUE/$JOB" || exit 1
touch cancelled
if [ -e pid ]; then kill -TERM "-$(cat pid)"; fi
