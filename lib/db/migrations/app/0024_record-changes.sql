CREATE TABLE `earlier_texts` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`item_id` integer NOT NULL,
	`number` integer NOT NULL,
	`prompt` text NOT NULL,
	`first` text NOT NULL,
	`second` text NOT NULL,
	FOREIGN KEY (`item_id`) REFERENCES `items`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
CREATE INDEX `earlier_texts_item` ON `earlier_texts` (`item_id`);--> statement-breakpoint
CREATE TABLE `record_changes` (
	`queue_id` integer NOT NULL,
	`number` integer NOT NULL,
	`action` text NOT NULL,
	`undoes` integer,
	`reason` text NOT NULL,
	`annotator_id` integer NOT NULL,
	`changed` integer NOT NULL,
	`rows` integer NOT NULL,
	`created_at` integer NOT NULL,
	PRIMARY KEY(`queue_id`, `number`),
	FOREIGN KEY (`queue_id`) REFERENCES `queues`(`id`) ON UPDATE no action ON DELETE no action,
	FOREIGN KEY (`annotator_id`) REFERENCES `annotators`(`id`) ON UPDATE no action ON DELETE no action
) STRICT;
--> statement-breakpoint
ALTER TABLE `exclusions` ADD `number` integer;--> statement-breakpoint
CREATE TRIGGER `items_text_changed` AFTER UPDATE OF `prompt`, `first`, `second` ON `items` BEGIN
	DELETE FROM `item_texts` WHERE `rowid` = OLD.`id`;
	INSERT INTO `item_texts` (`rowid`, `prompt`, `answers`)
	VALUES (NEW.`id`, (SELECT group_concat(json_extract(value, '$.content'), char(10)) FROM json_each(NEW.`prompt`)), NEW.`first` || char(10) || NEW.`second`);
END;
