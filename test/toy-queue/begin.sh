#!/bin/sh
# Starts job $JOB, for the first time or anew.
cd "$QUEUE/$JOB" || exit 1
rm -f pid ended
setsid sh -c '
  while [ -e ../hold ]; do sleep 0.05; done
  if [ -e cancelled ]; then exit; fi
  echo $$ >pid.new
  mv pid.new pid
  ./script
  echo $? >ended
' >/dev/null 2>&1 </dev/null &
