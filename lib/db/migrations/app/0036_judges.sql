CREATE TABLE `judge_votes` (
	`vote` integer PRIMARY KEY NOT NULL,
	`first_shown` text NOT NULL,
	`second_shown` text NOT NULL,
	`cost` real NOT NULL,
	FOREIGN KEY (`vote`) REFERENCES `judgements`(`seq`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `judges` (
	`annotator_id` integer PRIMARY KEY NOT NULL,
	`endpoint_id` integer NOT NULL,
	`model` text NOT NULL,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`endpoint_id`) REFERENCES `endpoints`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `judges_endpoint` ON `judges` (`endpoint_id`,`model`);--> statement-breakpoint
ALTER TABLE `queues` ADD `judges_count` integer DEFAULT false NOT NULL;