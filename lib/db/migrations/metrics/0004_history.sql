CREATE TABLE `alerts` (
	`run_id` text NOT NULL,
	`rule` text NOT NULL,
	`attempt` integer NOT NULL,
	`step` integer NOT NULL,
	`measured` text NOT NULL,
	`at` integer NOT NULL,
	PRIMARY KEY(`run_id`, `rule`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `blocks` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`chunk` integer NOT NULL,
	`buckets` blob NOT NULL,
	`points` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `chunk`)
) STRICT;
--> statement-breakpoint
CREATE INDEX `blocks_run` ON `blocks` (`run_id`,`chunk`);--> statement-breakpoint
CREATE TABLE `overviews` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`part` integer NOT NULL,
	`entries` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `part`)
) STRICT;
