PRAGMA foreign_keys=OFF;--> statement-breakpoint
CREATE TABLE `__new_item_scores` (
	`item_id` integer PRIMARY KEY NOT NULL,
	`first` real,
	`second` real,
	`scorer` text NOT NULL,
	`created_at` integer NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
INSERT INTO `__new_item_scores`("item_id", "first", "second", "scorer", "created_at") SELECT "item_id", "first", "second", "scorer", "created_at" FROM `item_scores`;--> statement-breakpoint
DROP TABLE `item_scores`;--> statement-breakpoint
ALTER TABLE `__new_item_scores` RENAME TO `item_scores`;--> statement-breakpoint
PRAGMA foreign_keys=ON;--> statement-breakpoint
CREATE INDEX `item_scores_time` ON `item_scores` (`created_at`);