CREATE TABLE `summaries` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`size` integer NOT NULL,
	`part` integer NOT NULL,
	`latest` real NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `size`, `part`)
) STRICT;
