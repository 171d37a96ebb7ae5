-- Datasets of chats were found by the run's name; of a name that one run has they are that run's, whatever either is called from now on.
UPDATE queues SET run = (
  SELECT runs.id || CASE queues.mode WHEN 'single' THEN ' chat thumbs' ELSE ' chat pairs' END
  FROM runs
  WHERE queues.name = CASE queues.mode
    WHEN 'single' THEN substr('Chats with ' || runs.name, 1, 67) || ': good or bad'
    ELSE substr('Chats with ' || runs.name, 1, 80) END
  GROUP BY runs.name HAVING count(*) = 1
)
WHERE run IS NULL AND deleted_at IS NULL AND name LIKE 'Chats with %';
