#!/bin/sh
# The state of job $JOB.
if [ -e "$QUEUE/down" ]; then echo "connect to queue: Connection refused" >&2; exit 1; fi
cd "$QUEUE/$JOB" || exit 1
if [ -e ended ]; then
  echo "ended with status $(cat ended)"
elif [ -e cancelled ]; then
  echo "ended, cancelled"
elif [ ! -e pid ]; then
  echo "waiting for the hold to be lifted"
elif kill -0 "-$(cat pid)" 2>/dev/null; then
  echo "running as process $(cat pid)"
else
  echo "ended: NODE_FAIL"
fi
