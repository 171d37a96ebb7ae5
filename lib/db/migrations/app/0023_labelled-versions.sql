CREATE TABLE `labelled_changes` (
	`set_id` integer NOT NULL,
	`row` integer NOT NULL,
	`number` integer NOT NULL,
	`excluded` integer NOT NULL,
	`record` text,
	PRIMARY KEY(`set_id`, `row`, `number`),
	FOREIGN KEY (`set_id`) REFERENCES `labelled_sets`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `labelled_changes_version` ON `labelled_changes` (`set_id`,`number`);--> statement-breakpoint
CREATE TABLE `labelled_versions` (
	`set_id` integer NOT NULL,
	`number` integer NOT NULL,
	`action` text NOT NULL,
	`undoes` integer,
	`reason` text NOT NULL,
	`annotator_id` integer NOT NULL,
	`changed` integer NOT NULL,
	`rows` integer NOT NULL,
	`pairs` integer NOT NULL,
	`imitated` integer NOT NULL,
	`sha256` text,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`set_id`, `number`),
	FOREIGN KEY (`set_id`) REFERENCES `labelled_sets`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `queues` ADD `rewrite_pairs` integer DEFAULT false NOT NULL;