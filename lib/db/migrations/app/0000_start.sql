CREATE TABLE `annotators` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `annotators_name` ON `annotators` (lower("name"));--> statement-breakpoint
CREATE TABLE `checkpoints` (
	`run_id` text NOT NULL,
	`step` integer NOT NULL,
	`attempt` integer NOT NULL,
	`folder` text NOT NULL,
	`manifest_hash` text NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`run_id`, `step`, `attempt`),
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `items` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`queue_id` integer NOT NULL,
	`position` integer NOT NULL,
	`prompt` text NOT NULL,
	`first` text NOT NULL,
	`second` text NOT NULL,
	`source` text NOT NULL,
	`hash` text NOT NULL,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `items_hash` ON `items` (`queue_id`,`hash`);--> statement-breakpoint
CREATE INDEX `items_position` ON `items` (`queue_id`,`position`);--> statement-breakpoint
CREATE TABLE `judgements` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL,
	`annotator_id` integer NOT NULL,
	`item_id` integer NOT NULL,
	`kind` text NOT NULL,
	`verdict` text,
	`strength` integer,
	`shown_left` text NOT NULL,
	`active_ms` integer NOT NULL,
	`undoes` integer,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action,
	CONSTRAINT "judgement_shape" CHECK(("judgements"."kind" = 'vote' AND "judgements"."verdict" IS NOT NULL AND "judgements"."undoes" IS NULL) OR ("judgements"."kind" = 'undo' AND "judgements"."undoes" IS NOT NULL)),
	CONSTRAINT "judgement_strength" CHECK("judgements"."kind" = 'undo' OR (("judgements"."strength" IS NOT NULL) = ("judgements"."verdict" IN ('first', 'second')) AND coalesce("judgements"."strength", 1) BETWEEN 1 AND 4))
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `judgements_key_unique` ON `judgements` (`key`);--> statement-breakpoint
CREATE UNIQUE INDEX `judgements_undoes_unique` ON `judgements` (`undoes`);--> statement-breakpoint
CREATE INDEX `judgements_annotator` ON `judgements` (`annotator_id`,`seq`);--> statement-breakpoint
CREATE INDEX `judgements_item` ON `judgements` (`item_id`);--> statement-breakpoint
CREATE TABLE `leases` (
	`run_id` text PRIMARY KEY NOT NULL,
	`owner` text NOT NULL,
	`attempt` integer NOT NULL,
	`expires_at` integer NOT NULL,
	`pid` integer,
	FOREIGN KEY (`run_id`) REFERENCES `runs`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `queues` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`about` text NOT NULL,
	`created_at` integer NOT NULL
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `queues_name_unique` ON `queues` (`name`);--> statement-breakpoint
CREATE TABLE `runs` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`method` text NOT NULL,
	`config` text NOT NULL,
	`status` text NOT NULL,
	`requested` text,
	`total_steps` integer,
	`note` text,
	`error` text,
	`attempts` integer DEFAULT 0 NOT NULL,
	`created_at` integer NOT NULL,
	`started_at` integer,
	`finished_at` integer
) STRICT;
--> statement-breakpoint
CREATE TABLE `settings` (
	`name` text PRIMARY KEY NOT NULL,
	`value` text NOT NULL
) STRICT;
--> statement-breakpoint
CREATE TABLE `snapshots` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`queue_id` integer NOT NULL,
	`sha256` text NOT NULL,
	`rows` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE UNIQUE INDEX `snapshots_sha256_unique` ON `snapshots` (`sha256`);