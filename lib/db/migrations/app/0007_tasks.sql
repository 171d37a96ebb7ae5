CREATE TABLE `item_scores` (
	`item_id` integer PRIMARY KEY NOT NULL,
	`first` real NOT NULL,
	`second` real NOT NULL,
	`scorer` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE TABLE `returns` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`item_id` integer NOT NULL,
	`annotator_id` integer NOT NULL,
	`reviewer_id` integer NOT NULL,
	`note` text NOT NULL,
	`after` integer NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`reviewer_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `returns_annotator` ON `returns` (`annotator_id`);--> statement-breakpoint
ALTER TABLE `assignments` ADD `chance` real;--> statement-breakpoint
ALTER TABLE `items` ADD `ranking` text;--> statement-breakpoint
ALTER TABLE `items` ADD `place` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `items` ADD `gold` text;--> statement-breakpoint
CREATE INDEX `items_ranking` ON `items` (`ranking`);--> statement-breakpoint
ALTER TABLE `judgements` ADD `aspects` text;--> statement-breakpoint
ALTER TABLE `judgements` ADD `mirror` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `judgements` ADD `chance` real;--> statement-breakpoint
ALTER TABLE `queues` ADD `mode` text DEFAULT 'scale' NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `aspects` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `strategy` text DEFAULT 'file' NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `gold_percent` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `mirror_percent` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `training` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE `queues` ADD `quota` integer;