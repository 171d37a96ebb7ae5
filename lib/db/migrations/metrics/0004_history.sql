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
CREATE TABLE `block_data` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`chunk` integer NOT NULL,
	`buckets` blob NOT NULL,
	`points` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `chunk`)
) STRICT;
--> statement-breakpoint
CREATE TABLE `blocks` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`chunk` integer NOT NULL,
	`first` integer NOT NULL,
	`last` integer NOT NULL,
	`least_step` integer NOT NULL,
	`least` real NOT NULL,
	`most_step` integer NOT NULL,
	`most` real NOT NULL,
	`sum` real NOT NULL,
	`count` integer NOT NULL,
	`before` integer NOT NULL,
	`latest` real NOT NULL,
	`smooth` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `chunk`)
) STRICT, WITHOUT ROWID;
--> statement-breakpoint
CREATE INDEX `blocks_run` ON `blocks` (`run_id`,`chunk`);