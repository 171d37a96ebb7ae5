#!/bin/sh
# Ends job $JOB, which may not have begun.
cd "$QUEUE/$JOB" || exit 1
touch cancelled
if [ -e pid ]; then kill -TERM "-$(cat pid)"; fi
