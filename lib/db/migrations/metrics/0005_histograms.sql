CREATE TABLE `histograms` (
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`name` text NOT NULL,
	`attempt` integer NOT NULL,
	`low` real NOT NULL,
	`high` real NOT NULL,
	`counts` text NOT NULL,
	PRIMARY KEY(`run_id`, `name`, `step`)
) STRICT;
