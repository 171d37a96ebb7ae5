-- By hand: 0004 was for a while another, so that what it made may be there or not; blocks are copied for their present columns.
DROP TABLE IF EXISTS `overviews`;--> statement-breakpoint
ALTER TABLE `blocks` RENAME TO `blocks_before`;--> statement-breakpoint
CREATE TABLE `blocks` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`chunk` integer NOT NULL,
	`points` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `chunk`)
) STRICT;
--> statement-breakpoint
INSERT INTO `blocks` SELECT `run_id`, `metric`, `chunk`, `points` FROM `blocks_before`;--> statement-breakpoint
DROP TABLE `blocks_before`;--> statement-breakpoint
CREATE INDEX `blocks_run` ON `blocks` (`run_id`,`chunk`);--> statement-breakpoint
CREATE TABLE IF NOT EXISTS `summaries` (
	`run_id` text NOT NULL,
	`metric` text NOT NULL,
	`size` integer NOT NULL,
	`part` integer NOT NULL,
	`latest` real NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`run_id`, `metric`, `size`, `part`)
) STRICT;
